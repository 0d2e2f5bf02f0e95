"""Marcon-Puech M: the share of a segment among the neighbours of its sites, relative to its share in the universe.

M(r) = 1: within r of the segment's sites, the segment has the weight it has everywhere; 2: twice that.
Source: Marcon & Puech, Measures of the geographic concentration of industries, J. Econ. Geography 10 (2010), 745-762.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

from lifecluster.atlas import backend, bands, neighbours
from lifecluster.atlas.curve import Curve, Null, judged
from lifecluster.atlas.kd import finished, prepared
from lifecluster.atlas.moments import EXACT_UP_TO
from lifecluster.atlas.points import AtlasError, CannotTellError, Flags, Floats, Integers, reported, weights_of
from lifecluster.atlas.universe import Universe

LEAST = 199
"""Simulations where none are asked for."""


def m_function(
    cases_xy: npt.ArrayLike,
    universe: npt.ArrayLike | Universe,
    radii: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    position_error: float = 0.0,
    n_sims: int = 0,
    alternative: str = "two-sided",
    seed: int = 0,
) -> Curve:
    """M of cases at each radius, with mean, sd, global band and p under random location.

    Parameters: `cases_xy` metres (n, 2), each a site of `universe`, metres (N, 2) or a `Universe`; `radii` metres;
    `weights` (N,) of the sites of the universe (jobs, say), which stay where they are; `position_error` metres, below
    which no radius is reported; `n_sims` simulations, needed where weights, classes or a buffer are given; else 199 are
    made where none are asked for, since M is skewed and a Gaussian band is left by 6 curves of 100; `alternative`
    "two-sided", "greater" (concentrated) or "less".
    A site with no weight within r of it says nothing about r and is left out there; sites in the buffer are neighbours
    but no centres. Where all sites weigh the same, without a buffer or classes, mean and sd are exact.
    Returns a Curve (a pure number at each radius). Raises as `kd`.
    """
    cases, everywhere, at = prepared(cases_xy, universe)
    side = bands.checked(alternative)
    distance, shown = reported(radii, position_error)
    given = weights_of(weights, len(everywhere), "weights of the universe")
    problem = _Problem(everywhere, at, given, distance[shown])
    n_sims = n_sims or (LEAST if problem.exact else 0)
    observed = problem.observed()
    found = judged(observed, problem.null(n_sims, seed), side, seed)
    return finished(
        "M", found, observed, distance, shown, everywhere, n=len(cases), n_sims=n_sims, side=side, seed=seed,
        position_error=position_error,
    )  # fmt: skip


class _Problem:
    """The cases and their null, at the radii that are shown."""

    def __init__(self, everywhere: Universe, at: Integers, weights: Floats | None, radii: Floats) -> None:
        self.universe, self.at, self.size = everywhere, at, len(everywhere)
        self.plain = weights is None
        self.weights = np.ones(self.size) if weights is None else weights
        if np.count_nonzero(self.weights[at]) < 2:
            raise CannotTellError("fewer than two cases have a weight")
        if everywhere.inside is not None and not everywhere.inside[at].any():
            raise CannotTellError("all cases lie in the buffer beyond the region")
        self.order = np.argsort(radii, kind="stable")
        self.search = neighbours.search(radii[self.order])

    @property
    def exact(self) -> bool:
        """Whether mean and covariance follow from the universe, without simulations."""
        return self.plain and self.universe.even and self.size <= EXACT_UP_TO

    def _back(self, values: Floats) -> Floats:
        """Columns in the order in which the radii were given."""
        out = np.empty_like(values)
        out[..., self.order] = values
        return out

    def share(self, chosen: Integers) -> Floats:
        """For each site, the share of the segment among all others in the universe."""
        total = self.weights[chosen].sum()
        rest = np.maximum(self.weights.sum() - self.weights[chosen], np.finfo(float).tiny)
        found: Floats = (total - self.weights[chosen]) / rest
        return found

    def centres(self, rows: Integers) -> Floats:
        """1 for a site that may be a centre, 0 for one in the buffer."""
        inside = self.universe.inside
        return np.ones(len(rows)) if inside is None else inside[rows].astype(np.float64)

    def observed(self) -> Floats:
        """M of the cases."""
        xy, weights, at = self.universe.xy, self.weights, self.at
        near = neighbours.sums(xy[at], weights[at], np.arange(len(at)), self.search)
        everyone = neighbours.around(self.universe, weights, at, self.search)
        valid = (everyone > 0) * self.centres(at)[:, None]
        ratio = np.divide(near, everyone, out=np.zeros_like(near), where=valid > 0)
        below = self.share(at) @ valid
        if (below <= 0).any():
            radius = self.search.radii[:-1][below <= 0].max()
            raise CannotTellError(f"no case has another site within {radius:g} m: leave out radii so short")
        return self._back(ratio.sum(axis=0) / below)

    def null(self, n_sims: int, seed: int) -> Null:
        """Simulations, with exact moments for sites of equal weight without a buffer."""
        mean = covariance = None
        if self.exact:
            moments = neighbours.moments(self.universe, self.search, self.weights)
            mean, covariance = moments.of(len(self.at))
            order = np.ix_(np.argsort(self.order), np.argsort(self.order))
            mean, covariance = self._back(mean), covariance[order]
        elif n_sims < 19:
            raise AtlasError(
                f"weights, a buffer, classes or more than {EXACT_UP_TO:,} sites need simulations (n_sims >= 19)"
            )
        return Null(curves=self.simulate(n_sims, seed), mean=mean, covariance=covariance)

    def simulate(self, times: int, seed: int) -> Floats:
        """M (times, R) of as many sites put at random; the weights stay at the sites."""
        if not times:
            return np.empty((0, len(self.order)))
        xy, inside = self.universe.xy, self.universe.inside
        draws = self.universe.draws(self.at, times, seed)
        inverse = neighbours.inverse(self.universe, self.search, self.weights)
        if inside is not None:
            inverse = inverse * inside[:, None]
        x, y = backend.local(xy)
        radii, first, edge, scale = self.search
        near = edge.astype(np.float32), np.float32(scale)
        with backend.ONE_AT_A_TIME:
            above = backend.loops().sampled_ratios(x, y, self.weights, inverse, draws, radii, first, *near)
        return self._back(above / np.maximum(self._below(draws, inverse > 0), np.finfo(float).tiny))

    def _below(self, draws: npt.NDArray[np.int32], valid: Flags) -> Floats:
        """For each draw and radius the sum of shares of its sites that say something there."""
        allowed = self.centres(np.arange(self.size))
        shares = np.array([self.share(draw) for draw in draws]) * allowed[draws]
        ends = np.arange(len(draws) + 1) * draws.shape[1]
        chosen = sparse.csr_array((shares.ravel(), draws.ravel(), ends), shape=(len(draws), self.size))
        silent = sparse.csr_array((~valid & (allowed > 0)[:, None]).astype(np.float64))
        found: Floats = shares.sum(axis=1)[:, None] - (chosen @ silent).toarray()
        return found
