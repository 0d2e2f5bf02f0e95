"""The page of one claim, as variables of its template; the same for what is shown now and for a publication."""

from __future__ import annotations

from datetime import date
from typing import Any

import yaml

from lifecluster.places.spoken import listed
from lifecluster.web.figures.show import tables, words
from lifecluster.web.figures.show.words import Plain
from lifecluster.web.kit import formats
from lifecluster.web.kit.tables import Fact

KINDS = {
    "total": (
        "How many",
        "Counted here and stated by nobody, so neither true nor false: a count, and what is expected.",
    ),
    "share": (
        "What share",
        "Of Great Britain or the United Kingdom, as each sentence says; computed here and stated by nobody.",
    ),
    "growth": ("Growing or not", "Official figures are not compared across a break of their method."),
    "rank": ("Among the regions", "Each region's figure is rounded and sampled, so that a rank is a probability."),
}
"""Kind of a claim -> heading and note of its part of the list."""
METHODS = {"cells": "cells with rounding and sampling error", "probabilities": "organisations with probabilities",
           "list": "a list"}  # fmt: skip


def page(body: Plain) -> dict[str, Any]:
    """Variables of the page; `body`: result and recipe, and where it is shown now also about and cells."""
    result, recipe, about = body["result"], body["recipe"], body.get("about")
    kind, basis = recipe["claim"]["kind"], words.deciding(result)
    return {
        "result": result, "recipe": recipe, "about": about, "basis": basis, "kind": kind,
        "sentence": words.sentence(result), "verdict": words.verdict(result["verdict"]),
        "because": words.because(result, about), "refuted": words.refuted(result, recipe),
        "figure": None if basis is None else words.figure(kind, basis),
        "plot": "" if basis is None else words.plot(kind, basis, recipe),
        "facts": [] if basis is None else _facts(kind, basis, recipe),
        "bases": tables.bases(result, recipe), "agree": result["bases_agree"],
        "league": tables.league(basis, str(result["region_title"]), kind) if basis and basis["league"] else None,
        "segments": tables.segments(basis) if basis and basis["segments"] else None,
        "cells": _cells(result, body.get("cells") or {}), "registers": _registers(result),
        "changes": _changes(result, kind), "notes": _notes(result), "missing": _missing(result),
        "yaml": yaml.safe_dump(recipe["claim"], allow_unicode=True, sort_keys=False, width=100),
        "inputs": tables.inputs(result), "sample": _sample(result, basis), "computed": date.fromisoformat(result["at"]),
    }  # fmt: skip


def _sample(result: Plain, basis: Plain | None) -> str:
    """What to say of invented data: nothing, that the figure rests on it, or that one beside it does."""
    if not any(one["sample"] for one in result["inputs"]):
        return ""
    return "Rests on sample data" if basis and tables.invented(result, basis) else "Beside it: sample data"


def _facts(kind: str, basis: Plain, recipe: Plain) -> list[Fact]:
    places = words.places_of(basis, recipe)
    counted = basis["source"] == "register"  # organisations one by one: nothing is rounded
    interval = words.span(kind, basis["low"], basis["high"], places)
    facts = [
        ("Expected", words.expected(kind, basis)),
        (f"95{formats.NBSP}% interval", ", of ".join(filter(None, [interval, _kinds(basis)]))),
        *((_alone(one["of"]), _share(one)) for one in basis.get("intervals", ())),
        ("Certain and possible", _certain(basis)),
        ("By rounding alone", "" if counted else words.span(kind, basis["least"], basis["most"], places)),
        ("Probability that it holds", words.probability(basis["probability"])),
        ("The same by rounding alone", "" if counted else words.probability(basis["probability_by_rounding"])),
        ("Definition", str(basis["definition_title"] or "none")),
        ("Source", tables.source(basis)),
        ("Covers", str(basis["geography"])),
        ("Vintage", str(basis["vintage"] or "")),
        ("Method", _method(recipe)),
        ("Rows behind it", formats.number(basis["rows"]) if basis["rows"] else ""),
    ]
    return [Fact(label, text) for label, text in facts if text]


def _kinds(basis: Plain) -> str:
    return listed([str(one) for one in basis.get("interval_of", ())])


def _alone(of: str) -> str:
    return f"{of[:1].upper()}{of[1:]} alone"


def _share(one: Plain) -> str:
    """What one kind of uncertainty does by itself."""
    return f"{formats.number(one['expected'])} expected, {formats.span(one['low'], one['high'])}"


def _certain(basis: Plain) -> str:
    """How many of a register are certain and how many are not ruled out, in the words of the home page."""
    if basis.get("certain") is None:
        return ""
    return f"{formats.number(basis['certain'])} certain, {formats.number(basis['possible'])} possible"


def _method(recipe: Plain) -> str:
    method = recipe["claim"]["method"]
    return f"{METHODS.get(method['name'], method['name'])}, version {method['version']}"


def _cells(result: Plain, found: Plain) -> list[Any]:
    return [tables.cells(b, found[b["basis"]]) for b in result["bases"] if found.get(b["basis"], {}).get("rows")]


def _registers(result: Plain) -> list[Plain]:
    """Definitions under which organisations of the register were counted: their rows are in the directory."""
    found = {b["definition"]: b for b in result["bases"] if b["source"] == "register" and b["rows"]}
    return [{"name": name, "title": b["definition_title"], "rows": b["rows"]} for name, b in found.items()]


def _changes(result: Plain, kind: str) -> list[dict[str, Any]]:
    found = []
    for basis in result["bases"]:
        change = basis["change"]
        if change is not None:
            found.append({
                "basis": tables.definition(basis), "before": _written(kind, change["before"]),
                "after": _written(kind, change["after"]), "refused": change["refused"] or "",
                "table": tables.changes(change, kind) if change["reasons"] else None,
            })  # fmt: skip
    return found


def _written(kind: str, value: float | None) -> str:
    if kind == "rank" and value is not None:
        return formats.ordinal(round(value))
    shown = words.scaled(kind, value)
    return formats.number(shown, words.digits(kind, shown)) + (f"{formats.NBSP}%" if shown != value else "")


def _notes(result: Plain) -> list[str]:
    said = [str(note) for basis in result["bases"] for note in basis["notes"]]
    return [words.reason(note) for note in dict.fromkeys(said)]


def _missing(result: Plain) -> list[str]:
    said = [str(gap) for basis in result["bases"] for gap in (*basis["missing"], *filter(None, [basis["refused"]]))]
    return [words.reason(gap) for gap in dict.fromkeys(said)]
