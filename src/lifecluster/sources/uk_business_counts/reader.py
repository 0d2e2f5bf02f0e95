"""UK business counts: businesses by area, five-digit industry and size band, as Nomis gives them."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from lifecluster.sources.extract import ReferenceExtract
from lifecluster.sources.files import InputFile
from lifecluster.sources.lookup import Check, read_lookup
from lifecluster.sources.spec import SourceSpec
from lifecluster.sources.statistics import SIC, YEAR, one_code, possible, with_bounds, with_key

BANDS = ("0 to 4", "5 to 9", "10 to 19", "20 to 49", "50 to 99", "100 to 249", "250 to 499", "500 to 999", "1000+")


def read(files: Sequence[InputFile], spec: SourceSpec) -> ReferenceExtract:
    """The table `businesses`: year, area, area_name, sic, band (employees), value, low, high, and `file`, `row`.

    Areas are ITL codes where the file has NUTS or ITL codes, else the codes of the file (K03000001 is Great Britain).
    """
    band = Check(~pl.col("band").is_in(BANDS), "band", "is no size band of the publisher")
    return read_lookup(
        files, spec, table="businesses", key="key", types={"year": pl.Int16(), "value": pl.Float64()},
        checks=[YEAR, SIC, band, possible("uk-business-counts")], prepare=_keyed,
        change=lambda frame: with_bounds(frame.drop("key"), "uk-business-counts"),
    )  # fmt: skip


def _keyed(frame: pl.DataFrame) -> pl.DataFrame:
    return with_key(frame.with_columns(one_code(frame["area"])), "year", "area", "sic", "band")
