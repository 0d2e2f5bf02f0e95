"""Medical schools by region: a short list, with what counts as one left open where it is open."""

from __future__ import annotations

from fractions import Fraction

from lifecluster.figures.bases.collected import Collected, Missing, cannot, fits, groups
from lifecluster.figures.claim import Basis, Claim
from lifecluster.figures.inputs import Inputs
from lifecluster.figures.places import Place
from lifecluster.figures.rows import Row


def collect(claim: Claim, basis: Basis, asked: Place, year: str | None, inputs: Inputs) -> Collected:
    """One row a school. One that does not award the degree itself may count or not: anything from 0 to 1."""
    schools = inputs.schools
    if not schools:
        return cannot(Missing("list of medical schools", "medical-schools", ""), "schools", "United Kingdom")
    if claim.kind == "growth" or (year is not None and year != schools["vintage"]):
        gap = Missing(f"list of medical schools, {year or claim.base}", "medical-schools", schools["url"])
        return cannot(gap, "schools", "United Kingdom")
    if any(len(area) > 3 for area in asked.areas):
        return cannot("medical schools are listed by region, not by smaller areas", "schools", "United Kingdom")
    rows = [
        Row(group, school["name"], Fraction(1), Fraction(school["status"] == "own"), Fraction(1), school["status"],
            str(schools["vintage"]))
        for group, areas in groups(claim.kind, asked, claim.league).items()
        for school in schools["schools"] if fits(school["area"], areas)
    ]  # fmt: skip
    notes = ["a school whose degree a partner awards, or whose own award is under review, may count or not"]
    if schools["confidence"] != "seen":
        notes.append(f"the list is {schools['confidence']}, not checked against the official one")
    return Collected(tuple(rows), "schools", "United Kingdom", str(schools["vintage"]), notes=tuple(notes))
