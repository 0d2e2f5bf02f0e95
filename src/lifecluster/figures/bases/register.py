"""Organisations, sites and jobs of the register, under a definition, with what it may have missed."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor

import polars as pl

from lifecluster.errors import LifeclusterError
from lifecluster.figures.bases.collected import Collected, Missing, cannot
from lifecluster.figures.claim import Basis, Claim
from lifecluster.figures.completeness import Completeness, completeness, histories_of
from lifecluster.figures.completeness.chao import chao
from lifecluster.figures.inputs import Inputs
from lifecluster.figures.places import Place
from lifecluster.figures.rows import THIS, Row
from lifecluster.places.spoken import spoken
from lifecluster.region import Region
from lifecluster.register.definition import load_definition
from lifecluster.register.package import Package

COUNTED = 0.5
"""Probability from which an organisation counts, as in comparisons of definitions."""


def collect(claim: Claim, basis: Basis, asked: Place, year: str | None, inputs: Inputs) -> Collected:
    """Rows of the register for the place: one an organisation or site that may count, and one for those missed."""
    package, unit = inputs.register, basis.quantity
    title = asked.title
    if package is None:
        return cannot(Missing(f"a register of {title} (lifecluster build)", "register", ""), unit, title)
    at = str(package.manifest["at"])
    if year is not None and not at.startswith(year):
        return cannot(Missing(f"a register of {title} for {year} (this one is of {at})", "register", ""), unit, title)
    region = Region.model_validate(package.manifest["region"])
    if claim.kind != "total":
        return cannot(
            Missing("registers of every region to compare with, or of every year", "register", ""), unit, title
        )
    if not asked.lads <= region.codes:
        return cannot(
            Missing(f"a register of {spoken(title)} (this one is of {spoken(region.title)})", "register", ""),
            unit,
            title,
        )
    frame = counted(package, basis, asked.lads)
    unknown = 0
    if basis.quantity == "organisations":
        rows, notes = _organisations(frame, at)
        unknown = frame.filter("here", pl.col("p").is_null()).height
    elif basis.quantity in {"sites", "jobs"}:
        rows = list(_sites(package, frame, asked, at, jobs=basis.quantity == "jobs"))
        notes = ["sites that the register does not know are not estimated"]
    else:
        return cannot(f"the register does not count {basis.quantity}", unit, title)
    found = load_definition(str(basis.definition))
    if found.unit == "group":
        notes.append("the definition counts groups; the register counts organisations, which are more")
    if any(origin.sample for origin in inputs.origins_of("register")):
        notes.append("sample data: invented")
    return Collected(tuple(rows), unit, region.title, at, notes=tuple(notes), classes=(found.name,),
                     unknown=unknown)  # fmt: skip


def counted(package: Package, basis: Basis, lads: frozenset[str]) -> pl.DataFrame:
    """Live organisations of the register with a probability under the definition (or one segment): id, p, sources, lad.

    Those whose answer is unknown have p null; `here`: whether it lies in one of `lads`.
    """
    segment = pl.col("segment").is_null() if basis.segment is None else pl.col("segment") == basis.segment
    classes = package.table("segments").filter((pl.col("definition") == basis.definition) & segment)
    mine = classes.select(id="organisation_id", p="probability")
    organisations = package.table("organisations").filter("live").select("id", "sources", "lad")
    here = pl.col("lad").is_in(sorted(lads)).alias("here")
    return organisations.join(mine, on="id", how="inner").with_columns(here).sort("id")


def missed(package: Package, definition: str, asked: Place) -> Completeness:
    """How many organisations of a place the register misses under a definition: the bound and the models.

    Raises LifeclusterError where the organisations stand in one source alone.
    """
    found = counted(package, Basis(source="register", definition=definition, quantity="organisations"), asked.lads)
    return completeness(histories_of(found.filter("here", pl.col("p") >= COUNTED)["sources"].to_list()))


def _organisations(frame: pl.DataFrame, at: str) -> tuple[list[Row], list[str]]:
    here = frame.filter("here")
    known = here.filter(pl.col("p").is_not_null())
    rows = [_row(THIS, i, p, at) for i, p in known.select("id", "p").iter_rows()]
    notes = []
    if here.height > known.height:
        lost = here.height - known.height
        what = (
            "organisation without a usable SIC code is" if lost == 1 else "organisations without a usable SIC code are"
        )
        notes.append(f"{lost:,} {what} unknown, neither counted nor expected")
    try:
        bound = chao(histories_of(known.filter(pl.col("p") >= COUNTED)["sources"].to_list()))
    except LifeclusterError:
        return rows, [*notes, "no overlap of sources: what the register misses is not estimated"]
    rows.append(Row(THIS, "in no source", Fraction(0), Fraction(0), Fraction(0), "missed", at, sd=bound.se,
                    shift=bound.missed))  # fmt: skip
    low, high = (edge - bound.observed for edge in (bound.low, bound.high))
    notes.append(f"missing organisations: at least {bound.missed:.0f} are estimated to stand in no source, "
                 f"{low:.0f} to {high:.0f} with 95 % "
                 f"(capture-recapture, Chao's lower bound): {bound.assumption}")  # fmt: skip
    return rows, notes


def _row(group: str, key: str, p: float, at: str) -> Row:
    value = Fraction(p >= COUNTED)
    return Row(group, key, value, Fraction(p == 1.0), Fraction(p > 0), "counted" if value else "", at, chance=p)


def _sites(package: Package, frame: pl.DataFrame, asked: Place, at: str, *, jobs: bool) -> Iterator[Row]:
    """Sites in the place whose organisation (wherever it has its office) may count; with `jobs`, their jobs."""
    holders = {i: p for i, p in frame.select("id", "p").iter_rows() if p is not None}
    sites = package.table("sites").filter(pl.col("lad").is_in(sorted(asked.lads)))
    closed = pl.col("closed_on").is_not_null()
    for site in sites.filter(~closed).sort("id").iter_rows(named=True):
        chances = [holders[h] for h in (site["holder"] or []) if h in holders]
        if not chances:
            continue
        p = max(chances)
        if not jobs:
            yield _row(THIS, site["id"], p, at)
        elif p >= COUNTED:
            low, high = site["jobs_low"], site["jobs_high"]
            value = None if site["jobs"] is None else Fraction(round(site["jobs"]))
            most = None if high is None else Fraction(ceil(high))
            yield Row(THIS, site["id"], value, Fraction(floor(low or 0)), most, "counted", at)
