"""Kulldorff's spatial scan: the circles that hold more cases than chance puts into any circle.

Source: Kulldorff, A spatial scan statistic, Communications in Statistics: Theory and Methods 26 (1997), 1481-1496.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lifecluster.atlas import backend
from lifecluster.atlas.points import AtlasError, CannotTellError, Floats, Integers, sites
from lifecluster.atlas.result import Finding
from lifecluster.atlas.universe import Universe
from lifecluster.atlas.universe import universe as universe_of
from lifecluster.atlas.windows import Windows, windows

PAID = "p is of a circle as clear anywhere: looking everywhere is paid for, and no q is needed"


@dataclass(frozen=True, kw_only=True)
class HotSpot(Finding):
    """A circle with more cases than chance gives; `value` is the ratio of observed to expected.

    `centre` and `radius` metres; `observed`, `expected` cases; `sites` of the universe within; `llr` the log likelihood
    ratio; `members` rows of the cases within; `null` and `p` refer to the largest ratio of any circle under chance.
    """

    centre: tuple[float, float]
    radius: float
    observed: int
    expected: float
    sites: int
    llr: float
    members: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Scan:
    """Hot spots without overlap, the clearest first; `critical` is the log likelihood ratio that has p = 0.05."""

    hotspots: tuple[HotSpot, ...]
    critical: float
    n: int
    n_sims: int
    seed: int
    model: str

    @property
    def significant(self) -> tuple[HotSpot, ...]:
        """Those with p of at most 0.05."""
        return tuple(one for one in self.hotspots if one.p is not None and one.p <= 0.05)


def scan(
    cases_xy: npt.ArrayLike,
    universe: npt.ArrayLike | Universe,
    *,
    max_share: float = 0.1,
    max_radius: float | None = None,
    n_sims: int = 999,
    seed: int = 0,
    keep: int = 20,
) -> Scan:
    """Hot spots of cases among the sites of the universe (Bernoulli model: a site is a case or not).

    Parameters: `cases_xy` metres (n, 2), each a site of `universe`; `max_share` of the universe's sites and
    `max_radius` in metres that a circle may have; `n_sims` random labellings; `keep` hot spots at most.
    Raises AtlasError as `kd`; CannotTellError for fewer than two cases or a universe of cases only.
    """
    cases = sites(cases_xy, "cases")
    if len(cases) < 2:
        raise CannotTellError(f"{len(cases)} case(s): at least two are needed")
    everywhere = universe_of(universe)
    at = everywhere.locate(cases)
    if len(cases) == len(everywhere):
        raise CannotTellError("the cases are the whole universe: there is nothing to compare them with")
    if len(cases) > np.iinfo(np.int16).max:
        raise AtlasError("the scan takes at most 32,767 cases")
    return among(windows(everywhere, max_share=max_share, max_radius=max_radius), everywhere, at, n_sims, seed, keep)


def among(circles: Windows, universe: Universe, at: Integers, n_sims: int, seed: int, keep: int = 20) -> Scan:
    """As `scan`, of the windows given; `at` rows of the cases in the universe."""
    table = bernoulli(len(at), len(universe), circles.largest)
    label = np.bincount(universe.points[1][at], minlength=circles.points).astype(np.int32)
    parts = []
    for near, sites_, ends in circles.blocks():
        counts = label[near].cumsum(axis=1, dtype=np.int32)
        row = np.minimum(sites_, circles.largest) - 1
        ratios = np.where(ends, table[row, np.minimum(counts, table.shape[1] - 1)], 0.0)
        expected: Floats = len(at) / len(universe) * sites_.astype(np.float64)
        parts.append(clearest(ratios, counts, expected))
    null = null_maxima(universe, circles, table, at, n_sims, seed)
    found = report(Clearest.joined(parts), circles, universe, at, null, seed, keep)
    return Scan(hotspots=found, critical=critical(null), n=len(at), n_sims=n_sims, seed=seed, model="Bernoulli")


def bernoulli(cases: int, size: int, largest: int) -> Floats:
    """Log likelihood ratio of a window with k sites (row k-1) and c cases (column c); 0 where not above expectation."""
    k, c = np.arange(1, largest + 1)[:, None].astype(float), np.arange(min(cases, largest) + 1)[None, :].astype(float)
    rest = size - k

    def part(x: Floats, n: Floats) -> Floats:
        share = np.clip(np.divide(x, n, out=np.zeros(np.broadcast_shapes(x.shape, n.shape)), where=n > 0), 1e-300, 1.0)
        found: Floats = np.where(x > 0, x * np.log(share), 0.0)
        return found

    with np.errstate(invalid="ignore", divide="ignore"):
        inside = part(c, k) + part(k - c, k)
        outside = part(cases - c, rest) + part(rest - (cases - c), rest)
        whole = cases * np.log(cases / size) + (size - cases) * np.log1p(-cases / size)
        possible = (c <= k) & (cases - c <= rest) & (c * size > cases * k)
    return np.where(possible, np.maximum(inside + outside - whole, 0.0), 0.0)


def null_maxima(universe: Universe, circles: Windows, table: Floats, at: Integers, times: int, seed: int) -> Floats:
    """The largest log likelihood ratio of any window, for `times` random labellings with cases like those `at`."""
    draws, loops = universe.points[1][universe.draws(at, times, seed)].astype(np.int32), backend.loops()
    found = np.zeros(times)
    if len(at) <= loops.FEW * len(universe) and len(at) * len(circles.near) <= loops.MOST:
        rows = circles.by_point
        with backend.ONE_AT_A_TIME:
            return loops.few_cases(*rows, draws, table, len(circles.near))
    for start in range(0, times, 256):
        some = draws[start : start + 256]
        labels = np.zeros((circles.points, len(some)), np.int16)
        np.add.at(labels, (some, np.arange(len(some))[:, None]), 1)
        with backend.ONE_AT_A_TIME:
            most = loops.most_cases(circles.near, circles.ends, circles.sites, labels, circles.largest)
        found[start : start + 256] = np.take_along_axis(table, most.astype(np.int64), axis=1).max(axis=0)
    return found


def critical(null: Floats) -> float:
    """What a ratio must exceed for p of at most 0.05; infinite for fewer than 19 simulations."""
    rank = int(np.floor(0.05 * (len(null) + 1) + 1e-9))
    return float(np.sort(null)[::-1][rank - 1]) if rank else float("inf")


class Clearest(NamedTuple):
    """Of each centre the window with the largest ratio: the ratio, its column, cases observed and expected."""

    ratio: Floats
    column: Integers
    observed: Integers
    expected: Floats

    @classmethod
    def joined(cls, parts: Sequence[Clearest]) -> Clearest:
        """Of all centres, from blocks of them."""
        return cls(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def clearest(ratios: Floats, counts: npt.NDArray[np.int32], expected: Floats) -> Clearest:
    """The clearest window of each centre (row); the smaller one where two are alike."""
    column, rows = ratios.argmax(axis=1), np.arange(len(ratios))
    return Clearest(ratios[rows, column], column, counts[rows, column].astype(np.int64), expected[rows, column])


def report(best: Clearest, circles: Windows, universe: Universe, at: Integers, null: Floats, seed: int,
           keep: int) -> tuple[HotSpot, ...]:  # fmt: skip
    """Windows from the clearest down, without those that overlap one already taken; ties go to the smaller circle."""
    points, of = universe.points
    taken, mine = np.zeros(len(points), np.bool_), of[at]
    found: list[HotSpot] = []
    for c in np.argsort(-best.ratio, kind="stable"):
        if len(found) >= keep or best.ratio[c] <= 0:
            break
        k = int(best.column[c])
        inside = circles.near[c, : k + 1]
        if taken[inside].any():
            continue
        taken[inside] = True
        centre, edge = points[inside[0]], points[inside[-1]]
        observed, mass = int(best.observed[c]), float(best.expected[c])
        p = (1 + np.count_nonzero(null >= best.ratio[c] - 1e-9)) / (len(null) + 1)
        found.append(HotSpot(
            name=f"hot spot {len(found) + 1}", value=observed / mass, p=float(p), n=observed, seed=seed,
            null="the clearest circle of random labellings of: " + universe.name, vintage=universe.vintage,
            centre=(float(centre[0]), float(centre[1])), radius=float(np.hypot(*(edge - centre))), observed=observed,
            note=PAID, expected=mass, sites=int(circles.sites[c, k]), llr=float(best.ratio[c]),
            members=tuple(np.flatnonzero(np.isin(mine, inside)).tolist()),
        ))  # fmt: skip
    return tuple(found)
