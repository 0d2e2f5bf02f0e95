"""A made-up country to measure on: towns of several sizes and countryside, seeded."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
RADII = np.arange(0, 180_001, 1_000.0)


def places(size: int, seed: int = 1) -> Floats:
    """`size` sites over 450 by 550 km, two thirds in 40 towns, metres."""
    chance = np.random.default_rng(seed)
    centres = chance.uniform((0, 0), (450_000, 550_000), (40, 2))
    share = chance.dirichlet(np.full(40, 0.7))
    urban = centres[chance.choice(40, 2 * size // 3, p=share)] + chance.normal(0, 7_000, (2 * size // 3, 2))
    rural = chance.uniform((0, 0), (450_000, 550_000), (size - len(urban), 2))
    return np.round(np.vstack([urban, rural]), 1)


def direct_kd(cases: Floats, radii: Floats, bandwidth: float) -> Floats:
    """The K-density pair by pair."""
    i, j = np.triu_indices(len(cases), 1)
    distance = np.sqrt(((cases[i] - cases[j]) ** 2).sum(axis=1))
    total = [np.exp(-0.5 * ((r - distance) / bandwidth) ** 2).sum() + np.exp(-0.5 * ((r + distance) / bandwidth) ** 2).sum()
             for r in radii]  # fmt: skip
    return np.array(total) / (len(distance) * bandwidth * np.sqrt(2 * np.pi))


def direct_m(everywhere: Floats, rows: npt.NDArray[np.int64], radii: Floats) -> Floats:
    """M site by site."""
    member = np.zeros(len(everywhere), bool)
    member[rows] = True
    above, below = np.zeros(len(radii)), np.zeros(len(radii))
    for i in rows:
        distance = np.sqrt(((everywhere - everywhere[i]) ** 2).sum(axis=1))
        distance[i] = np.inf
        for r, radius in enumerate(radii):
            near = distance <= radius
            if near.any():
                above[r] += member[near].mean()
                below[r] += (len(rows) - 1) / (len(everywhere) - 1)
    return above / below
