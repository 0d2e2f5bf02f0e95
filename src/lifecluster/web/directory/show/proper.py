"""Names that a register writes in capitals, as people write them. For reading only: data, evidence and exports keep
what the source has, and the page of each statement shows it letter for letter."""

from __future__ import annotations

import re
from functools import lru_cache

SHORT = frozenset({"co", "inc", "ltd"})
LINKING = frozenset({
    "a", "an", "and", "at", "by", "de", "di", "du", "for", "from", "in", "la", "le", "of", "on", "or", "the", "to",
    "van", "von", "with",
})  # fmt: skip
"""Small words, small inside a name."""
WRITTEN = {"plc": "plc", "llp": "LLP", "lp": "LP", "cic": "CIC", "cio": "CIO", "uk": "UK", "gb": "GB", "eu": "EU",
           "usa": "USA", "nhs": "NHS", "icb": "ICB", "st": "St", "dr": "Dr", "mr": "Mr", "phd": "PhD"}  # fmt: skip
PLAIN = frozenset({
    "age", "aid", "air", "all", "ark", "art", "bay", "bee", "big", "bio", "bow", "box", "car", "day", "dog", "ear",
    "elm", "eye", "fen", "fit", "fox", "gas", "gem", "gen", "get", "hub", "ice", "ink", "ivy", "jet", "joy", "key",
    "lab", "law", "leg", "lid", "lux", "map", "mid", "my", "net", "new", "now", "oak", "old", "one", "our", "out",
    "owl", "pen", "pet", "pod", "pro", "raw", "red", "sea", "sky", "sun", "tec", "ten", "tip", "top", "toy", "tri",
    "van", "vet", "via", "vis", "way", "web", "you", "zen",
})  # fmt: skip
"""Words of three letters; another one of three is taken for an abbreviation and stays in capitals."""
VOWEL = re.compile("[AEIOUY]")
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d\w*")


@lru_cache(20_000)
def proper(name: str) -> str:
    """A name in capitals with capitals at the beginning of its words only; any other name as it is.

    Abbreviations stay: words without a vowel, with a digit, of two letters, and those of three that are no known word.
    """
    if not name.isupper() or sum(letter.isalpha() for letter in name) < 4:
        return name
    seen = 0

    def one(match: re.Match[str]) -> str:
        nonlocal seen
        seen += 1
        return _word(match.group(), first=seen == 1)

    return WORD.sub(one, name)


def _word(word: str, *, first: bool) -> str:
    small = word.lower()
    if small in WRITTEN:
        return WRITTEN[small]
    if small in LINKING and not first:
        return small
    known = small in SHORT or small in PLAIN or small in LINKING
    abbreviation = word[0].isdigit() or not VOWEL.search(word) or len(word) < 4
    if abbreviation and not known:
        return word
    head, mark, tail = small.partition("'") if "'" in small else small.partition("’")
    if mark and len(head) == 1:  # O'Neill, D'Arcy
        return f"{head.upper()}{mark}{tail[:1].upper()}{tail[1:]}"
    return small[:1].upper() + small[1:]
