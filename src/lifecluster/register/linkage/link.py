"""Link a batch of queries to the organisations of an index: the one door to record linkage.

Everything here is a pure function of (queries, index, model): `link_batch` takes and gives an Arrow record batch, so
that a cluster engine can host it unchanged (see the decision record on the linkage seam).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from lifecluster.register.linkage import store
from lifecluster.register.linkage.candidates import Search, candidates, prepare
from lifecluster.register.linkage.decide import Decision, decide
from lifecluster.register.linkage.features import FEATURES, features
from lifecluster.register.linkage.index import Index
from lifecluster.register.linkage.reasons import explain
from lifecluster.register.linkage.scorer import Scorer, candidate_probabilities, score, shipped

#: Prefix of an organisation id that is a company number (org-id.guide, GB-COH).
SCHEME = "GB-COH-"
#: Columns of the answer.
LINKS = {
    "id": pl.String, "organisation_id": pl.String, "company_number": pl.String, "probability": pl.Float64,
    "band": pl.String, "reasons": pl.String,
}  # fmt: skip
#: Queries handled at once: bounds memory, and is the size of a record batch in a cluster engine.
BATCH = 2_000


def link(
    queries: pl.DataFrame,
    index: Index,
    *,
    progress: Callable[[int, int], None] | None = None,
    scorer: Scorer | None = None,
    search: Search | None = None,
) -> pl.DataFrame:
    """Link queries to an index.

    Parameters: `queries` with `id,name` and optionally `postcode,address,town,country,company_number` (text) and
    `lost_zeros` (bool; see `candidates.prepare`); `progress(done, total)`; `scorer`, by default the shipped one;
    `search`, how wide to look.
    Returns one row per query in the order given, columns `id,organisation_id,company_number,probability,band,reasons`;
    ids are blank for band `none`; reasons are parted by `` | ``.
    """
    parts = [pl.DataFrame(schema=LINKS)]
    for start in range(0, queries.height, BATCH):
        part = queries.slice(start, BATCH)
        parts.append(_answer(part, index, scorer, search))
        if progress is not None:
            progress(min(start + BATCH, queries.height), queries.height)
    return pl.concat(parts)


def link_batch(batch: pa.RecordBatch, index: Index, *, search: Search | None = None) -> pa.RecordBatch:
    """`link` from one Arrow record batch of queries to one of answers: the seam for a cluster engine."""
    frame = pl.from_arrow(batch)
    if not isinstance(frame, pl.DataFrame):
        raise TypeError("a record batch of queries has named columns")
    table = _answer(frame, index, None, search).to_arrow()
    batches = table.combine_chunks().to_batches()
    return batches[0] if batches else pa.RecordBatch.from_pylist([], schema=table.schema)


def _answer(queries: pl.DataFrame, index: Index, scorer: Scorer | None, search: Search | None) -> pl.DataFrame:
    if not queries.height:
        return pl.DataFrame(schema=LINKS)
    scorer = scorer or shipped()
    batch = prepare(queries, index)
    found = features(batch, candidates(batch, index, search), index)
    decisions = decide(batch, found, score(found, scorer), index, scorer)
    return _frame(batch.ids, decisions, index)


def _frame(ids: list[str], decisions: list[Decision], index: Index) -> pl.DataFrame:
    rows = np.array([d.row if d.row is not None else 0 for d in decisions], np.int64)
    known = store.take(index.number, rows) if index.rows else [""] * len(rows)
    numbers = [n if d.row is not None else "" for n, d in zip(known, decisions, strict=True)]
    return pl.DataFrame(
        {
            "id": ids,
            "organisation_id": [SCHEME + n if n else "" for n in numbers],
            "company_number": numbers,
            "probability": [round(d.probability, 4) for d in decisions],
            "band": [d.band for d in decisions],
            "reasons": [" | ".join(d.reasons) for d in decisions],
        },
        schema=LINKS,
    )


def score_pairs(
    queries: pl.DataFrame, index: Index, *, scorer: Scorer | None = None, search: Search | None = None
) -> pl.DataFrame:
    """Every candidate pair with its features and scores (one row per pair, best first within a query).

    Columns: `id,company_number,name,probability,score,route`, then `features.FEATURES`.
    """
    batch = prepare(queries, index)
    found = features(batch, candidates(batch, index, search), index)
    scored = score(found, scorer)
    pairs = found.pairs
    frame = pl.DataFrame(
        {
            "id": [batch.ids[i] for i in pairs.query.tolist()],
            "company_number": store.take(index.number, pairs.row),
            "name": store.take(index.name, pairs.row),
            "probability": candidate_probabilities(pairs.query, scored),
            "score": scored.pair,
            "route": pairs.route,
            "query": pairs.query,
        }
    )
    frame = frame.hstack(pl.DataFrame(found.values, schema=FEATURES))
    return frame.sort(["query", "probability", "score"], descending=[False, True, True]).drop("query")


def candidates_for(query: dict[str, str], index: Index, *, top: int = 10) -> list[dict[str, Any]]:
    """The best candidates for one query, for a person or a reconciliation service.

    Parameters: `query` with `name` and optionally `postcode,address,town,company_number`; `top`, how many.
    Returns dictionaries with `organisation_id,company_number,name,probability,reasons`, best first.
    """
    frame = pl.DataFrame({"id": "q", **{k: str(v) for k, v in query.items() if k != "id"}})
    batch = prepare(frame, index)
    found = features(batch, candidates(batch, index, Search(threads=1)), index)
    scored = score(found)
    chance = candidate_probabilities(found.pairs.query, scored)
    order = np.lexsort((-scored.pair, -chance))[:top]
    names = store.take(index.name, found.pairs.row[order])
    numbers = store.take(index.number, found.pairs.row[order])
    return [
        {
            "organisation_id": SCHEME + number,
            "company_number": number,
            "name": name,
            "probability": round(float(chance[at]), 4),
            "reasons": list(explain(batch, found, index, int(at))),
        }
        for at, name, number in zip(order.tolist(), names, numbers, strict=True)
    ]
