"""The small tables of areas shipped with the library: authorities, their past codes, outward codes, names.

Made by scripts/derive_areas.py; sources and licence stand in reference/areas/areas.yml.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

import polars as pl

from lifecluster.places.codes import CodeHistory


def _table(name: str) -> pl.DataFrame:
    path = resources.files("lifecluster.reference").joinpath("areas", f"{name}.csv")
    frame = pl.read_csv(path.read_bytes(), infer_schema=False)
    return frame.with_columns(pl.col(c).cast(pl.Int64) for c in ("easting", "northing", "n") if c in frame.columns)


@cache
def authorities() -> pl.DataFrame:
    """Active local authorities: lad, name, and codes of region, combined_authority, country, itl1 to itl3, or null."""
    return _table("authorities")


@cache
def names() -> pl.DataFrame:
    """Names of areas: code, level (country, region, combined_authority, itl1, itl2, itl3), name."""
    return _table("names")


@cache
def outwards() -> pl.DataFrame:
    """Outward codes: outward, easting and northing of the middle (metres), n postcodes, lad where most of them lie."""
    return _table("outwards")


@cache
def code_history() -> CodeHistory:
    """Every code of a local authority since 2009 and the active one that stands for it."""
    return CodeHistory.of(_table("codes"))


def area_name(code: str) -> str | None:
    """Name of an authority (by any of its codes), a region, a combined authority, a country or an ITL area."""
    active = code_history().active_code(code)
    if active is not None:
        return str(authorities().filter(pl.col("lad") == active)["name"][0])
    found = names().filter(pl.col("code") == code)["name"]
    return str(found[0]) if len(found) else None
