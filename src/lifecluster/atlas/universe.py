"""The universe: all places where a case might have been, which defines what chance would look like."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from lifecluster.atlas import backend
from lifecluster.atlas.moments import DistanceTable, distance_table
from lifecluster.atlas.points import AtlasError, CannotTellError, Flags, Floats, Integers, sites


def _keys(xy: Floats) -> Integers:
    """One number a point, equal where two points are equal to the millimetre."""
    whole = np.rint(xy * 1000).astype(np.int64)
    keys: Integers = whole[:, 0] * np.int64(2**31) + whole[:, 1]
    return keys


@dataclass(frozen=True, eq=False)
class Universe:
    """All places where a case might have been: the null. Build it with `universe`.

    `xy` metres (N, 2); `name` the null in words ("all companies of the region"); `vintage` of the data, as text;
    `inside` (N,) false for the buffer beyond the region's border, whose sites are neighbours but never centres;
    `strata` (N,) number of each site's class (of size, of sector): a case is put at sites of its own class only.
    """

    xy: Floats
    name: str
    vintage: str | None
    inside: Flags | None
    strata: Integers | None = None

    def __len__(self) -> int:
        return len(self.xy)

    @cached_property
    def _order(self) -> tuple[Integers, Integers]:
        keys = _keys(self.xy)
        order = np.argsort(keys, kind="stable")
        return order, keys[order]

    def locate(self, cases: Floats, what: str = "cases") -> Integers:
        """Row of the universe for each case; several cases at one point take several of its sites.

        Raises AtlasError naming the first case that is no site of the universe, or that has no site left there.
        """
        order, keys = self._order
        wanted = _keys(cases)
        turn = np.argsort(wanted, kind="stable")
        ordered = wanted[turn]
        nth = np.arange(len(ordered)) - np.searchsorted(ordered, ordered, side="left")
        place = np.searchsorted(keys, ordered, side="left") + nth
        found = (place < len(keys)) & (keys[np.minimum(place, len(keys) - 1)] == ordered)
        if not found.all():
            row = int(turn[~found].min())
            raise AtlasError(
                f"{what}: row {row + 1} ({cases[row, 0]:g}, {cases[row, 1]:g}) is outside the universe; "
                f"{int((~found).sum())} of {len(cases)} are. Every case must be one of its sites"
            )
        rows = np.empty(len(cases), dtype=np.int64)
        rows[turn] = order[place]
        return rows

    @property
    def even(self) -> bool:
        """Whether a case may be at every site alike: no buffer, no classes. Only then are there exact moments."""
        return self.inside is None and self.strata is None

    def draws(self, at: Integers, times: int, seed: int) -> backend.Whole:
        """`times` random choices of as many sites as there are cases, (times, n); those that may be centres come first.

        Parameters: `at` rows of the cases: each choice has as many within the region, and of each class, as they have.
        """
        if self.strata is not None:
            beyond = np.zeros(len(self), np.int64) if self.inside is None else (~self.inside).astype(np.int64)
            return backend.draw_classes(beyond * (int(self.strata.max()) + 1) + self.strata, at, times, seed)
        centres = None if self.inside is None else int(self.inside[at].sum())
        return backend.draw_sites(len(self), len(at), times, seed, self.inside, centres)

    @cached_property
    def points(self) -> tuple[Floats, Integers]:
        """The distinct points (P, 2), and for each site the row of its own."""
        order, keys = self._order
        new = np.r_[True, keys[1:] != keys[:-1]]
        of = np.empty(len(self), np.int64)
        of[order] = np.cumsum(new) - 1
        return self.xy[order[new]], of

    def table(self, radii: Floats, bandwidth: float) -> DistanceTable:
        """Counts of pairs by distance, made once and used for every segment of this universe."""
        kept = self._tables.get("last")
        if kept is None or not kept.fits(radii, bandwidth):
            kept = self._tables["last"] = distance_table(self.xy, radii, bandwidth, kept)
        return kept

    @cached_property
    def _tables(self) -> dict[str, DistanceTable]:
        return {}

    @cached_property
    def memory(self) -> dict[object, object]:
        """What statistics keep about this universe, so that the next segment need not compute it again."""
        return {}

    @cached_property
    def shared_points(self) -> int:
        """How many sites share their point with another (buildings, postcodes, addresses of agents)."""
        keys = self._order[1]
        same = keys[1:] == keys[:-1]
        return int((np.r_[same, False] | np.r_[False, same]).sum())


def universe(
    xy: npt.ArrayLike | Universe,
    *,
    name: str = "random location among the sites of the universe",
    vintage: str | None = None,
    inside: npt.ArrayLike | None = None,
    hubs: npt.ArrayLike | None = None,
    strata: npt.ArrayLike | None = None,
) -> Universe:
    """A universe of sites, checked.

    Parameters: `xy` metres (N, 2), or a Universe, which is returned as it is; `name` the null in words; `vintage` of
    the data; `inside` (N,) true within the region, false in the buffer around it; `hubs` (N,) true for sites at
    addresses of mass registration, where nobody works: they are left out; `strata` (N,) class of each site, as text or
    number: chance then puts each case at a site of its own class (companies of the same size, of the same sector).
    Raises AtlasError as `sites`, and for masks of another length.
    """
    if isinstance(xy, Universe):
        return xy
    points = sites(xy, "universe")
    within = None if inside is None else np.asarray(inside, dtype=np.bool_)
    keep = None if hubs is None else ~np.asarray(hubs, dtype=np.bool_)
    classes = None if strata is None else np.unique(np.asarray(strata).astype(str), return_inverse=True)[1]
    for mask, what in ((within, "inside"), (keep, "hubs"), (classes, "strata")):
        if mask is not None and mask.shape != (len(points),):
            raise AtlasError(f"{what}: {len(points)} values are needed, one a site, not {mask.shape}")
    if keep is not None:
        points, within = points[keep], None if within is None else within[keep]
        classes = None if classes is None else classes[keep]
    if len(points) < 2:
        raise CannotTellError(f"the universe has {len(points)} site(s): at least two are needed")
    return Universe(points, name, vintage, within, None if classes is None else classes.astype(np.int64))
