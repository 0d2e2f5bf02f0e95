"""What a total may be: the distribution of a sum of rounded, sampled or uncertain rows, on a grid of equal steps.

Rounded cells are independent and uniform over the whole numbers that round to them; uncertain rows count or not with
their probability; sampling error is normal. The parts are convolved exactly, no random numbers are drawn.
Source: the distribution of a sum of independent variables is the convolution of theirs (Feller, An Introduction to
Probability Theory and Its Applications I, 1968, XI.2).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, exp, floor, log

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft
from scipy.special import ndtr

from lifecluster.figures.rows import Row

Floats = NDArray[np.float64]
REACH = 6.0
"""Standard deviations of an error that are kept on each side."""
TINY = 1e-15
FACTORS = 101
MOST = 1_000_000
"""Grid steps of a number that was missed; a longer tail is cut there."""


@dataclass(frozen=True)
class Spread:
    """Probabilities `weights[i]` of the values `(start + i) * grid`; they sum to one, and no value is below zero."""

    start: int
    weights: Floats
    grid: Fraction

    @classmethod
    def of(cls, rows: Sequence[Row], grid: Fraction = Fraction(1), *, sampling: bool = True) -> Spread:
        """The distribution of the total of `rows`.

        Parameters: `grid` step in the unit of the values; `sampling`: with sampling errors and shifts, or without.
        Raises ValueError for a row without an upper end.
        """
        start, weights = 0, np.ones(1)
        certain, chances = 0, []
        for row in rows:
            if row.chance is not None:
                chances.append(row.chance)
                continue
            if row.high is None:
                raise ValueError(f"{row.key} has no upper end")
            low, high = ceil(row.low / grid), floor(row.high / grid)
            certain += low
            weights = _box(weights, max(high - low, 0) + 1)
        for chance in chances:
            weights = np.convolve(weights, [1 - chance, chance])
        made = cls(start + certain, weights, grid)
        if not sampling:
            return made._trimmed()
        for row in rows:
            if row.shift > 0:
                made = made._joined(row.shift, row.sd)
        sd = sum(row.sd**2 for row in rows if row.shift <= 0) ** 0.5
        return made._blurred(sd) if sd > 0 else made._trimmed()

    @property
    def values(self) -> Floats:
        """The values, in the unit of the rows."""
        made: Floats = (self.start + np.arange(len(self.weights), dtype=np.float64)) * float(self.grid)
        return made

    @property
    def mean(self) -> float:
        """Expected value."""
        return float(self.values @ self.weights)

    def quantile(self, share: float) -> float:
        """Smallest value that is not exceeded with probability `share` (0 to 1)."""
        place = int(np.searchsorted(np.cumsum(self.weights), share - 1e-12))
        return float(self.values[min(place, len(self.weights) - 1)])

    def interval(self, around: float, level: float = 0.95) -> tuple[float, float]:
        """Between which values it lies with probability `level`, widened where needed so as to hold `around`."""
        step, tail = float(self.grid), (1 - level) / 2
        least, most = floor(around / step + 1e-9) * step, ceil(around / step - 1e-9) * step
        return min(self.quantile(tail), least), max(self.quantile(1 - tail), most)

    def between(self, low: float, high: float) -> float:
        """Probability of a value from `low` to `high`, both inclusive."""
        slack = float(self.grid) * 1e-6
        inside = (self.values >= low - slack) & (self.values <= high + slack)
        return min(1.0, float(self.weights[inside].sum()))

    def points(self, count: int) -> Floats:
        """`count` values that stand for equal shares of the probability: the quantiles in the middle of each share."""
        shares = (np.arange(count) + 0.5) / count - 1e-12
        places = np.searchsorted(np.cumsum(self.weights), shares)
        return self.values[np.minimum(places, len(self.weights) - 1)]

    def above(self, starts: int, count: int) -> Floats:
        """P(X > v) for `count` grid values from `starts` (in steps of the grid)."""
        tail = np.concatenate([np.cumsum(self.weights[::-1])[::-1], [0.0]])
        place = np.clip(starts - self.start + 1 + np.arange(count), 0, len(self.weights))
        made: Floats = np.clip(tail[place], 0.0, 1.0)
        return made

    def stretched(self, low: float, high: float) -> Spread:
        """The values times a factor from `low` to `high`, anything between as likely (101 equal steps)."""
        factors = low + (high - low) * (np.arange(FACTORS) + 0.5) / FACTORS
        run = np.concatenate([[0.0], np.cumsum(self.weights)])
        size = len(self.weights)
        first, last = floor(self.start * low), ceil((self.start + size - 1) * high) + 1
        edges = np.arange(first - 1, last + 1) + 0.5
        below = np.zeros(len(edges))
        for factor in factors:
            below += run[np.clip(np.floor(edges / factor).astype(np.int64) - self.start + 1, 0, size)]
        return Spread(first, np.clip(np.diff(below / FACTORS), 0.0, None), self.grid)._trimmed()

    def _trimmed(self) -> Spread:
        kept = np.flatnonzero(self.weights > TINY)
        first, last = int(kept[0]), int(kept[-1])
        weights = self.weights[first : last + 1]
        return Spread(self.start + first, weights / weights.sum(), self.grid)

    def _joined(self, missed: float, sd: float) -> Spread:
        """With a number that was missed: log-normal around `missed`, as Chao (1987) takes it; never below zero."""
        step = float(self.grid)
        if sd <= 0:
            return Spread(self.start + round(missed / step), self.weights, self.grid)
        width = log(1 + (sd / missed) ** 2) ** 0.5
        most = ceil(missed * exp(REACH * width) / step) + 1
        edges = np.maximum((np.arange(min(most, MOST) + 1) - 0.5) * step, 0.0)
        with np.errstate(divide="ignore"):
            shares = ndtr((np.log(edges) - log(missed)) / width)
        shares[-1] = 1.0
        weights = np.clip(_convolved(self.weights, np.diff(shares)), 0.0, None)
        return Spread(self.start, weights, self.grid)._trimmed()

    def _blurred(self, sd: float) -> Spread:
        """With a normal error of that standard deviation (unit of the rows); what falls below zero becomes zero."""
        reach = ceil(REACH * sd / float(self.grid)) + 1
        edges = (np.arange(-reach, reach + 2) - 0.5) * float(self.grid)
        weights = np.clip(_convolved(self.weights, np.diff(ndtr(edges / sd))), 0.0, None)
        start = self.start - reach
        if start < 0:
            below = min(-start, len(weights) - 1)
            weights = np.concatenate([[weights[: below + 1].sum()], weights[below + 1 :]])
            start += below
        return Spread(max(start, 0), weights, self.grid)._trimmed()


def _convolved(left: Floats, right: Floats) -> Floats:
    """Convolution by way of the spectrum; `scipy.signal` has it too, and takes a second to load."""
    size = len(left) + len(right) - 1
    padded = next_fast_len(size, real=True)
    made: Floats = irfft(rfft(left, padded) * rfft(right, padded), padded)[:size]
    return made


def _box(weights: Floats, width: int) -> Floats:
    """Convolution with `width` equal weights, in one pass."""
    if width == 1:
        return weights
    run = np.concatenate([[0.0], np.cumsum(weights)])
    upper = np.minimum(np.arange(1, len(weights) + width), len(weights))
    lower = np.maximum(np.arange(1, len(weights) + width) - width, 0)
    made: Floats = np.clip(run[upper] - run[lower], 0.0, None) / width
    return made
