"""Which segments live in the same areas, and how near an area is to those it does not have yet.

Proximity of two segments: the smaller of the shares of areas with the one that also have the other.
Source: Hidalgo et al., The product space conditions the development of nations, Science 317 (2007), 482-487.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lifecluster.atlas.chance import benjamini_hochberg, monte_carlo
from lifecluster.atlas.points import AtlasError, CannotTellError, Flags, Floats, Integers


@dataclass(frozen=True)
class Presence:
    """`present` (A, S): location quotient of at least 1; `counts` (A, S) sites; areas and segments kept, by name.

    `left_out` areas and segments with fewer sites than the minimum, of which nothing is said.
    """

    present: Flags
    counts: Floats
    areas: tuple[str, ...]
    segments: tuple[str, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Relatedness:
    """`proximity` (S, S) with `p` and `q` (off the diagonal), and `density` (A, S): how related what is there is."""

    presence: Presence
    proximity: Floats
    p: Floats
    q: Floats
    density: Floats
    n: int
    n_sims: int
    seed: int
    null: str = "segments shuffled among all sites"


def presence(area: npt.ArrayLike, segment: npt.ArrayLike, *, minimum: int = 10) -> Presence:
    """Areas and segments with at least `minimum` sites, and where each segment has its share or more.

    Parameters: `area`, `segment` (N,) codes of each site. Raises AtlasError for lengths that differ, CannotTellError
    where fewer than two areas or segments are left: tiny totals make tiny areas look like the most specialised of all.
    """
    areas, segments = np.asarray(area).astype(str), np.asarray(segment).astype(str)
    if areas.ndim != 1 or areas.shape != segments.shape:
        raise AtlasError("area and segment: one value a site is needed in both")
    keep = np.ones(len(areas), np.bool_)
    while True:  # leaving out an area can take a segment below the minimum, and the other way round
        before = keep.sum()
        for codes in (areas, segments):
            names, at = np.unique(codes, return_inverse=True)
            keep &= np.bincount(at, weights=keep, minlength=len(names))[at] >= minimum
        if keep.sum() == before:
            break
    a, row = np.unique(areas[keep], return_inverse=True)
    s, column = np.unique(segments[keep], return_inverse=True)
    if len(a) < 2 or len(s) < 2:
        raise CannotTellError(f"fewer than two areas or segments have {minimum} sites")
    counts = _table(row, column, len(a), len(s))
    gone = sorted((set(areas) - set(a)) | (set(segments) - set(s)))
    return Presence(_above(counts), counts, tuple(map(str, a)), tuple(map(str, s)), tuple(map(str, gone)))


def relatedness(area: npt.ArrayLike, segment: npt.ArrayLike, *, minimum: int = 10, n_sims: int = 199,
                seed: int = 0) -> Relatedness:  # fmt: skip
    """Proximity of all pairs of segments with p (shuffling segments among sites) and q, and density by area.

    Parameters and errors: as `presence`.
    """
    there = presence(area, segment, minimum=minimum)
    near = proximity(there.present)
    cells = np.nonzero(there.counts)
    row, column = (np.repeat(part, there.counts[cells].astype(np.int64)) for part in cells)
    chance = np.random.default_rng(seed)
    shape = there.counts.shape
    null = np.array([proximity(_above(_table(row, chance.permutation(column), *shape))) for _ in range(n_sims)])
    p = monte_carlo(near, null) if n_sims else np.ones_like(near)
    np.fill_diagonal(p, np.nan)
    upper = np.triu_indices(len(near), 1)
    q = np.full_like(p, np.nan)
    q[upper] = benjamini_hochberg(p[upper])
    q.T[upper] = q[upper]
    return Relatedness(there, near, p, q, density(there.present, near), len(row), n_sims, seed)


def proximity(present: Flags) -> Floats:
    """Smaller of the two conditional probabilities of presence, (S, S); 0 on the diagonal."""
    both = present.T.astype(float) @ present
    most = np.maximum.outer(np.diagonal(both), np.diagonal(both))
    near: Floats = np.divide(both, most, out=np.zeros_like(both), where=most > 0)
    np.fill_diagonal(near, 0)
    return near


def density(present: Flags, near: Floats) -> Floats:
    """For each area and segment, the share of proximity to the segment that is present in the area; NaN without any."""
    total = near.sum(axis=0)
    found: Floats = np.divide(present @ near, total, out=np.full(present.shape, np.nan), where=total > 0)
    return found


def _table(row: Integers, column: Integers, rows: int, columns: int) -> Floats:
    return np.bincount(row * columns + column, minlength=rows * columns).reshape(rows, columns).astype(np.float64)


def _above(counts: Floats) -> Flags:
    """Location quotient of at least 1."""
    found: Flags = counts * counts.sum() >= np.outer(counts.sum(axis=1), counts.sum(axis=0)) * (1 - 1e-12)
    return found
