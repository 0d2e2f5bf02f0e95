"""The inner loops, compiled by numba for all cores; `plain.py` has the same functions in numpy.

Each loop over pairs has two stages: distances into a small buffer (which the processor does eight at a time), then the
scatter into a histogram. Float32 without fused operations, so that both modules count the same pair in the same bin.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba as nb
import numpy as np
import numpy.typing as npt

F = TypeVar("F", bound=Callable[..., Any])
Single = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
FEW, MOST = 0.02, 5_000_000


def _compiled(function: F) -> F:
    return cast("F", nb.njit(parallel=True, cache=True, nogil=True)(function))


@_compiled
def sampled_histograms(x: Single, y: Single, draws: Whole, inverse: np.float32, bins: int, centres: int) -> Whole:
    """Pairs in each bin of distance (the last: beyond) for each draw of sites; pairs of which i < centres."""
    sims, n = draws.shape
    out = np.zeros((sims, bins + 1), np.int32)
    for s in nb.prange(sims):
        px, py, buffer = np.empty(n, np.float32), np.empty(n, np.float32), np.empty(n, np.int32)
        for i in range(n):
            px[i], py[i] = x[draws[s, i]], y[draws[s, i]]
        counts = np.zeros((4, bins + 1), np.int32)
        one, two, three, four = counts[0], counts[1], counts[2], counts[3]
        top = np.float32(bins)
        for i in range(min(centres, n - 1)):
            xi, yi, qx, qy = px[i], py[i], px[i + 1 :], py[i + 1 :]
            m = qx.size
            for k in range(m):
                dx, dy = qx[k] - xi, qy[k] - yi
                buffer[k] = np.int32(min(np.sqrt(dx * dx + dy * dy) * inverse, top))
            quarter = m // 4
            for k in range(quarter):  # four histograms: an increment need not wait for the one before
                one[buffer[4 * k]] += 1
                two[buffer[4 * k + 1]] += 1
                three[buffer[4 * k + 2]] += 1
                four[buffer[4 * k + 3]] += 1
            for k in range(4 * quarter, m):
                one[buffer[k]] += 1
        out[s] = one + two + three + four
    return out


@_compiled
def weighted_histograms(
    x: Single, y: Single, draws: Whole, weights: Floats, inverse: np.float32, bins: int, centres: int
) -> Floats:
    """As `sampled_histograms`, each pair with the product of the weights of its places in the draw."""
    sims, n = draws.shape
    out = np.zeros((sims, bins + 1))
    for s in nb.prange(sims):
        px, py, buffer = np.empty(n, np.float32), np.empty(n, np.float32), np.empty(n, np.int32)
        for i in range(n):
            px[i], py[i] = x[draws[s, i]], y[draws[s, i]]
        top = np.float32(bins)
        for i in range(min(centres, n - 1)):
            xi, yi, qx, qy = px[i], py[i], px[i + 1 :], py[i + 1 :]
            for k in range(qx.size):
                dx, dy = qx[k] - xi, qy[k] - yi
                buffer[k] = np.int32(min(np.sqrt(dx * dx + dy * dy) * inverse, top))
            for k in range(qx.size):
                out[s, buffer[k]] += weights[i] * weights[i + 1 + k]
    return out


@_compiled
def site_histograms(x: Single, y: Single, start: int, stop: int, inverse: np.float32, bins: int) -> Whole:
    """Other sites in each bin of distance from each of the sites `start` to `stop` (the last bin: beyond)."""
    n = x.size
    out = np.zeros((stop - start, bins + 1), np.int32)
    for s in nb.prange(stop - start):
        buffer, counts = np.empty(n, np.int32), np.zeros((2, bins + 1), np.int32)
        one, two, top = counts[0], counts[1], np.float32(bins)
        xi, yi = x[start + s], y[start + s]
        for k in range(n):
            dx, dy = x[k] - xi, y[k] - yi
            buffer[k] = np.int32(min(np.sqrt(dx * dx + dy * dy) * inverse, top))
        for k in range(n // 2):
            one[buffer[2 * k]] += 1
            two[buffer[2 * k + 1]] += 1
        if n % 2:
            one[buffer[n - 1]] += 1
        out[s] = one + two
        out[s, 0] -= 1
    return out


@_compiled
def neighbour_sums(
    x: Floats, y: Floats, weights: Floats, centres: Whole, radii: Floats, first: Whole, edge: Floats, scale: float
) -> Floats:
    """Weight of the other sites within each radius of each centre.

    `radii` ascending, infinity last; cells of distance have `first[c]`, the radius at which the search starts, and
    `edge[c]`, the radius within the cell (infinity if none): a step without a branch that could be guessed wrong.
    """
    n, size, last = x.size, radii.size - 1, first.size - 1
    out = np.zeros((centres.size, size + 1))
    for s in nb.prange(centres.size):
        i = centres[s]
        distance, cells = np.empty(n), np.empty(n, np.int32)
        xi, yi, top = x[i], y[i], np.float64(last)
        for k in range(n):
            dx, dy = x[k] - xi, y[k] - yi
            d = np.sqrt(dx * dx + dy * dy)
            distance[k], cells[k] = d, np.int32(min(d * scale, top))
        row = out[s]
        for k in range(n):
            b = first[cells[k]] + (distance[k] > edge[cells[k]])
            while radii[b] < distance[k]:  # only where two radii share a cell
                b += 1
            row[b] += weights[k]
        row[0] -= weights[i]
        for r in range(1, size):
            row[r] += row[r - 1]
    return out[:, :size]


@_compiled
def sampled_ratios(  # noqa: PLR0912 - loops in a row, which the compiler takes whole
    x: Single, y: Single, weights: Floats, inverse: Single, draws: Whole, radii: Floats, first: Whole, edge: Single,
    scale: np.float32,
) -> Floats:  # fmt: skip
    """For each draw and radius: the sum over its sites of (weight of the draw's others within it) x `inverse`."""
    sims, n = draws.shape
    size, last = radii.size - 1, first.size - 1
    out = np.zeros((sims, size))
    even, crowded = np.all(weights == 1.0), False
    for c in range(last):
        crowded = crowded or first[c + 1] - first[c] > 1
    for s in nb.prange(sims):
        px, py, pw = np.empty(n, np.float32), np.empty(n, np.float32), np.empty(n)
        distance, cells = np.empty(n, np.float32), np.empty(n, np.int32)
        row, total, top = np.zeros(size + 1), np.zeros(size), np.float32(last)
        counts = np.zeros((4, size + 1), np.int32)
        one, two, three, four = counts[0], counts[1], counts[2], counts[3]
        for i in range(n):
            px[i], py[i], pw[i] = x[draws[s, i]], y[draws[s, i]], weights[draws[s, i]]
        for i in range(n):
            xi, yi = px[i], py[i]
            for k in range(n):
                dx, dy = px[k] - xi, py[k] - yi
                d = np.sqrt(dx * dx + dy * dy)
                distance[k], cells[k] = d, np.int32(min(d * scale, top))
            for k in range(n):
                cells[k] = first[cells[k]] + (distance[k] > edge[cells[k]])
            if crowded:
                for k in range(n):
                    while radii[cells[k]] < distance[k]:
                        cells[k] += 1
            row[:] = 0.0
            if even:
                counts[:] = 0
                for k in range(n // 4):
                    one[cells[4 * k]] += 1
                    two[cells[4 * k + 1]] += 1
                    three[cells[4 * k + 2]] += 1
                    four[cells[4 * k + 3]] += 1
                for k in range(4 * (n // 4), n):
                    one[cells[k]] += 1
                for r in range(size):
                    row[r] = one[r] + two[r] + three[r] + four[r]
            else:
                for k in range(n):
                    row[cells[k]] += pw[k]
            row[0] -= pw[i]
            share, within = inverse[draws[s, i]], 0.0
            for r in range(size):
                within += row[r]
                total[r] += within * share[r]
        out[s] = total
    return out


@_compiled
def weight_towards(
    x: Floats, y: Floats, inverse: Single, radii: Floats, first: Whole, edge: Floats, scale: float
) -> Floats:
    """For each site and radius: the sum of `inverse` over the other sites within the radius."""
    n, size, last = x.size, radii.size - 1, first.size - 1
    out = np.zeros((n, size))
    for i in nb.prange(n):
        row, cells, distance = np.zeros(size), np.empty(n, np.int32), np.empty(n)
        xi, yi, top = x[i], y[i], np.float64(last)
        for k in range(n):
            dx, dy = x[k] - xi, y[k] - yi
            d = np.sqrt(dx * dx + dy * dy)
            distance[k], cells[k] = d, np.int32(min(d * scale, top))
        for k in range(n):
            b = first[cells[k]] + (distance[k] > edge[cells[k]])
            while radii[b] < distance[k]:
                b += 1
            if k != i:
                mine, theirs = row[b:], inverse[k, b:]
                for r in range(mine.size):
                    mine[r] += theirs[r]
        out[i] = row
    return out


@_compiled
def most_cases(
    near: Whole, ends: npt.NDArray[np.bool_], sites: Whole, cases: npt.NDArray[np.int16], largest: int
) -> npt.NDArray[np.int16]:
    """Most cases in any window of each number of sites; `cases` (points, labellings), result (largest, labellings).

    All labellings of a block are counted side by side, and only the largest count of each size is kept: for a given
    number of sites the likelihood grows with the cases, so that no likelihood is computed here.
    """
    centres, size = near.shape
    sims = cases.shape[1]
    width = 128
    out = np.zeros((largest, sims), np.int16)
    for block in nb.prange((sims + width - 1) // width):
        start = block * width
        stop = min(sims, start + width)
        part = np.ascontiguousarray(cases[:, start:stop])
        best, count = np.zeros((largest, stop - start), np.int16), np.zeros(stop - start, np.int16)
        for c in range(centres):
            count[:] = 0
            for k in range(size):
                row = part[near[c, k]]
                if ends[c, k]:
                    top = best[sites[c, k] - 1]
                    for s in range(stop - start):
                        count[s] += row[s]
                        top[s] = max(top[s], count[s])
                else:
                    for s in range(stop - start):
                        count[s] += row[s]
        out[:, start:stop] = best
    return out


@_compiled
def best_ratios(
    near: Whole, ends: npt.NDArray[np.bool_], expected: Floats, cases: Whole, logs: Floats, total: int
) -> Floats:
    """Largest Poisson log likelihood ratio of any window for each labelling; `logs[c]` is c ln c."""
    centres, size = near.shape
    sims = cases.shape[1]
    out = np.zeros(sims)
    for s in nb.prange(sims):
        best = 0.0
        for c in range(centres):
            count, mass = 0, 0.0
            for k in range(size):
                count += cases[near[c, k], s]
                mass += expected[near[c, k]]
                if ends[c, k] and count > mass and 0.0 < mass < total - 1e-9:
                    inside, outside = np.log(mass), np.log(total - mass)
                    value = logs[count] - count * inside + logs[total - count] - (total - count) * outside
                    best = max(best, value)
        out[s] = best
    return out


@_compiled
def few_cases(start: Whole, centre: Whole, end: Whole, draws: Whole, table: Floats, centres: int) -> Floats:
    """Largest value of `table` (sites, cases) of any window for each draw of few cases (rows of points).

    Point i is in the windows of `centre[start[i]:start[i + 1]]`, the smallest of which has `end` sites. Only windows
    that hold a case are looked at.
    """
    sims, n = draws.shape
    out = np.zeros(sims)
    for s in nb.prange(sims):
        held, count = np.empty((centres, n), np.int32), np.zeros(centres, np.int32)
        for i in range(n):
            for e in range(start[draws[s, i]], start[draws[s, i] + 1]):
                c = centre[e]
                row, m = held[c], count[c]
                while m > 0 and row[m - 1] > end[e]:  # kept in order of size; rows are short
                    row[m] = row[m - 1]
                    m -= 1
                row[m] = end[e]
                count[c] += 1
        best = 0.0
        for c in range(centres):
            for m in range(count[c]):
                best = max(best, table[held[c, m] - 1, m + 1])
        out[s] = best
    return out
