"""Chao's lower bound: those seen once and twice tell at least how many were never seen.

Source: A. Chao, Estimating the population size for capture-recapture data with unequal catchability, Biometrics 43,
1987, 783-791; the form for a few lists and its variance as Chao2 in Colwell, EstimateS, appendix B, 2013.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log, sqrt

from lifecluster.figures.completeness.histories import Histories

Z95 = 1.959963984540054
ASSUMPTION = (
    "lists do not shun each other on the whole, organisations were linked without error, and none came or went between "
    "the lists; unequal chances of being listed make the truth larger than this bound"
)


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimated number of organisations, seen and unseen together.

    `missed`: those in no list; `low`, `high`: 95 % for the total, log-normal around the missed ones (never below the
    number seen); `se` of the total; `aic` where models are compared; `assumption` in words.
    """

    method: str
    observed: int
    missed: float
    low: float
    high: float
    se: float
    assumption: str
    aic: float | None = None

    @property
    def total(self) -> float:
        """Seen and unseen."""
        return self.observed + self.missed


def around(observed: int, missed: float, variance: float) -> tuple[float, float]:
    """95 % interval of the total: the logarithm of the missed ones is taken as normal (Chao 1987, equation 12)."""
    if missed <= 0:
        return float(observed), float(observed)
    factor = exp(Z95 * sqrt(log(1 + variance / missed**2)))
    return observed + missed / factor, observed + missed * factor


def chao(histories: Histories) -> Estimate:
    """The lower bound from organisations seen once (Q1) and twice (Q2) in t lists: (t-1)/t * Q1^2 / (2 Q2).

    With none seen twice the bias-corrected form is used. Returns an Estimate.
    """
    once, twice, seen = histories.seen(1), histories.seen(2), histories.observed
    scale = (len(histories.lists) - 1) / len(histories.lists)
    if twice:
        ratio = once / twice
        missed = scale * once**2 / (2 * twice)
        variance = twice * (scale / 2 * ratio**2 + scale**2 * ratio**3 + scale**2 / 4 * ratio**4)
    else:
        missed = scale * once * (once - 1) / 2
        spread = scale * once * (once - 1) / 2 + scale**2 * once * (2 * once - 1) ** 2 / 4
        variance = max(spread - scale**2 * once**4 / (4 * (seen + missed)), 0.0) if seen else 0.0
    low, high = around(seen, missed, variance)
    return Estimate("chao-lower-bound", seen, missed, low, high, sqrt(variance), ASSUMPTION)
