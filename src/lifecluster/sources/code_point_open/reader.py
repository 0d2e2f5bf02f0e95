"""Code-Point Open: every postcode unit of Great Britain with its grid reference and district."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from lifecluster.places.grid import EAST, NORTH
from lifecluster.places.postcodes import SHAPE, tidy
from lifecluster.sources.extract import ReferenceExtract
from lifecluster.sources.files import InputFile
from lifecluster.sources.lookup import Check, read_lookup
from lifecluster.sources.spec import SourceSpec

NO_LOCATION = 90
"""Positional quality of a postcode that is known and has no grid reference (it is written as 0, 0)."""


def read(files: Sequence[InputFile], spec: SourceSpec) -> ReferenceExtract:
    """The table `postcodes`: postcode, quality, easting, northing, country, lad, and `file`, `row`.

    Reads the table with a header line, and the official archive of headerless files by postcode area. Quality is the
    publisher's 10 to 60 (90: no location; easting and northing are then null). Districts stand as published.
    """
    located = pl.col("quality") != NO_LOCATION
    checks = [
        Check(~pl.col("postcode").str.contains(SHAPE), "postcode", "is no postcode of the United Kingdom"),
        Check(~pl.col("quality").is_between(10, NO_LOCATION), "quality", "is no positional quality (10 to 90)"),
        Check(located & ~pl.col("easting").is_between(*EAST), "easting", "lies off the National Grid"),
        Check(located & ~pl.col("northing").is_between(*NORTH), "northing", "lies off the National Grid"),
        Check(located & pl.any_horizontal(pl.col("easting", "northing").is_null()), "easting", "has no location"),
    ]
    types = {"quality": pl.Int16(), "easting": pl.Int32(), "northing": pl.Int32()}
    return read_lookup(
        files, spec, table="postcodes", key="postcode", types=types, checks=checks, prepare=_tidy, change=_unlocate
    )


def _tidy(frame: pl.DataFrame) -> pl.DataFrame:
    """The official archive pads postcodes to seven characters (`AB101AB`, `S1  2HE`); other texts stay."""
    return frame.with_columns(tidy(frame["postcode"]).fill_null(frame["postcode"]))


def _unlocate(frame: pl.DataFrame) -> pl.DataFrame:
    none = pl.col("quality") == NO_LOCATION
    return frame.with_columns(pl.when(~none).then(pl.col("easting", "northing")))
