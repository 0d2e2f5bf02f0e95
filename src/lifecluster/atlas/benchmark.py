"""Regions side by side: a rank is only as firm as the figures behind it, so each comes with its probability."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from lifecluster.atlas.points import AtlasError, CannotTellError, Floats
from lifecluster.atlas.result import Finding, Interval

Shape = Literal["uniform", "normal"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A region's value with its interval: the whole of it (`uniform`: rounding) or 95 per cent (`normal`: a sample)."""

    value: float
    low: float
    high: float
    shape: Shape = "uniform"


@dataclass(frozen=True, kw_only=True)
class Ranked(Finding):
    """A region's figure; `rank` by value (1 highest, ties share the better); `ranks` 95 per cent of ranks;
    `probability` of rank 1, 2, … ; `seed` of the draws."""

    rank: int
    ranks: Interval
    probability: tuple[float, ...]

    def at_most(self, rank: int) -> float:
        """Probability that the rank is `rank` or better."""
        return float(min(1.0, sum(self.probability[:rank])))


def benchmark(figures: Mapping[str, Figure | float], *, draws: int = 20_000, seed: int = 0,
              vintage: str | None = None) -> tuple[Ranked, ...]:  # fmt: skip
    """Regions by value, highest first, each with the probability of every rank.

    Parameters: region -> its figure, or a bare number that is known exactly. The regions' errors are taken as
    independent; draws that tie are put in random order. Raises AtlasError for intervals that do not hold their value
    or are not finite, CannotTellError for fewer than two regions.
    """
    if len(figures) < 2:
        raise CannotTellError("a benchmark needs at least two regions")
    stated = {name: one if isinstance(one, Figure) else Figure(float(one), float(one), float(one))
              for name, one in figures.items()}  # fmt: skip
    for name, one in stated.items():
        if not np.isfinite([one.value, one.low, one.high]).all() or not one.low <= one.value <= one.high:
            raise AtlasError(f"{name}: low <= value <= high must hold, and all be finite")
    names, values = list(stated), np.array([one.value for one in stated.values()])
    chance = np.random.default_rng(seed)
    sample = np.array([_draw(one, draws, chance) for one in stated.values()])
    order = np.lexsort((chance.random(sample.shape), -sample), axis=0)
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(1, len(names) + 1)[:, None], axis=0)
    found = [_ranked(name, stated[name], values, ranks[i], seed, vintage) for i, name in enumerate(names)]
    return tuple(sorted(found, key=lambda one: (one.rank, one.name)))


def _draw(one: Figure, times: int, chance: np.random.Generator) -> Floats:
    if one.shape == "uniform":
        return chance.uniform(one.low, one.high, times)
    wide = np.where(chance.random(times) < 0.5, one.low - one.value, one.high - one.value) / 1.959964
    return one.value + np.abs(chance.standard_normal(times)) * wide


def _ranked(name: str, one: Figure, values: Floats, ranks: np.ndarray[tuple[int, ...], np.dtype[np.int64]], seed: int,
            vintage: str | None) -> Ranked:  # fmt: skip
    low, high = np.quantile(ranks, [0.025, 0.975], method="inverted_cdf")
    probability = np.bincount(ranks, minlength=len(values) + 1)[1:] / len(ranks)
    return Ranked(name=name, value=one.value, interval=Interval(one.low, one.high), n=len(values), seed=seed,
                  vintage=vintage, rank=int((values > one.value).sum()) + 1, ranks=Interval(float(low), float(high)),
                  probability=tuple(float(p) for p in probability))  # fmt: skip
