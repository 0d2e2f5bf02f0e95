"""How many belong by all the probabilities: the expected number, and the interval that classification leaves open."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil, floor

import numpy as np

TAIL = 0.025
SLACK = 1e-9


def expected(chances: Iterable[float]) -> tuple[float, float, float]:
    """The expected number of those that belong, and the ends of its 95 % interval, in whole organisations.

    Parameters: `chances` of each to belong, taken as right and independent. The distribution of their sum is computed
    exactly (Poisson binomial: Wang, Statistica Sinica 3, 1993); the interval leaves 2.5 % at most on each side and is
    widened to the whole numbers around the expected one, which so always lies in it.
    """
    known = sorted(float(p) for p in chances)
    certain, weights = sum(p == 1.0 for p in known), np.ones(1)
    for p in known:
        if 0.0 < p < 1.0:
            weights = np.convolve(weights, [1 - p, p])
    run, mean = np.cumsum(weights), float(sum(known))
    low, high = (certain + int(np.searchsorted(run, share - 1e-12)) for share in (TAIL, 1 - TAIL))
    return mean, float(min(low, floor(mean + SLACK))), float(max(high, ceil(mean - SLACK)))
