"""Figures of the sector as they were published: totals, shares and ranks, each with the page it stands on."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from lifecluster.sources.extract import ReferenceExtract
from lifecluster.sources.files import InputFile
from lifecluster.sources.lookup import Check, read_lookup
from lifecluster.sources.spec import SourceSpec
from lifecluster.sources.statistics import with_key

PRINTED = r"^>?\d+(\.\d+)?( \(rank \d+\))?$"


def read(files: Sequence[InputFile], spec: SourceSpec) -> ReferenceExtract:
    """The table `sector_figures`: release, area_name, sector, measure, value, low, high, rank, unit, source.

    `low`, `high`: what the printed figure leaves open, half a unit of its last digit that is not a closing nought (of a
    percentage: half a point); `high` is null where only a lower bound was printed (`>500`). `rank`: the region's rank
    where the text states it.
    `source`: address of the page, carried down where the file says `same`.
    """
    good = Check(pl.col("value").is_null(), "printed", "is no figure such as 6170, 3.6 or >500 (rank 3)")
    return read_lookup(
        files, spec, table="sector_figures", key="key", checks=[good], prepare=_prepared, change=_tidy,
        types={"value": pl.Float64(), "rank": pl.Int16(), "step": pl.Float64()},
    )  # fmt: skip


def _prepared(frame: pl.DataFrame) -> pl.DataFrame:
    printed = pl.col("printed")
    digits = printed.str.extract(r"^>?(\d+(?:\.\d+)?)")
    decimals = pl.when(digits.str.contains(r"\.")).then(digits.str.split(".").list.last().str.len_chars()).otherwise(0)
    noughts = digits.str.extract(r"[1-9](0+)$").str.len_chars().fill_null(0)
    whole = pl.when(pl.col("unit").str.starts_with("%")).then(0).otherwise(noughts.cast(pl.Int32))
    exponent = pl.when(decimals > 0).then(-decimals.cast(pl.Int32)).otherwise(whole)
    frame = frame.with_columns(
        value=pl.when(printed.str.contains(PRINTED)).then(digits).cast(pl.Float64, strict=False),
        step=pl.lit(10.0).pow(exponent),
        rank=printed.str.extract(r"\(rank (\d+)\)").cast(pl.Int16),
        at_least=printed.str.starts_with(">"),
        source=pl.when(pl.col("source") != "same").then(pl.col("source")).forward_fill(),
    )
    return with_key(frame, "release", "area_name", "sector", "measure")


def _tidy(frame: pl.DataFrame) -> pl.DataFrame:
    value, half = pl.col("value"), pl.col("step") / 2
    low = pl.when("at_least").then(value).otherwise((value - half).clip(0)).round(6)
    high = pl.when(~pl.col("at_least")).then(value + half).round(6)
    columns = ("release", "area_name", "sector", "measure", "value")
    return frame.select("file", "row", *columns, low.alias("low"), high.alias("high"), "rank", "unit", "source")
