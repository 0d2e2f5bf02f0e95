"""A result in words: verdict, figure, interval, chances."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lifecluster.places.spoken import listed
from lifecluster.web.kit import formats
from lifecluster.web.kit.plots import Interval, Ranks
from lifecluster.web.kit.states import Answer, State, Unrecorded, Withheld

Plain = Mapping[str, Any]
ANSWERS = {"true": Answer.YES, "false": Answer.NO, "true only for": Answer.PARTLY, "cannot tell": Answer.UNKNOWN}
LEAGUES = {"gb-regions": 11, "uk-regions": 12}
UNKNOWN, NONE = "[unknown]", "no verdict"
SURE, EXACT = 0.995, "exact count"
NOT_COMPUTED = Unrecorded("not known")
ADDRESS = re.compile(r" \(?https?://[^\s)]*\)?")


def verdict(said: str, *, pill: bool = False) -> State | str:
    """The mark of a verdict: `true`, `false`, `true only for …`, `cannot tell`; words for a figure that has none."""
    if said == NONE:
        return "Counted here, stated by nobody"
    word = "true only for" if said.startswith("true only for") else said
    return State(ANSWERS.get(word, Answer.UNKNOWN), said[:1].upper() + said[1:], pill)


def sentence(result: Plain) -> str:
    """The sentence of a claim; where a slot could not be filled, its title and the region."""
    text = str(result["sentence"])
    if UNKNOWN in text:
        return f"{result['title']}: {result['region_title']}"
    return text[:1].upper() + text[1:]


def deciding(result: Plain) -> Plain | None:
    """The basis that decides; None where none could be computed."""
    return next((basis for basis in result["bases"] if basis["basis"] == result["basis"]), None)


def chances(probability: float | None) -> str:
    """A probability as chances in a hundred; empty where there is none."""
    if probability is None:
        return ""
    if probability >= SURE:
        return "More than 99 chances in 100"
    if probability <= 1 - SURE:
        return "Less than 1 chance in 100"
    return f"{max(1, round(100 * probability))} {'chance' if round(100 * probability) == 1 else 'chances'} in 100"


def because(result: Plain, about: Plain | None) -> str:
    """Why the verdict is what it is, in one sentence; of a figure that nobody stated, what its numbers are."""
    if result["word"] == NONE:
        basis = deciding(result)
        return "" if basis is None else str(basis["reading"]).replace(" %", f"{formats.NBSP}%")
    if result["probability"] is None:
        why = result["why"]
        return shortly(str(why[0])) if why else "No source states it with enough detail."
    held = str(about["asserts"]) if about else "that it holds."
    joined = f": {held[:1].lower()}{held[1:]}" if about else f" {held}"
    return f"{chances(result['probability'])}{joined}"


def refuted(result: Plain, recipe: Plain) -> str:
    """Why a claim is false, in words: what is stated, what is found, by which definition; empty for another verdict."""
    basis = deciding(result)
    if result["word"] != "false" or basis is None or basis["withheld"]:
        return ""
    kind, places = recipe["claim"]["kind"], places_of(basis, recipe)
    rests = f"under the definition “{basis['definition_title']}”" if basis["definition_title"] else "by its source"
    under = ", ".join(str(part) for part in (rests, basis["geography"], basis["vintage"]) if part)
    interval = span(kind, basis["low"], basis["high"], places)
    exact = interval in {"", EXACT} or basis["low"] == basis["high"]
    middle = expected(kind, basis)
    found = f"{figure(kind, basis)}{f', {middle} expected' if middle else ''}"
    found += "" if exact else f" (95{formats.NBSP}% interval {interval})"
    return f"Stated: {stated(result, recipe, basis)}. Found: {found}, {under}."


def expected(kind: str, basis: Plain) -> str:
    """The number expected, where it belongs beside the figure; empty elsewhere, and in what older versions wrote."""
    if not basis.get("tells_expected"):
        return ""
    if kind == "rank":
        return formats.ordinal(round(basis["expected"]))
    value = scaled(kind, basis["expected"])
    unit = f"{formats.NBSP}%" if kind in {"share", "growth"} else ""
    return formats.number(value, digits(kind, value)) + unit


def around(kind: str, basis: Plain, places: int = 0) -> str:
    """The interval in words, after the number expected where that is told."""
    interval, middle = span(kind, basis["low"], basis["high"], places), expected(kind, basis)
    return f"{middle} expected, {interval}" if middle and interval != EXACT else interval


def stated(result: Plain, recipe: Plain, basis: Plain) -> str:
    """What a claim states, in words: a number with its tolerance, a rank, or that something grows. A number that
    somebody quotes stands instead of the computed one."""
    kind, says, quoted = recipe["claim"]["kind"], recipe["claim"]["says"], result["stated"]
    if kind == "rank":
        rank = int(quoted or says.get("rank") or says["rank_at_most"])
        return f"{formats.ordinal(rank)}{'' if says.get('rank') else ' or better'}"
    if says.get("grows"):
        return "more than 0"
    if says.get("at_least") is not None:
        return f"at least {formats.number(scaled(kind, float(says['at_least'])))}"
    said = str(figure(kind, basis))
    if quoted is not None:
        number = scaled(kind, float(quoted))
        said = formats.number(number, digits(kind, number))
    within = says.get("within")
    return f"{said}, give or take {formats.number(100 * float(within))}{formats.NBSP}%" if within else said


def reason(text: str) -> str:
    """A reason of the library, `missing: …`, as a sentence."""
    text = text.removeprefix("refused: ")
    kind, found, rest = text.partition("missing: ")
    text = f"Missing: {rest}" if found and not kind else text
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", ")")) else ".")


def shortly(text: str) -> str:
    """A reason without the addresses in it, which the page of the claim gives."""
    return reason(ADDRESS.sub("", text))


def probability(value: float | None) -> str:
    """A probability for a table."""
    if value is None:
        return ""
    if value < 0.0005:
        return "under 0.001"
    return "over 0.999" if value > 0.9995 else f"{value:.3f}"


def scaled(kind: str, value: float | None) -> float | None:
    """A share or a growth in per cent, anything else as it is."""
    return value if value is None or kind not in {"share", "growth"} else 100 * value


def digits(kind: str, *values: float | None) -> int:
    """Digits after the point: one for per cent and for small broken numbers."""
    known = [value for value in values if value is not None]
    whole = all(value == round(value) for value in known) or max(map(abs, known), default=0) >= 100
    return 1 if kind in {"share", "growth"} or not whole else 0


def span(kind: str, low: float | None, high: float | None, places: int = 0) -> str:
    """An interval in words with its unit; of a rank, from the better to the worse."""
    if low is None and high is None:
        return ""
    if kind == "rank" and low is not None and high is not None:
        ends = " to ".join(dict.fromkeys(formats.ordinal(int(end)) for end in (low, high)))
        return f"{ends} of {places}" if places else ends
    low, high = scaled(kind, low), scaled(kind, high)
    n = digits(kind, low, high)
    if low is None or high is None:
        return f"{formats.number(low, n)} or more" if high is None else f"up to {formats.number(high, n)}"
    unit = f"{formats.NBSP}%" if kind in {"share", "growth"} else ""
    return formats.span(low, high, n) + unit if low != high else EXACT


def places_of(basis: Plain, recipe: Plain) -> int:
    """How many regions a rank is one of."""
    return len(basis["ranks"]) if basis["league"] else LEAGUES.get(str(recipe["claim"].get("league")), 0)


def figure(kind: str, basis: Plain) -> Any:
    """The figure as pages show it: a rank as `5th`, a withheld one as `[c]`."""
    shown = str(basis["shown"])
    if basis["withheld"]:
        return Withheld()
    if shown == "[x]":
        return NOT_COMPUTED
    if kind == "rank" and shown.isdecimal():
        return formats.ordinal(int(shown))
    return shown.replace("-", formats.MINUS) if shown.startswith("-") else shown


def plot(kind: str, basis: Plain, recipe: Plain) -> Any:
    """The interval drawn, with what the sentence says where it says a number; nothing where there is no figure."""
    if basis["withheld"]:
        return ""
    says = recipe["claim"]["says"]
    if kind == "rank":
        return _ranks(basis, recipe, says)
    middle = "expected" if basis.get("tells_expected") else "value"
    value, low, high = (scaled(kind, basis[name]) for name in (middle, "low", "high"))
    if value is None or low is None or high is None:
        return ""
    said, said_as = _stated(kind, says)
    ends = [low, high, value, *([] if said is None else [said])]
    room = max(0.25 * (max(ends) - min(ends)), 0.1 * abs(value), 1e-9)
    unit = "%" if kind in {"share", "growth"} else str(basis["unit"])
    unit += " expected" if middle == "expected" else ""
    return Interval(value, min(ends) - room, max(ends) + room, low, high, said, said_as, unit,
                    digits(kind, value, low, high))  # fmt: skip


def _stated(kind: str, says: Plain) -> tuple[float | None, str]:
    if says.get("grows"):
        return 0.0, "said: more than 0"
    if says.get("at_least") is not None:
        said = scaled(kind, float(says["at_least"]))
        return said, f"said: at least {formats.number(said)}"
    return None, ""


def _ranks(basis: Plain, recipe: Plain, says: Plain) -> Any:
    shown, places = str(basis["shown"]), places_of(basis, recipe)
    if not shown.isdecimal() or not places:
        return ""
    rank = says.get("rank") or says.get("rank_at_most")
    words = f"said: {formats.ordinal(rank)}{'' if says.get('rank') else ' or better'}" if rank else ""
    low, high = (None if basis[name] is None else int(basis[name]) for name in ("low", "high"))
    return Ranks.of(int(shown), places, low=low, high=high, said=rank, said_as=words)


def summary(counts: Mapping[str, int], region: str) -> str:
    """How many claims are true, false, cannot be told, or are figures without a verdict: one sentence."""
    total = sum(counts.values())
    parts = [
        f"{formats.word(counts['true'])} {'is' if counts['true'] == 1 else 'are'} true",
        f"{formats.word(counts['true only for'])} {'holds' if counts['true only for'] == 1 else 'hold'} only in part",
        f"{formats.word(counts['false'])} {'is' if counts['false'] == 1 else 'are'} false",
    ]
    kept = [part for part in parts if not part.startswith("no ")]
    if counts["cannot tell"]:
        kept.append(f"for {formats.word(counts['cannot tell'])} we cannot tell")
    if figures := counts.get(NONE):
        kept.append(f"{formats.word(figures)} {'is a figure' if figures == 1 else 'are figures'} that nobody stated")
    return f"Of {formats.plural(total, 'claim')} about {region}, {listed(kept)}."
