"""The spatial scan for counts by area (Poisson model): cases against the population of each area.

Source: Kulldorff, A spatial scan statistic, Communications in Statistics: Theory and Methods 26 (1997), 1481-1496.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lifecluster.atlas import backend
from lifecluster.atlas.points import AtlasError, CannotTellError, Floats, weights_of
from lifecluster.atlas.scan import Scan, clearest, critical, report
from lifecluster.atlas.universe import Universe
from lifecluster.atlas.universe import universe as universe_of
from lifecluster.atlas.windows import windows


def scan_areas(areas_xy: npt.ArrayLike | Universe, counts: npt.ArrayLike, population: npt.ArrayLike, *,
               max_share: float = 0.5, max_radius: float | None = None, n_sims: int = 999, seed: int = 0,
               keep: int = 20) -> Scan:  # fmt: skip
    """Circles of areas with more cases than their population gives.

    Parameters: `areas_xy` metres (A, 2), a point in each area; `counts` (A,) whole numbers of cases; `population` (A,)
    at risk (companies, jobs); `max_share` of the population in a circle; `max_radius` metres. `members` of a hot spot
    are rows of the areas. Under the null each case falls into an area with probability in proportion to population.
    Raises AtlasError for counts that are no whole numbers; CannotTellError for fewer than two cases or no population.
    """
    everywhere = universe_of(areas_xy)
    given = weights_of(counts, len(everywhere), "counts")
    people = weights_of(population, len(everywhere), "population")
    if given is None or people is None:
        raise AtlasError("counts and population are needed")
    cases = np.rint(given).astype(np.int32)
    if (cases != given).any():
        raise AtlasError("counts must be whole numbers")
    total = int(cases.sum())
    if total < 2:
        raise CannotTellError(f"{total} case(s): at least two are needed")
    expected = total * people / people.sum()
    circles, (points, of) = windows(everywhere, max_share=1.0, max_radius=max_radius), everywhere.points
    mass = np.bincount(of, weights=expected, minlength=len(points)).astype(np.float64)
    count = np.bincount(of, weights=given, minlength=len(points))
    masses, counts_ = mass[circles.near].cumsum(axis=1), count.astype(np.int32)[circles.near].cumsum(axis=1)
    ends = circles.ends & (masses <= max_share * total + 1e-9)
    logs = np.r_[0.0, np.arange(1, total + 1) * np.log(np.arange(1, total + 1))]
    ratios = np.where(ends, poisson(counts_, masses, logs), 0.0)
    draws = np.random.default_rng(seed).multinomial(total, people / people.sum(), size=n_sims)
    labels = np.zeros((len(points), n_sims), np.int32)
    np.add.at(labels, of, draws.T.astype(np.int32))
    with backend.ONE_AT_A_TIME:
        null = backend.loops().best_ratios(circles.near, ends, mass, labels, logs, total)
    best = clearest(ratios, counts_, masses)
    found = report(best, circles, everywhere, np.arange(len(everywhere)), null, seed, keep)
    return Scan(hotspots=found, critical=critical(null), n=total, n_sims=n_sims, seed=seed, model="Poisson")


def poisson(observed: npt.NDArray[np.int32], expected: Floats, logs: Floats) -> Floats:
    """Log likelihood ratio of windows; 0 where not above expectation. `logs[c]` is c ln c."""
    total = len(logs) - 1
    usable = (observed > expected) & (expected < total - 1e-9) & (expected > 0)
    inside, outside = np.where(usable, expected, 1.0), np.where(usable, total - expected, 1.0)
    rest = total - observed
    value = logs[observed] - observed * np.log(inside) + logs[rest] - rest * np.log(outside)
    return np.where(usable, value, 0.0)
