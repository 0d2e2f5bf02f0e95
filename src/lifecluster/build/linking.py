"""Which records are one organisation: machine links against the anchor registers, people's judgements, constraints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import polars as pl

from lifecluster.build.decided import as_decided, unsure_to_review
from lifecluster.build.records import hard_ids
from lifecluster.build.working import at_work, second_look
from lifecluster.register.judgement import Judgements
from lifecluster.register.linkage.clustering import CONFLICTS, EDGES, cluster
from lifecluster.register.linkage.index import Index, build_index
from lifecluster.register.linkage.layer import Layer
from lifecluster.register.linkage.link import link
from lifecluster.register.linkage.scorer import Scorer, shipped
from lifecluster.register.linkage.weights import weigh
from lifecluster.register.living import is_live
from lifecluster.register.rebind import rebind
from lifecluster.scratch import scratch

Progress = Callable[[str], None]
REGISTRAR = 0
"""Anchor of the sources that decide which company numbers are alive."""
ASKED = ("name", "postcode", "address", "town", "country", "company_number")
LINKS = pl.Schema({
    "record": pl.String, "source": pl.String, "target": pl.String, "probability": pl.Float64, "band": pl.String,
    "reasons": pl.String, "scored": pl.String,
})  # fmt: skip
"""What linkage says of each record that was asked about; `target` is the record it was linked to (null: none); `scored`
how the scorer came to the probability of one that waits (JSON)."""
JUDGED = pl.Schema({
    "entry": pl.String, "judged": pl.String, "left": pl.String, "right": pl.String, "by": pl.String, "at": pl.String,
    "why": pl.String,
})  # fmt: skip
"""A live judgement whose two rows were found: `entry` of the log, `judged` same, different or unsure, who and why."""


@dataclass(frozen=True, slots=True)
class Linked:
    """`links` (columns of `LINKS`), `clusters` (record, cluster), `conflicts` to be queued, `unbound` judgements.

    `judged`: the judgements that were found their rows, as `JUDGED`."""

    links: pl.DataFrame
    clusters: pl.DataFrame
    conflicts: pl.DataFrame
    unbound: pl.DataFrame
    judged: pl.DataFrame


def link_records(records: pl.DataFrame, sites: pl.DataFrame, *, progress: Progress,
                 layer: Layer | None = None) -> pl.DataFrame:  # fmt: skip
    """Link every record of a source without anchor to the anchored ones; alike questions are asked once.

    Parameters: `records` as given by `records.organisations`, `sites` as by `place.sites`: where an organisation is
    known to work is a reason, too (see `working`); `layer` what was learnt from judgements. Returns a frame of `LINKS`,
    by record.
    """
    targets = records.filter(pl.col("anchor").is_not_null() & pl.col("name").is_not_null())
    queries = records.filter(pl.col("anchor").is_null())
    if queries.is_empty() or targets.is_empty():
        return LINKS.to_frame()
    asked = queries.select(*ASKED).unique(maintain_order=True).with_row_index("id")
    asked = asked.with_columns(pl.col("id").cast(pl.String))
    register = _register(targets)
    progress(f"indexing {register.height:,} organisations")
    with scratch("index") as folder:
        index = build_index(register, folder)
        progress(f"linking {asked.height:,} names")
        scorer = shipped().with_layer(layer)
        answers = second_look(asked, link(asked, index, scorer=scorer), at_work(records, sites, register), index)
        answers = answers.join(_explained(asked, answers, index, scorer), on="id", how="left", maintain_order="left")
    back = register.select("company_number", target="record")
    answers = answers.join(back, on="company_number", how="left")
    found = queries.select("record", "source", *ASKED).join(asked, on=list(ASKED), how="left", nulls_equal=True)
    answered = found.join(answers, on="id", how="left", suffix="_found")
    return answered.select(LINKS.names()).cast(LINKS).sort("record")


def _explained(asked: pl.DataFrame, answers: pl.DataFrame, index: Index, scorer: Scorer) -> pl.DataFrame:
    """How the scorer came to what waits for a person: `id`, `scored` (JSON, see `linkage.scored`)."""
    wait = answers.filter(pl.col("band") == "review")
    wanted = dict(wait.select("id", "company_number").iter_rows())
    found = weigh(asked.join(wait.select("id"), on="id", how="semi"), wanted, index, scorer=scorer)
    rows = [(one, seen.text()) for one, seen in found.items()]
    return pl.DataFrame(rows, schema={"id": pl.String, "scored": pl.String}, orient="row")


def _register(targets: pl.DataFrame) -> pl.DataFrame:
    """What the index is made of: one row per company number; the record is the key where there is none."""
    key = pl.coalesce("company_number", pl.col("record").str.to_uppercase())
    best = targets.with_columns(key=key).sort("anchor", "record").unique("key", keep="first", maintain_order=True)
    return best.select(
        "record", "name", "postcode", "address", "town", "status", company_number="key",
        previous_names="previous_name", trading_names="trading_name",
    )  # fmt: skip


def unite(records: pl.DataFrame, links: pl.DataFrame, judgements: Judgements, *, at: date) -> Linked:
    """Cluster the records under constraints: hard ids and people's "same" hold, their "different" holds too."""
    frame = records.with_columns(live=is_live(records, at=at), hard_ids=hard_ids(records))
    anchored = records.filter(pl.col("anchor").is_not_null())["source"].unique()
    stable = frozenset(f"{source}/organisation" for source in anchored)
    rows = records.select(record_id="record", name="name", postcode="postcode", address="address")
    bound = rebind(judgements, rows, stable=stable)
    links = unsure_to_review(links, bound.frame("unsure"))
    edges = links.filter(pl.col("band") == "auto").select(
        left="record", right="target", probability="probability", reasons="reasons"
    )
    live = pl.when(pl.col("live") & (pl.col("anchor") == REGISTRAR)).then("company_number")
    result = cluster(
        frame.select(record_id="record", hard_ids="hard_ids", live_number=live),
        edges.drop_nulls(["left", "right"]).select(EDGES.names()),
        same=bound.frame("same"),
        different=bound.frame("different"),
    )
    clusters = result.clusters.rename({"record_id": "record"})
    links = as_decided(
        links, clusters, records=frame.select("record", "anchor", "hard_ids"), same=bound.frame("same"),
        different=bound.frame("different"), conflicts=result.conflicts,
    )  # fmt: skip
    return Linked(links, clusters, result.conflicts.select(CONFLICTS.names()), bound.unbound,
                  _judged(judgements, bound.bound))  # fmt: skip


def _judged(judgements: Judgements, bound: pl.DataFrame) -> pl.DataFrame:
    """Who judged what of the records at hand, and why: a frame of `JUDGED`."""
    rows = []
    for one, kind, left, right in bound.select("entry_id", "kind", "left", "right").iter_rows():
        entry = judgements.live[one]
        rows.append((one, kind, left, right, entry.actor, entry.at, entry.why))
    return pl.DataFrame(rows, schema=JUDGED, orient="row").sort("left", "right", "entry")
