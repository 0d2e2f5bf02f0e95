"""Small helpers of the tests of figures."""

from __future__ import annotations

import csv
import gzip
from datetime import date
from functools import cache
from pathlib import Path

from lifecluster.figures.claim import Claim, load_claim
from lifecluster.figures.compute import compute
from lifecluster.figures.inputs import Inputs, shipped
from lifecluster.figures.places import place
from lifecluster.figures.result import BasisResult, Result

AT = date(2026, 11, 22)
DBT = ("21100", "21200", "26600", "32500", "72110")
SCOTTISH = (*DBT, "72190")
MIDLANDS = {"east-midlands": ("UKF",), "west-midlands": ("UKG",), "midlands": ("UKF", "UKG")}


def run(claim: str | Claim, region: str, *, inputs: Inputs | None = None, **more) -> Result:
    found = load_claim(claim) if isinstance(claim, str) else claim
    return compute(found, place(region), inputs or shipped(), at=AT, **more)


def basis(result: Result, label: str) -> BasisResult:
    (found,) = [b for b in result.bases if b.basis.label == label]
    return found


@cache
def jobs_file(folder: Path) -> tuple[tuple[str, str, str, float], ...]:
    """The real file, read by nothing of ours: year, area, code, jobs; empty cells left out."""
    path = folder / "statistics/bres_employment_itl2_sic5_2015-2020.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8-sig") as stream:
        return tuple((r["DATE"], r["GEOGRAPHY_CODE"], r["INDUSTRY_CODE"], float(r["COUNT"]))
                     for r in csv.DictReader(stream) if r["COUNT"])  # fmt: skip


def direct(folder: Path, year: int, areas: tuple[str, ...], codes: tuple[str, ...]) -> float:
    return sum(v for y, a, c, v in jobs_file(folder) if y == str(year) and a.startswith(areas) and c in codes)
