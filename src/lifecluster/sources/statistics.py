"""What tables of official statistics have in common: areas under old and new codes, years, rounded figures."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import polars as pl

from lifecluster.errors import LifeclusterError
from lifecluster.places.areas import authorities
from lifecluster.places.codes import itl
from lifecluster.reference.rounding import rounding
from lifecluster.sources.lookup import Check

YEAR = Check(~pl.col("year").is_between(1990, 2100), "year", "is no year")
SIC = Check(~pl.col("sic").str.contains(r"^\d{5}$"), "sic", "is no five-digit code of SIC 2007")


def with_key(frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """The frame with `key`: the text of these columns, by which a repeated cell is found."""
    return frame.with_columns(key=pl.concat_str([pl.col(c).fill_null("") for c in columns], separator="|"))


def one_code(codes: pl.Series) -> pl.Series:
    """Codes of areas in one form: `UKF1` becomes `TLF1` and so does a region's `E12000004`; other texts stay."""
    found: dict[str, str] = {}
    for code in codes.drop_nulls().unique().to_list():
        try:
            found[code] = itl(code)
        except LifeclusterError:
            found[code] = _regions().get(code, code)
    return codes.replace_strict(found, return_dtype=pl.String) if found else codes


@cache
def _regions() -> Mapping[str, str]:
    """Nine-character codes of regions of England, and of the other countries -> the ITL 1 area that they are."""
    table = authorities().filter(pl.col("itl1").is_not_null())
    pairs = [
        *table.select("region", "itl1").unique().iter_rows(),
        *table.select("country", "itl1").unique().iter_rows(),
    ]
    several = {code for code, _ in pairs if len({itl1 for other, itl1 in pairs if other == code}) > 1}
    return {code: itl1 for code, itl1 in pairs if code is not None and code not in several}


def possible(source: str, column: str = "value") -> Check:
    """Rejects a figure that the publisher's rule of rounding cannot have made; an empty one stays empty."""
    rule = rounding(source)

    def bad(values: pl.Series) -> pl.Series:
        return values.is_not_null() & rule.bounds(values)[0].is_null()

    test = pl.col(column).map_batches(bad, return_dtype=pl.Boolean)
    return Check(test, column, "is no figure that the publisher's rounding makes")


def with_bounds(frame: pl.DataFrame, source: str, column: str = "value") -> pl.DataFrame:
    """The frame with `low` and `high`: the whole numbers that may stand behind each rounded figure."""
    low, high = rounding(source).bounds(frame[column])
    return frame.with_columns(low, high)
