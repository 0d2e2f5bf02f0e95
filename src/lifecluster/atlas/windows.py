"""Circular windows around every point of a universe: its nearest points, as far as a window may reach.

Sites that share a point are always in a window together, so windows are made of points; postcodes put several
companies at one, which makes the windows of a register a third as long.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.spatial import cKDTree

from lifecluster.atlas.points import CannotTellError, Flags, Floats, Integers
from lifecluster.atlas.universe import Universe

Wholes = npt.NDArray[np.int32]
LARGEST = 5_000
"""Sites of the largest window."""
PLACES = 30_000_000
"""Centres times points of a window, at most (120 MB)."""
BLOCK = 1_000_000
"""The same, looked for at a time."""


@dataclass(frozen=True, eq=False)
class Windows:
    """`near` (centres, K) rows of the universe's points by distance from each centre, itself first.

    `sites` (centres, K) sites of the universe within the window that ends there; `ends` where a window may end: not
    between points at one distance, and not beyond the limits. `points` of the universe in all; `largest` sites of a
    window.
    """

    near: Wholes
    sites: Wholes
    ends: Flags
    points: int
    largest: int

    def cut(self, size: int) -> Windows:
        """The windows of at most `size` sites around the same centres."""
        ends = self.ends & (self.sites <= size)
        width = _width(ends)
        near, sites = np.ascontiguousarray(self.near[:, :width]), np.ascontiguousarray(self.sites[:, :width])
        return Windows(near, sites, np.ascontiguousarray(ends[:, :width]), self.points, size)

    def blocks(self) -> Iterator[tuple[Wholes, Wholes, Flags]]:
        """`near`, `sites` and `ends`, some centres at a time."""
        step = max(1, BLOCK // self.near.shape[1])
        for start in range(0, len(self.near), step):
            some = slice(start, start + step)
            yield self.near[some], self.sites[some], self.ends[some]

    @cached_property
    def by_point(self) -> tuple[Wholes, Wholes, Wholes]:
        """Where each point comes up, as `few_cases` wants it: starts, centres, and the sites where the window ends."""
        near, end = np.empty(self.near.size, np.int32), np.empty(self.near.size, np.int32)
        starts, row = np.zeros(len(self.near) + 1, np.int32), 0
        for rows, sites, ends in self.blocks():
            last = np.where(ends, sites, np.int32(-1))
            for k in range(last.shape[1] - 2, -1, -1):  # a point counts from where its window may next end
                np.copyto(last[:, k], last[:, k + 1], where=last[:, k] < 0)
            used = last >= 0
            held = starts[row] + np.r_[0, np.cumsum(used.sum(axis=1))]
            starts[row : row + len(held)] = held
            near[held[0] : held[-1]], end[held[0] : held[-1]], row = rows[used], last[used], row + len(rows)
        shape, all_ = (len(self.near), self.points), starts[-1]
        found = sparse.csr_array((end[:all_], near[:all_], starts), shape=shape).tocsc()
        return found.indptr.astype(np.int32), found.indices.astype(np.int32), found.data


def windows(universe: Universe, *, max_share: float = 0.1, max_radius: float | None = None) -> Windows:
    """All windows with at most this share of the universe's sites and this radius (metres); made once and kept.

    Centres are the points within the region; evenly thinned where there would be very many, and no window has more
    than 5,000 sites. Raises CannotTellError where no window has two sites.
    """
    size = largest(universe, max_share)
    if size < 2:
        raise CannotTellError(f"windows of {max_share:.0%} of {len(universe)} sites hold fewer than two")
    key = ("windows", size, max_radius)
    kept = universe.memory.get(key)
    if not isinstance(kept, Windows):
        kept = universe.memory[key] = _cut(universe, size, max_radius) or _windows(universe, size, max_radius)
    return kept


def largest(universe: Universe, max_share: float) -> int:
    """Sites that a window may have."""
    return min(int(np.floor(max_share * len(universe))), LARGEST)


def centres(universe: Universe) -> Integers:
    """Rows of the points that may be centres: those with a site that is not in the buffer."""
    of = universe.points[1]
    return np.unique(of if universe.inside is None else of[universe.inside])


def _cut(universe: Universe, size: int, max_radius: float | None) -> Windows | None:
    """The same from larger windows that were made before and not thinned."""
    many = len(centres(universe))
    for key, kept in universe.memory.items():
        if isinstance(kept, Windows):
            _, width, radius = cast("tuple[str, int, float | None]", key)
            if radius == max_radius and width >= size and len(kept.near) == many:
                return kept.cut(size)
    return None


def _windows(universe: Universe, size: int, max_radius: float | None) -> Windows:
    points, of = universe.points
    held, rows = np.bincount(of, minlength=len(points)).astype(np.int32), centres(universe)
    usual = max(1, size * len(points) // len(universe))  # points of a window where sites share them evenly
    if len(rows) * usual > PLACES:
        rows = rows[np.linspace(0, len(rows) - 1, PLACES // usual).astype(np.int64)]
    tree, width, blocks = cKDTree(points), usual + 1, []
    step = max(1, BLOCK // usual)
    for start in range(0, len(rows), step):
        block, width = _around(tree, points[rows[start : start + step]], held, size, max_radius, width)
        blocks.append(block)
    shape = len(rows), max(ends.shape[1] for _, _, ends in blocks)
    near, sites, ends = np.zeros(shape, np.int32), np.zeros(shape, np.int32), np.zeros(shape, np.bool_)
    for start in range(0, len(rows), step):
        block = blocks.pop(0)
        for whole, part in zip((near, sites, ends), block, strict=True):
            whole[start : start + step, : part.shape[1]] = part
    return Windows(near, sites, ends, len(points), size)


def _around(tree: cKDTree, xy: Floats, held: Wholes, size: int, max_radius: float | None,
            width: int) -> tuple[tuple[Wholes, Wholes, Flags], int]:  # fmt: skip
    """Points, sites and ends around the centres `xy`, and how many points had to be looked at (`width` at first)."""
    while True:
        width = min(width, len(held))
        found, near = tree.query(xy, k=np.arange(1, width + 1))
        sites = held[near].cumsum(axis=1, dtype=np.int32)
        if width == len(held) or (sites[:, -1] > size).all():
            break
        width += width // 4 + 1
    further = np.c_[found[:, 1:], np.full(len(found), np.inf)]
    ends = (further > found) & (found <= (np.inf if max_radius is None else max_radius)) & (sites <= size)
    used = _width(ends)
    return (near[:, :used].astype(np.int32), sites[:, :used], ends[:, :used]), width


def _width(ends: Flags) -> int:
    """Columns up to the last at which a window ends, one at least."""
    return int(np.flatnonzero(ends.any(axis=0)).max(initial=0)) + 1
