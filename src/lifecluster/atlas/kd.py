"""Duranton-Overman K-density: how often two sites of a segment are a given distance apart, against random location.

Source: Duranton & Overman, Testing for localization using micro-geographic data, Review of Economic Studies 72 (2005).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from lifecluster.atlas import backend, bands, kernel, moments
from lifecluster.atlas.curve import Curve, Null, judged, spread
from lifecluster.atlas.points import (
    AtlasError,
    CannotTellError,
    Floats,
    Integers,
    reported,
    sites,
    weights_of,
)
from lifecluster.atlas.universe import Universe
from lifecluster.atlas.universe import universe as universe_of


def kd(
    cases_xy: npt.ArrayLike,
    universe: npt.ArrayLike | Universe,
    radii: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    bandwidth: float | None = None,
    position_error: float = 0.0,
    n_sims: int = 0,
    alternative: str = "two-sided",
    seed: int = 0,
) -> Curve:
    """The K-density of cases at each radius, with mean, sd, global band and p under random location.

    Parameters: `cases_xy` metres (n, 2), each a site of `universe`, metres (N, 2) or a `Universe`; `radii` metres;
    `weights` (n,) of the cases, which keep them wherever they are put; `bandwidth` of the Gaussian kernel in metres,
    by default Silverman's rule over the pairs within twice the largest radius; `position_error` metres, below which no
    radius is reported; `n_sims` simulations: with none, mean and sd are exact and the band comes from the maximum of a
    Gaussian process with the exact covariance; `alternative` "two-sided", "greater" (near each other) or "less".
    Where the universe has a buffer, pairs both of whose sites lie in it do not count; with a buffer, or with classes of
    sites that chance keeps apart, simulations are needed and cases carry no weights beside classes.
    Returns a Curve whose `density` is in 1/m. Raises AtlasError for input that cannot be used, CannotTellError for
    fewer than two cases, for cases all at one point, and where the cases are the whole universe.
    """
    cases, everywhere, at = prepared(cases_xy, universe)
    side = bands.checked(alternative)
    distance, shown = reported(radii, position_error)
    carried = weights_of(weights, len(cases))
    width = checked_bandwidth(cases, distance, bandwidth)
    some = distance[shown]
    problem = _Problem(cases, everywhere, at, carried, some, width)
    observed = problem.observed()
    found = judged(observed, problem.null(n_sims, seed), side, seed)
    return finished(
        "K-density", found, observed, distance, shown, everywhere, n=len(cases), n_sims=n_sims, side=side,
        seed=seed, position_error=position_error, bandwidth=width,
    )  # fmt: skip


def prepared(cases_xy: npt.ArrayLike, universe: npt.ArrayLike | Universe) -> tuple[Floats, Universe, Integers]:
    """Checked cases, universe, and the cases' rows in it. Raises as `kd`."""
    cases = sites(cases_xy, "cases")
    if len(cases) < 2:
        raise CannotTellError(f"{len(cases)} case(s): at least two are needed")
    everywhere = universe_of(universe)
    at = everywhere.locate(cases)
    if (cases == cases[0]).all():
        raise CannotTellError("all cases are at one point: there are no distances to speak of")
    if len(cases) == len(everywhere):
        raise CannotTellError("the cases are the whole universe: there is nothing to compare them with")
    if everywhere.strata is not None:
        own = np.bincount(everywhere.strata[at], minlength=int(everywhere.strata.max()) + 1)
        if (own[own > 0] == np.bincount(everywhere.strata)[own > 0]).all():
            raise CannotTellError("no class has a site that is not a case: there is nothing to compare them with")
    return cases, everywhere, at


def checked_bandwidth(cases: Floats, radii: Floats, bandwidth: float | None) -> float:
    """The bandwidth given, or the rule of thumb. Raises AtlasError unless it is positive and finite."""
    width = kernel.rule_of_thumb(cases, 2 * float(radii.max())) if bandwidth is None else float(bandwidth)
    if not np.isfinite(width) or width <= 0:
        raise AtlasError(f"bandwidth must be a positive number of metres, not {width:g}")
    return width


def finished(name: str, found: dict[str, Any], observed: Floats, radii: Floats, shown: npt.NDArray[np.bool_],
             everywhere: Universe, *, n: int, n_sims: int, side: bands.Alternative, seed: int, position_error: float,
             bandwidth: float | None = None) -> Curve:  # fmt: skip
    """The curve with all that goes with it; radii below the positional error as NaN."""
    fields = dict(found)
    for key in ("mean", "sd"):
        fields[key] = spread(fields[key], shown)
    for key in ("band", "band_erl"):
        band = fields[key]
        fields[key] = None if band is None else bands.Band(*(spread(part, shown) for part in band))
    notes = []
    if not shown.all():
        notes.append(f"{int((~shown).sum())} radii below the positional error of {position_error:g} m are withheld")
    if everywhere.shared_points:
        notes.append(f"{everywhere.shared_points:,} sites of the universe share their point with another")
    if everywhere.inside is not None:
        notes.append(f"{int((~everywhere.inside).sum()):,} sites of the universe lie in the buffer beyond the region")
    return Curve(
        name=name, radii=radii, value=spread(observed, shown), n=n, size=len(everywhere), n_sims=n_sims,
        alternative=side, null=everywhere.name, seed=seed, vintage=everywhere.vintage, suppression=None,
        position_error=position_error, notes=tuple(notes), bandwidth=bandwidth, **fields,
    )  # fmt: skip


class _Problem:
    """The cases and their null."""

    def __init__(self, cases: Floats, everywhere: Universe, at: Integers, weights: Floats | None, radii: Floats,
                 bandwidth: float) -> None:  # fmt: skip
        self.universe, self.radii, self.bandwidth = everywhere, radii, bandwidth
        self.inside = everywhere.inside
        within = np.ones(len(cases), np.bool_) if self.inside is None else self.inside[at]
        order = np.argsort(~within, kind="stable")
        self.centres = int(within.sum())
        self.cases, self.at = cases[order], at[order]
        self.weights = None if weights is None else weights[order]
        if weights is not None and everywhere.strata is not None:
            raise AtlasError("weights of cases and classes of sites cannot be kept at once: leave one out")
        if self.centres == 0:
            raise CannotTellError("all cases lie in the buffer beyond the region")

    @property
    def _pairs(self) -> float:
        """Weight of all pairs that count."""
        w = np.ones(len(self.cases)) if self.weights is None else self.weights
        found = (
            float(sum((part.sum() ** 2 - (part**2).sum()) * sign for part, sign in ((w, 1), (w[self.centres :], -1))))
            / 2
        )
        if found <= 0:
            raise CannotTellError("fewer than two cases have a weight")
        return found

    def observed(self) -> Floats:
        """The density of the cases, 1/m."""
        total = kernel.kernel_sum(self.cases, self.radii, self.bandwidth, self.weights)
        if len(self.cases) - self.centres > 1:
            beyond = None if self.weights is None else self.weights[self.centres :]
            total = total - kernel.kernel_sum(self.cases[self.centres :], self.radii, self.bandwidth, beyond)
        return total / self._pairs

    def null(self, n_sims: int, seed: int) -> Null:
        """Exact moments where the universe is small enough and without a buffer; simulations where asked for."""
        mean = covariance = None
        if self.universe.even and len(self.universe) <= moments.EXACT_UP_TO:
            found = self.universe.table(self.radii, self.bandwidth).moments(self.radii, self.bandwidth)
            mean, covariance = found.mean, found.covariance(len(self.cases), self.weights)
        elif n_sims < 19:
            raise AtlasError(
                f"a universe with a buffer, classes or more than {moments.EXACT_UP_TO:,} sites needs simulations "
                "(n_sims >= 19)"
            )
        return Null(curves=self.simulate(n_sims, seed), mean=mean, covariance=covariance)

    def simulate(self, times: int, seed: int) -> Floats:
        """Densities (times, R) of as many sites put at random."""
        if not times:
            return np.empty((0, len(self.radii)))
        bins = kernel.bins_for(self.radii, self.bandwidth, reach=6.0)
        x, y = backend.local(self.universe.xy)
        draws = self.universe.draws(self.at, times, seed)
        inverse, weights = np.float32(1 / bins.width), self.weights
        if weights is not None and self.inside is None:
            chance = np.random.default_rng([seed, 1])
            draws = chance.permuted(draws, axis=1)
        shape = kernel.binned_kernel(self.radii, bins, self.bandwidth)
        loops = backend.loops()
        with backend.ONE_AT_A_TIME:
            if weights is None:
                counts = loops.sampled_histograms(x, y, draws, inverse, bins.count, self.centres)
                return (counts[:, :-1] @ shape) / self._pairs
            sums = loops.weighted_histograms(x, y, draws, weights, inverse, bins.count, self.centres)
        found: Floats = (sums[:, :-1] @ shape) / self._pairs
        return found
