"""The last stage: from what the earlier ones found to the tables of the package."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from lifecluster.build import columns, report, surroundings, tables
from lifecluster.build.edited import Edited
from lifecluster.build.linking import REGISTRAR, Linked
from lifecluster.build.presence import View, at_own_presence, refer_within
from lifecluster.build.read import Reading
from lifecluster.policy.visibility import Visibility
from lifecluster.region import Region
from lifecluster.register import assembly, hubs, statement
from lifecluster.register.definition import Definition
from lifecluster.register.edits import SOURCE
from lifecluster.register.hubs import street_number
from lifecluster.register.ledger import Ledger
from lifecluster.register.living import is_live
from lifecluster.register.lookup import LEDGER_TABLES
from lifecluster.register.package import Table
from lifecluster.register.presence import rank


@dataclass(frozen=True)
class Finished:
    """What the stages made: organisation records (placed), sites (placed), links and clusters, the organisations chosen
    and their classes, the ids of records, statements in order, the ledger, what was taken out, what was edited, and the
    presence of everything: `presence` today, `ever` the most public it was. `records` and `sites` hold what everybody
    may know; `closed` are the views of those who may know more; `definitions` those that classify."""

    region: Region
    reading: Reading
    records: pl.DataFrame
    sites: pl.DataFrame
    linked: Linked
    chosen: pl.DataFrame
    classified: pl.DataFrame
    named: pl.DataFrame
    ordered: pl.DataFrame
    ledger: Ledger
    tombstones: pl.DataFrame
    edited: Edited
    presence: pl.DataFrame
    ever: pl.DataFrame
    closed: Sequence[View]
    definitions: Sequence[Definition]
    at: date

    @property
    def owner(self) -> pl.DataFrame:
        """`record` of each organisation record of the register and the organisation's `id`."""
        return self.named.filter(pl.col("kind") == "organisation").select("record", "id")


def all_tables(made: Finished) -> dict[str, Table]:
    """Every table of the package, in the order in which the descriptor lists them."""
    hubbed = made.records.with_columns(hub=hubs.mark(made.records), live=is_live(made.records, at=made.at))
    computed = columns.of(made, hubbed)
    told = at_own_presence(refer_within(made.ordered, made.presence), made.presence, at=made.at)
    contents = tables.assembled(told, computed, made.presence)
    contents["organisations"] = _as_shown(contents["organisations"], told, at=made.at)
    contents["sites"] = _with_jobs(contents["sites"], contents["organisations"])
    contents["statements"] = tables.make("statements", made.ordered, ("id",))
    contents["tombstones"] = tables.make("tombstones", made.tombstones, ("id",))
    contents["records"] = tables.make("records", made.named.sort("record"), ("record",))
    contents["segments"] = tables.make("segments", _segments(made))
    contents["links"] = tables.make("links", _links(made), ("record",))
    contents["linked_records"] = tables.make("linked_records", _linked_records(made, hubbed), ("record",))
    contents["judgements"] = tables.make("judgements", made.linked.judged, ("entry",))
    contents["conflicts"] = tables.make("conflicts", _conflicts(made))
    for name, frame in zip(LEDGER_TABLES, (made.ledger.events, made.ledger.members, made.ledger.shapes), strict=True):
        contents[name] = tables.make(name, frame)
    contents["presence"] = tables.make("presence", made.ever, ("id",))
    contents["universe"] = tables.make("universe", _universe(made, hubbed), ("record",))
    near = surroundings.surroundings(hubbed.filter(pl.col("anchor") == REGISTRAR), made.region.codes)
    of = surroundings.segments(near, hubbed, made.definitions, at=made.at)
    contents["surroundings"] = tables.make("surroundings", near, ("record",))
    contents["surroundings_segments"] = tables.make("surroundings_segments", of)
    contents["hubs"] = tables.make("hubs", _hubs(hubbed))
    contents["sources"] = tables.make("sources", report.sources(made.reading, made.edited.source()))
    waiting = made.edited.rejected.select(
        pl.lit(SOURCE).alias("source"), pl.all(), line=pl.lit(None, pl.UInt32), presence=pl.lit(Visibility.DESK.label)
    )
    contents["rejected"] = tables.make("rejected", pl.concat([report.put_aside(made.reading, "rejected"), waiting]))
    contents["problems"] = tables.make("problems", report.put_aside(made.reading, "problems"))
    left = sorted(made.reading.left.items())
    contents["left"] = tables.make(
        "left", pl.DataFrame(left, schema={"file": pl.String, "reason": pl.String}, orient="row")
    )
    return contents


def _as_shown(organisations: Table, told: pl.DataFrame, *, at: date) -> Table:
    """`live` by what is shown of each organisation, and the edits among the `sources` that speak of it."""
    edits = told.filter((pl.col("source") == SOURCE) & assembly.PUBLIC)["subject"].unique()
    also = pl.when(pl.col("id").is_in(edits.implode())).then(pl.lit([SOURCE]))
    sources = pl.concat_list("sources", also.otherwise(pl.lit([], pl.List(pl.String)))).list.sort()
    frame = organisations.frame.with_columns(live=is_live(organisations.frame, at=at), sources=sources)
    return tables.make("organisations", frame, ("id",))


def _with_jobs(sites: Table, organisations: Table) -> Table:
    frame = tables.with_jobs(sites.frame, organisations.frame)
    return tables.make("sites", frame.select(pl.exclude("sample"), "sample"), ("id",))


def _segments(made: Finished) -> pl.DataFrame:
    """Classes of the organisations of the register, under their ids; evidence as JSON text."""
    named = made.classified.join(made.owner, left_on="organisation_id", right_on="record", how="inner")
    evidence = [json.dumps(list(found or []), ensure_ascii=False, default=str) for found in named["evidence"].to_list()]
    frame = named.with_columns(organisation_id="id", evidence=pl.Series(evidence, dtype=pl.String))
    frame = frame.join(made.presence, on="id", how="left", maintain_order="left").drop("id")
    return frame.sort("organisation_id", "definition", "segment", nulls_last=False, maintain_order=True)


def _links(made: Finished) -> pl.DataFrame:
    owner = made.owner.rename({"record": "target", "id": "organisation"})
    return made.linked.links.join(owner, on="target", how="left", maintain_order="left")


def _linked_records(made: Finished, records: pl.DataFrame) -> pl.DataFrame:
    """What records of links and of the register say of themselves: a person judges them from the package alone.

    Rows that are not public keep their place without what they say; whoever may see it finds it in the statements.
    """
    links = made.linked.links
    wanted = pl.concat([links["record"], links["target"].drop_nulls(), made.owner["record"]]).unique()
    number = pl.when(pl.col("live") & (pl.col("anchor") == REGISTRAR)).then("company_number")
    mine = records.filter(pl.col("record").is_in(wanted.implode())).join(made.owner, on="record", how="left")
    told = ("name", "town", "postcode", "address", "company_number")
    public = pl.col("visibility") == Visibility.PUBLIC.label
    mine = mine.join(_locators(made, wanted), on="record", how="left")
    return mine.select(
        "record", "source", "locator", *(pl.when(public).then(c).alias(c) for c in told), "status", "visibility",
        "sample", live_number=number, organisation="id",
    ).sort("record")  # fmt: skip


def _locators(made: Finished, wanted: pl.Series) -> pl.DataFrame:
    """File and row of records of organisations: `record`, `locator`."""
    found = [pl.DataFrame(schema={"record": pl.String, "locator": pl.String})]
    for extract in made.reading.extracts:
        if "organisation" in extract.records:
            frame = extract.records["organisation"].select(
                record=statement.record_id(extract.spec.name, "organisation", pl.col("key")),
                locator=statement.locator("file", "row"),
            )
            found.append(frame.filter(pl.col("record").is_in(wanted.implode())))
    return pl.concat(found)


def _conflicts(made: Finished) -> pl.DataFrame:
    """Links that clustering refused, and judgements on rows that no source has any more."""
    gone = made.linked.unbound.select(
        kind=pl.lit("row not found"), link="kind", left="left_was", right="right_was",
        reason=pl.concat_str("left_how", pl.lit("; "), "right_how", ignore_nulls=True), evidence="entry_id",
    )  # fmt: skip
    return pl.concat([made.linked.conflicts, gone], how="diagonal")


def _universe(made: Finished, records: pl.DataFrame) -> pl.DataFrame:
    """All companies of the company register that are placed in the region."""
    inside = pl.col("lad").is_in(sorted(made.region.codes))
    companies = records.filter((pl.col("anchor") == REGISTRAR) & inside)
    closed = made.presence.filter(rank() > 0)  # that a company is in the register may not be for everybody
    owner = made.owner.join(closed, on="id", how="anti").rename({"id": "organisation"})
    return companies.join(owner, on="record", how="left").select(
        "record", "organisation", "company_number", "name", "status", "live", "incorporated_on", "accounts_category",
        "sic", "postcode", "easting", "northing", "lad", "hub", "sample", place_quality="quality",
    ).sort("record")  # fmt: skip


def _hubs(records: pl.DataFrame) -> pl.DataFrame:
    return (
        records.filter("hub")
        .group_by("postcode", number=street_number(pl.col("address")))
        .agg(registrations=pl.len().cast(pl.Int64))
        .sort("registrations", "postcode", "number", descending=[True, False, False])
    )
