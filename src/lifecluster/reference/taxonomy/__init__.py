"""Small official code lists: UK SIC 2007 and the segment codes of the Office for Life Sciences (see SOURCES.yml)."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

import polars as pl


def _read(name: str) -> pl.DataFrame:
    data = resources.files("lifecluster.reference.taxonomy").joinpath(name).read_bytes()
    return pl.read_csv(data, schema_overrides={"code": pl.String})


@cache
def sic_table() -> pl.DataFrame:
    """UK SIC 2007 at every level: code, title, level, section, publisher. Codes are digits without dots."""
    return _read("uksic2007.csv")


@cache
def ols_segments() -> pl.DataFrame:
    """Segment codes of the Office for Life Sciences; columns that start with `inferred_` are ours."""
    return _read("ols_segments.csv")


@cache
def _titles() -> dict[str, str]:
    table = sic_table()
    return dict(zip(table["code"], table["title"], strict=True))


@cache
def _labels() -> dict[str, str]:
    table = ols_segments()
    return dict(zip(table["code"], table["label"], strict=True))


def segment_label(code: str) -> str | None:
    """Label of a segment code; None if there is no such code."""
    return _labels().get(code)


def plain_sic(code: str) -> str:
    """`26.6` or ` 26.60/1 ` as the digits alone, `266` or `26601`."""
    return re.sub(r"[\s./]", "", code)


def sic_title(code: str) -> str | None:
    """Title of a SIC 2007 code of any level, with or without dots; None if there is no such code."""
    return _titles().get(plain_sic(code))
