"""Clusters worth a page: circles the scan calls significant, their shape, and how firmly they are there.

Density clustering alone finds clusters in pure noise, as many as in data; so it may only draw the shape of what the
scan has found. Stability says how often a cluster is found again with other limits and with sites moved a little.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.spatial import ConvexHull, QhullError

from lifecluster.atlas.points import Floats, sites
from lifecluster.atlas.scan import HotSpot, Scan, among, scan
from lifecluster.atlas.universe import Universe
from lifecluster.atlas.universe import universe as universe_of
from lifecluster.atlas.windows import largest, windows

AGAIN = 0.5
"""Two clusters are the same if they share this part of the members that either has (Jaccard)."""


@dataclass(frozen=True)
class Cluster:
    """A significant hot spot with its shape.

    `shape` corners (k, 2) in metres of the hull around `members` (rows of the cases); `by` says what drew it: density,
    or the circle where density shows nothing within it. `stability` share of `variants` in which it was found again;
    `critical` log likelihood ratio that has p = 0.05.
    """

    hotspot: HotSpot
    shape: Floats
    members: tuple[int, ...]
    by: str
    stability: float
    variants: int
    critical: float


def hotspots(
    cases_xy: npt.ArrayLike,
    universe: npt.ArrayLike | Universe,
    *,
    max_share: float = 0.1,
    max_radius: float | None = None,
    n_sims: int = 999,
    seed: int = 0,
    min_size: int = 5,
    position_error: float = 0.0,
    jitters: int = 5,
) -> tuple[Cluster, ...]:
    """Significant hot spots with shape and stability, the clearest first; none where the scan finds none.

    Parameters: as `scan`; `min_size` sites of the smallest shape; `position_error` metres (standard deviation) by
    which sites are moved `jitters` times; half and double `max_share` are tried too. Raises as `scan`.
    """
    cases, everywhere = sites(cases_xy, "cases"), universe_of(universe)
    base = scan(cases, everywhere, max_share=max_share, max_radius=max_radius, n_sims=n_sims, seed=seed)
    if not base.significant:
        return ()
    again = _variants(cases, everywhere, max_share, max_radius, n_sims, seed, position_error, jitters)
    found = []
    for one in base.significant:
        members, by = _shape(cases, one, min_size)
        share = np.mean([any(_same(one.members, other.members) for other in run.significant) for run in again])
        found.append(Cluster(one, hull(cases[list(members)]), members, by, float(share), len(again), base.critical))
    return tuple(found)


def _variants(cases: Floats, everywhere: Universe, max_share: float, max_radius: float | None, n_sims: int, seed: int,
              position_error: float, jitters: int) -> list[Scan]:  # fmt: skip
    """The scan with other limits, and with all sites moved; fewer simulations are enough to say whether it is there."""
    sims, at, runs = min(n_sims, 199, max(99, n_sims // 5)), everywhere.locate(cases), []
    if max_share / 2 * len(everywhere) >= 2:  # the same centres, smaller circles
        half = windows(everywhere, max_share=max_share, max_radius=max_radius).cut(largest(everywhere, max_share / 2))
        runs.append(among(half, everywhere, at, sims, seed))
    double = windows(everywhere, max_share=min(0.5, 2 * max_share), max_radius=max_radius)
    runs.append(among(double, everywhere, at, sims, seed))
    chance = np.random.default_rng([seed, 2])
    points, of = everywhere.points  # the error is the postcode's: sites at one point move together
    for _ in range(jitters if position_error > 0 else 0):
        moved = (points + chance.normal(0, position_error, points.shape))[of]
        place = replace(everywhere, xy=moved)
        runs.append(scan(moved[at], place, max_share=max_share, max_radius=max_radius, n_sims=sims, seed=seed))
    return runs


def _same(one: Sequence[int], other: Sequence[int]) -> bool:
    first, second = set(one), set(other)
    return len(first & second) >= AGAIN * len(first | second)


def _shape(cases: Floats, hotspot: HotSpot, min_size: int) -> tuple[tuple[int, ...], str]:
    """Cases of the dense groups around the circle: HDBSCAN within one and a half radii, groups mostly inside."""
    from sklearn.cluster import HDBSCAN  # loads slowly

    away = np.hypot(*(cases - np.asarray(hotspot.centre)).T)
    near = np.flatnonzero(away <= 1.5 * hotspot.radius)
    if len(near) < 2 * min_size or hotspot.radius == 0:
        return hotspot.members, "circle"
    labels = HDBSCAN(min_cluster_size=min_size, allow_single_cluster=True, copy=True).fit_predict(cases[near])
    inside = set(hotspot.members)
    kept = [group for group in set(labels.tolist()) - {-1}
            if np.mean([int(row) in inside for row in near[labels == group]]) > 0.5]  # fmt: skip
    if not kept:
        return hotspot.members, "circle"
    return tuple(int(row) for row in near[np.isin(labels, kept)]), "density"


def hull(points: Floats) -> Floats:
    """Corners (k, 2) of the convex hull, anticlockwise; the points themselves where they span no area."""
    distinct = np.unique(points, axis=0)
    if len(distinct) < 3:
        return distinct
    try:
        corners: Floats = distinct[ConvexHull(distinct).vertices]
    except QhullError:
        return distinct[[0, -1]]
    return corners
