"""From rows to a figure: exact value, interval, bounds, and the probability that what is said holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from lifecluster.figures.claim import Kind, Says
from lifecluster.figures.ranking import Ranking, bounds, possible, rank_of
from lifecluster.figures.rows import BEFORE, NOW, REST, THIS, Row, grouped, total
from lifecluster.figures.spread import Spread

POINTS = 600
"""Equally likely values by which each part of a share or growth is represented."""
LEVEL = 0.95


@dataclass(frozen=True)
class Estimate:
    """A figure and what is known of it.

    `value`: exact as the rows state it, None where a row is unknown. `expected`: the mean of what a total may be (and
    those estimated to be missing), the middle of what a share, a growth or a rank may be. `low`, `high`: its interval
    of 95 %, in which `expected` always lies; `value` need not. `least`, `most`: what rounding alone leaves possible.
    `probability` that the assertion holds; `by_rounding`: the same without sampling error. `ranking` for ranks. `why`:
    reasons for what is None.
    """

    value: Fraction | None
    expected: float | None = None
    low: float | None = None
    high: float | None = None
    least: float | None = None
    most: float | None = None
    probability: float | None = None
    by_rounding: float | None = None
    ranking: Ranking | None = None
    why: tuple[str, ...] = ()


def value_of(kind: Kind, rows: Sequence[Row]) -> Fraction | None:
    """The figure that the rows give as they are printed, exact; None where it is not defined.

    A total; this / (this + rest); now / before - 1; or 1 + the number of regions with a larger total.
    """
    sums = {group: total(found) for group, found in grouped(rows).items()}
    if any(found is None for found in sums.values()) or not sums:
        return None
    known = {group: found for group, found in sums.items() if found is not None}
    if kind == "rank":
        return Fraction(1 + sum(v > known[THIS] for g, v in known.items() if g != THIS)) if THIS in known else None
    if kind == "share":
        whole = known.get(THIS, Fraction(0)) + known.get(REST, Fraction(0))
        return known.get(THIS, Fraction(0)) / whole if whole else None
    if kind == "growth":
        before = known.get(BEFORE, Fraction(0))
        return known.get(NOW, Fraction(0)) / before - 1 if before else None
    return known.get(THIS, Fraction(0))


@dataclass(frozen=True, slots=True)
class Terms:
    """How totals are taken: `grid` step of the values in their unit; `coverage` factor (low, high) of every total."""

    grid: Fraction = Fraction(1)
    coverage: tuple[float, float] | None = None

    def spread(self, rows: Sequence[Row], *, all_errors: bool) -> Spread:
        """The distribution of a total: with `all_errors` also sampling and coverage, else rounding alone."""
        made = Spread.of(rows, self.grid, sampling=all_errors)
        return made.stretched(*self.coverage) if all_errors and self.coverage is not None else made


def estimate(kind: Kind, rows: Sequence[Row], says: Says, terms: Terms | None = None) -> Estimate:
    """The figure with everything that is known of it; see `Estimate` and `Terms`."""
    terms = terms or Terms()
    value = value_of(kind, rows)
    parts = grouped(rows)
    open_rows = [row.key for row in rows if row.chance is None and row.high is None]
    if open_rows:
        return _open(kind, parts, says, value, open_rows)
    if kind == "rank":
        return _rank(parts, says, value, terms)
    if kind == "total":
        return _total(parts.get(THIS, []), says, value, terms)
    return _ratio(kind, parts, says, value, terms)


def _open(kind: Kind, parts: dict[str, list[Row]], says: Says, value: Fraction | None, keys: list[str]) -> Estimate:
    why = f"{len(keys)} of {sum(map(len, parts.values()))} rows have no upper bound, {keys[0]} among them"
    if kind != "total":
        return Estimate(value, why=(why,))
    low = float(bounds(parts.get(THIS, []))[0])
    sure = says.at_least is not None and low >= says.at_least
    return Estimate(value, least=low, low=low, probability=1.0 if sure else None, why=(why,))


def _total(rows: list[Row], says: Says, value: Fraction | None, terms: Terms) -> Estimate:
    weighed = any(row.chance is not None for row in rows)
    least, most = (None, None) if weighed else _hard(rows)
    both = [terms.spread(rows, all_errors=True), terms.spread(rows, all_errors=False)]
    held = [_holds_total(spread, says, value) for spread in both]
    middle = _expected(rows, terms)
    low, high = both[0].interval(middle, LEVEL)
    return Estimate(value, min(max(middle, low), high), low, high, least, most, held[0], held[1])


def _expected(rows: list[Row], terms: Terms) -> float:
    """The mean of what the rows add up to, and as many more as are estimated to be missing.

    Of those the estimate is taken and not the mean of its distribution, which is skewed: so the parts add up.
    """
    missed = sum(row.shift for row in rows if row.shift > 0)
    known = [row for row in rows if row.shift <= 0]
    low, high = terms.coverage or (1.0, 1.0)
    return terms.spread(known, all_errors=True).mean + missed * (low + high) / 2


def _hard(rows: list[Row]) -> tuple[float, float | None]:
    """Least and greatest total that rounding alone leaves possible."""
    low, high = bounds(rows)
    return float(low), None if high is None else float(high)


def _holds_total(spread: Spread, says: Says, value: Fraction | None) -> float | None:
    if says.at_least is not None:
        return spread.between(says.at_least, float("inf"))
    if says.within is None or value is None:
        return None
    reach = abs(float(value)) * says.within
    return spread.between(float(value) - reach, float(value) + reach)


def _ratio(kind: Kind, parts: dict[str, list[Row]], says: Says, value: Fraction | None, terms: Terms) -> Estimate:
    first, second = (THIS, REST) if kind == "share" else (NOW, BEFORE)
    join: Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]] = (
        (lambda a, b: a / (a + b)) if kind == "share" else (lambda a, b: a / b - 1)
    )
    held: list[float | None] = []
    samples: list[NDArray[np.float64]] = []
    for errors in (True, False):
        a = terms.spread(parts.get(first, []), all_errors=errors).points(POINTS)
        b = terms.spread(parts.get(second, []), all_errors=errors).points(POINTS)
        with np.errstate(divide="ignore", invalid="ignore"):
            every = join(a[:, None], b[None, :]).ravel()
        every = np.sort(every[np.isfinite(every)])
        samples.append(every)
        held.append(_holds_ratio(every, says, value) if len(every) == POINTS**2 else None)
    low_a, high_a = bounds(parts.get(first, []))
    low_b, high_b = bounds(parts.get(second, []))
    ends = np.array([[float(low_a), float(high_b or 0)], [float(high_a or 0), float(low_b)]])
    with np.errstate(divide="ignore", invalid="ignore"):
        least, most = (float(join(ends[i, :1], ends[i, 1:])[0]) for i in (0, 1))
    tails = [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2]
    limits = [float(end) for end in np.quantile(samples[0], tails)] if len(samples[0]) else [None, None, None]
    low, middle, high = (_number(end) for end in limits)
    why = () if value is not None else ("the whole is zero or unknown",)
    return Estimate(value, middle, low, high, _number(least), _number(most), held[0], held[1], why=why)


def _number(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else float(value)


def _holds_ratio(every: NDArray[np.float64], says: Says, value: Fraction | None) -> float | None:
    if says.grows:
        return float(np.mean(every > 0))
    if says.at_least is not None:
        return float(np.mean(every >= says.at_least))
    if says.within is None or value is None:
        return None
    reach = abs(float(value)) * says.within
    return float(np.mean(np.abs(every - float(value)) <= reach + 1e-12))


def _rank(parts: dict[str, list[Row]], says: Says, value: Fraction | None, terms: Terms) -> Estimate:
    this, others = parts[THIS], {group: rows for group, rows in parts.items() if group != THIS}
    best, worst = possible(this, others)
    rankings = []
    for errors in (True, False):
        spreads = {group: terms.spread(rows, all_errors=errors) for group, rows in others.items()}
        rankings.append(Ranking(rank_of(terms.spread(this, all_errors=errors), spreads), best, worst))
    full = rankings[0]
    held = [_holds_rank(ranking, says) for ranking in rankings]
    low, middle, high = _limits(full)
    return Estimate(value, middle, low, high, best, worst, held[0], held[1], full)


def _holds_rank(ranking: Ranking, says: Says) -> float | None:
    if says.rank is not None:
        return ranking.exactly(says.rank)
    return None if says.rank_at_most is None else ranking.at_most(says.rank_at_most)


def _limits(ranking: Ranking) -> tuple[float, float, float]:
    """The ranks between which 95 % lie, 2.5 % at most on each side, and the one in the middle."""
    run = np.cumsum(ranking.at)
    tail = (1 - LEVEL) / 2
    low, middle, high = (float(1 + int(np.searchsorted(run, share))) for share in (tail, 0.5, 1 - tail - 1e-12))
    return low, middle, high
