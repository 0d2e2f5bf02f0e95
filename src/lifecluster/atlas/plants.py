"""Plants (sites with their jobs) by area: the level at which chance is judged.

Jobs come in lumps: one large plant can make an area look specialised by luck. So chance puts whole plants, each with
its own jobs, at the sites of the universe; treating jobs as if each had settled by itself would find far too much.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from lifecluster.atlas import indices
from lifecluster.atlas.points import AtlasError, CannotTellError, Flags, Floats, Integers, weights_of

NULL = "each plant, with its jobs, at a random site of the universe"


@dataclass(frozen=True, eq=False)
class Plants:
    """All sites of the universe: `area` (N,) index into `names`, `member` (N,) in the segment, `jobs` (N,)."""

    area: Integers
    names: tuple[str, ...]
    member: Flags
    jobs: Floats
    vintage: str | None

    @cached_property
    def sizes(self) -> Floats:
        """Jobs of the segment's plants."""
        return self.jobs[self.member]

    @property
    def n(self) -> int:
        """Plants of the segment."""
        return len(self.sizes)

    def by_area(self, jobs: Floats, area: Integers) -> Floats:
        """Jobs summed by area."""
        return np.bincount(area, weights=jobs, minlength=len(self.names)).astype(np.float64)

    @cached_property
    def segment(self) -> Floats:
        """The segment's share by area."""
        return indices.shares(self.by_area(self.sizes, self.area[self.member]), "the segment's jobs")

    @cached_property
    def everything(self) -> Floats:
        """The share of all jobs by area."""
        return indices.shares(self.by_area(self.jobs, self.area), "all jobs")

    @cached_property
    def _kept(self) -> dict[tuple[int, int], Floats]:
        return {}

    def at_random(self, times: int, seed: int) -> Floats:
        """The segment's shares by area (times, A) with its plants at random sites; the same draws for every index."""
        if (times, seed) not in self._kept:
            self._kept[times, seed] = self._draw(times, seed)
        return self._kept[times, seed]

    def _draw(self, times: int, seed: int) -> Floats:
        chance = np.random.default_rng(seed)
        rows = [self.area[chance.choice(len(self.area), self.n, replace=False)] for _ in range(times)]
        return self._shares(np.asarray(rows).reshape(times, self.n), np.tile(self.sizes, (times, 1)))

    def resampled(self, times: int, seed: int) -> tuple[Floats, Floats]:
        """Shares by area (times, A) and by plant (times, n) of plants drawn anew, with replacement."""
        chance = np.random.default_rng([seed, 1])
        rows = chance.integers(0, self.n, (times, self.n))
        sizes = self.sizes[rows]
        sizes = np.where(sizes.sum(axis=1, keepdims=True) > 0, sizes, self.sizes)
        return self._shares(self.area[self.member][rows], sizes), sizes / sizes.sum(axis=1, keepdims=True)

    def _shares(self, areas: Integers, sizes: Floats) -> Floats:
        count = len(self.names)
        flat = areas + np.arange(len(areas))[:, None] * count
        sums = np.bincount(flat.ravel(), weights=sizes.ravel(), minlength=len(areas) * count)
        found: Floats = sums.reshape(len(areas), count) / sizes.sum(axis=1, keepdims=True)
        return found


def plants(area: npt.ArrayLike, member: npt.ArrayLike, jobs: npt.ArrayLike | None = None, *,
           vintage: str | None = None) -> Plants:  # fmt: skip
    """Plants, checked.

    Parameters: `area` (N,) code of each site's area; `member` (N,) true for the segment; `jobs` (N,) at each site,
    by default 1 (then sites are counted). Raises AtlasError for lengths that differ, CannotTellError for a segment
    without plants or jobs, or one that is the whole universe.
    """
    codes = np.asarray(area)
    chosen = np.asarray(member, dtype=np.bool_)
    if codes.ndim != 1 or chosen.shape != codes.shape:
        raise AtlasError(f"area and member: one value a site is needed in both, not {codes.shape} and {chosen.shape}")
    names, at = np.unique(codes.astype(str), return_inverse=True)
    sizes = weights_of(jobs, len(codes), "jobs")
    sizes = np.ones(len(codes)) if sizes is None else sizes
    if not chosen.any() or not sizes[chosen].any():
        raise CannotTellError("the segment has no plants, or none with jobs")
    if chosen.all():
        raise CannotTellError("the segment is the whole universe: there is nothing to compare it with")
    return Plants(at.astype(np.int64), tuple(str(name) for name in names), chosen, sizes, vintage)
