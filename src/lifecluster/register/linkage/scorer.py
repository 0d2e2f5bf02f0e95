"""From pair features to probabilities: boosted trees over pairs, then over the leading pair of each query.

Stage one scores every pair. Stage two looks at the leading pair of a query together with how far its rivals are behind,
and says how probable it is that the leader is the organisation meant (so "none of them" is an answer). Isotonic
calibration follows. Without LightGBM a logistic model over the same features serves.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from lifecluster.register.linkage.features import FEATURES, Features
from lifecluster.register.linkage.layer import Layer
from lifecluster.register.linkage.rivals import best_other
from lifecluster.register.linkage.store import Array

Floats = npt.NDArray[np.float64]

#: Features of the leading pair that stage two sees beside the scores.
_LEADER = [
    "net_cosine", "cover_query", "cover_register", "left_query", "left_register", "rarest_left_query",
    "rarest_left_register", "rarest_met", "met", "strings", "same_key", "same_core", "sibling_query",
    "sibling_register", "region_query", "region_register", "known_slip", "known_left", "numerals", "legal", "previous",
    "namesakes", "part", "part_telling", "postcode", "house", "street", "town", "hub", "has_postcode", "place",
    "margin", "near_ties", "same_keys", "rival_at_place", "words_query", "words_register", "register_size",
]  # fmt: skip
_AGAINST = ["net_cosine", "cover_query", "cover_register", "strings", "place", "same_key", "legal"]
#: Columns of the second stage.
QUERY_FEATURES = [
    "logit", "logit_second", "logit_margin", "others", "plausible", *_LEADER, *(f"{name}_lead" for name in _AGAINST),
]  # fmt: skip


class Model(Protocol):
    """Anything that turns feature rows into probabilities."""

    def predict(self, values: Array, /) -> Any:
        """Probability of each row."""
        ...

    def shares(self, values: Array, /) -> tuple[Any, float]:
        """What each feature of each row adds to the score in log-odds, and what the score is without any."""
        ...


#: Rows from which on more than one thread is worth its start.
_MANY = 4_000


@dataclass(frozen=True)
class Trees:
    """Boosted trees in LightGBM's text form."""

    booster: Any

    def predict(self, values: Array, /) -> Floats:
        """Probability of each row."""
        threads = 1 if len(values) < _MANY else 0
        return np.asarray(self.booster.predict(values, num_threads=threads), np.float64)

    def shares(self, values: Array, /) -> tuple[Floats, float]:
        """TreeSHAP, as LightGBM computes it: with the start the shares of a row add up to its score."""
        found = np.asarray(self.booster.predict(values, pred_contrib=True, num_threads=1), np.float64)
        return found[:, :-1], float(found[0, -1]) if len(found) else 0.0

    @staticmethod
    def shipped(name: str) -> Trees | None:
        """The model `name` that comes with the package; None without LightGBM."""
        try:
            import lightgbm
        except ImportError:
            return None
        text = resources.files("lifecluster.register.linkage").joinpath(f"model/{name}.txt").read_text(encoding="utf-8")
        return Trees(lightgbm.Booster(model_str=text))


@dataclass(frozen=True)
class Logistic:
    """A logistic model over standardised features (missing values do not occur)."""

    centre: Floats
    scale: Floats
    weight: Floats
    intercept: float

    def predict(self, values: Array, /) -> Floats:
        """Probability of each row."""
        z = ((np.asarray(values, np.float64) - self.centre) / self.scale) @ self.weight + self.intercept
        return np.asarray(1 / (1 + np.exp(-np.clip(z, -30, 30))))

    def shares(self, values: Array, /) -> tuple[Floats, float]:
        """The terms of the sum."""
        return ((np.asarray(values, np.float64) - self.centre) / self.scale) * self.weight, self.intercept

    @staticmethod
    def of(entry: dict[str, Any]) -> Logistic:
        """From its JSON form."""
        parts = [np.array(entry[name], np.float64) for name in ("centre", "scale", "weight")]
        return Logistic(parts[0], parts[1], parts[2], float(entry["intercept"]))


@dataclass(frozen=True)
class Calibration:
    """Piecewise-linear map from scores to probabilities (knots ascending)."""

    score: Floats
    probability: Floats

    def __call__(self, scores: Array) -> Floats:
        """Calibrated probabilities."""
        return np.asarray(np.interp(scores, self.score, self.probability))


@dataclass(frozen=True)
class Thresholds:
    """`link`: from here on a query gets an organisation; `sister`: the same for a pair with the sign of a sister
    company; `auto`: from here on nobody needs to look."""

    link: float
    sister: float
    auto: float


@dataclass(frozen=True)
class Scorer:
    """The two stages, the calibration and the thresholds; `version` names the training run. `layer`, what was learnt
    from judgements, is applied to links that wait for a person (`decide`)."""

    pair: Model
    leader: Model
    calibration: Calibration
    thresholds: Thresholds
    version: str
    layer: Layer | None = None

    def with_layer(self, layer: Layer | None) -> Scorer:
        """The same with what was learnt from judgements. Raises ValueError for a layer of another scorer."""
        if layer is None:
            return self
        if layer.model != self.version:
            raise ValueError(f"the layer was learnt over the scorer {layer.model}, not {self.version}")
        return replace(self, layer=layer, version=f"{self.version}+{layer.digest}")


@dataclass(frozen=True)
class Scored:
    """Scores of candidate pairs. `pair`: first-stage score of each pair; `leader`: position of the leading pair of each
    query that has any; `probability`: calibrated probability of each leader."""

    pair: Floats
    leader: npt.NDArray[np.int64]
    probability: Floats


@cache
def shipped(*, trees: bool = True) -> Scorer:
    """The scorer that comes with the package; `trees=False` gives the logistic one, as does a missing LightGBM."""
    folder = resources.files("lifecluster.register.linkage").joinpath("model")
    entry = json.loads(folder.joinpath("scorer.json").read_text(encoding="utf-8"))
    pair: Model | None = Trees.shipped("pair") if trees else None
    leader: Model | None = Trees.shipped("leader") if trees else None
    kind = entry["logistic" if pair is None or leader is None else "trees"]
    if pair is None or leader is None:
        pair, leader = Logistic.of(kind["pair"]), Logistic.of(kind["leader"])
    knots = kind["calibration"]
    calibration = Calibration(np.array(knots["score"], np.float64), np.array(knots["probability"], np.float64))
    limits = Thresholds(**{name: float(kind["thresholds"][name]) for name in ("link", "sister", "auto")})
    return Scorer(pair, leader, calibration, limits, entry["version"])


def score(features: Features, scorer: Scorer | None = None) -> Scored:
    """Score all candidate pairs of a batch."""
    scorer = scorer or shipped()
    query = features.pairs.query
    if not len(query):
        return Scored(np.zeros(0), np.zeros(0, np.int64), np.zeros(0))
    pair = np.asarray(scorer.pair.predict(features.values), np.float64)
    leader, values = leaders(query, pair, features.values)
    probability = scorer.calibration(np.asarray(scorer.leader.predict(values), np.float64))
    return Scored(pair, leader, probability)


def leaders(query: Array, pair: Floats, values: Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
    """The leading pair of each query, and its row of `QUERY_FEATURES`. `query` is ascending."""
    order = np.lexsort((np.arange(len(query)), -pair, query))
    first = np.concatenate([[True], query[order][1:] != query[order][:-1]])
    leader = order[first]
    size = int(query[-1]) + 1
    place = np.searchsorted(query[order], query[order], side="left")
    runner = order[(np.arange(len(order)) - place) == 1]
    second = np.full(size, -1, np.int64)
    second[query[runner]] = runner
    rival = second[query[leader]]
    logit = np.log(np.clip(pair, 1e-6, 1 - 1e-6) / np.clip(1 - pair, 1e-6, 1))
    logit_second = np.where(rival >= 0, logit[rival], -14.0)
    totals = np.bincount(query, pair, size)[query[leader]] - pair[leader]
    plausible = np.bincount(query, pair > 0.2, size)[query[leader]]
    own = [values[leader, FEATURES.index(name)] for name in _LEADER]
    against = [
        values[leader, FEATURES.index(name)] - np.where(rival >= 0, values[rival, FEATURES.index(name)], 0)
        for name in _AGAINST
    ]
    columns = [logit[leader], logit_second, logit[leader] - logit_second, totals, plausible, *own, *against]
    return leader, np.column_stack(columns).astype(np.float32)


def sister_sign(values: Array) -> npt.NDArray[np.bool_]:
    """Whether each feature row may be a sister company: a word of some weight on one side only, or other numbers, or
    a telling word that was left out to make the names agree."""
    left = values[:, [FEATURES.index("left_query"), FEATURES.index("left_register")]].max(axis=1)
    other = values[:, [FEATURES.index("numerals"), FEATURES.index("part_telling")]].max(axis=1)
    return np.asarray((left > 0.05) | (other > 0))


def candidate_probabilities(query: Array, scored: Scored) -> Floats:
    """Probability of every candidate: the leader's own, and the rest shared out by first-stage score.

    What is left when the leader fails is shared among the other candidates and "none of them" (which weighs as one
    candidate of score one half).
    """
    out = np.zeros(len(query))
    if not len(query):
        return out
    size = int(query[-1]) + 1
    lead = np.zeros(size)
    lead[query[scored.leader]] = scored.probability
    totals = np.bincount(query, scored.pair, size) - np.bincount(query[scored.leader], scored.pair[scored.leader], size)
    out = (1 - lead[query]) * scored.pair / (totals[query] + 0.5)
    out[scored.leader] = scored.probability
    return np.asarray(np.minimum(out, np.maximum(lead[query], out * 0)))


__all__ = ["QUERY_FEATURES", "Calibration", "Logistic", "Scored", "Scorer", "Thresholds", "best_other", "leaders",
           "score", "shipped"]  # fmt: skip
