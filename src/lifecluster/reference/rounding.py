"""What a rounded figure says of the number behind it: the whole numbers that round to it, by publisher."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from lifecluster.yaml_files import read_yaml

FILE = "rounding.yml"


class Band(BaseModel):
    """Numbers under `below` (None: all that are left) go to the nearest multiple of `to`."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    below: int | None = Field(None, gt=0)
    to: int = Field(gt=0)


class Rounding(BaseModel):
    """The rule of one publisher's table; see `rounding.yml` for the words.

    `confidence`: seen (the publisher's text was read), recalled, or inferred (from the figures themselves).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    what: str
    publisher: str
    url: str
    confidence: Literal["seen", "recalled", "inferred"]
    note: str
    bands: tuple[Band, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> Rounding:
        ends = [band.below for band in self.bands]
        known = [end for end in ends if end is not None]
        if None in ends[:-1] or ends[-1] is not None or known != sorted(set(known)):
            raise ValueError("bands rise, and the last one has no upper end")
        return self

    def rounded(self, number: int) -> int:
        """A whole number >= 0 as this publisher prints it; halves go up."""
        step = next(b.to for b in self.bands if b.below is None or number < b.below)
        return (2 * number + step) // (2 * step) * step

    def preimage(self, printed: float) -> tuple[int, int]:
        """The least and the greatest whole number that may stand behind a printed figure.

        Raises ValueError for a figure that this rule cannot have made.
        """
        found: list[tuple[int, int]] = []
        start = 0
        for band in self.bands:
            low = max(start, -((band.to - 2 * printed) // 2))
            high = (2 * printed + band.to) // 2
            high = high if band.below is None else min(high, band.below - 1)
            if printed % band.to == 0 and low <= high:
                found.append((int(low), int(high)))
            start = band.below or start
        if not found or printed < 0:
            raise ValueError(f"{printed:g} is no figure that this rule of rounding makes")
        return min(low for low, _ in found), max(high for _, high in found)

    def bounds(self, printed: pl.Series) -> tuple[pl.Series, pl.Series]:
        """`preimage` of a column: lows and highs (Int64), null where the figure is null or the rule cannot make it."""
        low: dict[float, int | None] = {}
        high: dict[float, int | None] = {}
        for value in printed.drop_nulls().unique().to_list():
            try:
                low[value], high[value] = self.preimage(value)
            except ValueError:
                low[value] = high[value] = None
        make = printed.cast(pl.Float64)
        lows = make.replace_strict(low, default=None, return_dtype=pl.Int64) if low else make.cast(pl.Int64)
        highs = make.replace_strict(high, default=None, return_dtype=pl.Int64) if high else make.cast(pl.Int64)
        return lows.alias("low"), highs.alias("high")


@cache
def roundings() -> Mapping[str, Rounding]:
    """The rules shipped with the library, by name of the source."""
    content = read_yaml(resources.files("lifecluster.reference").joinpath(FILE))
    return TypeAdapter(dict[str, Rounding]).validate_python(content)


def rounding(source: str) -> Rounding:
    """The rule of one source; raises KeyError for a source that has none."""
    return roundings()[source]
