"""Business Register and Employment Survey: jobs by area and five-digit industry, as Nomis gives them."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from lifecluster.sources.extract import ReferenceExtract
from lifecluster.sources.files import InputFile
from lifecluster.sources.lookup import read_lookup
from lifecluster.sources.spec import SourceSpec
from lifecluster.sources.statistics import SIC, YEAR, one_code, possible, with_bounds, with_key


def read(files: Sequence[InputFile], spec: SourceSpec) -> ReferenceExtract:
    """The table `jobs`: year, area (ITL code), area_name, sic, value (jobs as printed), low, high, and `file`, `row`.

    `value` is null where the publisher left the cell empty: unknown, not none. Several files make one table; a later
    year is one more file. A cell that is in two files counts once, the second is rejected.
    """
    return read_lookup(
        files, spec, table="jobs", key="key", types={"year": pl.Int16(), "value": pl.Float64()},
        checks=[YEAR, SIC, possible("bres")], prepare=_keyed,
        change=lambda frame: with_bounds(frame.drop("key"), "bres"),
    )  # fmt: skip


def _keyed(frame: pl.DataFrame) -> pl.DataFrame:
    return with_key(frame.with_columns(one_code(frame["area"])), "year", "area", "sic")
