"""Ranks as probabilities: how likely a region is first, second, third, given what is known of every total."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from lifecluster.figures.rows import Row
from lifecluster.figures.spread import Spread


@dataclass(frozen=True, slots=True)
class Ranking:
    """`at[k - 1]`: P(rank = k), rank being one more than the number of regions with a larger total.

    `best`, `worst`: the ranks that the bounds of rounding leave possible.
    """

    at: tuple[float, ...]
    best: int
    worst: int

    def at_most(self, rank: int) -> float:
        """P(rank <= `rank`)."""
        return min(1.0, sum(self.at[: max(rank, 0)]))

    def exactly(self, rank: int) -> float:
        """P(rank = `rank`)."""
        return self.at[rank - 1] if 1 <= rank <= len(self.at) else 0.0


def rank_of(this: Spread, others: Mapping[str, Spread]) -> tuple[float, ...]:
    """P(rank = 1), P(rank = 2), ... of `this` among `others`, all independent and on one grid.

    For each value of `this` the number of larger competitors is a sum of independent yes-or-no variables (Poisson
    binomial); the probabilities are averaged over the values of `this`. Regions level with it do not push it down.
    """
    count = len(this.weights)
    ahead = np.zeros((len(others) + 1, count))
    ahead[0] = 1.0
    for number, other in enumerate(others.values(), 1):
        if other.grid != this.grid:
            raise ValueError("totals on different grids cannot be ranked")
        larger = other.above(this.start, count)
        ahead[1 : number + 1] = ahead[1 : number + 1] * (1 - larger) + ahead[:number] * larger
        ahead[0] *= 1 - larger
    found = ahead @ this.weights
    return tuple(float(p) for p in np.clip(found / found.sum(), 0.0, 1.0))


def possible(this: list[Row], others: Mapping[str, list[Row]]) -> tuple[int, int]:
    """Best and worst rank that the bounds of the rows leave possible."""
    low, high = bounds(this)
    ends = [bounds(rows) for rows in others.values()]
    best = 1 + sum(other_low > high for other_low, _ in ends if high is not None)
    return best, 1 + sum(other_high is None or other_high > low for _, other_high in ends)


def bounds(rows: list[Row]) -> tuple[Fraction, Fraction | None]:
    """Least and greatest total that rounding leaves possible; None without an upper end."""
    low = sum((row.low for row in rows), Fraction(0))
    ends = [row.high for row in rows]
    if any(end is None for end in ends):
        return low, None
    return low, sum((end for end in ends if end is not None), Fraction(0))
