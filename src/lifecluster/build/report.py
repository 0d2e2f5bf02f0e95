"""What a build says of itself: counts per source, the inputs with their hashes, the licences to be named."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any, Literal

import polars as pl

from lifecluster.build.read import Reading
from lifecluster.build.scope import EVEN
from lifecluster.policy.visibility import Visibility
from lifecluster.register import edits
from lifecluster.register.presence import PRESENCE, within
from lifecluster.sources.extract import PROBLEMS_SCHEMA, REJECTED_SCHEMA, Extract, ReferenceExtract

BANDS = ("auto", "review", "none")
SOURCES = pl.Schema({
    "source": pl.String, "title": pl.String, "publisher": pl.String, "rank": pl.String, "licence": pl.String,
    "licence_title": pl.String, "licence_url": pl.String, "attribution": pl.String, "url": pl.String,
    "refresh": pl.String, "file": pl.String, "bytes": pl.Int64, "sha256": pl.String, "observed_on": pl.Date,
    "sample": pl.Boolean, "read": pl.Int64, "accepted": pl.Int64, "rejected": pl.Int64, "problems": pl.Int64,
    PRESENCE: pl.String,
})  # fmt: skip
"""One row per file; `read`, `accepted`, `rejected` and `problems` are those of its source as a whole, `presence` says
who may know that there is such a source."""


def inputs(reading: Reading) -> list[dict[str, Any]]:
    """Every file that was read with its hash, for the manifest."""
    rows = sources(reading).select("source", "file", "bytes", "sha256", "observed_on", "sample")
    return [{**row, "observed_on": row["observed_on"] and row["observed_on"].isoformat()} for row in rows.to_dicts()]


def specifications(reading: Reading) -> dict[str, str]:
    """A hash of how each source was read (its columns, its rank …): a list's mapping is one of the inputs, too."""
    return {e.spec.name: sha256(e.spec.model_dump_json().encode()).hexdigest()[:16] for e in reading.all}


def sources(reading: Reading, *more: pl.DataFrame) -> pl.DataFrame:
    """The files this build read, a frame of `SOURCES`; `more` such frames for what is no file of a source."""
    rows = []
    for extract in reading.all:
        spec = extract.spec
        for snapshot in extract.snapshots:
            rows.append((
                spec.name, spec.title, spec.publisher, spec.rank, spec.licence.id, spec.licence.title, spec.licence.url,
                spec.licence.attribution, spec.url, spec.refresh, snapshot.file, snapshot.bytes, snapshot.sha256,
                snapshot.observed_on, snapshot.sample, extract.read, extract.accepted, extract.rejected.height,
                extract.problems.height, spec.visibility,
            ))  # fmt: skip
    read = pl.DataFrame(rows, schema=SOURCES, orient="row")
    return pl.concat([read, *more]).sort("source", "file", "sha256")


def licences(reading: Reading, *, edited: bool = False) -> list[dict[str, str]]:
    """Licences of all sources, each once, as a Frictionless descriptor lists them; `edited`: also that of edits."""
    found = {edits.LICENCE: {"name": edits.LICENCE, "title": edits.LICENCE_TITLE}} if edited else {}
    for extract in reading.all:
        licence = extract.spec.licence
        found[licence.id] = {
            "name": licence.id,
            "title": licence.title,
            **({"path": licence.url} if licence.url else {}),
        }
    return [found[name] for name in sorted(found)]


def put_aside(reading: Reading, what: Literal["rejected", "problems"]) -> pl.DataFrame:
    """All `rejected` rows or all `problems` of every source: the source's name, where and why, then the `line` of the
    file where its number is not the row's, and the `presence` (who may know of it: whoever may see the source).
    """
    schema = REJECTED_SCHEMA if what == "rejected" else PROBLEMS_SCHEMA
    frames = [
        pl.concat([pl.DataFrame(schema=schema), e.rejected if what == "rejected" else e.problems], how="diagonal")
        .join(_lines(e), on=["file", "row"], how="left", maintain_order="left")
        .with_columns(pl.lit(e.spec.name).alias("source"), pl.lit(e.spec.visibility).alias(PRESENCE))
        .select("source", *schema, "line", PRESENCE)
        for e in reading.all
    ]  # fmt: skip
    found = pl.concat(frames)
    return found.with_columns(pl.col("kept").fill_null(value=False)) if "kept" in schema else found


def _lines(extract: Extract | ReferenceExtract) -> pl.DataFrame:
    """`file`, `row`, `line` of rows that begin on a line with another number than theirs."""
    lines = extract.lines if isinstance(extract, Extract) else {}
    rows = [(file, row, line) for file, found in lines.items() for row, line in found.items()]
    return pl.DataFrame(rows, schema={"file": pl.String, "row": pl.UInt32, "line": pl.UInt32}, orient="row")


def counts(name: str, region: str, at: date, reading: Reading, tables: Mapping[str, pl.DataFrame]) -> dict[str, Any]:
    """The counts of a build: what `lifecluster build --json` prints. Everybody gets them, so they count what everybody
    may know of, organisations that `ended` among them; `closed` says how many organisations there are beside."""
    whole, tables = tables, {name: public_rows(frame) for name, frame in tables.items()}
    links = tables["links"]
    by_band = {(s, b): n for s, b, n in links.group_by("source", "band").len().iter_rows()}
    per_source = {}
    for extract in reading.all:
        source = extract.spec.name
        linked = {band: by_band.get((source, band), 0) for band in BANDS}
        per_source[source] = {
            "files": len(extract.snapshots), "read": extract.read, "accepted": extract.accepted,
            "rejected": extract.rejected.height, "problems": extract.problems.height,
            **named(extract), "asked": sum(linked.values()), "linked": linked, "warnings": list(extract.warnings),
        }  # fmt: skip
    edited = whole["sources"].filter(pl.col("source") == edits.SOURCE)
    for row in edited.select("read", "accepted", "rejected").iter_rows(named=True):
        nothing = dict.fromkeys(("problems", "named", "registered", "asked"), 0)
        per_source[edits.SOURCE] = {**row, **nothing, "files": 1, "linked": dict.fromkeys(BANDS, 0), "warnings": []}
    return {
        "package": name,
        "region": region,
        "at": at.isoformat(),
        "sources": per_source,
        "left": len(reading.left),
        "organisations": tables["organisations"].height,
        "ended": int((~tables["organisations"]["live"]).sum()),
        "closed": closed_organisations(whole),
        "waiting": int(tables["organisations"]["waits"].sum()),
        "sites": tables["sites"].height,
        "statements": tables["statements"].height,
        "universe": tables["universe"].height,
        "conflicts": tables["conflicts"].height,
        "judgements_on_no_row": tables["conflicts"].filter(pl.col("kind") == "row not found").height,
        "tables": {key: frame.height for key, frame in tables.items()},
        "definitions": by_definition(tables["segments"]),
    }


def named(extract: Extract | ReferenceExtract) -> dict[str, int]:
    """How many organisations the rows of a source name, and how many of these are of a register: others are linked to
    them, and they to nobody."""
    found = extract.records.get("organisation") if isinstance(extract, Extract) else None
    count = 0 if found is None else found.height
    return {"named": count, "registered": count if extract.spec.anchor is not None else 0}


def public_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows that everybody may know of."""
    return within(frame.lazy(), Visibility.PUBLIC).collect() if PRESENCE in frame.columns else frame


def closed_organisations(tables: Mapping[str, pl.DataFrame]) -> int:
    """How many organisations are in the register by what is not public alone."""
    named = tables["records"].filter(pl.col("kind") == "organisation").select("id").unique()
    return named.join(public_rows(tables["organisations"]), on="id", how="anti").height


def by_definition(segments: pl.DataFrame) -> dict[str, Any]:
    """Organisations under each definition (probability one half or more, expected number, unknown) and per segment."""
    whole = segments.filter(pl.col("segment").is_null())
    answer = {}
    for (definition,), rows in whole.group_by("definition", maintain_order=True):
        parts = segments.filter((pl.col("definition") == definition) & pl.col("segment").is_not_null())
        counted = parts.filter(pl.col("probability") >= EVEN).group_by("segment").len().sort("segment")
        answer[str(definition)] = {
            "organisations": rows.filter(pl.col("probability") >= EVEN).height,
            "expected": round(float(rows["probability"].sum()), 1),
            "unknown": rows["probability"].null_count(),
            "segments": dict(counted.iter_rows()),
        }
    return answer
