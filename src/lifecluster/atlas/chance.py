"""p-values from simulations, and q-values for many of them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from lifecluster.atlas.bands import Alternative
from lifecluster.atlas.points import AtlasError, Floats


def monte_carlo(observed: npt.ArrayLike, null: Floats, alternative: Alternative = "greater") -> Floats:
    """p of each observed value among simulated ones along the first axis: (1 + as extreme) / (1 + simulations).

    Two-sided: twice the smaller side, at most 1. Source: Davison & Hinkley, Bootstrap Methods, 1997, 4.2.
    """
    value = np.asarray(observed, dtype=np.float64)
    slack = 1e-12 * np.maximum(1.0, np.abs(value))
    above = (1 + (null >= value - slack).sum(axis=0)) / (len(null) + 1)
    below = (1 + (null <= value + slack).sum(axis=0)) / (len(null) + 1)
    found: Floats = np.minimum(1.0, 2 * np.minimum(above, below)) if alternative == "two-sided" else np.asarray(
        above if alternative == "greater" else below)  # fmt: skip
    return found


def hypergeometric(observed: npt.ArrayLike, marked: npt.ArrayLike, drawn: int, size: int,
                   alternative: Alternative = "greater") -> Floats:  # fmt: skip
    """Exact p of `observed` (A,) of `drawn` sites being among the `marked` (A,) of `size`; what many draws approach.

    Two-sided: twice the smaller side, at most 1. It has no smallest value, which simulations have: among many
    questions it can hold where theirs cannot.
    """
    count, have = np.asarray(observed)[:, None], np.asarray(marked, dtype=np.float64)[:, None]
    k = np.arange(drawn + 1)[None, :]
    possible = (k <= have) & (drawn - k <= size - have)

    def choose(n: Floats, some: Floats) -> Floats:
        found: Floats = gammaln(n + 1) - gammaln(some + 1) - gammaln(np.maximum(n - some, 0) + 1)
        return found

    logs = choose(have, np.minimum(k, have)) + choose(size - have, np.clip(drawn - k, 0, size - have))
    mass = np.where(possible, np.exp(logs - np.where(possible, logs, -np.inf).max(axis=1, keepdims=True)), 0.0)
    mass /= mass.sum(axis=1, keepdims=True)
    above, below = np.where(k >= count, mass, 0.0).sum(axis=1), np.where(k <= count, mass, 0.0).sum(axis=1)
    one = above if alternative == "greater" else below if alternative == "less" else 2 * np.minimum(above, below)
    found: Floats = np.minimum(1.0, one)
    return found


def benjamini_hochberg(p: npt.ArrayLike) -> Floats:
    """q-values: the smallest false discovery rate at which each would be called. NaN stays NaN and does not count.

    Source: Benjamini & Hochberg, J. R. Statist. Soc. B 57 (1995), 289-300.
    """
    values = np.asarray(p, dtype=np.float64)
    if ((values < 0) | (values > 1)).any():
        raise AtlasError("p-values lie between 0 and 1")
    known = np.flatnonzero(~np.isnan(values))
    order = known[np.argsort(values[known], kind="stable")]
    scaled = values[order] * len(order) / np.arange(1, len(order) + 1)
    out = np.full(values.shape, np.nan)
    out[order] = np.minimum.accumulate(scaled[::-1])[::-1]
    return out
