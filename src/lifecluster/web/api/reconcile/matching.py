"""Queries in, scored candidates out: the linkage scorer and its decisions, for a batch at once."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import polars as pl

from lifecluster.register.linkage import store
from lifecluster.register.linkage.candidates import Search, candidates, prepare
from lifecluster.register.linkage.decide import AUTO, decide
from lifecluster.register.linkage.features import Features, features
from lifecluster.register.linkage.reasons import explain
from lifecluster.register.linkage.scorer import candidate_probabilities, score, shipped
from lifecluster.web.api.reconcile.candidate import COLUMNS, FEATURES, Candidate
from lifecluster.web.api.reconcile.index import Opened


def match(queries: list[dict[str, str]], opened: Opened, *, top: int) -> list[list[Candidate]]:
    """Candidates of each query, best first. Each query is answered as if it were alone.

    Parameters: `queries` with the keys COLUMNS, each optional; `top` how many candidates at most.
    """
    if not queries or not opened.index.rows:
        return [[] for _ in queries]
    rows = {name: [query.get(name, "") for query in queries] for name in COLUMNS}
    frame = pl.DataFrame({"id": [str(i) for i in range(len(queries))], **rows}, schema_overrides={"id": pl.String})
    batch = prepare(frame, opened.index)
    found = features(batch, candidates(batch, opened.index, Search(threads=1)), opened.index)
    scored = score(found)
    decisions = decide(batch, found, scored, opened.index, shipped())
    chance = candidate_probabilities(found.pairs.query, scored)
    order = np.lexsort((-scored.pair, -chance, found.pairs.query))
    answers: list[list[Candidate]] = [[] for _ in queries]
    names = store.take(opened.index.name, found.pairs.row)
    numbers = store.take(opened.index.number, found.pairs.row)
    for at in order.tolist():
        query = int(found.pairs.query[at])
        decision = decisions[query]
        chosen = decision.row == int(found.pairs.row[at])
        if len(answers[query]) >= top and not chosen:
            continue
        probability = decision.probability if chosen else float(chance[at])
        reasons = decision.reasons if chosen else explain(batch, found, opened.index, at)
        answers[query].append(
            Candidate(opened.uids[numbers[at]], names[at], round(100 * probability, 2),
                      chosen and decision.band == AUTO, _features(found, at), tuple(reasons))
        )  # fmt: skip
    return [_ranked(found)[:top] for found in answers]


def _ranked(found: list[Candidate]) -> list[Candidate]:
    """Best first; what was decided on (by its number, say) is not overtaken by a name."""
    best = max((c.score for c in found if c.match), default=100.0)
    capped = [c if c.match else replace(c, score=min(c.score, best)) for c in found]
    return sorted(capped, key=lambda c: (-c.score, not c.match))


def _features(found: Features, at: int) -> dict[str, float]:
    values = {name: float(found.column(name)[at]) for name in FEATURES}
    return {name: round(value, 4) for name, value in values.items() if math.isfinite(value)}
