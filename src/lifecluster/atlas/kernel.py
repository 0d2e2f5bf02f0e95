"""The Gaussian kernel of the K-density, its bandwidth, and sums over pairs of it from moments within narrow bins."""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial, sqrt

import numpy as np

from lifecluster.atlas.pairs import distances
from lifecluster.atlas.points import CannotTellError, Floats, Integers

ORDER = 4
"""Moments kept in a bin; with bins of a sixteenth of the bandwidth the sum is good to 1e-9."""
REACH = 8.0
"""Bandwidths beyond the largest radius at which a pair still counts."""
ROOT = sqrt(2 * np.pi)


@dataclass(frozen=True, slots=True)
class Bins:
    """`count` bins of `width` metres from 0; what lies beyond is kept out."""

    width: float
    count: int

    @property
    def middles(self) -> Floats:
        """Middle of each bin, metres."""
        return np.linspace(0.5, self.count - 0.5, self.count) * self.width


def bins_for(radii: Floats, bandwidth: float, *, per_bandwidth: int = 16, reach: float = REACH) -> Bins:
    """Bins that cover what the kernel sees from the largest radius; wider ones where there would be very many."""
    span = float(radii.max()) + reach * bandwidth
    width = bandwidth / per_bandwidth
    if span / width > 40_000:
        width = bandwidth / 4
    return Bins(width, int(np.ceil(span / width)))


def gaussian(radii: Floats, at: Floats, bandwidth: float) -> Floats:
    """Kernel (1/m) of a pair at distance `at` (metres) seen from each radius, reflected at 0; shape (at, radii)."""
    near = np.exp(-0.5 * ((at[:, None] - radii) / bandwidth) ** 2)
    return (near + np.exp(-0.5 * ((at[:, None] + radii) / bandwidth) ** 2)) / (bandwidth * ROOT)


def binned_kernel(radii: Floats, bins: Bins, bandwidth: float) -> Floats:
    """As `gaussian`, at the middles of bins, narrowed by what binning adds in spread (Sheppard's correction)."""
    return gaussian(radii, bins.middles, sqrt(bandwidth**2 - bins.width**2 / 12))


def kernel_sum(xy: Floats, radii: Floats, bandwidth: float, weights: Floats | None = None) -> Floats:
    """Sum over pairs i < j of (weights times) the kernel at each radius, 1/m: the direct sum to about 1e-9.

    Each bin keeps the moments of the distances within it about its middle, and the kernel is expanded there.
    """
    bins = bins_for(radii, bandwidth)
    sums = np.zeros((ORDER + 1, bins.count))
    for distance, weight in distances(xy, weights):
        add_moments(sums, distance, weight, bins)
    return expand(sums, radii, bandwidth, bins)


def add_moments(sums: Floats, distance: Floats, weight: Floats | None, bins: Bins) -> None:
    """Add the moments of `distance` to `sums` (orders 0 to ORDER, bins), in units of the bins' width."""
    scaled = distance / bins.width
    kept = scaled < bins.count
    scaled = scaled[kept]
    at = scaled.astype(np.int64)
    offset = scaled - at - 0.5
    power = np.ones_like(offset) if weight is None else weight[kept]
    for order in range(ORDER + 1):
        sums[order] += np.bincount(at, weights=power, minlength=bins.count)
        power = power * offset


def expand(sums: Floats, radii: Floats, bandwidth: float, bins: Bins) -> Floats:
    """The kernel sum at each radius from moments in bins, by Taylor's series (Hermite polynomials)."""
    total = np.zeros(len(radii))
    step = max(1, 2_000_000 // bins.count)
    for start in range(0, len(radii), step):
        some = radii[start : start + step]
        for sign in (-1.0, 1.0):
            z = (bins.middles[:, None] + sign * some) / bandwidth
            bell = np.exp(-0.5 * z * z) / (bandwidth * ROOT)
            before, hermite = np.zeros_like(z), np.ones_like(z)
            for order in range(ORDER + 1):
                scale = (-bins.width / bandwidth) ** order / factorial(order)
                total[start : start + step] += scale * (sums[order] @ (hermite * bell))
                before, hermite = hermite, z * hermite - order * before
    return total


def rule_of_thumb(xy: Floats, limit: float) -> float:
    """Silverman's bandwidth (metres) of the distances of all pairs not beyond `limit`, quartiles as in R's type 7.

    Where fewer than two pairs are that near, all pairs count. Source: Silverman, Density Estimation, 1986, 3.31.
    Raises CannotTellError where all sites are at one point.
    """
    for farthest in (limit, np.inf):
        count, mean, spread, largest = _summary(xy, farthest)
        if count >= 2:
            break
    else:
        return float(max(mean, 1.0)) if count else 1.0
    if largest == 0:
        raise CannotTellError("all cases are at one point: there are no distances to speak of")
    ends = [(count - 1) * part for part in (0.25, 0.75)]
    ranks = np.unique([int(np.floor(e)) for e in ends] + [int(np.ceil(e)) for e in ends])
    found = _order_statistics(xy, farthest, ranks, largest)
    low, high = (found[int(np.floor(e))] + (e % 1) * (found[int(np.ceil(e))] - found[int(np.floor(e))]) for e in ends)
    narrow = min(spread, (high - low) / 1.34) or spread or mean
    return float(0.9 * narrow * count**-0.2)


def _summary(xy: Floats, limit: float) -> tuple[int, float, float, float]:
    """Count, mean, standard deviation and largest of the distances not beyond `limit`."""
    count, total, largest = 0, 0.0, 0.0
    for distance, _ in distances(xy):
        near = distance[distance <= limit]
        if near.size:
            count, total, largest = count + near.size, total + float(near.sum()), max(largest, float(near.max()))
    mean = total / count if count else 0.0
    squares = sum(float(((d[d <= limit] - mean) ** 2).sum()) for d, _ in distances(xy))
    return count, mean, sqrt(squares / max(1, count - 1)), largest


def _order_statistics(xy: Floats, limit: float, ranks: Integers, largest: float) -> dict[int, float]:
    """The distances of these ranks (from 0) among those not beyond `limit`: a histogram first, then only its bins."""
    cells = 4096
    scale = cells / largest
    counts = np.zeros(cells, dtype=np.int64)
    for distance, _ in distances(xy):
        near = distance[distance <= limit]
        counts += np.bincount(np.minimum((near * scale).astype(np.int64), cells - 1), minlength=cells)
    ends = np.cumsum(counts)
    cell = np.searchsorted(ends, ranks, side="right")
    held: dict[int, list[Floats]] = {int(c): [] for c in cell}
    for distance, _ in distances(xy):
        near = distance[distance <= limit]
        at = np.minimum((near * scale).astype(np.int64), cells - 1)
        for one, values in held.items():
            values.append(near[at == one])
    ordered = {one: np.sort(np.concatenate(values)) for one, values in held.items()}
    return {int(r): float(ordered[int(c)][int(r - ends[c] + counts[c])]) for r, c in zip(ranks, cell, strict=True)}
