"""What became of the records of a source: linked, waiting for a person, or none; to which organisation, and why."""

from __future__ import annotations

import polars as pl

from lifecluster.errors import LifeclusterError
from lifecluster.policy.visibility import labels_within
from lifecluster.register.closed import closed_frame
from lifecluster.register.package import Package

LOCATED = frozenset({"locator"})
"""Columns of `linked_records` that a package of before has not."""
STATES = ("review", "none", "linked", "anchor")
"""What may have become of a record, in the order in which they are listed. `review`: waits for a person. `none`: no
organisation of the registers is near enough. `linked`: to a record of a register. `anchor`: others are linked to it."""
BANDS = {"auto": "linked", "review": "review", "none": "none"}
FOLLOWED = pl.Schema({
    "record": pl.String, "locator": pl.String, "name": pl.String, "postcode": pl.String, "state": pl.String,
    "organisation": pl.String, "organisation_name": pl.String,
    "target": pl.String, "target_name": pl.String, "probability": pl.Float64,
    "reasons": pl.String, "judged": pl.String, "judged_by": pl.String, "judged_why": pl.String,
})  # fmt: skip
"""`locator` file and row of the record (null where a package of before has no statement from it); `organisation` the
one of the register that the record belongs to (null: it is in none), `target` the record that it was linked to or may
be the same as; `judged` what a person said of it, by whom and why."""


def followed_sources(package: Package) -> list[str]:
    """Sources whose records of organisations can be followed, by name."""
    return sorted(package.scan("linked_records").select("source").unique().collect()["source"])


def follow(package: Package, source: str) -> pl.DataFrame:
    """What became of the records of a source: a frame of `FOLLOWED`, those that wait for a person first.

    Of a state, those come first that belong to an organisation of this register, or may: whose `target` does.
    Only records that readers of the package's clearance may know of, and of them what these may know; `withheld` counts
    the others. Names and postcodes of rows that are not public are taken from their statements.
    Of a register to which others are linked, the records are listed that are in the register or that others are linked
    to; all its rows would be the universe. Raises LifeclusterError for a source that gave no record of an organisation.
    """
    known = followed_sources(package)
    if source not in known:
        raise LifeclusterError(
            f"{source!r}: no records of organisations in {package.name}; there are {', '.join(known)}"
        )
    names = package.table("organisations").select(organisation="id", organisation_name="name")
    told = package.table("linked_records").filter(may_know(package))
    told = told.select("record", "source", "name", "postcode", "organisation", *LOCATED.intersection(told.columns))
    there = pl.col("organisation").is_in(names["organisation"].implode())
    told = told.with_columns(organisation=pl.when(there).then("organisation"))
    links = package.table("links").select("record", "target", "probability", "band", "reasons")
    links = links.join(told, on="record", how="semi")
    listed = pl.col("organisation").is_not_null() | pl.col("record").is_in(links["target"].drop_nulls().implode())
    mine = told.filter(pl.col("source") == source, listed | pl.col("record").is_in(links["record"].implode()))
    asked = links.join(mine, on="record", how="semi")["target"].drop_nulls()
    told = _said(package, told, mine["record"].to_list() + asked.to_list())
    state = pl.col("band").replace_strict(BANDS, return_dtype=pl.String).fill_null("anchor")
    here = pl.any_horizontal(pl.col("organisation", "_home").is_not_null())
    return (
        told.join(mine, on="record", how="semi")
        .join(links, on="record", how="left")
        .join(told.select(target="record", target_name="name", _home="organisation"), on="target", how="left")
        .join(names, on="organisation", how="left")
        .join(_judged(package), on="record", how="left")
        .with_columns(organisation_name=_called("organisation"))
        .with_columns(state=state)
        .sort(pl.col("state").cast(pl.Enum(STATES)), here, "probability", "record",
              descending=[False, True, True, False], nulls_last=True)
        .select(FOLLOWED.names()).cast(FOLLOWED)
    )  # fmt: skip


def withheld(package: Package, source: str) -> int:
    """How many records of a source are for fewer people than the package's clearance."""
    every = package.scan("linked_records").filter(pl.col("source") == source, ~may_know(package))
    return int(every.select(pl.len()).collect().item())


def may_know(package: Package) -> pl.Expr:
    """Of `linked_records`: those that readers of the package's clearance may know of."""
    return pl.col("visibility").is_in(labels_within(package.clearance))


def _called(column: str) -> pl.Expr:
    """The name of the organisation, else what the row that it is of is called: nothing public may be said of it."""
    return pl.when(pl.col(column).is_not_null()).then(pl.coalesce(f"{column}_name", "name"))


def _said(package: Package, told: pl.DataFrame, wanted: list[str]) -> pl.DataFrame:
    """`told` with the `locator` of each of the `wanted` records, and name and postcode where they are not public."""
    said = closed_frame(package, wanted).select("record", "locator", _name="name", _postcode="postcode")
    joined = told.join(said, on="record", how="left", maintain_order="left")
    closed = pl.col("name").is_null()
    if "locator_right" in joined.columns:
        joined = joined.with_columns(pl.coalesce("locator", "locator_right").alias("locator")).drop("locator_right")
    return joined.with_columns(
        name=pl.coalesce("name", "_name"), postcode=pl.when(closed).then("_postcode").otherwise("postcode")
    ).drop("_name", "_postcode")


def hidden_records(package: Package) -> pl.Series:
    """The records of organisations that are for fewer people than the package's clearance: those of closed lists."""
    return package.scan("linked_records").filter(~may_know(package)).select("record").collect()["record"]


def judgements_of(package: Package, records: list[str]) -> pl.DataFrame:
    """Judgements on any of `records`: columns `entry`, `judged`, `left`, `right`, `by`, `at`, `why`.

    Only where readers of the package's clearance may know of both sides. Empty for a package that was written before
    judgements were among its tables.
    """
    if "judgements" not in package.tables:
        columns = ("entry", "judged", "left", "right", "by", "at", "why")
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    either = pl.col("left").is_in(records) | pl.col("right").is_in(records)
    hidden = hidden_records(package).implode()
    closed = pl.col("left").is_in(hidden) | pl.col("right").is_in(hidden)
    return package.scan("judgements").filter(either, ~closed).collect()


def _judged(package: Package) -> pl.DataFrame:
    """What was judged last of each record."""
    every = package.table("linked_records")["record"].to_list()
    found = judgements_of(package, every)
    sides = [found.select("at", "judged", record=side, judged_by="by", judged_why="why") for side in ("left", "right")]
    latest = pl.concat(sides).sort("at", maintain_order=True).unique("record", keep="last", maintain_order=True)
    return latest.drop("at")
