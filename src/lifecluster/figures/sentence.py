"""Filling the slots of a sentence."""

from __future__ import annotations

from fractions import Fraction

from lifecluster.figures.claim import Claim
from lifecluster.figures.places import Place
from lifecluster.figures.result import BasisResult, written
from lifecluster.figures.rows import exact
from lifecluster.places.spoken import begun, spoken

ORDINALS = ("largest", "second-largest", "third-largest", "fourth-largest", "fifth-largest", "sixth-largest")
NUMBERS = ("one", "two", "three", "four", "five", "six")
LEAGUES = {"gb-regions": "the regions of Great Britain", "uk-regions": "the regions of the United Kingdom"}
UNKNOWN = "[unknown]"


def ordinal(rank: int) -> str:
    """`largest`, `second-largest`, ... `7th-largest`."""
    if 1 <= rank <= len(ORDINALS):
        return ORDINALS[rank - 1]
    ending = {1: "st", 2: "nd", 3: "rd"}.get(rank % 10 if rank % 100 not in {11, 12, 13} else 0, "th")
    return f"{rank}{ending}-largest"


def filled(claim: Claim, asked: Place, found: BasisResult | None, stated: float | None = None) -> str:
    """The sentence with its slots filled from the basis that decides; `[unknown]` where there is nothing to say.

    A number that was `stated` stands in the place of the computed one: it is what the verdict is about.
    """
    value = None if found is None else found.value
    value = value if stated is None or claim.kind == "rank" else exact(stated)
    if claim.says.rank is not None:
        rank = ordinal(claim.says.rank)
    elif claim.says.rank_at_most is not None:
        rank = NUMBERS[claim.says.rank_at_most - 1] if claim.says.rank_at_most <= 6 else str(claim.says.rank_at_most)
    else:
        rank = UNKNOWN
    hidden = "[c]" if found is not None and found.withheld else UNKNOWN
    said = claim.sentence.format(
        region=spoken(asked.title), rank=rank, league=LEAGUES[claim.league], **{"from": claim.base or UNKNOWN},
        n=hidden if value is None else written("" if found is None else found.basis.quantity, value),
        share=hidden if value is None else _percent(value),
        growth=hidden if value is None else f"{float(value) * 100:+.1f} %",
        vintage=UNKNOWN if found is None else found.vintage, unit=UNKNOWN if found is None else found.unit,
    )  # fmt: skip
    return begun(said) if claim.sentence.startswith("{region}") else said


def _percent(value: Fraction) -> str:
    return f"{float(value) * 100:.1f} %"
