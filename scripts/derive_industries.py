"""Makes the tables of src/lifecluster/reference/industries from the published files; same files, same bytes.

LIFECLUSTER_DATA=../shared/data python scripts/derive_industries.py [OUT]
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import polars as pl

from lifecluster.reference.taxonomy import sic_table
from lifecluster.register.definition import load_definition
from lifecluster.sources.extract import ReferenceExtract, Snapshot
from lifecluster.sources.files import InputFile
from lifecluster.sources.registry import recognise

OUT = Path(__file__).parent.parent / "src/lifecluster/reference/industries"
DEFINITIONS = ("dbt-sic", "scottish-sic")
"""Definitions that are lists of industries; the tables hold what any of them counts."""


def main() -> None:
    """Write all tables into the folder named on the command line, or into the library."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else OUT
    out.mkdir(parents=True, exist_ok=True)
    for name, frame in derive(Path(os.environ["LIFECLUSTER_DATA"])).items():
        frame.write_csv(out / f"{name}.csv", line_terminator="\n", float_precision=None)
        print(f"{name}: {frame.height} rows")


def derive(data: Path) -> dict[str, pl.DataFrame]:
    """The tables by name from the folder of published files."""
    jobs = _read(data, "statistics/bres_*.csv.gz", "jobs").filter(pl.col("sic").is_in(codes()))
    counts = _read(data, "statistics/uk_business_counts_*.csv.gz", "businesses").filter(pl.col("sic").is_in(codes()))
    workforce = _read(data, "skills/aps_*.csv.gz", "workforce").filter(pl.col("sections") != "G-Q")
    figures = _read(data, "statistics/published_sector_figures.csv", "sector_figures")
    by, cell = ["year", "area", "sic"], ["period", "area", "soc", "sections"]
    return {
        "jobs": _whole(jobs.select(*by, "value")).sort(by),
        "businesses": _whole(counts.select(*by, "band", "value")).sort([*by, "band"]),
        "workforce": _whole(workforce.select(*cell, "value", "half_width", "status")).sort(cell),
        "sector_figures": figures.drop("file", "row"),
    }


def codes() -> list[str]:
    """Five-digit codes that some definition lists, sorted."""
    prefixes = {prefix for name in DEFINITIONS for prefix in load_definition(name).sic_prefixes()}
    every = sic_table().filter(pl.col("code").str.len_chars() == 5)["code"]
    return sorted(code for code in every if any(code.startswith(prefix) for prefix in prefixes))


def _read(data: Path, pattern: str, table: str) -> pl.DataFrame:
    """All files of one pattern as one table; the build fails where a row is rejected."""
    paths = sorted(data.glob(pattern))
    source = recognise(paths[0])
    assert source is not None, paths[0].name
    extract = source.read([InputFile(path, Snapshot.of(path)) for path in paths])
    assert isinstance(extract, ReferenceExtract)
    assert not extract.rejected.height, extract.rejected
    return extract.tables[table]


def _whole(frame: pl.DataFrame) -> pl.DataFrame:
    """Figures that are whole numbers without a decimal point."""
    return frame.with_columns(pl.col(c).cast(pl.Int64) for c in ("value", "half_width") if c in frame.columns)


if __name__ == "__main__":
    main()
