"""From any text to lower-case ASCII words: mojibake repair, diacritics, Cyrillic, punctuation."""

from __future__ import annotations

import re
import unicodedata

_SPECIAL = str.maketrans(
    {
        "ß": "ss", "ẞ": "ss", "ø": "o", "Ø": "o", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ł": "l", "Ł": "l",
        "đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "þ": "th", "Þ": "th", "ı": "i", "’": "'", "‘": "'", "´": "'", "`": "'",
        "“": '"', "”": '"', "–": "-", "—": "-", "‐": "-", "‑": "-", "＆": "&", "€": "e", "£": " ", "\u00a0": " ",
        "\ufffd": "", "№": " no ",
    }
)  # fmt: skip
_LATIN = [
    "a", "b", "v", "g", "d", "e", "e", "zh", "z", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u",
    "f", "kh", "ts", "ch", "sh", "shch", "_", "y", "_", "e", "yu", "ya", "i", "yi", "ye", "g",
]  # fmt: skip
_CYRILLIC = str.maketrans(dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ", _LATIN, strict=True)))
_MOJIBAKE = re.compile("[ÃÂâÅÄ][\u0080-\u00bf\u0152-\u0178€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€")
_CASED = re.compile("ã(?=[\u0080-\u00bf\u0152-\u0178€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ])")
_APOSTROPHE = re.compile(r"'(?=s\b)|(?<=\w)'(?=\w)|'")
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_ASCII_PUNCT = {i: " " for i in range(128) if not chr(i).isalnum()}
_ASCII_PUNCT.update({ord("'"): "", ord("&"): " and ", ord("+"): " and ", ord("?"): "", ord("*"): ""})
_ASCII_TABLE = {i: chr(i).lower() for i in range(128)} | _ASCII_PUNCT


def repair_mojibake(text: str) -> str:
    """Undo UTF-8 read as cp1252 (`CafÃ©` to `Café`), up to twice; text that cannot be undone comes back unchanged."""
    text = _CASED.sub("Ã", text)  # title case makes `Ã–` into `ã–`
    for _ in range(2):
        if text.isascii() or not _MOJIBAKE.search(text):
            return text
        raw = bytearray()
        for char in text:
            try:
                raw += char.encode("cp1252")
            except UnicodeEncodeError:
                if ord(char) > 0xFF:
                    return text
                raw.append(ord(char))
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            # A cut or partly lost sequence: keep what decodes, drop the rest.
            text = raw.decode("utf-8", errors="ignore")
    return text


def fold(text: str) -> str:
    """Lower-case words of `[a-z0-9]` parted by single spaces.

    Apostrophes vanish, `&` and `+` become `and`, other punctuation parts words; diacritics fall, Cyrillic is
    transliterated, other scripts are dropped. Idempotent.
    """
    if text.isascii():
        return " ".join(text.translate(_ASCII_TABLE).split())
    text = repair_mojibake(text).translate(_SPECIAL).lower()
    text = "".join(c for c in unicodedata.normalize("NFKD", text.translate(_CYRILLIC)) if not unicodedata.combining(c))
    text = text.translate(_SPECIAL).replace("_", "").lower()
    text = _APOSTROPHE.sub("", text).replace("&", " and ").replace("+", " and ").replace("?", "").replace("*", "")
    return " ".join(_NOT_WORD.sub(" ", text).split())
