"""Chooses the inner loops: numba where it is installed, else numpy; `LIFECLUSTER_ENGINE=numpy` asks for the latter."""

from __future__ import annotations

import os
from functools import cache
from threading import Lock
from typing import Protocol, cast

import numpy as np
import numpy.typing as npt

Single = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]

ONE_AT_A_TIME = Lock()
"""Held around a compiled loop: its threads may not be started twice at a time (a web server has threads too)."""


class Loops(Protocol):
    """The inner loops; see `plain.py` for what each computes.

    `FEW` share of the sites up to which it pays to look only at windows that hold a case; `MOST` cases times centres up
    to which there is room for it.
    """

    FEW: float
    MOST: int

    def sampled_histograms(
        self, x: Single, y: Single, draws: Whole, inverse: np.float32, bins: int, centres: int
    ) -> Whole:
        """See `plain.py`."""

    def weighted_histograms(
        self, x: Single, y: Single, draws: Whole, weights: Floats, inverse: np.float32, bins: int, centres: int
    ) -> Floats:
        """See `plain.py`."""

    def site_histograms(self, x: Single, y: Single, start: int, stop: int, inverse: np.float32, bins: int) -> Whole:
        """See `plain.py`."""

    def neighbour_sums(
        self, x: Floats, y: Floats, weights: Floats, centres: Whole, radii: Floats, first: Whole, edge: Floats,
        scale: float,
    ) -> Floats:  # fmt: skip
        """See `plain.py`."""

    def sampled_ratios(
        self, x: Single, y: Single, weights: Floats, inverse: Single, draws: Whole, radii: Floats, first: Whole,
        edge: Single, scale: np.float32,
    ) -> Floats:  # fmt: skip
        """See `plain.py`."""

    def weight_towards(
        self, x: Floats, y: Floats, inverse: Single, radii: Floats, first: Whole, edge: Floats, scale: float
    ) -> Floats:
        """See `plain.py`."""

    def most_cases(
        self, near: Whole, ends: npt.NDArray[np.bool_], sites: Whole, cases: npt.NDArray[np.int16], largest: int
    ) -> npt.NDArray[np.int16]:
        """See `plain.py`."""

    def best_ratios(
        self, near: Whole, ends: npt.NDArray[np.bool_], expected: Floats, cases: Whole, logs: Floats, total: int
    ) -> Floats:
        """See `plain.py`."""

    def few_cases(self, start: Whole, centre: Whole, end: Whole, draws: Whole, table: Floats, centres: int) -> Floats:
        """See `plain.py`."""


@cache
def _named(engine: str) -> Loops:
    from lifecluster.atlas import plain

    if engine == "numpy":
        return cast("Loops", plain)
    try:
        from lifecluster.atlas import compiled
    except ImportError:
        return cast("Loops", plain)
    return cast("Loops", compiled)


def loops() -> Loops:
    """The module with the inner loops."""
    return _named(os.environ.get("LIFECLUSTER_ENGINE", "auto"))


def local(xy: npt.NDArray[np.float64]) -> tuple[Single, Single]:
    """Coordinates about their middle as float32: good to 3 cm over 500 km."""
    middle = xy.mean(axis=0)
    return (xy[:, 0] - middle[0]).astype(np.float32), (xy[:, 1] - middle[1]).astype(np.float32)


def draw_classes(group: npt.NDArray[np.int64], at: npt.NDArray[np.int64], times: int, seed: int) -> Whole:
    """`times` draws (times, n) of sites without replacement, as many of each group as the cases have, lowest first.

    Parameters: `group` (N,) of each site, from 0; `at` (n,) rows of the cases.
    """
    chance, counts = np.random.default_rng(seed), np.bincount(group[at])
    pools = [(np.flatnonzero(group == one), int(counts[one])) for one in np.flatnonzero(counts)]
    rows = [np.concatenate([chance.choice(pool, many, replace=False) for pool, many in pools]) for _ in range(times)]
    return np.asarray(rows, dtype=np.int32).reshape(times, len(at))


def draw_sites(universe: int, n: int, times: int, seed: int, inside: npt.NDArray[np.bool_] | None = None,
               centres: int | None = None) -> Whole:  # fmt: skip
    """`times` draws of n of the universe's sites without replacement, shape (times, n), in no order.

    With `inside`, `centres` of them are drawn from the sites within the region and come first; the rest lie beyond.
    """
    chance = np.random.default_rng(seed)
    if inside is None or centres is None:
        rows = [chance.choice(universe, n, replace=False, shuffle=False) for _ in range(times)]
        return np.asarray(rows, dtype=np.int32).reshape(times, n)
    within, beyond = np.flatnonzero(inside), np.flatnonzero(~inside)
    parts = [
        np.r_[chance.choice(within, centres, replace=False), chance.choice(beyond, n - centres, replace=False)]
        for _ in range(times)
    ]
    return np.asarray(parts, dtype=np.int32).reshape(times, n)
