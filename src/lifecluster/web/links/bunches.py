"""Similar pairs together, so that one look serves several: the same target, a telling word that their names share, or
the same kind of difference."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from itertools import count

FEWEST, MOST = 2, 8
"""Pairs that share a word before it brings them together, and from which on it is no telling word."""
SHORTEST = 4
"""Letters of a telling word."""
DIFFERENCES = (
    ("another legal form", "another legal form"),
    ("only the query has", "a word too many"),
    ("only the register has", "a word missing"),
    ("read as", "a part of the name agrees"),
    ("previous name", "a previous name"),
    ("initials", "initials"),
    ("number", "a company number"),
    ("the places differ", "names alike, places differ"),
    ("no place agrees", "names alike, no place agrees"),
)
"""What is found in the reasons, and what such pairs are called."""
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked at of a pair: record, target, what they are called, the reasons, and how probable it is."""

    record: str
    target: str
    name: str
    target_name: str
    reasons: str
    probability: float | None
    here: bool = False
    """Whether the target is an organisation of this register: then the pair matters more."""

    @property
    def pressing(self) -> tuple[bool, float, str, str]:
        """The most important first, when sorted."""
        return not self.here, -(self.probability or 0.0), self.record, self.target


def in_order(pairs: Sequence[Asked], common: Set[str] = frozenset()) -> list[tuple[Asked, str]]:
    """All pairs, the most important first, those of a bunch one after the other, with what they have in common.

    A bunch stands where its most important pair would; pairs like no other come last, with nothing in common.
    The order depends on the pairs alone, not on the order in which they are given. `common`: words, in small letters,
    that say what kind of body it is and not which; no bunch is made of them.
    """
    left = sorted(pairs, key=lambda pair: pair.pressing)
    bunches: list[tuple[str, list[Asked]]] = []
    for share, called in ((_target, _of_target), (_telling(left, common), _by_word), (_difference, _by_difference)):
        left, found = _gather(left, share, called)
        bunches += found
    bunches.sort(key=lambda bunch: bunch[1][0].pressing)
    number = count(1)
    names: dict[str, int] = {}
    for title, _ in bunches:  # two that are called alike are two
        names[title] = names.get(title, 0) + 1
    out: list[tuple[Asked, str]] = []
    for title, members in bunches:
        told = f"{title} ({next(number)})" if names[title] > 1 else title
        out += [(pair, told) for pair in members]
    return out + [(pair, "") for pair in left]


def _gather(
    left: list[Asked], share: Callable[[Asked], str], called: Callable[[list[Asked], str], str]
) -> tuple[list[Asked], list[tuple[str, list[Asked]]]]:
    """Those that share nothing, and the bunches of those that do."""
    found: dict[str, list[Asked]] = defaultdict(list)
    for pair in left:
        found[share(pair)].append(pair)
    alone = [pair for pair in left if not share(pair) or len(found[share(pair)]) < FEWEST]
    return alone, [(called(some, key), some) for key, some in found.items() if key and len(some) >= FEWEST]


def _target(pair: Asked) -> str:
    return pair.target


def _of_target(pairs: list[Asked], key: str) -> str:
    return next((pair.target_name for pair in pairs if pair.target_name), key)


def words_of(name: str) -> list[str]:
    """Words of a name that are long enough to tell anything, in small letters, each once, in order."""
    words = (word.lower() for word in _WORD.findall(name))
    return [word for word in dict.fromkeys(words) if len(word) >= SHORTEST]


def _telling(pairs: Sequence[Asked], common: Set[str]) -> Callable[[Asked], str]:
    """The rarest telling word that a pair shares with others: the first in order, of several as rare."""
    every: dict[str, int] = defaultdict(int)
    for pair in pairs:
        for word in words_of(pair.name):
            every[word] += 1

    def rarest(pair: Asked) -> str:
        fit = [word for word in words_of(pair.name) if word not in common and FEWEST <= every[word] <= MOST]
        return min(fit, key=lambda word: (every[word], word), default="")

    return rarest


def _by_word(pairs: list[Asked], word: str) -> str:
    """The word as the first of them writes it."""
    return next((str(written) for written in _WORD.findall(pairs[0].name) if written.lower() == word), word)


def _difference(pair: Asked) -> str:
    return next((called for words, called in DIFFERENCES if words in pair.reasons), "")


def _by_difference(pairs: list[Asked], called: str) -> str:
    return called
