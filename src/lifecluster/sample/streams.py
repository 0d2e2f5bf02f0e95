"""One independent random stream per theme, so that a new theme changes no other, and draws that read well."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TypeVar

import numpy as np

T = TypeVar("T")


def generator(seed: int, name: str) -> np.random.Generator:
    """A generator whose numbers depend on `seed` and the theme's `name` alone (numpy `SeedSequence`)."""
    words = np.frombuffer(hashlib.sha256(name.encode()).digest(), dtype="<u4")
    return np.random.default_rng(np.random.SeedSequence([seed, *(int(word) for word in words)]))


class Stream:
    """Random draws for one theme; `seed` is any non-negative integer, `name` the theme."""

    def __init__(self, seed: int, name: str) -> None:
        self.rng = generator(seed, name)

    def chance(self, p: float) -> bool:
        """True with probability `p`."""
        return bool(self.rng.random() < p)

    def whole(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return int(self.rng.integers(low, high + 1))

    def one(self, items: Sequence[T]) -> T:
        """One of `items`, all alike likely."""
        return items[int(self.rng.integers(len(items)))]

    def some(self, items: Sequence[T], count: int) -> list[T]:
        """Up to `count` different of `items`, in the order they stand."""
        size = min(count, len(items))
        picked = sorted(self.rng.choice(len(items), size=size, replace=False).tolist()) if size else []
        return [items[i] for i in picked]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """One key of `weights`, with its weight."""
        return self.pick(list(weights), list(weights.values()))

    def pick(self, items: Sequence[T], weights: Sequence[float]) -> T:
        """One of `items` with the weight at the same position."""
        edges = np.cumsum(np.asarray(weights, dtype=float))
        return items[int(np.searchsorted(edges, self.rng.random() * edges[-1], side="right"))]

    def each(self, chances: Mapping[str, float], factor: float = 1.0) -> list[str]:
        """The keys whose own chance (times `factor`) came up."""
        return [key for key, p in chances.items() if self.chance(p * factor)]

    def day(self, first: date, last: date) -> date:
        """A day from `first` to `last`, both included."""
        return first + timedelta(days=self.whole(0, (last - first).days))


def shares(total: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers that sum to `total` in proportion to `weights` (largest remainder; ties go to the earlier)."""
    exact = [total * w / sum(weights) for w in weights]
    counts = [int(x) for x in exact]
    rest = sorted(range(len(exact)), key=lambda i: (counts[i] - exact[i], i))
    for i in rest[: total - sum(counts)]:
        counts[i] += 1
    return counts
