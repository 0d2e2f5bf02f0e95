"""Exact mean and covariance, under random location, of a sum over pairs of sites drawn without replacement.

The sum over the pairs of n sites drawn from N is a statistic of degree two: its moments over all draws follow from
three sums over the universe. Nothing is simulated, and one pass over the universe serves every n.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lifecluster.atlas.backend import ONE_AT_A_TIME, local, loops
from lifecluster.atlas.kernel import Bins, binned_kernel, gaussian
from lifecluster.atlas.points import Floats

Singles = npt.NDArray[np.float32]
KEEP = 16_000_000
"""Counts that are kept (64 MB)."""
FEW = 4_000_000
"""Counts that cost nothing: universes of a few thousand sites get finer bins."""
DIRECT_UP_TO = 300
"""Sites for which every pair is seen by itself."""
EXACT_UP_TO = 20_000
"""Sites for which the pass over all pairs of the universe takes about a second; beyond it simulations serve."""


@dataclass(frozen=True)
class PairMoments:
    """Of a symmetric function of pairs, one value a radius, over a universe of `size` sites.

    `mean` (R,) over all pairs; `same`, `joined`, `apart` (R, R): mean product of the deviations of two pairs that are
    the same, share one site, share none.
    """

    size: int
    mean: Floats
    same: Floats
    joined: Floats
    apart: Floats

    def covariance(self, n: int, weights: Floats | None = None) -> Floats:
        """Covariance (R, R) of the mean over the pairs of n sites drawn without replacement.

        `weights` (n,): those of the cases, which keep them wherever they are put; pairs count with their product.
        """
        w = np.ones(n) if weights is None else weights
        total, squares = w.sum(), (w**2).sum()
        own = w**2 * (squares - w**2)
        pairs, same = (total**2 - squares) / 2, own.sum() / 2
        joined = ((w * (total - w)) ** 2 - own).sum()
        apart = pairs**2 - same - joined
        found: Floats = (same * self.same + joined * self.joined + apart * self.apart) / pairs**2
        return found


def pair_moments(size: int, totals: Floats, squares: Floats, products: Floats, mean: Floats) -> PairMoments:
    """From sums over the universe of a pair function k with one value a radius.

    Parameters: `totals` (R,) sum over sites of g, the sum of k over a site's pairs; `squares` (R, R) sum over sites of
    g gᵀ; `products` (R, R) sum over ordered pairs of k kᵀ; `mean` (R,) of k over pairs.
    """
    n = float(size)
    centred = (
        squares - (n - 1) * (np.outer(totals, mean) + np.outer(mean, totals)) + n * (n - 1) ** 2 * np.outer(mean, mean)
    )
    both = products - n * (n - 1) * np.outer(mean, mean)
    same = both / (n * (n - 1))
    joined = (centred - both) / (n * (n - 1) * (n - 2)) if size > 2 else np.zeros_like(same)
    apart = (2 * both - 4 * centred) / (n * (n - 1) * (n - 2) * (n - 3)) if size > 3 else np.zeros_like(same)
    return PairMoments(size, mean, same, joined, apart)


@dataclass(frozen=True)
class DistanceTable:
    """For each site how many others lie in each bin of distance: enough for the moments at any bandwidth and n.

    `counts` (N, bins) is kept where it is small, else None and counted again when asked for.
    """

    xy: Floats
    bins: Bins
    counts: Singles | None

    def fits(self, radii: Floats, bandwidth: float) -> bool:
        """Whether bins are narrow enough for this bandwidth and reach as far as is needed."""
        far = float(radii.max()) + 6 * bandwidth
        return self.bins.width <= bandwidth / 7 and self.bins.width * self.bins.count >= far

    def blocks(self) -> Iterator[Singles]:
        """The counts, some sites at a time."""
        if self.counts is not None:
            yield self.counts
            return
        x, y = local(self.xy)
        step = max(1, KEEP // (8 * self.bins.count))
        for start in range(0, len(x), step):
            stop, inverse = min(len(x), start + step), np.float32(1 / self.bins.width)
            with ONE_AT_A_TIME:
                found = loops().site_histograms(x, y, start, stop, inverse, self.bins.count)
            yield found[:, :-1].astype(np.float32)

    def moments(self, radii: Floats, bandwidth: float) -> PairMoments:
        """Of the kernel at each radius (1/m), from bins put together to a seventh of the bandwidth or less."""
        size = len(self.xy)
        if size <= DIRECT_UP_TO:
            return direct_moments(self.xy, radii, bandwidth)
        together = max(1, int(bandwidth / 7 / self.bins.width)) if size > 1_000 else 1
        needed = int(np.ceil((float(radii.max()) + 6 * bandwidth) / self.bins.width / together))
        bins = Bins(self.bins.width * together, min(needed, self.bins.count // together))
        kernel = binned_kernel(radii, bins, bandwidth)
        singles, reach, totals = kernel.astype(np.float32), np.zeros(bins.count), np.zeros(len(radii))
        squares, about = np.zeros((len(radii), len(radii))), None
        for counts in self.blocks():
            coarse = counts[:, : bins.count * together].reshape(len(counts), bins.count, together).sum(axis=2)
            sums = coarse @ singles
            about = sums.mean(axis=0, dtype=np.float64) if about is None else about
            deviation = (sums - about).astype(np.float32)
            reach += coarse.sum(axis=0, dtype=np.float64)
            totals += deviation.sum(axis=0, dtype=np.float64)
            squares += deviation.T @ deviation
        pairs = size * (size - 1)
        mean = reach @ kernel / pairs
        shift = totals / pairs  # the sums' own mean, from where they were centred: no rounding between the two
        products = (kernel * reach[:, None]).T @ kernel - pairs * (np.outer(mean, mean) - np.outer(shift, shift))
        found = pair_moments(size, totals, squares, products, shift)
        return PairMoments(size, mean, found.same, found.joined, found.apart)


def direct_moments(xy: Floats, radii: Floats, bandwidth: float) -> PairMoments:
    """As `DistanceTable.moments` without bins: for universes so small that bins would show."""
    size = len(xy)
    sums, products = np.empty((size, len(radii))), np.zeros((len(radii), len(radii)))
    for i in range(size):
        away = np.delete(xy, i, axis=0) - xy[i]
        kernel = gaussian(radii, np.hypot(away[:, 0], away[:, 1]), bandwidth)
        sums[i] = kernel.sum(axis=0)
        products += kernel.T @ kernel
    totals = sums.sum(axis=0)
    return pair_moments(size, totals, sums.T @ sums, products, totals / (size * (size - 1)))


def distance_table(xy: Floats, radii: Floats, bandwidth: float, before: DistanceTable | None = None) -> DistanceTable:
    """One pass over all pairs of the universe, in bins that serve bandwidths from two fifths of this one upwards.

    `before`: the table that did not fit; what it covers is covered again, so that segments do not take turns.
    """
    span = float(radii.max()) + 12 * bandwidth
    width = min(bandwidth / 18, max(bandwidth / 1000, span * len(xy) / FEW))
    if before is not None and before.bins.width >= width / 8:
        width, span = min(width, before.bins.width), max(span, before.bins.width * before.bins.count)
    table = DistanceTable(xy, Bins(width, int(np.ceil(span / width))), None)
    if len(xy) * table.bins.count > KEEP or len(xy) <= DIRECT_UP_TO:
        return table
    return DistanceTable(xy, table.bins, np.concatenate(list(table.blocks())))
