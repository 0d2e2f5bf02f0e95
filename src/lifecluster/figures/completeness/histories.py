"""Capture histories: which of the lists each organisation stands in, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from lifecluster.errors import LifeclusterError

MOST = 5
"""Lists that are told apart; with more, the smallest are taken together as one."""
OTHERS = "all others"


@dataclass(frozen=True)
class Histories:
    """`lists` by name; `counts`: pattern of 0 and 1, one place a list, -> organisations with it (never all zero)."""

    lists: tuple[str, ...]
    counts: Mapping[tuple[int, ...], int]

    def __post_init__(self) -> None:
        size = len(self.lists)
        for pattern, count in self.counts.items():
            if len(pattern) != size or set(pattern) - {0, 1} or not any(pattern) or count < 0:
                raise LifeclusterError(f"{pattern} with {count} is no capture history of {size} lists")

    @property
    def observed(self) -> int:
        """Organisations in at least one list."""
        return sum(self.counts.values())

    def seen(self, times: int) -> int:
        """Organisations that stand in exactly `times` lists."""
        return sum(count for pattern, count in self.counts.items() if sum(pattern) == times)

    def merged(self) -> Histories:
        """The same with the two smallest lists taken as one."""
        sizes = [sum(n for pattern, n in self.counts.items() if pattern[i]) for i in range(len(self.lists))]
        a, b = sorted(sorted(range(len(self.lists)), key=lambda i: (sizes[i], self.lists[i]))[:2])
        counts: Counter[tuple[int, ...]] = Counter()
        for pattern, n in self.counts.items():
            both = max(pattern[a], pattern[b])
            counts[(*(p for i, p in enumerate(pattern) if i not in {a, b}), both)] += n
        names = (*(name for i, name in enumerate(self.lists) if i not in {a, b}), f"{self.lists[a]} or {self.lists[b]}")
        return Histories(names, dict(counts))

    def cells(self) -> list[tuple[tuple[int, ...], int]]:
        """Every pattern but the empty one, in a fixed order, with its count."""
        patterns = [p for p in product((0, 1), repeat=len(self.lists)) if any(p)]
        return [(pattern, self.counts.get(pattern, 0)) for pattern in patterns]


def histories_of(listed: Iterable[Sequence[str]], *, most: int = MOST) -> Histories:
    """From the lists that each organisation stands in (one sequence of names an organisation; empty ones do not count).

    Where there are more than `most` lists, the largest `most - 1` are kept and the rest become one. Lists in the order
    of their names. Raises LifeclusterError with fewer than two lists.
    """
    each = [frozenset(names) for names in listed if names]
    sizes = Counter(name for names in each for name in names)
    if len(sizes) < 2:
        raise LifeclusterError("an overlap needs two lists at least")
    if len(sizes) > most:
        kept = {name for name, _ in sorted(sizes.items(), key=lambda item: (-item[1], item[0]))[: most - 1]}
        each = [frozenset(name if name in kept else OTHERS for name in names) for names in each]
        sizes = Counter(name for names in each for name in names)
    lists = tuple(sorted(sizes))
    counts = Counter(tuple(int(name in names) for name in lists) for names in each)
    return Histories(lists, dict(sorted(counts.items())))
