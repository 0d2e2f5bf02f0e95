"""Invented names that can be spoken: heads from syllables, never a real firm's that we know of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from lifecluster.sample.streams import Stream
from lifecluster.sample.words import listed, syllables

_HARSH = re.compile(r"[aeiouy]{3}|[^aeiouy]{4}|(.)\1\1|[zx][bdfgkmnpqtvz]|y.{1,3}y|(.[aeiou])\2")
_CLUMSY = re.compile(r"(.)\1\1|[^aeiouy]{5}|aa|ya|yl|erer|enen|lele|lel|aing|ingin|sst|([a-z]{2})\2")


@cache
def _forbidden() -> tuple[frozenset[str], frozenset[str], re.Pattern[str]]:
    known = listed("denylist")
    begins = frozenset(name[:6] for name in known if len(name) >= 6)
    inside = [name for name in known if len(name) >= 5]
    pattern = re.compile("|".join(map(re.escape, [*inside, *listed("fragments")])))
    return frozenset(known), begins, pattern


def allowed(head: str) -> bool:
    """Whether a head equals, contains, or begins for six letters like none of the denylist, and reads well."""
    known, begins, pattern = _forbidden()
    low = re.sub(r"[^a-z]", "", head.lower())
    return low not in known and low[:6] not in begins and pattern.search(low) is None


def coined(stream: Stream) -> str:
    """A coined head such as a technology firm would take: three syllables of rare make."""
    parts = syllables()
    while True:
        middle = stream.one(parts["codas"])
        if stream.chance(0.3):
            middle += stream.one(parts["nuclei"]) + stream.one("lmnrtv")
        head = stream.one(parts["onsets"]) + stream.one(parts["nuclei"]) + middle + stream.one(parts["ends"])
        if 7 <= len(head) <= 11 and not _HARSH.search(head) and allowed(head):
            return head.capitalize()


def rooted(stream: Stream) -> str:
    """A head that sounds like an English place or field, made of three parts that do not occur together."""
    parts = syllables()
    while True:
        first, link = stream.one(parts["first"]), stream.one(parts["link"])
        if not link and len(first) < 6:
            continue  # short ones without a link are real villages too often
        head = first + link + stream.one(parts["last"])
        if len(head) <= 12 and not _CLUMSY.search(head.lower()) and allowed(head):
            return head


def squeeze(name: str) -> str:
    """The bare form by which two names are compared: letters and digits of the name without its legal form."""
    bare = re.sub(r"\b(LIMITED|LTD|PLC|LLP|CIC|THE|COMPANY|CO|UK)\b", " ", name.upper().replace("&", " AND "))
    return re.sub(r"[^A-Z0-9À-Ý]", "", bare)


class NameBook:
    """Names given out so far; `taken` are given out already."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._given = {squeeze(name) for name in taken}

    def take(self, name: str) -> bool:
        """Reserve a name; False if its bare form is taken."""
        bare = squeeze(name)
        if bare in self._given:
            return False
        self._given.add(bare)
        return True
