"""A package from statements alone: the library's own assembly makes its tables. For load tests and for tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from lifecluster.build import tables
from lifecluster.build.presence import refer_within
from lifecluster.build.report import SOURCES
from lifecluster.register import assembly, package
from lifecluster.register.definition import load_definitions
from lifecluster.register.ids import parse
from lifecluster.register.ledger import EVENTS, MEMBERS, SHAPES
from lifecluster.register.presence import EVER, RANKS
from lifecluster.register.statement import SCHEMA, with_ids

SEGMENTS = pl.Schema(
    {
        "organisation_id": pl.String,
        "definition": pl.String,
        "segment": pl.String,
        "role": pl.String,
        "probability": pl.Float64,
        "state": pl.String,
        "evidence": pl.String,
        "vintage": pl.String,
    }
)
UNIVERSE = pl.Schema({"live": pl.Boolean, "easting": pl.Int64, "northing": pl.Int64})
REGION = {"name": "bench", "title": "Bench", "definitions": ["ols-segments", "dbt-sic"], "map": None}
LICENCE = "OGL-UK-3.0"


def statement(subject: str, prop: str, value: object, **more: Any) -> dict[str, Any]:
    """A row of `SCHEMA`; `more` overrides what is usual: an official register, public, observed on 2026-06-01."""
    kind = parse(subject).kind
    source = more.pop("source", "bench-official")
    row = dict.fromkeys(SCHEMA) | {
        "id": "",
        "subject": subject,
        "kind": kind,
        "property": prop,
        "value": str(value),
        "source": source,
        "rank": {"bench-member": "member", "bench-official": "official"}.get(source, "other"),
        "record": f"{source}/{kind}:{subject}",
        "locator": f"{source}.csv#1",
        "snapshot": digest(source),
        "licence": LICENCE,
        "observed_on": date(2026, 6, 1),
        "visibility": "public",
        "aggregate_only": False,
        "personal": "none",
        "sample": True,
    }
    return row | more


def digest(source: str) -> str:
    """A stand-in for the hash of a file."""
    return source.encode().hex().ljust(64, "0")[:64]


def frame(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Statements as a frame of `SCHEMA` with their ids."""
    return with_ids(pl.DataFrame([tuple(row[c] for c in SCHEMA) for row in rows], schema=SCHEMA, orient="row"))


def write(
    out: Path,
    statements: pl.DataFrame,
    *,
    name: str,
    at: date = date(2026, 11, 22),
    segments: pl.DataFrame | None = None,
    universe: pl.DataFrame | None = None,
    events: Sequence[tuple[str, str, str | None]] = (),
    places: pl.DataFrame | None = None,
    log_head: str | None = None,
    presence: Mapping[str, str] | None = None,
    ever: Mapping[str, str] | None = None,
    earlier: bool = False,
) -> package.Package:
    """Write a package below `out` and make it the current one.

    Parameters: `events` of the ledger after every id was minted: event, id, other id (ids that they alone name are
    minted too); `places` columns `id, easting, northing, lad` of sites and organisations; `presence` the level of what
    is not public of all ids; `ever` the same of what they ever were, where that was more public; `earlier`: classes as
    packages had them that made them of all values.
    """
    ordered = assembly.order(statements)
    placed = (
        places
        if places is not None
        else pl.DataFrame(schema={"id": pl.String, "easting": pl.Int64, "northing": pl.Int64, "lad": pl.String})
    )
    plain = tables.assembled(ordered, {})
    sites = _sites(plain["sites"].frame, placed)
    known = _presence(statements, events, presence or {})
    extra = {"site": sites, "organisation": _organisations(ordered, sites, placed)}
    contents = dict(tables.assembled(refer_within(ordered, known), extra, known))
    once = _presence(statements, events, {**(presence or {}), **(ever or {})})
    contents["presence"] = tables.make("presence", once, ("id",))
    jobs = tables.with_jobs(_stated(contents["sites"].frame, plain["sites"].frame), contents["organisations"].frame)
    contents["sites"] = tables.make("sites", jobs.select(pl.exclude("sample"), "sample"), ("id",))
    contents["statements"] = tables.make("statements", ordered, ("id",))
    classes = segments if segments is not None else SEGMENTS.to_frame()
    of = known.rename({"id": "organisation_id"})
    classes = classes if earlier else classes.join(of, on="organisation_id", how="left", maintain_order="left")
    contents["segments"] = tables.make("segments", classes)
    contents["identities"] = tables.make("identities", _ledger(statements, events))
    contents["identity_members"] = tables.make("identity_members", MEMBERS.to_frame())
    contents["identity_shapes"] = tables.make("identity_shapes", SHAPES.to_frame())
    contents["universe"] = tables.make("universe", universe if universe is not None else UNIVERSE.to_frame())
    contents["sources"] = tables.make(
        "sources", _sources(statements) if not earlier else _sources(statements).drop("presence")
    )
    manifest = {
        "software": "bench",
        "region": REGION,
        "at": at.isoformat(),
        "namespace": "bench",
        "log_head": log_head,
        "previous": None,
        "inputs": [{"source": s, "sha256": digest(s)} for s in statements["source"].unique().sort().to_list()],
        "definitions": [d.model_dump(mode="json") for d in load_definitions(("ols-segments", "dbt-sic"))],
        "counts": {"definitions": {}},
    }
    licences = [{"name": LICENCE, "title": "Open Government Licence 3.0"}]
    return package.write(out, name=name, title="Bench", tables=contents, manifest=manifest, licences=licences)


def _sites(sites: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Computed columns of sites."""
    held = sites.select("id", organisation=pl.col("holder").list.first())
    return held.join(places, on="id", how="left", maintain_order="left").with_columns(
        place_quality=pl.when(pl.col("easting").is_not_null()).then(pl.lit("unit"))
    )


def _stated(sites: pl.DataFrame, plain: pl.DataFrame) -> pl.DataFrame:
    """Sites with the jobs that statements give."""
    return sites.drop("jobs", strict=False).join(plain.select("id", "jobs"), on="id", how="left", maintain_order="left")


def _organisations(ordered: pl.DataFrame, sites: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Computed columns of organisations: placed by their first site, else where `places` has them."""
    mine = ordered.filter(pl.col("kind") == "organisation")
    ended = pl.col("property").is_in(["dissolved_on", "closed_on"]).any()
    base = mine.group_by(id="subject").agg(
        live=~ended, records=pl.col("record").n_unique().cast(pl.Int64), sources=pl.col("source").unique().sort(),
        anchor=pl.col("record").min(),
    )  # fmt: skip
    first = sites.drop_nulls("easting").sort("id").group_by(id="organisation", maintain_order=True).first()
    first = first.select("id", "easting", "northing", "lad", place_quality=pl.lit("unit"), place_basis=pl.lit("site"))
    other = places.filter(pl.col("id").str.starts_with("LCO")).select(
        "id", "easting", "northing", "lad", place_quality=pl.lit("outward"), place_basis=pl.lit("registered")
    )
    main = pl.concat([first, other.join(first, on="id", how="anti")])
    number = sites.group_by(id="organisation").agg(sites=pl.len().cast(pl.Int64))
    return (
        base.join(main, on="id", how="left")
        .join(number, on="id", how="left")
        .with_columns(
            pl.col("sites").fill_null(0), hub=pl.lit(False), region_by=pl.lit("site"), scope_by=pl.lit(["source"])
        )
        .sort("id")
    )


def _presence(
    statements: pl.DataFrame, events: Sequence[tuple[str, str, str | None]], closed: Mapping[str, str]
) -> pl.DataFrame:
    """The presence of every id: public but for the `closed`."""
    uids = sorted(set(statements["subject"].unique()) | {u for _, one, other in events for u in (one, other) if u})
    return pl.DataFrame([(uid, closed.get(uid, "public")) for uid in uids], schema=EVER, orient="row")


def _ledger(statements: pl.DataFrame, events: Sequence[tuple[str, str, str | None]]) -> pl.DataFrame:
    named = {uid for _, one, other in events for uid in (one, other) if uid}
    uids = sorted(set(statements["subject"].unique()) | named)
    rows = [("mint", uid, None) for uid in uids] + list(events)
    return pl.DataFrame(
        [(i, event, one, other, one, "2026-11-22", "") for i, (event, one, other) in enumerate(rows, 1)],
        schema=EVENTS,
        orient="row",
    )


def _sources(statements: pl.DataFrame) -> pl.DataFrame:
    labels = {number: label for label, number in RANKS.items()}
    level = pl.col("visibility").replace_strict(RANKS, return_dtype=pl.Int8).min()
    found = statements.group_by("source", "rank", "licence", "snapshot").agg(pl.len(), level=level).sort("source")
    rows = [
        (
            source,
            f"{source} in words",
            "A publisher",
            rank,
            licence,
            "Open Government Licence",
            "https://licence.example/",
            f"Source: {source}.",
            "https://publisher.example/",
            "monthly",
            f"{source}.csv",
            1,
            snapshot,
            date(2026, 6, 1),
            True,
            n,
            n,
            0,
            0,
            labels[level],
        )
        for source, rank, licence, snapshot, n, level in found.iter_rows()
    ]
    return pl.DataFrame(rows, schema=SOURCES, orient="row")
