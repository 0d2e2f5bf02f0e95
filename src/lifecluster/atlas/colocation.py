"""Colocation quotient: is the nearest neighbour of one kind of site of another kind more often than chance gives?

Source: Leslie & Kronenberg, The colocation quotient, Geographical Analysis 43 (2011), 306-326.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.spatial import cKDTree

from lifecluster.atlas.chance import benjamini_hochberg, monte_carlo
from lifecluster.atlas.points import AtlasError, CannotTellError, Floats, sites
from lifecluster.atlas.result import Finding

NULL = "kinds shuffled among the sites"


def colocation(xy: npt.ArrayLike, kinds: npt.ArrayLike, *, n_sims: int = 199, seed: int = 0,
               vintage: str | None = None) -> dict[tuple[str, str], Finding]:  # fmt: skip
    """The quotient of every ordered pair of kinds: 1 as chance gives, 2 twice as often; not the same both ways.

    Parameters: `xy` metres (N, 2); `kinds` (N,) of the sites. Sites at one distance share the place of the nearest.
    p is two-sided; q is over all pairs. A kind with one site has no quotient to itself ("cannot tell").
    Raises AtlasError as `sites`, and CannotTellError for fewer than two sites or kinds.
    """
    points, labels = sites(xy), np.asarray(kinds).astype(str)
    if labels.shape != (len(points),):
        raise AtlasError(f"kinds: {len(points)} values are needed, one a site, not {labels.shape}")
    names, codes = np.unique(labels, return_inverse=True)
    if len(points) < 3 or len(names) < 2:
        raise CannotTellError("at least three sites of two kinds are needed")
    nearest, count = _nearest(points), np.bincount(codes)
    usual = count[:, None] * (count - np.eye(len(count))) / (len(points) - 1)
    own = _pairs(nearest, codes, len(names))
    chance = np.random.default_rng(seed)
    null = np.array([_pairs(nearest, chance.permutation(codes), len(names)) for _ in range(n_sims)])
    p = np.where(usual > 0, monte_carlo(own, null, "two-sided"), np.nan)
    q = benjamini_hochberg(p.ravel()).reshape(p.shape)
    found = {}
    for i, a in enumerate(names):
        for j, b in enumerate(names):
            name = f"{a} near {b}"
            known = usual[i, j] > 0
            found[str(a), str(b)] = Finding(
                name=name, value=float(own[i, j] / usual[i, j]) if known else None, n=int(count[i]),
                p=float(p[i, j]) if known else None, q=float(q[i, j]) if known else None, null=NULL, seed=seed,
                vintage=vintage, note=None if known else "cannot tell: one site of this kind",
            )  # fmt: skip
    return found


def _nearest(points: Floats) -> sparse.csr_array:
    """Row i: equal shares of 1 for the sites nearest to i, ties included."""
    tree = cKDTree(points)
    distance = tree.query(points, k=2)[0][:, 1]
    near = tree.query_ball_point(points, distance * (1 + 1e-12))
    rows = [[j for j in found if j != i] for i, found in enumerate(near)]
    ends = np.cumsum([0, *map(len, rows)])
    shares = np.concatenate([np.full(len(row), 1 / len(row)) for row in rows])
    return sparse.csr_array((shares, np.concatenate(rows), ends), shape=(len(points), len(points)))


def _pairs(nearest: sparse.csr_array, codes: npt.NDArray[np.int64], kinds: int) -> Floats:
    """How many sites of each kind (rows) have a nearest neighbour of each kind (columns)."""
    one = sparse.csr_array((np.ones(len(codes)), (np.arange(len(codes)), codes)), shape=(len(codes), kinds))
    found: Floats = (one.T @ (nearest @ one)).toarray()
    return found
