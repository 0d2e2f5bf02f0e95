"""Log-linear models of the overlap: which lists depend on each other, and how many that leaves unseen.

The counts of the patterns are Poisson with log mean linear in the lists and in pairs of lists; the pattern of those in
no list has the intercept as its log mean. Models are compared by AIC.
Source: S. E. Fienberg, The multiple recapture census for closed populations and incomplete 2^k contingency tables,
Biometrika 59, 1972, 591-603; variance as in Bishop, Fienberg and Holland, Discrete Multivariate Analysis, 1975, 6.4.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from lifecluster.figures.completeness.chao import Estimate, around
from lifecluster.figures.completeness.histories import Histories

Pairs = tuple[tuple[int, int], ...]
Floats = NDArray[np.float64]
STEPS, CLOSE, EXTREME = 100, 1e-10, 25.0
ASSUMPTION = (
    "given the pairs of lists in the model, being in one list does not change the chance of being in another; no three "
    "lists act together; linked without error; none came or went"
)


def fit(histories: Histories, pairs: Pairs) -> Estimate | None:
    """The model with these pairs of lists (indices); None where the overlap cannot tell its parameters apart.

    Maximum likelihood by iteratively reweighted least squares. Variance of the total: missed + missed^2 var(intercept).
    """
    cells = histories.cells()
    observed = np.array([count for _, count in cells], dtype=np.float64)
    patterns = np.array([pattern for pattern, _ in cells], dtype=np.float64)
    columns = [np.ones(len(cells)), *patterns.T, *(patterns[:, a] * patterns[:, b] for a, b in pairs)]
    design = np.column_stack(columns)
    if design.shape[1] > design.shape[0] or np.linalg.matrix_rank(design) < design.shape[1]:
        return None
    found = _solve(design, observed)
    if found is None:
        return None
    beta, covariance = found
    if np.abs(beta).max() > EXTREME:
        return None
    missed = float(np.exp(beta[0]))
    variance = missed + missed**2 * float(covariance[0, 0])
    low, high = around(histories.observed, missed, variance)
    mean = np.exp(design @ beta)
    likelihood = float(np.sum(observed * np.log(mean) - mean - gammaln(observed + 1)))
    return Estimate(named(histories, pairs), histories.observed, missed, low, high, sqrt(variance), ASSUMPTION,
                    2 * design.shape[1] - 2 * likelihood)  # fmt: skip


def _solve(design: Floats, observed: Floats) -> tuple[Floats, Floats] | None:
    mean = observed + 0.5
    linear = np.log(mean)
    beta: Floats = np.zeros(design.shape[1])
    for _ in range(STEPS):
        weighted = design * mean[:, None]
        working = linear + (observed - mean) / mean
        try:
            new: Floats = np.asarray(np.linalg.solve(design.T @ weighted, weighted.T @ working), dtype=np.float64)
        except np.linalg.LinAlgError:
            return None
        linear = np.clip(design @ new, -40.0, 40.0)
        mean = np.exp(linear)
        if np.abs(new - beta).max() < CLOSE * (1 + np.abs(new).max()):
            information = design.T @ (design * mean[:, None])
            if np.linalg.cond(information) > 1e14:
                return None
            covariance: Floats = np.asarray(np.linalg.inv(information), dtype=np.float64)
            return new, covariance
        beta = new
    return None


def named(histories: Histories, pairs: Pairs) -> str:
    """The model in words: `independent`, or the pairs of lists that depend on each other."""
    if not pairs:
        return "independent"
    return "; ".join(f"{histories.lists[a]} with {histories.lists[b]}" for a, b in pairs)


def models(histories: Histories) -> Iterator[Pairs]:
    """Every set of pairs that leaves the unseen ones estimable: fewer parameters than patterns; two lists: none.

    With five lists the sets of more than four pairs are left out.
    """
    size = len(histories.lists)
    pairs = list(combinations(range(size), 2))
    most = 0 if size == 2 else len(pairs) if size <= 4 else 4
    for count in range(most + 1):
        yield from combinations(pairs, count)
