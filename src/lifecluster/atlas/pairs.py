"""Distances between pairs of sites, in blocks, so that memory does not grow with the number of pairs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.spatial.distance import cdist, pdist

from lifecluster.atlas.points import Floats

BLOCK = 1 << 20
"""Pairs held at a time."""


def distances(xy: Floats, weights: Floats | None = None) -> Iterator[tuple[Floats, Floats | None]]:
    """Blocks of the distances (metres) of all pairs i < j, with the products of their weights."""
    rows = max(1, BLOCK // len(xy))
    for start in range(0, len(xy), rows):
        block, rest = xy[start : start + rows], xy[start + rows :]
        near = None
        if weights is not None:
            upper = np.triu_indices(len(block), 1)
            near = (weights[start : start + rows][upper[0]]) * (weights[start : start + rows][upper[1]])
        yield pdist(block), near
        if len(rest):
            far = None
            if weights is not None:
                far = np.outer(weights[start : start + rows], weights[start + rows :]).ravel()
            yield cdist(block, rest).ravel(), far


def cross_distances(xy: Floats, other: Floats) -> Iterator[tuple[slice, Floats]]:
    """Blocks of the distances (metres) from `xy` to `other`: the rows of `xy`, and an array (rows, len(other))."""
    rows = max(1, BLOCK // max(1, len(other)))
    for start in range(0, len(xy), rows):
        yield slice(start, min(len(xy), start + rows)), cdist(xy[start : start + rows], other)
