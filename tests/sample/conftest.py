"""One sample region for all tests of this folder, as objects and as files."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from lifecluster.sample import SampleSummary, write_sample
from lifecluster.sample.model import World
from lifecluster.sample.world import build_world


@dataclass(frozen=True)
class Written:
    """A sample region on disk."""

    folder: Path
    truth: Path
    summary: SampleSummary

    def exchange(self) -> pl.DataFrame:
        """The exchange file as text."""
        return pl.read_csv(self.folder / "exchange-sample.csv", infer_schema=False)

    def companies(self) -> list[dict[str, str]]:
        """The company register, header blanks stripped."""
        with (self.folder / "BasicCompanyData-sample.csv").open(encoding="utf-8", newline="") as stream:
            header = [name.strip() for name in next(csv.reader(stream))]
            return [dict(zip(header, row, strict=True)) for row in csv.reader(stream)]


@pytest.fixture(scope="session")
def world() -> World:
    """The spine of seed 1."""
    return build_world(1)


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The files of seed 1."""
    base = tmp_path_factory.mktemp("sample")
    truth = base / "truth.csv"
    return Written(base / "inputs", truth, write_sample(base / "inputs", seed=1, truth=truth))


@pytest.fixture(scope="session")
def rows(written: Written) -> list[dict[str, str]]:
    """Rows of the company register."""
    return written.companies()
