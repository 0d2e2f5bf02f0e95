"""The workforce by industry and occupation: Annual Population Survey estimates with their confidence intervals."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from lifecluster.sources.extract import ReferenceExtract
from lifecluster.sources.files import InputFile
from lifecluster.sources.lookup import Check, read_lookup
from lifecluster.sources.spec import SourceSpec
from lifecluster.sources.statistics import one_code, possible, with_key

CELL = ("period", "area", "area_name", "soc", "sections")


def read(files: Sequence[InputFile], spec: SourceSpec) -> ReferenceExtract:
    """The table `workforce`, one row a cell: period, area, area_name, soc, sections, value, half_width, status.

    `soc`: SOC 2020 major group, 1 to 9. `sections`: letters of the SIC 2007 sections (`BDE`), `G-Q` all services.
    `value`: people; `half_width` of the publisher's 95 % interval. Both are null where the sample was too small;
    `status` is the publisher's letter for the value (A normal, F fewer than three people asked, H less than 500).
    """
    checks = [
        Check(~pl.col("measure").is_in(["Value", "Confidence"]), "measure", "is neither Value nor Confidence"),
        Check(pl.col("soc").is_null(), "soc", "has no major group of SOC 2020, 1 to 9"),
        Check(pl.col("sections").is_null(), "sections", "has no letters of SIC 2007 sections"),
        possible("workforce"),
    ]
    return read_lookup(files, spec, table="workforce", key="key", types={"value": pl.Float64(), "soc": pl.Int8()},
                       checks=checks, prepare=_prepared, change=_wide)  # fmt: skip


def _prepared(frame: pl.DataFrame) -> pl.DataFrame:
    """Group and letters from the labels (`2 Professional ...`, `B,D,E Energy ...`), and one code an area."""
    label = pl.col("sections").str.extract(r"^([A-U](?:[,-][A-U])*) ")
    range_ = label.is_in(["G-Q"])
    tidy = pl.when(range_).then(label).otherwise(label.str.replace_all(",", ""))
    frame = frame.with_columns(
        one_code(frame["area"]), soc=pl.col("soc").str.extract(r"^([1-9]) "), sections=tidy.str.replace("K-N", "KLMN")
    )
    spelt = {"O-Q": "OPQ", "R-U": "RSTU"}
    return with_key(frame.with_columns(pl.col("sections").replace(spelt)), "period", "area", "soc", "sections",
                    "measure")  # fmt: skip


def _wide(frame: pl.DataFrame) -> pl.DataFrame:
    values = frame.filter(pl.col("measure") == "Value").select(*CELL, "value", "status", "file", "row")
    widths = frame.filter(pl.col("measure") == "Confidence").select(*CELL, half_width="value")
    joined = values.join(widths, on=list(CELL), how="left", maintain_order="left")
    return joined.select("file", "row", *CELL, "value", "half_width", "status")
