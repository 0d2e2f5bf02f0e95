"""Jobs and businesses by industry: sums of published cells over the industries of a definition."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
import polars as pl

from lifecluster.figures.bases.collected import Collected, Missing, absent, cannot, fits, groups
from lifecluster.figures.claim import Basis, Claim
from lifecluster.figures.inputs import Inputs
from lifecluster.figures.places import Place
from lifecluster.figures.rows import BEFORE, NOW, Row, exact
from lifecluster.places.areas import area_name
from lifecluster.reference.taxonomy import sic_table
from lifecluster.register.definition import load_definition

FILES = {
    "bres": Missing("jobs by ITL area and five-digit industry, Business Register and Employment Survey", "bres",
                    "https://www.nomisweb.co.uk/sources/bres"),
    "uk-business-counts": Missing("business counts by region and five-digit industry, UK business counts",
                                  "uk-business-counts", "https://www.nomisweb.co.uk/sources/ukbc"),
}  # fmt: skip
TABLE = {"bres": "jobs", "uk-business-counts": "businesses"}
UNIT = {"bres": "jobs", "uk-business-counts": "businesses"}
GB = "K03000001"
SAMPLED = "sampling error estimated from the swings of the series itself"


@cache
def industries(definition: str, segment: str | None = None) -> tuple[str, ...]:
    """Five-digit codes that a listed definition (or one of its segments) counts, sorted."""
    found = load_definition(definition)
    wanted = [s for s, above in found.walk() if segment is None or s.id == segment or segment in above]
    prefixes = {code for s in wanted for code, weight in s.predicate.sic.items() if weight > 0}
    every = sic_table().filter(pl.col("code").str.len_chars() == 5)["code"].to_list()
    return tuple(sorted(code for code in every if any(code.startswith(p) for p in prefixes)))


def collect(claim: Claim, basis: Basis, asked: Place, year: str | None, inputs: Inputs) -> Collected:
    """Cells of the claim's measure for `asked`; `year` None takes the latest there is."""
    table = inputs.tables.get(TABLE[basis.source])
    unit, codes = UNIT[basis.source], industries(str(basis.definition), basis.segment)
    if table is None:
        return cannot(FILES[basis.source], unit, "Great Britain")
    table = _of_region_only(table, asked, claim.kind).filter(pl.col("sic").is_in(codes))
    if not table.height:
        return cannot(FILES[basis.source], unit, "Great Britain")
    chosen = int(year) if year is not None and year.isdigit() else int(str(table["year"].max()))
    noise = swing(table) if claim.method.sampling and basis.source == "bres" else 0.0
    parts: list[tuple[str, int, tuple[str, ...]]]
    if claim.kind == "growth":
        parts = [(NOW, chosen, asked.areas), (BEFORE, int(str(claim.base)), asked.areas)]
    else:
        parts = [(group, chosen, areas) for group, areas in groups(claim.kind, asked, claim.league).items()]
    rows = tuple(row for part in parts for row in _rows(table, *part, noise))
    gap = _gap(table, parts, basis.source)
    if gap is not None:
        return cannot(gap, unit, "Great Britain")
    vintage = f"{claim.base} to {chosen}" if claim.kind == "growth" else str(chosen)
    notes = [f"{SAMPLED}: relative error about {noise:.2f}/sqrt(jobs)"] if noise else []
    notes += ["businesses registered for neither VAT nor PAYE are not covered"]
    return Collected(rows, unit, "Great Britain", vintage, notes=tuple(notes), classes=codes)


def _gap(table: pl.DataFrame, parts: list[tuple[str, int, tuple[str, ...]]], source: str) -> Missing | None:
    """What is missing for a year or an area that has no cell at all: a total without it would not be whole."""
    lacking: dict[str, None] = {}
    for _, year, areas in parts:
        at_hand = set(table.filter(pl.col("year") == year)["area"])
        at_hand |= {part for code in at_hand for part in code.split(",")}
        for area in absent(areas, at_hand):
            lacking[f"{area_name(area) or area} {year}" if at_hand else str(year)] = None
    if not lacking:
        return None
    return Missing(f"{FILES[source].file}: {', '.join(lacking)}", source, FILES[source].url)


def _of_region_only(table: pl.DataFrame, asked: Place, kind: str) -> pl.DataFrame:
    """The rows to sum up: of Great Britain as one where that is asked and there, else of ITL areas.

    Of each year one level only, so that nothing counts twice: the one that covers most regions, the finest of several.
    """
    wide = table.filter(pl.col("area") == GB)
    if asked.name == "great-britain" and kind in {"total", "growth"} and wide.height:
        return wide.with_columns(area=pl.lit(",".join(asked.areas)))
    own = table.filter(pl.col("area").str.starts_with("TL")).with_columns(
        level=pl.col("area").str.len_chars(), part=pl.col("area").str.slice(0, 3)
    )
    reach = own.group_by("year", "level").agg(pl.col("part").n_unique()).sort("part", "level", descending=True)
    best = reach.unique("year", keep="first", maintain_order=True).select("year", "level")
    return own.join(best, on=["year", "level"], how="semi", maintain_order="left").drop("level", "part")


def _rows(table: pl.DataFrame, group: str, year: int, areas: tuple[str, ...], noise: float) -> Iterator[Row]:
    for cell in table.filter(pl.col("year") == year).iter_rows(named=True):
        if not any(fits(code, areas) for code in cell["area"].split(",")):
            continue
        value = None if cell["value"] is None else exact(cell["value"])
        low, high = exact(cell["low"] or 0), None if cell["high"] is None else exact(cell["high"])
        key = "|".join(filter(None, (cell["area"], cell["sic"], cell.get("band"))))
        sd = noise * float(value or 0) ** 0.5
        yield Row(group, key, value, low, high, label=cell["sic"], vintage=str(year), sd=sd)


def swing(table: pl.DataFrame) -> float:
    """c in: standard error of a total = c * sqrt(total), from how regional totals swing around their own course.

    The publisher gives no errors at this level. Second differences of a region's yearly totals take a steady trend away
    and leave six times the error's variance; each is set against its expected size, and the middle one (median absolute
    deviation, times 1.4826) is taken so that single real shocks do not count. Real change that is left makes it too
    large, never too small. 0 with fewer than three years. Source: Gasser, Sroka and Jennen-Steinmetz, Residual variance
    and residual pattern in nonlinear regression, Biometrika 73, 1986.
    """
    totals = table.with_columns(region=pl.col("area").str.slice(0, 3)).group_by("region", "year").agg(
        pl.col("value").sum()).sort("region", "year")  # fmt: skip
    found: list[float] = []
    for _, series in totals.group_by("region", maintain_order=True):
        values, years = series["value"].to_numpy().astype(float), series["year"].to_numpy().astype(int)
        for i in range(1, len(values) - 1):
            if years[i + 1] - years[i - 1] == 2 and values[i - 1 : i + 2].min() > 0:
                second = values[i + 1] - 2 * values[i] + values[i - 1]
                size = values[i - 1] + 4 * values[i] + values[i + 1]
                found.append(abs(second) / size**0.5)
    return 1.4826 * float(np.median(found)) if found else 0.0
