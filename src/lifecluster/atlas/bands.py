"""Global bands: a curve leaves them anywhere, under the null, with the stated probability; and the p-value that agrees.

The studentised maximum divides each curve's deviation by its standard deviation and takes the worst radius. Extreme
rank length ranks curves by their most extreme pointwise ranks and needs no scale. In both the observed curve is ranked
among the simulated ones, which makes the p-value exact whatever the null's shape.
Sources: Davison & Hinkley, Bootstrap Methods, 1997, 4.2.4; Myllymäki et al., J. R. Statist. Soc. B 79, 2017, 381-404.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, cast, get_args

import numpy as np

from lifecluster.atlas.points import AtlasError, Floats

Alternative = Literal["two-sided", "greater", "less"]
LEVEL = 0.05


class Band(NamedTuple):
    """Lower and upper curve, one value a radius; infinite on a side that is not tested."""

    lower: Floats
    upper: Floats


@dataclass(frozen=True, slots=True)
class Test:
    """A global band at 95 per cent and the p-value of the observed curve."""

    band: Band
    p: float


def checked(alternative: str) -> Alternative:
    """The alternative, or AtlasError listing those there are."""
    if alternative not in get_args(Alternative):
        raise AtlasError(f"alternative {alternative!r}: choose two-sided, greater or less")
    return cast("Alternative", alternative)


def scores(curves: Floats, mean: Floats, sd: Floats, alternative: Alternative) -> Floats:
    """The studentised maximum of each curve (rows); radii at which nothing varies are left out."""
    varies = sd > 1e-9 * np.maximum(np.abs(mean), 1e-300)
    z = (np.atleast_2d(curves)[:, varies] - mean[varies]) / sd[varies]
    if not z.shape[1]:
        return np.zeros(len(z))
    z = np.abs(z) if alternative == "two-sided" else z if alternative == "greater" else -z
    found: Floats = z.max(axis=1)
    return found


def studentised(observed: Floats, null: Floats, mean: Floats, sd: Floats, alternative: Alternative) -> Test:
    """The test by studentised maximum.

    Parameters: `observed` (R,); `null` (S, R) curves under the null; `mean`, `sd` (R,) under the null, exact or pooled
    over `null` and `observed` (then the p-value stays exact).
    """
    return against(observed, np.sort(scores(null, mean, sd, alternative))[::-1], mean, sd, alternative)


def against(observed: Floats, maxima: Floats, mean: Floats, sd: Floats, alternative: Alternative) -> Test:
    """The test by studentised maximum where the null's maxima are known (falling)."""
    own = scores(observed, mean, sd, alternative)[0]
    p = (1 + np.count_nonzero(maxima >= own - 1e-12)) / (len(maxima) + 1)
    rank = int(np.floor(LEVEL * (len(maxima) + 1) + 1e-9))
    limit = maxima[rank - 1] if rank else np.inf
    low = mean - limit * sd if alternative != "greater" else np.full_like(mean, -np.inf)
    high = mean + limit * sd if alternative != "less" else np.full_like(mean, np.inf)
    return Test(Band(low, high), float(p))


def pooled(observed: Floats, null: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation at each radius of the simulated curves and the observed one together."""
    curves = np.vstack([null, observed])
    return curves.mean(axis=0), curves.std(axis=0, ddof=1)


def average_ranks(values: Floats) -> Floats:
    """Rank of each value within its column, 1 the lowest; equal values share the mean of their ranks.

    Parameters: `values` (n, R). What scipy.stats has for it costs 35 MB and a second to load.
    """
    ordered = np.sort(values, axis=0)
    columns = zip(ordered.T, values.T, strict=True)
    found = [(one.searchsorted(own, "left") + one.searchsorted(own, "right") + 1) / 2 for one, own in columns]
    return np.array(found, dtype=np.float64).reshape(values.T.shape).T


def extreme_rank_length(observed: Floats, null: Floats, alternative: Alternative) -> Test:
    """The test by extreme rank length; the band is that of the least extreme 95 per cent of all curves."""
    curves = np.vstack([observed, null])
    down = average_ranks(curves)
    up = len(curves) + 1 - down
    ranks = np.minimum(up, down) if alternative == "two-sided" else up if alternative == "greater" else down
    ordered = np.sort(ranks, axis=1)
    order = np.lexsort(ordered.T[::-1])
    same = np.r_[False, (ordered[order][1:] == ordered[order][:-1]).all(axis=1)]
    group = np.cumsum(~same) - 1
    as_extreme = np.cumsum(np.bincount(group))[group]  # curves as extreme as each, or more so
    measure = np.empty(len(curves))
    measure[order] = as_extreme / len(curves)
    kept = curves[measure > LEVEL]
    low, high = kept.min(axis=0), kept.max(axis=0)
    if alternative == "greater":
        low = np.full_like(low, -np.inf)
    if alternative == "less":
        high = np.full_like(high, np.inf)
    return Test(Band(low, high), float(measure[0]))


def gaussian_curves(mean: Floats, covariance: Floats, times: int, seed: int) -> Floats:
    """Curves (times, R) of a Gaussian process with these moments: the null where nothing was simulated."""
    even = (covariance + covariance.T) / 2
    slack = max(float(np.diagonal(even).max(initial=0.0)), np.finfo(float).tiny) * 1e-7
    try:
        root = np.linalg.cholesky(even + slack * np.eye(len(even)))
    except np.linalg.LinAlgError:  # rounding left it short of positive
        values, vectors = np.linalg.eigh(even)
        root = vectors * np.sqrt(np.maximum(values, 0.0))
    found: Floats = mean + np.random.default_rng(seed).standard_normal((times, len(even))) @ root.T
    return found
