"""Undoing two accidents of text: UTF-8 read as Windows-1252 (mojibake), and line breaks that lost their backslash."""

from __future__ import annotations

import re
from collections.abc import Callable

import polars as pl

_SPECIAL = {bytes([b]).decode("cp1252"): b for b in range(0x80, 0xA0) if b not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}}
_BYTES = {**{chr(b): b for b in range(0x80, 0x100)}, **_SPECIAL}
_TAIL = "".join(re.escape(c) for c, b in _BYTES.items() if 0x80 <= b < 0xC0)
_RUN = re.compile(f"[\u00c2-\u00df][{_TAIL}]|[\u00e0-\u00ef][{_TAIL}]{{2}}|[\u00f0-\u00f4][{_TAIL}]{{3}}")
_LOST_RN = re.compile(r"(?<=[\w.,;)\s])(?:rn)+(?=[A-Z0-9])|(?:rn){2,}|(?<=[\w.,;)])n(?=\s{3,})")
_LOST_N = re.compile(r"(?<=[A-Za-z0-9.,;)])n(?=[A-Z0-9])")


def unmojibake(text: str) -> str:
    """Turn `Â£` into `£`, `â€™` into `’`, and so on; text without such accidents comes back as it is."""
    for _ in range(2):  # twice encoded is seen in the wild, three times is not
        fixed = _RUN.sub(_decode, text)
        if fixed == text:
            return text
        text = fixed
    return text


def _decode(match: re.Match[str]) -> str:
    try:
        return bytes(_BYTES[c] for c in match.group()).decode("utf-8")
    except UnicodeDecodeError:
        return match.group()


def rejoin_lines(text: str) -> str:
    """Put a comma where `\\r\\n` or `\\n` survived as the letters `rn` or `n` between the lines of an address.

    A single `n` counts only where at least two places of the address have one, since `LondonSE1` has an honest n.
    """
    fixed = _LOST_RN.sub("\n", text)
    if len(_LOST_N.findall(fixed)) > 1:
        fixed = _LOST_N.sub("\n", fixed)
    if fixed == text and "\n" not in text and "\r" not in text:
        return text
    return ", ".join(part for part in (p.strip(" ,") for p in re.split(r"[\r\n]+", fixed)) if part)


def repair_text(text: pl.Series) -> pl.Series:
    """`unmojibake` for each value, only run on those that show a sign of it; control characters become blanks."""
    return _where(text, "[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0178\u02c6\u02dc\u2013-\u2122\u0192]", unmojibake)


def repair_address(text: pl.Series) -> pl.Series:
    """`repair_text`, then `rejoin_lines`, for each value."""
    return _where(repair_text(text), r"rn|n[A-Z0-9\s]|[\r\n]", rejoin_lines)


def _where(text: pl.Series, sign: str, fix: Callable[[str], str]) -> pl.Series:
    spots = text.str.contains(sign).fill_null(False)
    if not spots.any():
        return text
    fixed = {value: fix(value) for value in text.filter(spots).unique()}
    return text.replace(list(fixed), list(fixed.values()))
