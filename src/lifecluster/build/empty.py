"""Why a build names no organisation: said in numbers and places, so that the wrong profile or file is seen at once."""

from __future__ import annotations

import numpy as np
import polars as pl

from lifecluster.build.read import Reading
from lifecluster.places import distance
from lifecluster.places.areas import area_name, outwards
from lifecluster.places.spoken import spoken
from lifecluster.region import Region

NAMED = 3
"""Districts, and reasons why rows were put aside, that are named."""


def why_empty(reading: Reading, region: Region, records: pl.DataFrame, sites: pl.DataFrame, *, inside: int) -> str:
    """Why there is no organisation to name, in words.

    Parameters: `records`, `sites` as placed (columns `lad`, `easting`, `northing`, null where unknown); `inside` how
    many organisations have a place in the region.
    """
    rows = sum(extract.read for extract in reading.extracts)
    aside = pl.concat([extract.rejected.select("file", "row", "reason") for extract in reading.extracts])
    said = [f"{rows:,} rows were read and {aside.height:,} put aside{_reasons(aside)}"]
    placed = pl.concat([frame.select("lad", "easting", "northing") for frame in (records, sites)])
    if inside:
        said.append(f"{inside:,} organisations lie in it, but no definition counts them and no list says they belong")
    elif placed.height:
        unknown = placed["lad"].null_count()
        said.append(f"the nearest to it are {_nearest(placed, region)}" if unknown < placed.height else "")
        said.append(f"{unknown:,} have no postcode or district that is known" if unknown else "")
    told = "; ".join(part for part in said if part)
    where = spoken(region.title)
    return f"no organisation of {where} is in these files: nothing is built. {told}. Is it the right --profile?"


def _reasons(aside: pl.DataFrame) -> str:
    told = "; ".join(f"{file}, row {row}: {reason}" for file, row, reason in aside.head(NAMED).iter_rows())
    return f" ({told})" if told else ""


def _nearest(placed: pl.DataFrame, region: Region) -> str:
    """The districts of the rows that are nearest to the region, each with its rows and the kilometres to go."""
    known = placed.drop_nulls("lad")
    own = outwards().filter(pl.col("lad").is_in(sorted(region.codes))).drop_nulls("easting")
    east, north = own["easting"].to_numpy(), own["northing"].to_numpy()
    grouped = known.group_by("lad").agg(pl.len(), pl.col("easting", "northing").median())
    away = [float(np.min(distance(east, north, x, y))) / 1000 if x is not None and len(east) else None
            for x, y in grouped.select("easting", "northing").iter_rows()]  # fmt: skip
    ranked = grouped.with_columns(km=pl.Series(away, dtype=pl.Float64)).sort("km", "lad", nulls_last=True)
    return ", ".join(_told(*row) for row in ranked.head(NAMED).select("lad", "len", "km").iter_rows())


def _told(lad: str, rows: int, km: float | None) -> str:
    away = "" if km is None else f", {km:,.0f} km away"
    return f"{area_name(lad) or lad} ({rows:,} row{'' if rows == 1 else 's'}{away})"
