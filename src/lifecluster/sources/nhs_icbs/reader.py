"""Integrated care boards, their sub-locations, and the commissioning groups before them: ODS report `eccg`."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from lifecluster.sources.extract import Extract
from lifecluster.sources.files import InputFile
from lifecluster.sources.spec import SourceSpec
from lifecluster.sources.tabular import read_table


def read(files: Sequence[InputFile], spec: SourceSpec) -> Extract:
    """Records of kind organisation, keyed by ODS code; the type follows from the words of the name."""
    name = pl.col("name").str.to_uppercase()
    kind = (
        pl.when(name.str.contains("HUB"))
        .then(pl.lit("nhs-commissioning-hub"))
        .when(name.str.contains(r"\bCCG\b"))
        .then(pl.lit("nhs-ccg"))
        .when(name.str.contains(r"SUB-ICB|ICB - "))
        .then(pl.lit("nhs-sub-icb"))
        .otherwise(pl.lit("nhs-icb"))
    )
    return read_table(files, spec, derive=lambda records: records.with_columns(organisation_type=pl.concat_list(kind)))
