"""The inner loops in numpy: the same numbers as `compiled.py`, slower; used where numba is not installed."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Single = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
FEW, MOST = 0.2, 1 << 62
HELD = 2_000_000
"""Pairs of a draw that are looked at in one go; of larger draws one site after the other."""


def _bin(dx: Single, dy: Single, inverse: np.float32, bins: int) -> Whole:
    found: Whole = np.minimum(np.sqrt(dx * dx + dy * dy) * inverse, np.float32(bins)).astype(np.int32)
    return found


def _pairs(n: int, centres: int) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]] | None:
    """Pairs i < j of which i < centres, or None where they are too many to hold."""
    if n * (n - 1) // 2 > HELD:
        return None
    first, second = np.triu_indices(n, 1)
    some = int(np.searchsorted(first, centres))
    return first[:some], second[:some]


def sampled_histograms(x: Single, y: Single, draws: Whole, inverse: np.float32, bins: int, centres: int) -> Whole:
    """Pairs in each bin of distance (the last: beyond) for each draw of sites; pairs of which i < centres."""
    out = np.zeros((len(draws), bins + 1), np.int32)
    if (pairs := _pairs(draws.shape[1], centres)) is not None:
        for s, draw in enumerate(draws):
            px, py = x[draw], y[draw]
            dx, dy = px[pairs[1]] - px[pairs[0]], py[pairs[1]] - py[pairs[0]]
            out[s] = np.bincount(_bin(dx, dy, inverse, bins), minlength=bins + 1)
        return out
    for s, draw in enumerate(draws):
        px, py = x[draw], y[draw]
        for i in range(min(centres, len(draw) - 1)):
            at = _bin(px[i + 1 :] - px[i], py[i + 1 :] - py[i], inverse, bins)
            out[s] += np.bincount(at, minlength=bins + 1).astype(np.int32)
    return out


def weighted_histograms(
    x: Single, y: Single, draws: Whole, weights: Floats, inverse: np.float32, bins: int, centres: int
) -> Floats:
    """As `sampled_histograms`, each pair with the product of the weights of its places in the draw."""
    out = np.zeros((len(draws), bins + 1))
    for s, draw in enumerate(draws):
        px, py = x[draw], y[draw]
        for i in range(min(centres, len(draw) - 1)):
            at = _bin(px[i + 1 :] - px[i], py[i + 1 :] - py[i], inverse, bins)
            out[s] += np.bincount(at, weights=weights[i] * weights[i + 1 :], minlength=bins + 1)
    return out


def site_histograms(x: Single, y: Single, start: int, stop: int, inverse: np.float32, bins: int) -> Whole:
    """Other sites in each bin of distance from each of the sites `start` to `stop` (the last bin: beyond)."""
    out = np.zeros((stop - start, bins + 1), np.int32)
    for i in range(start, stop):
        out[i - start] = np.bincount(_bin(x - x[i], y - y[i], inverse, bins), minlength=bins + 1)
    out[:, 0] -= 1
    return out


def _reach(x: npt.NDArray[Any], y: npt.NDArray[Any], i: int, radii: Floats) -> Whole:
    dx, dy = x - x[i], y - y[i]
    found: Whole = np.searchsorted(radii[:-1], np.sqrt(dx * dx + dy * dy), side="left").astype(np.int32)
    return found


def neighbour_sums(
    x: Floats, y: Floats, weights: Floats, centres: Whole, radii: Floats, first: Whole, edge: Floats, scale: float
) -> Floats:
    """Weight of the other sites within each radius of each centre.

    `radii` ascending, infinity last (`first`, `edge`, `scale`: the search of the compiled one).
    """
    out = np.zeros((len(centres), len(radii)))
    for s, i in enumerate(centres):
        out[s] = np.bincount(_reach(x, y, i, radii), weights=weights, minlength=len(radii))
        out[s, 0] -= weights[i]
    return np.cumsum(out[:, :-1], axis=1)


def sampled_ratios(
    x: Single, y: Single, weights: Floats, inverse: Single, draws: Whole, radii: Floats, first: Whole, edge: Single,
    scale: np.float32,
) -> Floats:  # fmt: skip
    """For each draw and radius: the sum over its sites of (weight of the draw's others within it) x `inverse`."""
    out = np.zeros((len(draws), len(radii) - 1))
    if (pairs := _pairs(draws.shape[1], draws.shape[1])) is not None:
        return _ratios(x, y, weights, inverse, draws, radii, pairs)
    for s, draw in enumerate(draws):
        px, py, pw = x[draw], y[draw], weights[draw]
        for i in range(len(draw)):
            row = np.bincount(_reach(px, py, i, radii), weights=pw, minlength=len(radii))[:-1]
            row[0] -= pw[i]
            out[s] += np.cumsum(row) * inverse[draw[i]]
    return out


def _ratios(x: Single, y: Single, weights: Floats, inverse: Single, draws: Whole, radii: Floats,
            pairs: tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]) -> Floats:  # fmt: skip
    """`sampled_ratios` over all pairs of a draw in one go."""
    size, n = len(radii), draws.shape[1]
    out = np.zeros((len(draws), size - 1))
    for s, draw in enumerate(draws):
        px, py, pw = x[draw], y[draw], weights[draw]
        dx, dy = px[pairs[1]] - px[pairs[0]], py[pairs[1]] - py[pairs[0]]
        at = np.searchsorted(radii[:-1], np.sqrt(dx * dx + dy * dy), side="left")
        sums = np.zeros(n * size)
        for here, there in (pairs, pairs[::-1]):
            sums += np.bincount(here * size + at, weights=pw[there], minlength=n * size)
        out[s] = (np.cumsum(sums.reshape(n, size)[:, :-1], axis=1) * inverse[draw]).sum(axis=0)
    return out


def weight_towards(
    x: Floats, y: Floats, inverse: Single, radii: Floats, first: Whole, edge: Floats, scale: float
) -> Floats:
    """For each site and radius: the sum of `inverse` over the other sites within the radius."""
    size = len(radii) - 1
    out = np.zeros((len(x), size))
    for i in range(len(x)):
        at = _reach(x, y, i, radii)
        at[i] = size
        for r in range(size):
            out[i, r] = inverse[at <= r, r].sum(dtype=np.float64)
    return out


def most_cases(
    near: Whole, ends: npt.NDArray[np.bool_], sites: Whole, cases: npt.NDArray[np.int16], largest: int
) -> npt.NDArray[np.int16]:
    """Most cases in any window of each number of sites; `cases` (points, labellings), result (largest, labellings)."""
    out = np.zeros((largest, cases.shape[1]), np.int16)
    for row, end, many in zip(near, ends, sites, strict=True):
        counts, at = np.cumsum(cases[row], axis=0, dtype=np.int16)[end], many[end] - 1
        out[at] = np.maximum(out[at], counts)  # a centre has one window of each size
    return out


def best_ratios(
    near: Whole, ends: npt.NDArray[np.bool_], expected: Floats, cases: Whole, logs: Floats, total: int
) -> Floats:
    """Largest Poisson log likelihood ratio of any window for each labelling; `logs[c]` is c ln c."""
    out = np.zeros(cases.shape[1])
    for row, end in zip(near, ends, strict=True):
        mass = np.cumsum(expected[row])
        usable = end & (mass < total - 1e-9) & (mass > 0)
        counts, mass = np.cumsum(cases[row], axis=0)[usable], mass[usable][:, None]
        value = logs[counts] - counts * np.log(mass) + logs[total - counts] - (total - counts) * np.log(total - mass)
        out = np.maximum(out, np.where(counts > mass, value, 0.0).max(axis=0, initial=0.0))
    return out


def few_cases(start: Whole, centre: Whole, end: Whole, draws: Whole, table: Floats, centres: int) -> Floats:
    """Largest value of `table` (sites, cases) of any window for each draw of few cases; see `compiled.py`."""
    out, size = np.zeros(len(draws)), np.int64(len(table) + 1)
    keys = centre * size + end  # a window's points in a row, by size
    for s, draw in enumerate(draws):
        rows = np.sort(np.concatenate([keys[start[i] : start[i + 1]] for i in draw]))
        of, number = rows // size, np.arange(len(rows))
        first = np.where(np.r_[True, of[1:] != of[:-1]], number, 0)[: len(rows)]
        rank = number - np.maximum.accumulate(first)
        out[s] = table[rows % size - 1, rank + 1].max(initial=0.0)
    return out
