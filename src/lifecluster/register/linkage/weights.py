"""What each kind of evidence brings to the probability of a link that waits: shares of the score that add up to it.

The second stage is parted exactly into a start and one share for each of its features (TreeSHAP, Lundberg, Erion and
Lee 2018, as LightGBM computes it; for the logistic model each term is its own share). Its share for the first stage's
score is handed on to that stage's features in proportion to their shares there (the rescale rule, Shrikumar, Greenside
and Kundaje 2017). Features are then added up by kind, so that what a person reads is one line for each.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import polars as pl

from lifecluster.register.linkage import store
from lifecluster.register.linkage.candidates import Batch, candidates, prepare
from lifecluster.register.linkage.features import FEATURES, NAME, PLACE, RIVAL, Features, features
from lifecluster.register.linkage.index import Index
from lifecluster.register.linkage.layer import MEASURES
from lifecluster.register.linkage.reasons import kind_reasons, left_words, place_reason, rival_reason
from lifecluster.register.linkage.scored import Scored, Weight
from lifecluster.register.linkage.scorer import QUERY_FEATURES, Floats, Scorer, leaders, score, shipped
from lifecluster.register.linkage.store import Array

BATCH = 2_000
"""Queries handled at once."""
LEFT = frozenset({
    "left_query", "left_register", "rarest_left_query", "rarest_left_register", "sibling_query", "sibling_register",
    "region_query", "region_register", "known_left", "numerals", "part", "part_telling",
})  # fmt: skip
GROUPS: Final[Mapping[str, frozenset[str]]] = {
    "name": frozenset(NAME) - LEFT - {"legal", "namesakes"},
    "left": LEFT,
    "legal": frozenset({"legal"}),
    "place": frozenset(PLACE),
    "rivals": frozenset([*RIVAL, "namesakes", "logit_second", "logit_margin", "others", "plausible"]),
}
"""Kinds of evidence, and the features of each; what compares a pair with its rivals (`…_lead`) is of the last."""
_LEGAL = {3: "the same legal form", 2: "one or both have no legal form", 1: "another legal form, of the same family",
          0: "another legal form"}  # fmt: skip
_LEAST = 1e-6


def weigh(queries: pl.DataFrame, wanted: Mapping[str, str], index: Index, *, scorer: Scorer | None = None
          ) -> dict[str, Scored]:  # fmt: skip
    """What the scorer saw of links that wait.

    Parameters: `queries` as `link` takes them; `wanted` query id -> key of the register of the link that is explained.
    Returns one `Scored` by query id, for those whose leading candidate is the one wanted: where another rule than the
    score brought a pair before a person, there is nothing to explain.
    """
    scorer = scorer or shipped()
    out: dict[str, Scored] = {}
    for start in range(0, queries.height, BATCH):
        out |= _of_batch(queries.slice(start, BATCH), wanted, index, scorer)
    return out


def _of_batch(queries: pl.DataFrame, wanted: Mapping[str, str], index: Index, scorer: Scorer) -> dict[str, Scored]:
    batch = prepare(queries, index)
    found = features(batch, candidates(batch, index), index)
    scored = score(found, scorer)
    if not len(scored.leader):
        return {}
    leader, second = leaders(found.pairs.query, scored.pair, found.values)
    shares, start, total = shares_of(found.values[leader], second, scorer)
    keys = store.take(index.number, found.pairs.row[leader])
    out = {}
    for i, at in enumerate(leader.tolist()):
        query = batch.ids[int(found.pairs.query[at])]
        if wanted.get(query) == keys[i]:
            said = _said(batch, found, index, at)
            weights = [Weight(of, said[of], round(float(shares[of][i]), 2)) for of in GROUPS]
            out[query] = Scored(
                scorer.version, round(float(scored.probability[i]), 4), round(start, 2), round(float(total[i]), 2),
                {name: round(float(found.column(name)[at]), 4) for name in MEASURES},
                tuple(sorted(weights, key=lambda weight: -weight.weight)),
            )  # fmt: skip
    return out


def shares_of(first: Array, second: Array, scorer: Scorer) -> tuple[dict[str, Floats], float, Floats]:
    """Shares by kind of evidence of leading pairs, the start, and the score (log-odds, before calibration).

    Parameters: `first` rows of `FEATURES`, `second` rows of `QUERY_FEATURES`, of the same pairs.
    """
    early, _ = scorer.pair.shares(first)
    late, start = scorer.leader.shares(second)
    handed = late[:, QUERY_FEATURES.index("logit")]
    whole = early.sum(axis=1)
    even = np.abs(whole) < _LEAST
    scale = np.where(even, 0.0, handed / np.where(even, 1.0, whole))
    out = {}
    for kind in GROUPS:
        mine = [i for i, name in enumerate(FEATURES) if name in GROUPS[kind]]
        theirs = [i for i, name in enumerate(QUERY_FEATURES) if name != "logit" and _kind(name) == kind]
        out[kind] = early[:, mine].sum(axis=1) * scale + late[:, theirs].sum(axis=1)
    out["name"] = out["name"] + np.where(even, handed, 0.0)
    return out, start, late.sum(axis=1) + start


def _kind(name: str) -> str:
    if name.endswith("_lead"):
        return "rivals"
    return next(kind for kind, names in GROUPS.items() if name in names)


def _said(batch: Batch, found: Features, index: Index, at: int) -> dict[str, str]:
    """The evidence of each kind in words."""
    mine, theirs = left_words(batch, found, index, at)
    left = [f"only the row has {' '.join(mine).upper()}"] if mine else []
    left += [f"only the register has {' '.join(theirs).upper()}"] if theirs else []
    exact = bool(found.column("same_key")[at])
    alike = "the names are the same" if exact else f"the names are alike ({float(found.column('strings')[at]):.2f})"
    rival = rival_reason(found, index, at)
    return {
        "name": "; ".join(["initials of the name" if found.pairs.acronym[at] else alike,
                           *kind_reasons(batch, found, index, at)]),
        "left": "; ".join(left) or "no word is left over",
        "legal": _LEGAL[int(found.column("legal")[at])],
        "place": place_reason(found, at),
        "rivals": rival or "no other organisation comes as near",
    }  # fmt: skip
