"""The share of the workforce in high-skilled occupations: SOC 2020 major groups 1 to 3, from a sample survey."""

from __future__ import annotations

from fractions import Fraction

import polars as pl

from lifecluster.figures.bases.collected import Collected, Missing, absent, cannot, fits
from lifecluster.figures.claim import Basis, Claim
from lifecluster.figures.inputs import Inputs
from lifecluster.figures.places import Place
from lifecluster.figures.rows import REST, THIS, Row, exact

HIGH = (1, 2, 3)
"""Managers, professionals, associate professionals: major groups of SOC 2020."""
Z95 = 1.959963984540054
UNSEEN = {"H": 500, "F": 1000}
"""Most that a withheld estimate may be: less than 500 as published (H); at most two people asked, each standing for
about 500 (F). The second is ours, from the size of estimates that rest on three to nine people."""
WIDEST = 0.75
"""Half width of an interval that was withheld for a small sample (3 to 9 people), as a share of the estimate: the
widest that is published is 0.73 of its estimate."""
NOTE = (
    "of all people in employment in these industries: the survey does not tell the life sciences apart",
    "cells with at most two people asked are taken as anything from 0 to 1,000",
)
FILE = Missing("workforce by industry section, SOC 2020 major group and area, Annual Population Survey", "workforce",
               "https://www.nomisweb.co.uk/sources/aps")  # fmt: skip


def collect(claim: Claim, basis: Basis, asked: Place, year: str | None, inputs: Inputs) -> Collected:
    """Cells of groups 1 to 3 (`this`) and of the other groups (`rest`) for the place."""
    table = inputs.tables.get("workforce")
    if table is None or claim.kind != "share":
        return cannot(FILE if table is None else "the survey is used for shares alone", "people", "Great Britain")
    periods = [p for p in table["period"].unique().sort().to_list() if year is None or year in p]
    if not periods:
        return cannot(Missing(f"{FILE.file}, {year}", FILE.source, FILE.url), "people", "Great Britain")
    period = max(periods, key=lambda text: text[-4:])
    wanted = (pl.col("period") == period) & (pl.col("sections") != "G-Q")
    if basis.sections != "all":
        wanted &= pl.col("sections") == basis.sections
    chosen = table.filter(wanted)
    rows = [_row(cell) for cell in chosen.iter_rows(named=True) if fits(cell["area"], asked.areas)]
    if not rows or absent(asked.areas, set(chosen["area"])):
        return cannot(Missing(f"{FILE.file}, {asked.title}", FILE.source, FILE.url), "people", "Great Britain")
    return Collected(tuple(rows), "people", "Great Britain", period, Fraction(100), NOTE, classes=(basis.sections,))


def _row(cell: dict[str, object]) -> Row:
    soc, value = int(str(cell["soc"])), cell["value"]
    group, key = THIS if soc in HIGH else REST, f"{cell['area']}|{cell['sections']}|{soc}"
    label, vintage = f"SOC {soc}", str(cell["period"])
    if value is None:
        most = Fraction(UNSEEN.get(str(cell["status"]), max(UNSEEN.values())))
        return Row(group, key, most / 2, Fraction(0), most, label, vintage)
    printed = float(str(value))
    width = WIDEST * printed if cell["half_width"] is None else float(str(cell["half_width"]))
    return Row(group, key, exact(printed), exact(printed) - 50, exact(printed) + 50, label, vintage, sd=width / Z95)
