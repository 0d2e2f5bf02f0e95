"""A claim in words: what it asserts, when it is true, what it rests on, and what came of it before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lifecluster.figures.claim import Basis, Claim, digest
from lifecluster.policy.disclosure import registry
from lifecluster.register.definition import load_definition
from lifecluster.sources.registry import sources

VERDICTS = (
    "True from a probability of 0.95, false up to 0.05, else it cannot be told; a missing input names the file. A "
    "figure that is computed here and that nobody stated has no verdict: it could not be false. "
    "A comparison that holds only for regions together, or only for a part, is true only for these."
)
UNCERTAINTY = {
    "cells": (
        "Every printed cell stands for the whole numbers that round to it, each as likely; where the source is a "
        "sample survey, a sampling error is added that is estimated from the swings of the series itself, or the "
        "publisher's own interval."
    ),
    "probabilities": (
        "Every organisation counts with its probability under the definition, and those that stand in no source are "
        "added as estimated from the overlap of the sources (Chao's lower bound); printed cells as rounded."
    ),
    "list": "Every entry of a list; one that may count or not is taken as either, each as likely.",
}


def asserts(claim: Claim) -> str:
    """What the sentence asserts, in words."""
    says = claim.says
    if says.within is not None:
        return (
            "Nothing by itself: its number is the computed one. A number that somebody states is true if the truth "
            f"lies within {says.within:.0%} of it."
        )
    if says.rank is not None:
        return f"{_regions(says.rank - 1)} more, and all others no more."
    if says.rank_at_most is not None:
        return f"{_regions(says.rank_at_most - 1)} more at most."
    if says.at_least is not None:
        return f"It is {says.at_least:g} or more."
    return "It is more than before."


def _regions(count: int) -> str:
    return "No region has" if count == 0 else "One region has" if count == 1 else f"{count} regions have"


def listed(claim: Claim) -> dict[str, Any]:
    """One line of the list of claims."""
    return {
        "name": claim.name, "title": claim.title, "sentence": claim.sentence, "kind": claim.kind,
        "asserts": asserts(claim), "league": claim.league, "bases": [basis.label for basis in claim.bases],
        "why": claim.why,
    }  # fmt: skip


def explained(claim: Claim, history: Iterable[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """The recipe of a claim as plain values, with the entries of its history, oldest first."""
    rule = registry().rule(claim.disclosure)
    return {
        **{k: v for k, v in listed(claim).items() if k != "bases"},
        "vintage": claim.vintage, "base": claim.base, "verdicts": VERDICTS,
        "method": claim.method.name, "method_version": claim.method.version, "sampling": claim.method.sampling,
        "uncertainty": UNCERTAINTY[claim.method.name], "recipe": digest(claim.recipe()),
        "disclosure": {"measure": claim.disclosure, **rule.model_dump()},
        "bases": [_basis(basis) for basis in claim.bases],
        "history": [
            {"id": e["id"], "entry": e["entry"], "at": e["at"], "region": e["region"],
             "sentence": e["result"]["sentence"], "verdict": e["result"]["verdict"]}
            for e in history if e["claim"] == claim.name
        ],
    }  # fmt: skip


def _basis(basis: Basis) -> dict[str, Any]:
    definition = None if basis.definition is None else load_definition(basis.definition)
    known = sources().get(basis.source)
    return {
        "basis": basis.label, "source": basis.source, "quantity": basis.quantity,
        "publisher": None if known is None else f"{known.spec.title} ({known.spec.publisher})",
        "url": None if known is None else known.spec.url, "definition": basis.definition,
        "definition_title": None if definition is None else definition.title,
        "counts": None if definition is None else definition.unit,
        "effect": None if definition is None else definition.effect, "note": basis.note,
    }  # fmt: skip
