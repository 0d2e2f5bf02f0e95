"""From one value a row to one record a row."""

from __future__ import annotations

import polars as pl

from lifecluster.policy.visibility import Visibility
from lifecluster.reference.properties import Property, vocabulary
from lifecluster.sources.extract import COMPANIONS

TYPES: dict[str, type[pl.DataType]] = {"int": pl.Int64, "number": pl.Float64, "money": pl.Float64}


LEVELS = {level.label: int(level) for level in Visibility}


def apart(values: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The values that records have, and all further ones.

    Of the values of a property that holds one, the record has the one that most people may see: what is computed from
    records is public, and must not come from a value that is not. Of those with equal visibility it has one without
    end, and of those the newest. Of a property that holds many it has each value once, chosen in the same way.
    """
    many = [name for name, prop in vocabulary().properties.items() if prop.many]
    slot = ["kind", "key", "property", pl.when(pl.col("property").is_in(many)).then("_text").alias("_slot")]
    level = pl.col("visibility").fill_null(Visibility.PUBLIC.label).replace_strict(LEVELS, return_dtype=pl.Int8)
    ordered = values.sort(level, pl.col("valid_to").is_not_null(), "observed_on", "_n",
                          descending=[False, False, True, False], nulls_last=True)  # fmt: skip
    ordered = ordered.with_columns(_further=pl.int_range(pl.len()).over(slot) > 0).sort("_n")
    return ordered.filter(~pl.col("_further")), ordered.filter("_further")


def records(values: pl.DataFrame, *, of: pl.DataFrame, by: str = "key") -> dict[str, pl.DataFrame]:
    """Kind -> frame of records, in the order of their first row; keys sorted out by `kind` and `key`.

    Parameters: `values` with columns `kind, key, property, _text, file, row, _n` and the companions; `of` all values
    there are; `by` what makes a row, `key`, or `_n` for a row a value.
    Each property brings the companions that any of its values has; for a `many` property they are lists beside them.
    """
    out = {}
    for kind in vocabulary().kinds:
        part = values.filter(pl.col("kind") == kind).sort("_n")
        if part.is_empty():
            continue
        frame = part.unique(by, keep="first", maintain_order=True).select(*{"key": 0, by: 0}, "file", "row")
        for name, prop in vocabulary().of(kind).items():
            own = part.filter(pl.col("property") == name)
            if own.height:
                whole = of.filter(kind=kind, property=name)
                used = [c for c in COMPANIONS if whole[c].null_count() < whole.height]
                frame = frame.join(_columns(own, name, prop, by, used), on=by, how="left", maintain_order="left")
        out[kind] = frame.select("key", "file", "row", pl.exclude("key", "file", "row", "_n"))
    return out


def _columns(own: pl.DataFrame, name: str, prop: Property, by: str, used: list[str]) -> pl.DataFrame:
    text = pl.col("_text")
    value = (text.str.to_date() if prop.type == "date" else text.cast(TYPES.get(prop.type, pl.String))).alias(name)
    columns = [value, *(pl.col(c).alias(f"{name}__{c}") for c in used)]
    if prop.many:
        return own.group_by(by, maintain_order=True).agg(columns)
    return own.select(by, *columns)
