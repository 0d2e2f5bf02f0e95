"""From statements to the value that is shown: an order declared per property decides, and everything else is kept.

Order within one subject and property: rank of the source as the vocabulary declares it (for most: what the member
confirmed, then official registers, then others), then the newest date (verified, else observed; undated last), then
source name and statement id so that nothing is left to chance. Properties that are declared to be shown together (an
address, its town and postcode) are shown from one record, or from accepted edits.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from lifecluster.policy.visibility import Visibility
from lifecluster.reference.properties import Property, vocabulary
from lifecluster.register.edits import SOURCE as EDITS
from lifecluster.register.statement import may_see

TYPES: dict[str, pl.DataType] = {"int": pl.Int64(), "number": pl.Float64(), "money": pl.Float64()}


PUBLIC = may_see(Visibility.PUBLIC)
"""Statements that anybody may see."""


def order(statements: pl.DataFrame, *, at: date | None = None) -> pl.DataFrame:
    """Statements with `place` (0 = first in the declared order) within each subject and property, and `shown`.

    `shown` is what everybody is shown: only public statements are, and only of a rank that the property's order names
    (that a company is dissolved says the registrar and nobody else). Of a property that holds one value it is the
    first of them, of one that holds many all that hold still, or with `keep: best` those of the record that stands
    first. Of properties shown together it is the first of one record: the record that stands first for the first of
    them that anybody states; where an accepted edit stands first for a single one of them, that is shown. A value that
    ended or has not begun at `at` (any that has an end, if `at` is not given) gives way to one that holds. Where what
    stands first of a property that holds many says that it is unknown (an empty text), nothing else is shown of it.
    What a reader with more rights is shown is the same rule over what this reader may see: `order_seen`.
    """
    known = vocabulary().properties
    ranks = pl.DataFrame(
        [(name, rank, i) for name, p in known.items() for i, rank in enumerate(p.order)],
        schema={"property": pl.String, "rank": pl.String, "_rank": pl.Int8},
        orient="row",
    )
    newest = pl.coalesce("verified_on", "observed_on")
    ended = pl.col("valid_to").is_not_null()
    if at is not None:
        ended = ((pl.col("valid_to") < at) | (pl.col("valid_from") > at)).fill_null(value=False)
    within = ("subject", "property")
    ordered = (
        statements.join(ranks, on=["property", "rank"], how="left", maintain_order="left")
        .with_columns(_ended=ended, _date=newest)
        .with_columns(_may=PUBLIC.fill_null(value=True) & pl.col("_rank").is_not_null())
        .sort("subject", "property", "_ended", "_rank", "_date", "source", "id",
              descending=[False, False, False, False, True, False, False], nulls_last=True)
        .with_columns(place=pl.int_range(pl.len(), dtype=pl.Int32).over(within),
                      _nth=pl.col("_may").cum_sum().over(within))
    )  # fmt: skip
    best = pl.col("record").filter("_may").first().over(within)
    unknown = (pl.col("value").filter("_may").first().over(within) == "").fill_null(value=False)
    shown = (
        pl.when(~pl.col("_may"))
        .then(pl.lit(value=False))
        .when(pl.col("_group").is_not_null())
        .then((pl.col("place") == pl.col("_place")).fill_null(value=False))
        .when(~pl.col("property").is_in([n for n, p in known.items() if p.many]))
        .then(pl.col("_nth") == 1)
        .when(unknown)
        .then(pl.col("_nth") == 1)
        .when(pl.col("property").is_in([n for n, p in known.items() if p.many and p.keep == "best"]))
        .then((pl.col("record") == best) & ~pl.col("_ended") & (pl.col("value") != ""))
        .otherwise(~pl.col("_ended") & (pl.col("value") != ""))
    )
    told = ordered.join(_together(ordered), on=within, how="left", maintain_order="left")
    return told.with_columns(shown=shown).drop("_rank", "_ended", "_date", "_may", "_nth", "_group", "_place")


def order_seen(statements: pl.DataFrame, *, at: date | None = None) -> pl.DataFrame:
    """`order` for a reader who may see all of `statements`, whatever their level: `shown` is what this reader is shown.

    Every reader is shown a value by this: a visitor by the public statements alone, members by those for members too.
    """
    said = {c: f"_{c}" for c in ("visibility", "aggregate_only")}
    levelled = statements.with_columns(*(pl.col(c).alias(kept) for c, kept in said.items()))
    as_public = levelled.with_columns(visibility=pl.lit(Visibility.PUBLIC.label), aggregate_only=pl.lit(value=False))
    ordered = order(as_public, at=at)
    return ordered.with_columns(**{c: pl.col(kept) for c, kept in said.items()}).drop(*said.values())


def _together(ordered: pl.DataFrame) -> pl.DataFrame:
    """`subject`, `property`, its `_group`, and the `_place` of the statement shown of it (null: none is)."""
    groups = pl.DataFrame(
        [(name, group, i) for group, names in vocabulary().together.items() for i, name in enumerate(names)],
        schema={"property": pl.String, "_group": pl.String, "_leads": pl.Int8},
        orient="row",
    )
    mine = ordered.filter("_may").join(groups, on="property", maintain_order="left")
    mine = mine.with_columns(_edit=pl.col("source") == EDITS)
    lead = (
        mine.filter(~pl.col("_edit"))
        .sort("subject", "_group", "_leads", "place")
        .unique(["subject", "_group"], keep="first", maintain_order=True)
        .select("subject", "_group", _lead="record")
    )
    mine = mine.join(lead, on=["subject", "_group"], how="left", maintain_order="left")
    edited = pl.when(pl.col("_edit").first()).then(pl.col("place").first())
    of_lead = pl.col("place").filter(pl.col("record") == pl.col("_lead")).min()
    by_property = mine.sort("subject", "property", "place").group_by("subject", "property", maintain_order=True)
    return by_property.agg(pl.col("_group").first(), _place=pl.coalesce(edited, of_lead))


def _typed(text: pl.Expr, prop: Property) -> pl.Expr:
    """Text of a statement in the type of its property; null where it does not fit."""
    if prop.type == "date":
        return text.str.to_date("%Y-%m-%d", strict=False)
    if prop.type == "bool":
        return pl.when(text == "true").then(True).when(text == "false").then(False)
    return text.cast(TYPES.get(prop.type, pl.String()), strict=False)


def table(ordered: pl.DataFrame, kind: str, *, whose: pl.Expr = PUBLIC) -> pl.DataFrame:
    """One row per subject of `kind`: `id`, then every property of the vocabulary that the kind may bear, then `sample`.

    Parameters: `ordered` as given by `order`; `whose` the statements that count (after `order_seen`: all). Values have
    the type of their property; `many` gives sorted lists (null where there is none). A subject of which no statement
    counts has no row; see `build.presence` for what is not public. `sample` is true where any statement of the subject
    is from sample data.
    """
    mine = ordered.filter((pl.col("kind") == kind) & whose.fill_null(value=True))
    subjects = mine.group_by("subject").agg(sample=pl.col("sample").any()).sort("subject").rename({"subject": "id"})
    shown = mine.filter("shown")
    columns = []
    for name, prop in vocabulary().of(kind).items():
        values = shown.filter(pl.col("property") == name)
        part = values.select("subject", _typed(pl.col("value"), prop).alias(name))
        if prop.many:
            part = part.filter(values["value"] != "")
            part = part.group_by("subject").agg(pl.col(name).unique().sort())
        columns.append(part)
    for part in columns:
        subjects = subjects.join(part.rename({"subject": "id"}), on="id", how="left", maintain_order="left")
    return subjects.select("id", pl.exclude("id", "sample"), "sample")
