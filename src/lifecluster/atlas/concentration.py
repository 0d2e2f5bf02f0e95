"""Indices of a segment's concentration over areas, each with p at the level of plants and a bootstrap interval."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from lifecluster.atlas import indices
from lifecluster.atlas.chance import monte_carlo
from lifecluster.atlas.plants import NULL, Plants
from lifecluster.atlas.points import AtlasError, CannotTellError, Floats
from lifecluster.atlas.result import Finding, Interval, cannot_tell

Index = Callable[[Floats, Floats, Floats], Floats]
MEASURES: Mapping[str, Index] = MappingProxyType({
    "herfindahl": lambda s, x, plants: indices.herfindahl(s),
    "krugman": lambda s, x, plants: indices.krugman(s, x),
    "hoover": lambda s, x, plants: indices.hoover(s, x),
    "gini": lambda s, x, plants: indices.gini(s, x),
    "theil": lambda s, x, plants: indices.theil(s, x),
    "ellison-glaeser": indices.ellison_glaeser,
})  # fmt: skip
"""Name -> index of (shares of the segment by area, shares of everything by area, shares of the segment by plant)."""


def concentration(plants: Plants, measure: str, *, n_sims: int = 999, seed: int = 0) -> Finding:
    """How concentrated the segment is over areas, and the probability that random sites give as much.

    Parameters: `plants` from `plants.plants`; `measure` one of MEASURES. A segment of one plant or one area is marked
    "cannot tell". Raises AtlasError for another measure.
    """
    if measure not in MEASURES:
        raise AtlasError(f"measure {measure!r}: choose one of {', '.join(MEASURES)}")
    index = MEASURES[measure]
    if plants.n < 2 or len(plants.names) < 2:
        return cannot_tell(measure, "at least two plants and two areas are needed", n=plants.n, vintage=plants.vintage)
    sizes = plants.sizes / plants.sizes.sum()
    try:
        value = float(index(plants.segment, plants.everything, sizes))
    except CannotTellError as error:
        return cannot_tell(measure, str(error), n=plants.n, vintage=plants.vintage)
    null = index(plants.at_random(n_sims, seed), plants.everything, sizes)
    p = float(monte_carlo(value, null)) if n_sims else None
    return Finding(name=measure, value=value, interval=_bootstrap(plants, index, n_sims, seed), p=p, n=plants.n,
                   null=NULL, seed=seed, vintage=plants.vintage)  # fmt: skip


def _bootstrap(plants: Plants, index: Index, times: int, seed: int) -> Interval | None:
    """95 per cent of the index over plants drawn anew; draws of a single plant say nothing and are left out."""
    areas, sizes = plants.resampled(times, seed)
    kept = (sizes**2).sum(axis=1) < 1 - 1e-12 if times else np.zeros(0, np.bool_)
    if not kept.any():
        return None
    low, high = np.quantile(index(areas[kept], plants.everything, sizes[kept]), [0.025, 0.975])
    return Interval(float(low), float(high))


def coagglomeration(first: Plants, second: Plants, *, n_sims: int = 999, seed: int = 0) -> Finding:
    """Whether two segments settle in the same areas more than chance gives (Ellison, Glaeser & Kerr).

    Parameters: two segments of one universe (same areas of the same sites). The first stays where it is, plants of the
    second are put at random sites. Raises AtlasError for two universes.
    """
    if first.names != second.names or not np.array_equal(first.area, second.area):
        raise AtlasError("the two segments must be of one universe: same sites, same areas")
    x = first.everything
    value = float(indices.coagglomeration(first.segment, second.segment, x))
    null = indices.coagglomeration(first.segment, second.at_random(n_sims, seed), x)
    again = indices.coagglomeration(first.resampled(n_sims, seed)[0], second.resampled(n_sims, seed + 1)[0], x)
    interval = Interval(*(float(v) for v in np.quantile(again, [0.025, 0.975]))) if n_sims else None
    return Finding(name="coagglomeration", value=value, interval=interval, p=float(monte_carlo(value, null)),
                   n=first.n + second.n, null="the first segment stays; of the second, " + NULL, seed=seed,
                   vintage=first.vintage)  # fmt: skip
