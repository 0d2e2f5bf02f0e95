"""Published figures of the sector: a region's own, the sum of regions, the share of the whole, or a stated rank."""

from __future__ import annotations

from fractions import Fraction

import polars as pl

from lifecluster.figures.bases.collected import Collected, Missing, cannot
from lifecluster.figures.breaks import crossed
from lifecluster.figures.claim import Basis, Claim
from lifecluster.figures.inputs import Inputs
from lifecluster.figures.places import Place, competitors, regions
from lifecluster.figures.rows import BEFORE, NOW, REST, THIS, Row, exact
from lifecluster.places.spoken import spoken

UK = "UK"
URL = "https://www.gov.uk/government/collections/bioscience-and-health-technology-database-annual-reports"
ADDITIVE = frozenset({"turnover", "employment", "sites"})
"""Measures whose regional figures add up; a business with sites in two regions would be counted twice."""
Cells = dict[str, Row]


def collect(claim: Claim, basis: Basis, asked: Place, year: str | None, inputs: Inputs) -> Collected:
    """Rows of the newest release (or that of `year`) that has every figure needed."""
    table = inputs.tables.get("sector_figures")
    unit = basis.quantity
    if table is None:
        return cannot(Missing("published figures of the sector", "sector-figures", URL), unit, "United Kingdom")
    mine = table.filter((pl.col("sector") == basis.sector) & (pl.col("measure") == basis.measure))
    if claim.kind == "growth":
        return _growth(claim, basis, asked, year, mine)
    releases = sorted(mine["release"].unique().to_list(), reverse=True)
    if year is not None:
        releases = [release for release in releases if release == year or release.startswith(f"{year}/")]
    tried: list[Collected] = []
    for release in releases:
        found = _of(claim, basis, asked, mine.filter(pl.col("release") == release), release)
        if found.rows:
            return found
        tried.append(found)
    stated = next((t for t in tried if t.stated_rank is not None), None)
    return stated or (tried[0] if tried else cannot(_gap(basis, asked.title, year), unit, "United Kingdom"))


def _gap(basis: Basis, title: str, release: str | None) -> Missing:
    when = f", {release}" if release else ""
    return Missing(
        f"{basis.measure} of {spoken(title)} ({basis.sector}){when} in the sector statistics", "sector-figures", URL
    )


def _cells(table: pl.DataFrame, basis: Basis) -> Cells:
    found: Cells = {}
    for cell in table.iter_rows(named=True):
        high = None if cell["high"] is None else exact(cell["high"])
        found[cell["area_name"]] = Row("", cell["area_name"], exact(cell["value"]), exact(cell["low"]), high,
                                       label=basis.sector, vintage=cell["release"])  # fmt: skip
    return found


def _group(group: str, title: str, codes: tuple[str, ...], cells: Cells, basis: Basis) -> list[Row] | None:
    """Rows of one group: the figure of the whole, or those of its regions where they add up."""
    names = regions("uk-regions")
    own = [UK] if title == "United Kingdom" else [title] if title in cells else [names.get(c, c) for c in codes]
    if any(name not in cells for name in own) or (len(own) > 1 and basis.measure not in ADDITIVE):
        return None
    return [_in(cells[name], group) for name in own]


def _in(row: Row, group: str) -> Row:
    return Row(group, row.key, row.value, row.low, row.high, row.label, row.vintage)


def _of(claim: Claim, basis: Basis, asked: Place, table: pl.DataFrame, release: str) -> Collected:
    cells = _cells(table, basis)
    grid = Fraction(1, 100) if basis.measure == "turnover" else Fraction(1)
    unit = basis.quantity
    this = _group(THIS, asked.title, asked.areas, cells, basis)
    others = competitors(asked, claim.league)
    if claim.kind == "rank":
        groups = {code: _group(code, name, (code,), cells, basis) for code, name in others.items()}
        if this is None or any(rows is None for rows in groups.values()):
            return _stated(asked, basis, table, release, unit)
        rows = [*this, *(row for found in groups.values() for row in found or [])]
        return Collected(tuple(rows), unit, "United Kingdom", release, grid)
    if this is None:
        return cannot(_gap(basis, asked.title, release), unit, "United Kingdom")
    if claim.kind == "share":
        rest = _group(REST, "", tuple(others), cells, basis) or _remainder(cells, this)
        if rest is None:
            return cannot(_gap(basis, UK, release), unit, "United Kingdom")
        return Collected((*this, *rest), unit, "United Kingdom", release, grid)
    return Collected(tuple(this), unit, "United Kingdom", release, grid)


def _remainder(cells: Cells, this: list[Row]) -> list[Row] | None:
    """The whole less this place, where the other regions were not published."""
    whole = cells.get(UK)
    ends = [row.high for row in this]
    if whole is None or whole.value is None or whole.high is None or any(e is None for e in ends):
        return None
    low, value = sum(row.low for row in this), sum(row.value for row in this if row.value is not None)
    high = sum(e for e in ends if e is not None)
    return [Row(REST, "UK less this place", whole.value - value, whole.low - high, whole.high - low,
                whole.label, whole.vintage)]  # fmt: skip


def _stated(asked: Place, basis: Basis, table: pl.DataFrame, release: str, unit: str) -> Collected:
    """The rank that the publisher states, where the figures behind it were not published."""
    stated = table.filter((pl.col("area_name") == asked.title) & pl.col("rank").is_not_null())
    if not stated.height:
        return cannot(_gap(basis, "every region", release), unit, "United Kingdom")
    row = stated.row(0, named=True)
    note = f"the publisher states rank {row['rank']} and prints no figures of the other regions"
    return Collected((), unit, "United Kingdom", release, notes=(note,), stated_rank=(row["rank"], row["source"]))


def _growth(claim: Claim, basis: Basis, asked: Place, year: str | None, table: pl.DataFrame) -> Collected:
    releases = sorted(table["release"].unique().to_list())
    late = next((r for r in reversed(releases) if year is None or r == year or r.startswith(f"{year}/")), None)
    early, unit = str(claim.base), basis.quantity
    if late is None:
        return cannot(_gap(basis, asked.title, year), unit, "United Kingdom")
    found = crossed("sector-figures", early, late)
    if found is not None:
        return cannot(found.told(), unit, "United Kingdom")
    parts: list[Row] = []
    for group, release in ((NOW, late), (BEFORE, early)):
        cells = _cells(table.filter(pl.col("release") == release), basis)
        rows = _group(group, asked.title, asked.areas, cells, basis)
        if rows is None:
            return cannot(_gap(basis, asked.title, release), unit, "United Kingdom")
        parts += rows
    grid = Fraction(1, 100) if basis.measure == "turnover" else Fraction(1)
    return Collected(tuple(parts), unit, "United Kingdom", f"{early} to {late}", grid)
