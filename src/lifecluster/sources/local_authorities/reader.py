"""Local authority codes: every code that was in use and the active one that stands for it now."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from lifecluster.sources.extract import ReferenceExtract
from lifecluster.sources.files import InputFile
from lifecluster.sources.lookup import Check, read_lookup
from lifecluster.sources.spec import SourceSpec

CODE = r"^[ENSW][0-9]{8}$"


def read(files: Sequence[InputFile], spec: SourceSpec) -> ReferenceExtract:
    """The table `authorities`: code, name, active, active_name, upper tier, combined authority, region, country.

    `current` is Boolean. A code is current just when it is its own active one; a row that says otherwise is rejected.
    """
    current = pl.col("current").str.to_uppercase() == "TRUE"
    checks = [
        Check(~pl.col("code").str.contains(CODE), "code", "is no area code of nine characters"),
        Check(~pl.col("active").str.contains(CODE), "active", "is no area code of nine characters"),
        Check(current != (pl.col("code") == pl.col("active")), "current", "contradicts the active code"),
    ]
    return read_lookup(
        files, spec, table="authorities", key="code", types={}, checks=checks,
        change=lambda frame: frame.with_columns(current=current),
    )  # fmt: skip
