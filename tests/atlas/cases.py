"""Made-up places for the tests: a universe of towns and countryside, and cases drawn from it."""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def towns(size: int, seed: int = 1, *, extent: float = 100_000.0) -> Floats:
    """`size` sites, two thirds of them in five towns, metres, to the decimetre."""
    chance = np.random.default_rng(seed)
    centres = chance.uniform(0.1 * extent, 0.9 * extent, (5, 2))
    urban = centres[chance.integers(0, 5, 2 * size // 3)] + chance.normal(0, 0.04 * extent, (2 * size // 3, 2))
    rural = chance.uniform(0, extent, (size - len(urban), 2))
    return np.round(np.vstack([urban, rural]) + 300_000.0, 1)


def drawn(universe: Floats, n: int, seed: int = 2) -> Floats:
    """n sites of the universe at random."""
    return universe[np.random.default_rng(seed).choice(len(universe), n, replace=False)]


def clustered(universe: Floats, n: int) -> Floats:
    """The n sites nearest to the first one."""
    return universe[np.argsort(np.hypot(*(universe - universe[0]).T), kind="stable")[:n]]


def direct_kd(cases: Floats, radii: Floats, bandwidth: float, weights: Floats | None = None) -> Floats:
    """The K-density by its definition, pair by pair."""
    w = np.ones(len(cases)) if weights is None else weights
    total, mass = np.zeros(len(radii)), 0.0
    for i, j in itertools.combinations(range(len(cases)), 2):
        d = np.hypot(*(cases[i] - cases[j]))
        bell = np.exp(-0.5 * ((radii - d) / bandwidth) ** 2) + np.exp(-0.5 * ((radii + d) / bandwidth) ** 2)
        total += w[i] * w[j] * bell / (bandwidth * np.sqrt(2 * np.pi))
        mass += w[i] * w[j]
    return total / mass


def within_binomial(hits: int, trials: int, rate: float, tolerance: float = 1e-4) -> bool:
    """Whether `hits` of `trials` are too many for an error rate of `rate`: a binomial tail below `tolerance` is."""
    from scipy.stats import binom

    return bool(binom.sf(hits - 1, trials, rate) > tolerance)
