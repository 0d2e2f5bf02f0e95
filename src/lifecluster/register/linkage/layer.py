"""What was learnt from judgements: a logistic layer over the shipped scorer's probability and a few measures of a pair.

`log-odds after = log-odds before x (1 + slope) + intercept + sum of weights x measures`. It is applied to links that
wait for a person and to no others: those are the pairs that people judge. Its form is JSON; nothing else is needed to
read it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from lifecluster.errors import InputError

MEASURES: Final[Mapping[str, tuple[float, float]]] = {
    "strings": (0.9, 0.1), "cover_query": (0.9, 0.15), "cover_register": (0.9, 0.15), "same_key": (0.3, 0.5),
    "sibling_query": (0.1, 0.4), "sibling_register": (0.1, 0.4), "region_query": (0.1, 0.4), "numerals": (0.1, 0.5),
    "legal": (2.3, 0.8), "part": (0.3, 0.5), "previous": (0.1, 0.3), "namesakes": (0.8, 0.3), "postcode": (1.0, 2.0),
    "town": (0.3, 0.5), "margin": (0.3, 0.3), "near_ties": (0.3, 0.7),
}  # fmt: skip
"""Measures of a pair that are learnt from (columns of `features.FEATURES`), each with what is taken from it and what it
is divided by: fixed numbers of the order of their mean and spread among links that wait, so that one prior fits all."""
EDGE = 1e-4
"""Probabilities are kept this far from 0 and 1 before their log-odds are taken."""


def log_odds(probability: float) -> float:
    """Log-odds of a probability, kept finite."""
    p = min(max(probability, EDGE), 1 - EDGE)
    return math.log(p / (1 - p))


def scaled(measures: Mapping[str, float]) -> list[float]:
    """The measures in the order of `MEASURES`, scaled; one that is missing is as usual (0)."""
    return [
        (measures[name] - centre) / scale if name in measures else 0.0 for name, (centre, scale) in MEASURES.items()
    ]


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer for the scorer of version `model`; `weights` by measure, those that are 0 left out."""

    model: str
    intercept: float = 0.0
    slope: float = 0.0
    weights: Mapping[str, float] = field(default_factory=dict)

    def probability(self, before: float, measures: Mapping[str, float]) -> float:
        """The probability of a pair, from the one that the shipped scorer gives it and its measures."""
        values = dict(zip(MEASURES, scaled(measures), strict=True))
        z = log_odds(before) * (1 + self.slope) + self.intercept
        z += sum(weight * values[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))

    def text(self) -> str:
        """As JSON, the same bytes for the same layer."""
        return json.dumps(asdict(self), sort_keys=True, indent=1) + "\n"

    @property
    def digest(self) -> str:
        """What names it: eight hex digits of its content."""
        return sha256(self.text().encode()).hexdigest()[:8]


def read_layer(path: Path) -> Layer | None:
    """The layer in a file; None where there is no file. Raises InputError where it is none."""
    if not path.is_file():
        return None
    try:
        told: Any = json.loads(path.read_text("utf-8"))
        weights = {str(name): float(weight) for name, weight in told["weights"].items()}
        layer = Layer(str(told["model"]), float(told["intercept"]), float(told["slope"]), weights)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        words = "is no layer that was learnt from judgements; take it away, or train again"
        raise InputError(words, file=path.name) from error
    if unknown := sorted(weights.keys() - MEASURES.keys()):
        raise InputError(f"has weights of {', '.join(unknown)}, which are no measures; train again", file=path.name)
    return layer
