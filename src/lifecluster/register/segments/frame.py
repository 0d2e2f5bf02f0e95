"""The frame of organisations that is classified, and its checks."""

from __future__ import annotations

import polars as pl

from lifecluster.errors import InputError
from lifecluster.reference.sic import SIC_CODE

TEXTS = pl.List(pl.String)
COLUMNS: dict[str, pl.DataType] = {
    "organisation_id": pl.String(),
    "name": pl.String(),
    "other_names": TEXTS,
    "description": pl.String(),
    "sic": TEXTS,
    "organisation_type": TEXTS,
    "sources": TEXTS,
    "licence_type": TEXTS,
    "status": pl.String(),
    "segment": TEXTS,
}
REQUIRED = ("organisation_id", "name", "sic")


def checked(organisations: pl.DataFrame) -> pl.DataFrame:
    """`organisations` with every column of COLUMNS (absent ones all null), in the order of organisation_id.

    Adds `sic_known`: at least one well-formed code of SIC 2007. "None Supplied", four-digit codes of SIC 2003 and
    empty cells say nothing. Raises InputError where a required column is missing, a type is wrong, or an id is empty
    or occurs twice.
    """
    missing = [name for name in REQUIRED if name not in organisations.columns]
    if missing:
        raise InputError(f"lacks the columns {', '.join(missing)}", file="organisations")
    frame = organisations.select(
        [
            pl.col(name) if name in organisations.columns else pl.lit(None, dtype=kind).alias(name)
            for name, kind in COLUMNS.items()
        ]
    )
    try:
        frame = frame.cast(pl.Schema(COLUMNS))
    except pl.exceptions.PolarsError as error:
        raise InputError(f"has a column of the wrong type: {error}", file="organisations") from error
    ids = frame["organisation_id"]
    if ids.null_count() or not ids.is_unique().all():
        odd = frame.with_row_index("at", 1).filter(ids.is_null() | ids.is_duplicated())
        raise InputError("organisation_id is empty or occurs twice", file="organisations", row=odd["at"][0])
    codes = pl.col("sic").list.eval(pl.element().filter(pl.element().str.contains(SIC_CODE)).unique().sort())
    known = frame.sort("organisation_id").with_columns(sic=codes)
    return known.with_columns(sic_known=pl.col("sic").list.len().fill_null(0) > 0).with_row_index("row")
