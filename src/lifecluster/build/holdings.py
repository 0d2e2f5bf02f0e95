"""Who holds what: sites, licences, awards and the rest, each with the organisation records it names as holder."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from lifecluster.register.statement import record_id
from lifecluster.sources.extract import Extract

HOLDINGS = pl.Schema({"record": pl.String, "kind": pl.String, "organisation_record": pl.String})
"""A record of a thing and a record of an organisation that holds it; one row for each holder. A group is held by those
that name it as their parent."""


def holdings(extracts: Iterable[Extract]) -> pl.DataFrame:
    """All holdings of all extracts, a frame of `HOLDINGS`."""
    frames = [HOLDINGS.to_frame()]
    for extract in extracts:
        name = extract.spec.name
        for kind, frame in extract.records.items():
            thing = record_id(name, kind, pl.col("key"))
            if "holder" in frame.columns:
                frames.append(_rows(frame, name, kind, thing, "holder"))
            if kind == "organisation" and "parent" in frame.columns:
                child = frame.drop_nulls("parent").select("key", parent=pl.concat_list("parent"))
                turned = _rows(child, name, "group", thing, "parent")
                groups = turned.filter(pl.col("organisation_record").str.starts_with(f"{name}/group:"))
                frames.append(groups.select(record="organisation_record", kind="kind", organisation_record="record"))
    return pl.concat(frames).unique(maintain_order=True)


def _rows(frame: pl.DataFrame, source: str, kind: str, thing: pl.Expr, column: str) -> pl.DataFrame:
    rows = frame.select(record=thing, kind=pl.lit(kind), organisation_record=column).explode("organisation_record")
    rows = rows.drop_nulls("organisation_record")
    return rows.with_columns(pl.concat_str(pl.lit(f"{source}/"), "organisation_record").alias("organisation_record"))


def licence_types(extracts: Iterable[Extract], held: pl.DataFrame) -> pl.DataFrame:
    """`record` of the holder and `licence_type`, for classification."""
    frames = [pl.DataFrame(schema={"record": pl.String, "licence_type": pl.String})]
    for extract in extracts:
        licences = extract.records.get("licence")
        if licences is not None and "licence_type" in licences.columns:
            typed = licences.select("licence_type", thing=record_id(extract.spec.name, "licence", pl.col("key")))
            joined = typed.join(held.rename({"record": "thing"}), on="thing", how="inner")
            frames.append(joined.select(record="organisation_record", licence_type="licence_type"))
    return pl.concat(frames).drop_nulls()
