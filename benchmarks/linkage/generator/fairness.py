"""Which companies a mention fits equally well, so that unanswerable queries stay rare."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from benchmarks.linkage.generator.companies import Company
from benchmarks.linkage.generator.names import plain
from benchmarks.linkage.generator.vocabulary import CONNECTORS

_WORD = re.compile(r"[A-Z0-9']+")


def initials_keys(stem: str) -> tuple[str, ...]:
    """The acronyms that stand for a name: all initials, and the initials of all but the last word with that word."""
    words = [w for w in _WORD.findall(stem) if w not in CONNECTORS]
    if len(words) < 3:
        return ()
    letters = "".join(w[0] for w in words)
    return letters, f"{letters[:-1]} {words[-1]}"


class Index:
    """Every name of every company, by plain form, by word and by acronym.

    Args:
        companies: the whole register, held-out companies included.
    """

    def __init__(self, companies: Sequence[Company]) -> None:
        self._companies = companies
        self._plain: dict[str, list[int]] = defaultdict(list)
        self._word: dict[str, list[int]] = defaultdict(list)
        self._initials: dict[str, list[int]] = defaultdict(list)
        for at, company in enumerate(companies):
            for stem in (company.stem, *(name.rpartition(" ")[0] for name in company.previous)):
                self._plain[plain(stem)].append(at)
                for word in set(_WORD.findall(stem)) - CONNECTORS:
                    self._word[word].append(at)
            for key in initials_keys(company.stem):
                self._initials[key].append(at)

    def same_name(self, stem: str, true: int) -> list[int]:
        """Other companies that have, or had, exactly this name."""
        return [at for at in self._plain.get(plain(stem), ()) if at != true]

    def contain(self, stem: str, true: int) -> list[int]:
        """Other companies whose name has all the words of ``stem``."""
        words = [w for w in _WORD.findall(stem) if w not in CONNECTORS]
        postings = sorted((self._word.get(w, []) for w in words), key=len)
        if not postings:
            return []
        found = set(postings[0]).intersection(*postings[1:])
        return sorted(found - {true})

    def stand_for(self, stem: str, true: int) -> list[int]:
        """Other companies whose acronym this is, or who carry it as their name."""
        key = stem.replace(".", "")
        return sorted({*self._initials.get(key, ()), *self.contain(key, true)} - {true})

    def at(self, companies: Iterable[int], postcode: str) -> list[int]:
        """Those of the companies that are registered at a postcode."""
        return [at for at in companies if self._companies[at].place.postcode == postcode]
