"""Filling the slots of a sentence."""

from __future__ import annotations

import re

from lifecluster.figures.claim import Claim
from lifecluster.figures.places import Place
from lifecluster.figures.result import BasisResult, percent, written
from lifecluster.figures.rows import exact
from lifecluster.places.spoken import begun, spoken

ORDINALS = ("largest", "second-largest", "third-largest", "fourth-largest", "fifth-largest", "sixth-largest")
NUMBERS = ("one", "two", "three", "four", "five", "six")
LEAGUES = {"gb-regions": "the regions of Great Britain", "uk-regions": "the regions of the United Kingdom"}
NO_VINTAGE = re.compile(r" \({vintage}\)|; {vintage}(\))")
"""The vintage in a sentence, with what goes with it."""


def place_of(rank: int) -> str:
    """A rank as a place: `1st`, `2nd`, ... `11th`."""
    return f"{rank}{_ending(rank)}"


def ordinal(rank: int) -> str:
    """`largest`, `second-largest`, ... `7th-largest`."""
    if 1 <= rank <= len(ORDINALS):
        return ORDINALS[rank - 1]
    return f"{rank}{_ending(rank)}-largest"


def _ending(rank: int) -> str:
    return {1: "st", 2: "nd", 3: "rd"}.get(rank % 10 if rank % 100 not in {11, 12, 13} else 0, "th")


def filled(claim: Claim, asked: Place, found: BasisResult | None, stated: float | None = None) -> str:
    """The sentence with its slots filled from the basis that decides.

    A number that was `stated` stands in the place of the computed one: it is what the verdict is about. What is not
    known is left out of the sentence; one that would say nothing without it is the title, said to be not known.
    """
    value = None if found is None else found.value
    value = value if stated is None or claim.kind == "rank" else exact(stated)
    if claim.says.rank is not None:
        rank = ordinal(claim.says.rank)
    elif claim.says.rank_at_most is not None:
        rank = NUMBERS[claim.says.rank_at_most - 1] if claim.says.rank_at_most <= 6 else str(claim.says.rank_at_most)
    else:
        rank = ""
    withheld = found is not None and found.withheld
    if value is None and not withheld and re.search("{n}|{share}", claim.sentence):
        return f"{claim.title}: not known for {spoken(asked.title)}"
    vintage, unit = ("", "") if found is None else (found.vintage, found.unit)
    form = claim.sentence if vintage else NO_VINTAGE.sub(r"\1", claim.sentence)
    form = form if value is not None or withheld else form.replace(": {growth}", "")
    said = form.format(
        region=spoken(asked.title), rank=rank, league=LEAGUES[claim.league], **{"from": claim.base or ""},
        n="[c]" if value is None else written("" if found is None else found.basis.quantity, value),
        share="[c]" if value is None else percent(float(value)),
        growth="[c]" if value is None else percent(float(value), signed=True), vintage=vintage, unit=unit,
    )  # fmt: skip
    return begun(said)
