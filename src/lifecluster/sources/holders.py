"""Organisations that a table names again and again: one record for each."""

from __future__ import annotations

import polars as pl

from lifecluster.sources.persons import mask


def holders(rows: pl.DataFrame, *, key: str, name: str) -> pl.DataFrame:
    """One organisation for each value of column `key`, with its commonest name (the first in the alphabet of several).

    Returns columns `key, file, row, name`: file and row of the first mention. Rows without key or name are left out.
    """
    named = rows.filter(pl.col(key).is_not_null() & pl.col(name).is_not_null())
    named = named.select(pl.col(key).alias("key"), "file", "row", mask(named[name]).alias("name"))
    named = named.drop_nulls("name")
    common = named.group_by("key", "name").len().sort(["len", "name"], descending=[True, False])
    chosen = common.unique("key", keep="first", maintain_order=True).select("key", "name")
    first = named.unique("key", keep="first", maintain_order=True).select("key", "file", "row")
    return first.join(chosen, on="key", how="left", maintain_order="left")
