"""A result in sentences: what each number beside a figure is, and why the verdict is what it is."""

from __future__ import annotations

from lifecluster.figures.ranking import Ranking
from lifecluster.figures.result import BasisResult, Result, percent, shown, written
from lifecluster.figures.rows import exact
from lifecluster.figures.sentence import place_of
from lifecluster.figures.uncertainty import CLASSIFICATION, KINDS, MISSING
from lifecluster.places.spoken import spoken

NOBODY = "computed here; nobody has stated it, so there is nothing to judge"


def reading(basis: BasisResult) -> str:
    """What the figure and the numbers beside it are; empty where there is none or no interval.

    A count of a register and the number expected are told apart, with what each kind of uncertainty does.
    """
    low, high = basis.edge(basis.figure.low), basis.edge(basis.figure.high)
    if low is None or basis.kind == "rank":
        return ""
    if high is None:
        return f"{told(basis, low)} or more: some rows have no upper end."
    span = f"{told(basis, low)} to {told(basis, high)} with 95 %"
    if basis.shares:
        return _of_register(basis, span, exact_count=low == high)
    if low == high:
        return f"{shown(basis)}, an exact count."
    why = f" ({' and '.join(KINDS[kind] for kind in basis.interval_of)})" if basis.interval_of else ""
    if basis.tells_expected:
        return f"{shown(basis)} as published. {told(basis, basis.edge(basis.figure.expected))} expected, {span}{why}."
    return f"{shown(basis)}; {span}{why}."


def _of_register(basis: BasisResult, span: str, *, exact_count: bool) -> str:
    """The count, how many of it are certain, and the number expected with the reasons why it is another."""
    shares, sure = {one.of: one for one in basis.shares}, basis.certain == basis.value
    which = "all of them certain under the definition" if sure else "each more likely in than out"
    counted = f"{shown(basis)} counted, {which}" + ("." if sure else f"; {basis.certain:,} of them are certain.")
    if exact_count:
        return counted
    reasons = []
    if (one := shares.get(CLASSIFICATION)) and not sure:
        by = f"{told(basis, one.expected)} by classification alone, {told(basis, one.low)} to {told(basis, one.high)}"
        reasons.append(KINDS[CLASSIFICATION] + (f" ({by})" if MISSING in shares else ""))
    if one := shares.get(MISSING):
        by = f"about {told(basis, one.expected)} or more, {told(basis, one.low)} to {told(basis, one.high)}"
        reasons.append(f"{KINDS[MISSING]} ({by})")
    why = f", because {' and '.join(reasons)}" if reasons else ""
    return f"{counted} {told(basis, basis.edge(basis.figure.expected))} expected, {span}{why}."


def told(basis: BasisResult, value: float | None) -> str:
    """A number of a basis as people read it, in the unit of its figure."""
    if value is None:
        return "?"
    if basis.kind in {"share", "growth"}:
        return percent(value, signed=basis.kind == "growth")
    if basis.kind == "rank":
        return place_of(round(value))
    return written(basis.basis.quantity, exact(value if basis.basis.quantity == "turnover" else round(value)))


def because(result: Result) -> str:
    """Why the verdict is what it is, to follow the word `because`; for a figure nobody stated, that it is none."""
    basis, word = result.deciding, result.verdict.word
    if word == "no verdict":
        return NOBODY
    if basis is None or basis.withheld or result.probability is None:
        why = result.why[0].removeprefix("refused: ") if result.why else "no source at hand gives the figure"
        return why.replace("missing: ", "an input is missing: ", 1) if why.startswith("missing: ") else why
    found = _found(result, basis)
    if word != "true only for":
        sure = " (for a verdict it takes 0.95 or more, or 0.05 or less)" if word == "cannot tell" else ""
        return f"{found}: probability {_chance(result.probability)} that the sentence holds{sure}"
    if len(result.place.areas) > 1 and result.probability >= 0.95:
        together = found.removeprefix(f"{spoken(result.place.title)} comes ")
        return f"together its regions come {together}, and none of them does alone"
    return f"{found}; it holds for {' and '.join(result.verdict.only_for)}"


def _chance(probability: float) -> str:
    """A probability that is never told as a certainty."""
    if probability < 0.005:
        return "below 0.01"
    return "above 0.99" if probability > 0.995 else f"{probability:.2f}"


def _found(result: Result, basis: BasisResult) -> str:
    """What is found, as a clause: a rank, a growth, or a number against the one that was stated."""
    kind, figure = basis.kind, basis.figure
    low, high = told(basis, basis.edge(figure.low)), told(basis, basis.edge(figure.high))
    ranking: Ranking | None = figure.ranking
    if ranking is not None:
        comes = f"{spoken(result.place.title)} comes {place_of(int(shown(basis)))}"
        if not basis.rows:
            return f"{comes}, as the publisher itself ranks it"
        span = " with more than 95 %" if low == high else f", {low} to {high} with 95 %"
        return f"{comes} of {len(ranking.at)}{span}"
    if kind == "growth":
        return f"the change is {shown(basis)}, {low} to {high} with 95 %"
    said = "" if result.stated is None else f", and {told(basis, result.stated)} was stated"
    middle = told(basis, basis.edge(figure.expected)) if basis.tells_expected else shown(basis)
    return f"{middle} is found, {low} to {high} with 95 %{said}"
