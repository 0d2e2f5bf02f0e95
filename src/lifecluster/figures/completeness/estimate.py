"""The estimates side by side: the lower bound, the models, the best of them by AIC, and how far they agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lifecluster.figures.completeness.chao import Estimate, chao
from lifecluster.figures.completeness.histories import Histories
from lifecluster.figures.completeness.loglinear import fit, models

SUPPORTED = 2.0
"""Models whose AIC is within this of the best are supported by the data (Burnham and Anderson, 2002, 2.6)."""
ROUNDING = 1e-6
"""An added parameter that explains nothing costs exactly 2; rounding must not decide whether that model counts."""


@dataclass(frozen=True)
class Completeness:
    """What the overlap of lists says of those in none; `histories` are those that the models rest on.

    `bound`: Chao's lower bound. `fitted`: models, best AIC first. `best`: the first of them, None where none fits.
    `low`, `high`: the widest 95 % limits among the bound and the supported models.
    """

    histories: Histories
    bound: Estimate
    fitted: tuple[Estimate, ...]

    @property
    def best(self) -> Estimate | None:
        """The model with the smallest AIC."""
        return self.fitted[0] if self.fitted else None

    @property
    def supported(self) -> tuple[Estimate, ...]:
        """Models that the data do not tell from the best one."""
        if not self.fitted:
            return ()
        least = _aic(self.fitted[0])
        return tuple(model for model in self.fitted if _aic(model) - least <= SUPPORTED + ROUNDING)

    @property
    def low(self) -> float:
        """Least total among the limits."""
        return min(e.low for e in (self.bound, *self.supported))

    @property
    def high(self) -> float:
        """Greatest total among the limits."""
        return max(e.high for e in (self.bound, *self.supported))

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        return {
            "lists": list(self.histories.lists),
            "observed": self.histories.observed,
            "low": self.low,
            "high": self.high,
            "bound": _plain(self.bound),
            "best": None if self.best is None else _plain(self.best),
            "models": len(self.fitted),
            "supported": [_plain(model) for model in self.supported],
        }


def completeness(histories: Histories) -> Completeness:
    """All estimates from one set of capture histories.

    Where no model can be fitted because lists hardly overlap, the two smallest are taken together for the models, again
    and again until one can; the bound always rests on all lists.
    """
    told, fitted = histories, _fitted(histories)
    while not fitted and len(told.lists) > 2:
        told = told.merged()
        fitted = _fitted(told)
    return Completeness(told, chao(histories), fitted)


def _fitted(histories: Histories) -> tuple[Estimate, ...]:
    found = [estimate for pairs in models(histories) if (estimate := fit(histories, pairs)) is not None]
    return tuple(sorted(found, key=lambda e: (_aic(e), e.method)))


def _aic(estimate: Estimate) -> float:
    return float("inf") if estimate.aic is None else estimate.aic


def _plain(estimate: Estimate) -> dict[str, Any]:
    return {
        "method": estimate.method, "missed": estimate.missed, "total": estimate.total, "low": estimate.low,
        "high": estimate.high, "se": estimate.se, "aic": estimate.aic, "assumption": estimate.assumption,
    }  # fmt: skip
