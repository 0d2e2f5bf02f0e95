"""Coordinates and districts for records: what the source states, else what the postcode says."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from lifecluster.places import Places
from lifecluster.places.postcodes import placed
from lifecluster.register.statement import record_id
from lifecluster.sources.extract import Extract

STATED = "stated"
"""Quality of coordinates that the source gives itself."""
SITES = pl.Schema({
    "record": pl.String, "organisation_record": pl.String, "postcode": pl.String, "easting": pl.Int64,
    "northing": pl.Int64, "lad": pl.String, "quality": pl.String, "jobs": pl.Int64, "sample": pl.Boolean,
})  # fmt: skip
"""A record of a site and a record of an organisation that works there; one row for each such organisation."""


def locate(frame: pl.DataFrame, places: Places) -> pl.DataFrame:
    """`frame` (columns `postcode, easting, northing, lad` as stated) with these four completed and `quality` added.

    Stated coordinates stay; a stated district is mapped to its active code and stays; the rest comes from the postcode.
    """
    stated = frame.select(_e="easting", _n="northing", _l=places.history.active_codes(frame["lad"]))
    found = places.locate(frame.drop("easting", "northing", "lad"), "postcode").hstack(stated)
    own = pl.col("_e").is_not_null() & pl.col("_n").is_not_null()
    return found.with_columns(
        easting=pl.when(own).then("_e").otherwise("easting"),
        northing=pl.when(own).then("_n").otherwise("northing"),
        lad=pl.coalesce("_l", "lad"),
        quality=pl.when(own).then(pl.lit(STATED)).otherwise("quality"),
    ).drop("_e", "_n", "_l", "unplaced")


def sites(extracts: Iterable[Extract], places: Places) -> pl.DataFrame:
    """All site records, placed: a frame of `SITES`."""
    frames = [SITES.to_frame()]
    for extract in extracts:
        frame = extract.records.get("site")
        if frame is None or "holder" not in frame.columns:
            continue
        name = extract.spec.name
        missing = {c: pl.lit(None, SITES[c]) for c in ("postcode", "easting", "northing", "lad", "jobs")}
        samples = [s.file for s in extract.snapshots if s.sample]
        rows = frame.with_columns(**{c: e for c, e in missing.items() if c not in frame.columns}).select(
            placed(pl.col("postcode")), "easting", "northing", "lad", "jobs",
            record=record_id(name, "site", pl.col("key")), organisation_record="holder",
            sample=pl.col("file").is_in(samples),
        )  # fmt: skip
        rows = rows.explode("organisation_record").drop_nulls("organisation_record")
        rows = rows.with_columns(pl.concat_str(pl.lit(f"{name}/"), "organisation_record").alias("organisation_record"))
        frames.append(locate(rows, places).select(SITES.names()).cast(SITES))
    return pl.concat(frames)
