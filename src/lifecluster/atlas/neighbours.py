"""How much weight lies within each radius of each site, exactly, and the moments of M that follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, cast

import numpy as np
import numpy.typing as npt

from lifecluster.atlas import backend
from lifecluster.atlas.moments import PairMoments, pair_moments
from lifecluster.atlas.points import Floats, Integers
from lifecluster.atlas.universe import Universe

CELLS = 4096
MANY = 0.9
"""Share of a universe's sites that may have a point of their own before counting by points no longer pays."""
Singles = npt.NDArray[np.float32]


class Search(NamedTuple):
    """Ascending radii (metres, infinity last) and how to find the first that a distance lies within.

    For cells of distance: the first radius that a pair in the cell may lie within, and the radius within the cell.
    """

    radii: Floats
    first: npt.NDArray[np.int32]
    edge: Floats
    scale: float

    @property
    def size(self) -> int:
        """Number of radii."""
        return len(self.radii) - 1


def search(radii: Floats) -> Search:
    """The table for ascending radii."""
    scale = CELLS / float(radii[-1]) if radii[-1] > 0 else 1.0
    edges = (np.arange(CELLS + 1) - 0.01) / scale  # a little early, so that rounding never skips a radius
    first = np.searchsorted(radii, edges, side="left").astype(np.int32)
    padded = np.r_[radii, np.inf]
    following = np.r_[edges[1:] + 0.02 / scale, np.inf]
    edge = np.where(padded[first] <= following, padded[first], np.inf)
    return Search(padded, first, edge, scale)


def sums(xy: Floats, weights: Floats, centres: Integers, table: Search) -> Floats:
    """Weight of the other sites within each radius of each centre, shape (centres, R); a pair at distance r counts."""
    x, y = np.ascontiguousarray(xy[:, 0]), np.ascontiguousarray(xy[:, 1])
    with backend.ONE_AT_A_TIME:
        return backend.loops().neighbour_sums(x, y, weights, centres.astype(np.int32), *table)


def around(universe: Universe, weights: Floats, rows: Integers, table: Search) -> Floats:
    """As `sums` for rows of a universe; sites that share a point are counted together, which postcodes make many."""
    points, of = universe.points
    if len(points) > MANY * len(universe):
        return sums(universe.xy, weights, rows, table)
    heavy = np.bincount(of, weights=weights, minlength=len(points)).astype(np.float64)
    some, back = np.unique(of[rows], return_inverse=True)
    found = sums(points, heavy, some, table)
    return found[back] + (heavy[of[rows]] - weights[rows])[:, None]


def _key(what: str, table: Search, weights: Floats) -> tuple[str, bytes, bytes]:
    return what, table.radii.tobytes(), weights.tobytes()


def inverse(universe: Universe, table: Search, weights: Floats) -> Singles:
    """1 / (weight within each radius of each site of the universe), 0 where there is none; made once and kept."""
    key = _key("inverse", table, weights)
    kept = universe.memory.get(key)
    if kept is None:
        size = len(universe)
        kept = np.zeros((size, table.size), np.float32)
        step = max(1, 8_000_000 // table.size)
        for start in range(0, size, step):
            rows = np.arange(start, min(size, start + step))
            near = around(universe, weights, rows, table)
            kept[rows] = np.where(near > 0, 1.0 / np.where(near > 0, near, 1.0), 0.0)
        universe.memory[key] = kept
    return cast("Singles", kept)


@dataclass(frozen=True)
class RatioMoments:
    """Of M for sites of equal weight: sums over the universe that serve every n.

    `valid` (R,) share of sites with another within the radius; `pairs` of the deviation from 1, a mean over pairs.
    """

    valid: Floats
    pairs: PairMoments

    def of(self, n: int) -> tuple[Floats, Floats]:
        """Mean (R,) and covariance (R, R) for n cases: exact where every site has a neighbour within the radius."""
        scale = 1 / (2 * np.maximum(self.valid, 1e-300))
        return np.ones(len(scale)), self.pairs.covariance(n) * np.outer(scale, scale)


def moments(universe: Universe, table: Search, weights: Floats) -> RatioMoments:
    """The moments of M; one pass over all pairs of the universe, then kept.

    With b(i, j) = [d <= r] (1/D_i + 1/D_j), where D counts neighbours within r, and v = [D > 0], the deviation of M
    from 1 is the mean over pairs of cases of (N-1) b - v_i - v_j, over twice the share of valid sites (to first order,
    exactly where all are valid). Between radii the term of single pairs takes D_j as D_i (exact on the diagonal).
    """
    key = _key("moments", table, weights)
    kept = universe.memory.get(key)
    if not isinstance(kept, RatioMoments):
        kept = universe.memory[key] = _moments(universe, table, inverse(universe, table, weights))
    return kept


def _moments(universe: Universe, table: Search, share: Singles) -> RatioMoments:
    size = len(universe)
    x, y = np.ascontiguousarray(universe.xy[:, 0]), np.ascontiguousarray(universe.xy[:, 1])
    with backend.ONE_AT_A_TIME:
        towards = backend.loops().weight_towards(x, y, share, *table)
    own = (share > 0).astype(np.float64)
    both = own.T @ own
    rows = (size - 1) * towards - (own.sum(axis=0) - own)
    upper = np.triu(own.T @ share.astype(np.float64))
    even = upper + np.triu(upper, 1).T
    single = np.diagonal(even)
    exact = 2 * (single + (share * towards).sum(axis=0))
    root = np.sqrt(np.divide(exact, single, out=np.zeros_like(exact), where=single > 0))
    cross = 2 * (own + towards).T @ own
    products = (size - 1) ** 2 * even * np.outer(root, root) - (size - 1) * (cross + cross.T)
    products += 2 * ((size - 2) * both + np.outer(own.sum(axis=0), own.sum(axis=0)))
    totals = rows.sum(axis=0)
    pairs = pair_moments(size, totals, rows.T @ rows, products, totals / (size * (size - 1)))
    return RatioMoments(own.mean(axis=0), pairs)
