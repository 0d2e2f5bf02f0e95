"""The list of pairs at the side: the pair that is open among those that come before and after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from lifecluster.web.kit.formats import plural
from lifecluster.web.kit.paths import path_of
from lifecluster.web.links.show import words
from lifecluster.web.links.standing import Place

BEFORE, SHOWN = 3, 14
"""Pairs shown before the one that is open, and in all."""
OTHERS = "Others"


@dataclass(frozen=True, slots=True)
class Entry:
    """A pair of the list."""

    label: str
    chance: str
    source: str
    url: str
    here: bool


@dataclass(frozen=True, slots=True)
class Bunch:
    """Similar pairs; `title` says what they share and how many they are."""

    title: str
    entries: tuple[Entry, ...]


def window(waiting: Sequence[Place], number: int) -> list[Bunch]:
    """Some pairs around a place of the order, in their bunches."""
    totals = Counter(pair.bunch for pair in waiting)
    at = next((i for i, pair in enumerate(waiting) if pair.number >= number), max(len(waiting) - 1, 0))
    start = max(0, min(at - BEFORE, len(waiting) - SHOWN))
    chosen = waiting[start : start + SHOWN]
    return [
        Bunch(_title(bunch, totals[bunch]), tuple(_entry(pair, number) for pair in pairs))
        for bunch, pairs in groupby(chosen, key=lambda pair: pair.bunch)
    ]


def _title(bunch: str, total: int) -> str:
    name = f"Similar: {words.called(bunch)}" if bunch else OTHERS
    return f"{name}, {plural(total, 'pair')}"


def _entry(pair: Place, number: int) -> Entry:
    return Entry(words.called(pair.label), words.chance(pair.probability), pair.source,
                 path_of("links:index") + pair.key, pair.number == number)  # fmt: skip
