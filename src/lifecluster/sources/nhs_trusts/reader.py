"""NHS trusts and foundation trusts, open and closed, from the headerless ODS report `etr`."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from lifecluster.sources.extract import Extract
from lifecluster.sources.files import InputFile
from lifecluster.sources.spec import SourceSpec
from lifecluster.sources.tabular import read_table


def read(files: Sequence[InputFile], spec: SourceSpec) -> Extract:
    """Records of kind organisation, keyed by ODS code; see source.yml for the columns."""
    trust = pl.concat_list(pl.lit("nhs-trust"))
    return read_table(files, spec, derive=lambda records: records.with_columns(organisation_type=trust))
