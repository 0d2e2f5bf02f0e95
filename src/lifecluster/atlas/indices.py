"""Indices of specialisation and concentration as pure functions of shares; the last axis is areas.

`s` (…, A): shares of the segment by area; `x` (A,): shares of everything by area. Both sum to 1.
Sources: Krugman, Geography and Trade, 1991; Hoover, Rev. Econ. Statist. 18 (1936); Theil, Economics and Information
Theory, 1967; Ellison & Glaeser, J. Political Economy 105 (1997); Ellison, Glaeser & Kerr, Am. Econ. Rev. 100 (2010).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lifecluster.atlas.points import AtlasError, CannotTellError, Floats


def shares(values: npt.ArrayLike, what: str = "values") -> Floats:
    """Amounts as shares of their total along the last axis. Raises AtlasError for negative or missing amounts,
    CannotTellError for a total of zero."""
    array = np.asarray(values, dtype=np.float64)
    if not array.size or not np.isfinite(array).all() or (array < 0).any():
        raise AtlasError(f"{what}: amounts must be finite and not negative, at least one")
    total = array.sum(axis=-1, keepdims=True)
    if (total == 0).any():
        raise CannotTellError(f"{what}: the total is zero")
    found: Floats = array / total
    return found


def location_quotient(s: Floats, x: Floats) -> Floats:
    """Share of the segment over share of everything; NaN where an area has nothing at all."""
    found: Floats = np.divide(s, x, out=np.full(np.broadcast_shapes(s.shape, x.shape), np.nan), where=x > 0)
    return found


def symmetric(quotient: Floats) -> Floats:
    """(LQ-1)/(LQ+1): between -1 and 1, as far from 0 for half as for twice."""
    found: Floats = (quotient - 1) / (quotient + 1)
    return found


def herfindahl(s: Floats) -> Floats:
    """Sum of squared shares: 1/A where even, 1 where all is in one area."""
    found: Floats = (s**2).sum(axis=-1)
    return found


def krugman(s: Floats, x: Floats) -> Floats:
    """Sum of absolute differences of shares: 0 alike, 2 wholly apart."""
    found: Floats = np.abs(s - x).sum(axis=-1)
    return found


def hoover(s: Floats, x: Floats) -> Floats:
    """Share that would have to move for the two distributions to be alike."""
    return krugman(s, x) / 2


def gini(s: Floats, x: Floats) -> Floats:
    """Locational Gini: twice the area between the diagonal and the Lorenz curve of s over x, areas ordered by s/x."""
    present = x > 0
    s, x = np.broadcast_to(s, np.broadcast_shapes(s.shape, x.shape))[..., present], x[present]
    order = np.argsort(s / x, axis=-1, kind="stable")
    s_ordered, x_ordered = np.take_along_axis(s, order, axis=-1), x[order]
    rising = np.cumsum(s_ordered, axis=-1)
    found: Floats = 1 - (x_ordered * (2 * rising - s_ordered)).sum(axis=-1)
    return found


def theil(s: Floats, x: Floats) -> Floats:
    """Sum of s ln(s/x), in nats: 0 where alike."""
    ratio = np.divide(s, x, out=np.ones(np.broadcast_shapes(s.shape, x.shape)), where=(s > 0) & (x > 0))
    found: Floats = (s * np.log(ratio)).sum(axis=-1)
    return found


def ellison_glaeser(s: Floats, x: Floats, plants: Floats) -> Floats:
    """Excess concentration beyond what few large plants make of themselves: 0 for a dartboard.

    `plants` (…, n): the segment's shares by plant. Raises CannotTellError for one plant or one area.
    """
    lumps = (plants**2).sum(axis=-1)
    evenness = 1 - (x**2).sum()
    if np.any(lumps >= 1 - 1e-12) or evenness <= 1e-12:
        raise CannotTellError("Ellison-Glaeser needs at least two plants and two areas")
    found: Floats = (((s - x) ** 2).sum(axis=-1) - evenness * lumps) / (evenness * (1 - lumps))
    return found


def coagglomeration(s: Floats, other: Floats, x: Floats) -> Floats:
    """Covariance of two segments' excess shares, over 1 - sum of x²: above 0 where they settle in the same areas."""
    evenness = 1 - (x**2).sum()
    if evenness <= 1e-12:
        raise CannotTellError("coagglomeration needs at least two areas")
    found: Floats = ((s - x) * (other - x)).sum(axis=-1) / evenness
    return found
