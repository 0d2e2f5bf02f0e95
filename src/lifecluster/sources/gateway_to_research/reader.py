"""Publicly funded research: awards, and the organisations that lead them."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from lifecluster.sources.extract import Extract
from lifecluster.sources.files import InputFile
from lifecluster.sources.holders import holders
from lifecluster.sources.spec import SourceSpec
from lifecluster.sources.tabular import read_table

SWAP_SHARE = 0.5
"""If more than this share of the dates with a day up to 12 falls in January, day and month were exchanged."""


def read(files: Sequence[InputFile], spec: SourceSpec) -> Extract:
    """Records of kind award (keyed by project reference) and organisation (keyed by the id of the lead organisation).

    Awards start on the first of a month more often than not. An export that exchanged day and month therefore has
    nearly all its dates in January; they are put right, and what was written is kept.
    """
    notes: list[str] = []

    def derive(awards: pl.DataFrame) -> dict[str, pl.DataFrame]:
        for column in ("starts_on", "ends_on"):
            awards = _unswap(awards, column, notes)
        key = pl.col("_LeadROId").str.to_uppercase()
        organisations = holders(awards.with_columns(key.alias("_key")), key="_key", name="_LeadROName")
        awards = awards.with_columns(
            holder=pl.concat_list("organisation:" + key), state=pl.col("state").str.to_lowercase(),
            currency=pl.when(pl.col("amount").is_not_null()).then(pl.lit("GBP")),
        )  # fmt: skip
        return {"award": awards, "organisation": organisations}

    return read_table(files, spec, derive=derive, keep=("LeadROName", "LeadROId"), notes=notes)


def _unswap(awards: pl.DataFrame, column: str, notes: list[str]) -> pl.DataFrame:
    date = pl.col(column)
    early = date.dt.day() <= 12
    rest = awards.filter(~early).height
    counts = awards.filter(early).select(january=(date.dt.month() == 1).sum(), all=pl.len()).row(0)
    if counts[1] < 100 or counts[0] <= SWAP_SHARE * counts[1] or rest == 0:
        return awards
    if awards.filter(~early & (date.dt.month() == 1)).height > SWAP_SHARE * rest:
        return awards  # January is common whatever the day: nothing was exchanged
    seen = f"{counts[0]:,} of {counts[1]:,} dates with a day up to 12 fall in January"
    notes.append(f"{column}: {seen}, so day and month were exchanged in this export; put right, the text is kept")
    put_right = pl.date(date.dt.year(), date.dt.day(), date.dt.month())
    swapped = early & (date.dt.day() != date.dt.month())
    before = pl.when(swapped).then(date.cast(pl.String)).alias(f"{column}__original")
    return awards.with_columns(before, pl.when(early).then(put_right).otherwise(date).alias(column))
