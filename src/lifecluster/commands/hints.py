"""What to try next when `lifecluster find` finds nothing: alike words, a part of the query less, what there is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl
from rapidfuzz import fuzz, process

from lifecluster.register.matches import TEXT, folded, wanted_words
from lifecluster.register.package import Package
from lifecluster.register.search import Query, search

ALIKE = 70
"""How alike (0 to 100) a word of the register has to be to be proposed for one that nobody has."""
SEVERAL = 3
"""Words that are proposed for one."""
FACETS = 8
"""Segments and licences that are named, the most frequent first."""


@dataclass(frozen=True, slots=True)
class Hints:
    """`alone` organisations that each of several words finds by itself; `alike` words of the register for those that
    find nothing; `without` organisations found when a part of the query is left out; `segments` and `licences` that
    organisations here have."""

    alone: dict[str, int]
    alike: dict[str, list[str]]
    without: dict[str, int]
    segments: list[str]
    licences: list[str]

    def lines(self) -> Iterator[str]:
        """The same in words."""
        for word, others in self.alike.items():
            perhaps = f"; perhaps {' or '.join(others)}" if others else ""
            yield f"{word}: no organisation has this word{perhaps}"
        if self.alone:
            yield f"each word alone: {', '.join(f'{word} {n:,}' for word, n in self.alone.items())}"
        for part, n in self.without.items():
            yield f"without {part}: {n:,} found"
        if self.segments:
            yield f"--segment knows, among others: {', '.join(self.segments)}"
        if self.licences:
            yield f"--licence knows, among others: {', '.join(self.licences)}"


def hints(package: Package, query: Query) -> Hints:
    """What would find something where `query` finds nothing, from what readers of the package's clearance may know."""
    words = list(dict.fromkeys(wanted_words(query.words)))
    every = search(package, Query(ended=query.ended))
    counts = {word: search(package, Query(words=word, ended=query.ended)).height for word in words}
    known = _words(package) if 0 in counts.values() else Counter[str]()
    alike = {word: _alike(word, known) for word, n in counts.items() if not n}
    return Hints(
        alone={word: n for word, n in counts.items() if n} if len(words) > 1 else {},
        alike=alike,
        without={part: n for part, less in _parts(query) if (n := search(package, less).height)},
        segments=_frequent(every, "segments"),
        licences=_frequent(every, "licences"),
    )


def _parts(query: Query) -> Iterator[tuple[str, Query]]:
    """The query without each of its parts, where others are left."""
    given = {"--near": query.near, "--licence": query.licence, "--segment": query.segment, "the words": query.words}
    less = {
        "--near": replace(query, near=None),
        "--licence": replace(query, licence=None),
        "--segment": replace(query, segment=None),
        "the words": replace(query, words=""),
    }
    parts = [part for part, value in given.items() if value]
    for part in parts if len(parts) > 1 else ():
        yield part, less[part]


def _words(package: Package) -> Counter[str]:
    """The words of the texts that are looked through, with how often each is there."""
    frame = package.table("organisations")
    found: Counter[str] = Counter()
    for column in (c for c in TEXT if c in frame.columns):
        for value in frame[column].explode().drop_nulls():
            found.update(re.findall(r"[^\W\d_]{3,}", folded(str(value))))
    return found


def _alike(word: str, known: Counter[str]) -> list[str]:
    """Words like this one, the most alike first and of those the most frequent."""
    near = process.extract(word, list(known), scorer=fuzz.ratio, limit=20, score_cutoff=ALIKE)
    return [other for other, *_ in sorted(near, key=lambda one: (-one[1], -known[one[0]], one[0]))[:SEVERAL]]


def _frequent(found: pl.DataFrame, column: str) -> list[str]:
    """What most organisations have in a column of lists."""
    values = found[column].drop_nulls().explode().drop_nulls()
    return [value for value, _ in sorted(Counter(values).items(), key=lambda one: (-one[1], one[0]))[:FACETS]]
