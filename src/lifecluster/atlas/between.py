"""How near two different segments lie to each other: the bivariate forms of the K-density and of M.

The first segment stays where it is; the second is put at random among the universe's other sites. The statistic is then
a mean over the sites of the second, so that its moments under random location are those of sampling from a finite set.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lifecluster.atlas import backend, bands, kernel, neighbours, pairs
from lifecluster.atlas.curve import Curve, Null, judged
from lifecluster.atlas.kd import checked_bandwidth, finished
from lifecluster.atlas.points import (
    CannotTellError,
    Floats,
    Integers,
    reported,
    sites,
    weights_of,
)
from lifecluster.atlas.universe import Universe
from lifecluster.atlas.universe import universe as universe_of

FIXED = "the first segment stays, the second is put at random among the other sites of: "


def kd_between(
    cases_xy: npt.ArrayLike,
    other_xy: npt.ArrayLike,
    universe: npt.ArrayLike | Universe,
    radii: npt.ArrayLike,
    bandwidth: float | None = None,
    position_error: float = 0.0,
    n_sims: int = 0,
    alternative: str = "two-sided",
    seed: int = 0,
) -> Curve:
    """Density (1/m) of the distances from the cases to the sites of another segment.

    Parameters: as `kd`; `other_xy` metres (m, 2), the second segment; no site may be in both.
    The default bandwidth is that of the cases. Raises as `kd`.
    """
    problem = _Two(cases_xy, other_xy, universe, radii, position_error)
    width = checked_bandwidth(problem.cases, problem.radii, bandwidth)
    bins = kernel.bins_for(problem.some, width, per_bandwidth=48, reach=6.0)
    shape = kernel.binned_kernel(problem.some, bins, width)
    rows = np.empty((len(problem.everywhere), len(problem.some)))
    for block, distance in pairs.cross_distances(problem.everywhere.xy, problem.cases):
        at = np.minimum(distance / bins.width, bins.count).astype(np.int64)
        at += np.arange(len(at))[:, None] * (bins.count + 1)
        counts = np.bincount(at.ravel(), minlength=len(at) * (bins.count + 1)).reshape(len(at), -1)
        rows[block] = counts[:, :-1] @ shape / len(problem.cases)
    return problem.curve("K-density between two segments", rows, n_sims, alternative, seed, width)


def m_between(
    cases_xy: npt.ArrayLike,
    other_xy: npt.ArrayLike,
    universe: npt.ArrayLike | Universe,
    radii: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    position_error: float = 0.0,
    n_sims: int = 0,
    alternative: str = "two-sided",
    seed: int = 0,
) -> Curve:
    """Share of another segment among the neighbours of the cases, relative to its share in the universe.

    Parameters: as `m_function`; `other_xy` metres (m, 2), the second segment; no site may be in both.
    Moments are exact for sites of equal weight, to first order otherwise. Raises as `kd`.
    """
    problem = _Two(cases_xy, other_xy, universe, radii, position_error)
    given = weights_of(weights, len(problem.everywhere), "weights of the universe")
    w = np.ones(len(problem.everywhere)) if given is None else given
    order = np.argsort(problem.some, kind="stable")
    table = neighbours.search(problem.some[order])
    around = neighbours.sums(problem.everywhere.xy, w, problem.at, table)
    share = np.divide(1.0, around, out=np.zeros_like(around), where=around > 0)
    rows = np.empty((len(w), len(order)))
    for block, distance in pairs.cross_distances(problem.everywhere.xy, problem.cases):
        for r, radius in enumerate(table.radii[:-1]):
            rows[block, order[r]] = (distance <= radius) @ share[:, r]
    below = (around > 0).T @ (1 / (w.sum() - w[problem.at]))
    if (below <= 0).any():
        raise CannotTellError(f"no case has another site within {table.radii[:-1][below <= 0].max():g} m")
    back = np.empty_like(below)
    back[order] = below
    return problem.curve("M between two segments", rows / back, n_sims, alternative, seed, None, w)


class _Two:
    """Two segments of one universe, checked."""

    def __init__(self, cases_xy: npt.ArrayLike, other_xy: npt.ArrayLike, universe: npt.ArrayLike | Universe,
                 radii: npt.ArrayLike, position_error: float) -> None:  # fmt: skip
        self.cases, other = sites(cases_xy, "cases"), sites(other_xy, "other segment")
        if min(len(self.cases), len(other)) < 2:
            raise CannotTellError("each segment needs at least two sites")
        self.everywhere = universe_of(universe)
        self.at = self.everywhere.locate(self.cases)
        self.pool = np.setdiff1d(np.arange(len(self.everywhere)), self.at)
        if len(self.pool) <= len(other):
            raise CannotTellError("the two segments are the whole universe: there is nothing to compare them with")
        rest = Universe(self.everywhere.xy[self.pool], self.everywhere.name, self.everywhere.vintage, None)
        self.other: Integers = self.pool[rest.locate(other, "other segment, without the sites of the first")]
        self.position_error = position_error
        self.radii, self.shown = reported(radii, position_error)
        self.some = self.radii[self.shown]

    def curve(self, name: str, rows: Floats, n_sims: int, alternative: str, seed: int, bandwidth: float | None,
              weights: Floats | None = None) -> Curve:  # fmt: skip
        """The weighted mean of `rows` (N, R) over the sites of the second segment, beside all draws of as many."""
        w = np.ones(len(rows)) if weights is None else weights
        m = len(self.other)
        if not w[self.other].any():
            raise CannotTellError("no site of the second segment has a weight")
        values = rows * w[:, None]
        observed = values[self.other].sum(axis=0) / w[self.other].sum()
        mean = values[self.pool].sum(axis=0) / w[self.pool].sum()
        deviation = (values[self.pool] - mean * w[self.pool][:, None]) / w[self.pool].mean()
        covariance = np.cov(deviation.T).reshape(len(mean), len(mean)) * (1 - m / len(self.pool)) / m
        draws = self.pool[backend.draw_sites(len(self.pool), m, n_sims, seed)]
        sums = np.array([w[draw].sum() for draw in draws])
        curves = np.array([values[draw].sum(axis=0) for draw in draws]).reshape(n_sims, len(mean))
        curves = curves / np.maximum(sums, np.finfo(float).tiny)[:, None]
        side = bands.checked(alternative)
        found = judged(observed, Null(curves=curves, mean=mean, covariance=covariance), side, seed)
        everywhere = Universe(self.everywhere.xy, FIXED + self.everywhere.name, self.everywhere.vintage, None)
        return finished(name, found, observed, self.radii, self.shown, everywhere, n=len(self.cases) + m,
                        n_sims=n_sims, side=side, seed=seed, position_error=self.position_error,
                        bandwidth=bandwidth)  # fmt: skip
