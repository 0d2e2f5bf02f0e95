"""Which hits come first: those whose name is meant before those that only mention the words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress

from lifecluster.web.directory.search import bits
from lifecluster.web.directory.search.index import Index
from lifecluster.web.directory.search.places import Nearest

SCORES = (1.0, 0.9, 0.8, 0.7, 0.5)
"""Of the tiers: the whole name; its beginning; words of it begin so; it has the words; something else has them."""


@dataclass(frozen=True, slots=True)
class Hits:
    """A set of organisations (`chosen`) that is gone through in an order: best, name, size, recent, distance.

    Nothing is put in order before somebody goes through it, and a page near the beginning costs little.
    `words` as searched, folded; `away` the nearest place of each, where a place was asked about.
    """

    index: Index
    chosen: int
    order: str
    words: tuple[str, ...]
    away: Mapping[int, Nearest]

    def __len__(self) -> int:
        return self.chosen.bit_count()

    def __iter__(self) -> Iterator[int]:
        index = self.index
        if self.order == "distance" and self.away:
            away = self.away
            return iter(sorted(bits.members(self.chosen), key=lambda n: (away[n].km, index.folded[n], index.uids[n])))
        if self.order == "best" and self.words:
            return (number for _, _, number in scored(index, self.chosen, self.words))
        every = index.by_size if self.order == "size" else index.by_date if self.order == "recent" else index.by_name
        return compress(every, map(bits.flags(self.chosen, index.size).__getitem__, every))


def scored(index: Index, hits: int, words: Sequence[str]) -> list[tuple[int, str, int]]:
    """Tier (an index into SCORES), folded name and number of each of `hits`, best first."""
    names, whole = index.folded, " ".join(words)
    found = [(_tier(names[number], whole, words), names[number], number) for number in bits.members(hits)]
    found.sort()
    return found


def _tier(name: str, whole: str, words: Sequence[str]) -> int:
    for word in words:
        if word not in name:
            return 4
    if name.startswith(whole):
        return 0 if name == whole else 1
    padded = f" {name}"
    return 2 if all(f" {word}" in padded for word in words) else 3
