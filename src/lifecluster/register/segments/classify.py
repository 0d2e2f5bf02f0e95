"""Classify organisations under several definitions at once: probability, state and evidence per segment."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from lifecluster.register.definition import Decision, Definition
from lifecluster.register.segments.evidence import find_evidence
from lifecluster.register.segments.frame import checked
from lifecluster.register.segments.model import weigh
from lifecluster.register.segments.rules import ROOT, Rules, compile_rules

CERTAIN = 0.95
EVIDENCE: pl.DataType = pl.List(
    pl.Struct({"kind": pl.String, "value": pl.String, "weight": pl.Float64, "detail": pl.String})
)
_COLUMNS: dict[str, pl.DataType] = {
    "organisation_id": pl.String(),
    "definition": pl.String(),
    "segment": pl.String(),
    "role": pl.String(),
    "probability": pl.Float64(),
    "state": pl.String(),
    "evidence": EVIDENCE,
    "vintage": pl.String(),
}
SCHEMA = pl.Schema(_COLUMNS)


def _one(kind: str, value: pl.Expr, weight: float | None, detail: pl.Expr) -> pl.Expr:
    number = pl.lit(weight, dtype=pl.Float64)
    return pl.struct(pl.lit(kind).alias("kind"), value.alias("value"), number.alias("weight"), detail.alias("detail"))


def _by_hand(organisations: pl.DataFrame, definition: Definition, which: str) -> pl.DataFrame:
    decisions: tuple[Decision, ...] = getattr(definition, which)
    table = pl.DataFrame(
        {"organisation_id": [d.id for d in decisions], "reason": [d.reason for d in decisions]},
        schema={"organisation_id": pl.String, "reason": pl.String},
    )
    named = organisations.select("row", "organisation_id").join(table, on="organisation_id")
    return named.select("row", why=_one(which, pl.col("organisation_id"), None, pl.col("reason")))


def _excluded(organisations: pl.DataFrame, definition: Definition) -> pl.DataFrame:
    """Rows that this definition sets out, whatever else speaks for them, with the first reason: hand, status, type."""
    statuses = [status.lower() for status in definition.excluded_statuses]
    ended = organisations.filter(pl.col("status").str.strip_chars().str.to_lowercase().is_in(statuses))
    reasons = pl.DataFrame(
        {"type": list(definition.excluded_types), "reason": list(definition.excluded_types.values())},
        schema={"type": pl.String, "reason": pl.String},
    )
    types = organisations.select("row", type="organisation_type").explode("type", empty_as_null=True)
    typed = types.drop_nulls("type").join(reasons, on="type").sort("row", "type").unique("row", keep="first")
    parts = [
        _by_hand(organisations, definition, "exclude"),
        ended.select("row", why=_one("exclude", pl.col("status"), None, pl.lit("status"))),
        typed.select("row", why=_one("exclude", pl.col("type"), None, pl.col("reason"))),
    ]
    kept_in = _by_hand(organisations, definition, "include").select("row")
    return pl.concat(parts).unique("row", keep="first", maintain_order=True).join(kept_in, on="row", how="anti")


def _as_rows(frame: pl.DataFrame, probability: float | None, role: str | None, evidence: pl.Expr) -> pl.DataFrame:
    """Rows for the definition as a whole, from a frame with `row` and what `evidence` needs."""
    return frame.select(
        "row",
        node=pl.lit(ROOT),
        probability=pl.lit(probability, dtype=pl.Float64),
        best_role=pl.lit(role, dtype=pl.String),
        evidence=evidence,
    )


def _set_in(included: pl.DataFrame, mine: pl.DataFrame, definition: Definition) -> pl.DataFrame:
    """Organisations set in by hand: certain as a whole; their segments as weighed."""
    rows = _as_rows(included, 1.0, definition.segments[0].role, pl.concat_list("why"))
    extra = mine.filter(pl.col("node") == ROOT).select("row", old="evidence", old_role="best_role")
    whole = rows.join(extra, on="row", how="left").select(
        "row",
        "node",
        "probability",
        best_role=pl.coalesce("old_role", "best_role"),
        evidence=pl.concat_list("evidence", pl.col("old").fill_null([])),
    )
    below = mine.filter(pl.col("node") != ROOT).join(included, on="row", how="semi")
    return pl.concat([whole, below.select(whole.columns)])


def _decided(organisations: pl.DataFrame, weighed: pl.DataFrame, definition: Definition) -> pl.DataFrame:
    """The rows of one definition: what was weighed, decisions by hand, exclusions, and the unknown."""
    mine = weighed.filter(pl.col("definition") == definition.name)
    included = _by_hand(organisations, definition, "include")
    excluded = _excluded(organisations, definition)
    out = pl.col("why").is_not_null()
    argued = mine.join(included, on="row", how="anti").join(excluded, on="row", how="left")
    argued = argued.with_columns(
        probability=pl.when(out).then(0.0).otherwise("probability"),
        evidence=pl.when(out).then(pl.concat_list("why", "evidence")).otherwise("evidence"),
    )
    silent = organisations.filter(~pl.col("sic_known")) if definition.needs_sic else organisations.clear()
    silent = silent.join(mine, on="row", how="anti").join(included, on="row", how="anti")
    unknown = _as_rows(silent.join(excluded, on="row", how="anti"), None, None, pl.lit([], dtype=EVIDENCE))
    ruled_out = _as_rows(excluded.join(silent, on="row", how="semi"), 0.0, None, pl.concat_list("why"))
    every = [argued.select(unknown.columns), _set_in(included, mine, definition), unknown, ruled_out]
    shape = pl.Schema({name: mine.schema[name] for name in unknown.columns})
    return pl.concat([part.cast(shape) for part in every]).with_columns(definition=pl.lit(definition.name))


def _finished(decided: pl.DataFrame, organisations: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    p = pl.col("probability")
    state = (
        pl.when(p >= CERTAIN).then(pl.lit("yes")).when(p <= 1 - CERTAIN).then(pl.lit("no")).otherwise(pl.lit("unknown"))
    )
    joined = (
        decided.join(organisations.select("row", "organisation_id"), on="row")
        .join(rules.models.select("definition", "vintage", "rank"), on="definition")
        .join(rules.nodes, on=["definition", "node"])
        .sort("row", "rank", "place")
    )
    segment = pl.when(pl.col("node") != ROOT).then("node")
    own = pl.coalesce("best_role", "role")
    return joined.with_columns(segment=segment, role=own, state=state).select(list(SCHEMA)).cast(SCHEMA)


def classify(organisations: pl.DataFrame, definitions: Sequence[Definition]) -> pl.DataFrame:
    """Which organisations count under which definition, in which segments, how surely and why.

    Parameters: `organisations` with organisation_id, name, sic (list of five-digit codes) and, where known, other_names
    (list), description, organisation_type (list), sources (list), licence_type (list), status, segment (list of
    stated codes);
    `definitions` to apply.
    Returns one row per organisation, definition and segment that anything speaks for: organisation_id, definition,
    segment (null for the definition as a whole), role, probability (null where the input that decides is missing),
    state (`yes` from 0.95, `no` up to 0.05, else `unknown`), evidence (strongest first; weights in log-odds), vintage.
    Sorted by organisation, definition, order of segments. An organisation without a row is a plain "no": it has a SIC
    code and nothing speaks for it. Without a SIC code the answer is never "no" unless a decision, its status or its
    type rules it out. Raises InputError for a missing column, a wrong type, or an id that is empty or occurs twice.
    """
    rules = compile_rules(definitions)
    frame = checked(organisations)
    weighed = weigh(find_evidence(frame, rules), rules)
    parts = [_decided(frame, weighed, definition) for definition in definitions]
    return _finished(pl.concat(parts), frame, rules)
