"""Computing every claim that ships for a package. Imports Polars and SciPy: for the process that loads, never for one
that answers pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lifecluster.errors import LifeclusterError
from lifecluster.figures import history
from lifecluster.figures.claim import Claim, claims
from lifecluster.figures.compute import compute
from lifecluster.figures.explain import explained
from lifecluster.figures.inputs import Inputs, shipped
from lifecluster.figures.places import Place, of_region
from lifecluster.policy.disclosure import registry
from lifecluster.region import Region
from lifecluster.register.package import Package as Files

Entry = Mapping[str, Any]
Latest = Callable[[str, str], Entry | None]
PRIVATE = "register"
"""The source whose rows are organisations; the rows of all others are cells that their publisher shows everybody."""
MOST_CELLS = 200


@dataclass(frozen=True, slots=True)
class Computed:
    """A claim with its record, whether that is new, and what everybody may read of it."""

    claim: str
    region: str
    entry: Entry
    new: bool
    body: dict[str, Any]


def compute_all(files: Files, *, at: date, latest: Latest, progress: Callable[[str], None]) -> list[Computed]:
    """Every claim that ships, for the region of a package.

    Parameters: `at` the day of the computation; `latest` gives the newest record of a claim (name) and region. A record
    that says the same as the one before is not made again. Raises LifeclusterError where the package does not name its
    region.
    """
    asked, inputs = _place(files), shipped().with_register(files)
    found = []
    for claim in claims():
        progress(f"computing the claim {claim.name}")
        found.append(_one(claim, asked, inputs, at, latest(claim.name, asked.name)))
    return found


def _place(files: Files) -> Place:
    try:
        return of_region(Region.model_validate(files.manifest["region"]))
    except (KeyError, ValueError) as error:
        raise LifeclusterError(f"{files.name} does not say what its region is") from error


def _one(claim: Claim, asked: Place, inputs: Inputs, at: date, before: Entry | None) -> Computed:
    result = compute(claim, asked, inputs, at=at, previous=history.states(before))
    entry: Entry = history.computed(result, [] if before is None else [before])
    new = before is None or _said(before) != _said(entry)
    kept = entry if new or before is None else before
    return Computed(claim.name, asked.name, kept, new, public_body(kept, claim))


def _said(entry: Entry) -> dict[str, Any]:
    """What a record says, without when it was made and what it was compared with."""
    said = {key: value for key, value in entry.items() if key not in {"id", "at", "previous"}}
    result = {key: value for key, value in entry["result"].items() if key != "at"}
    bases = [{key: value for key, value in basis.items() if key != "change"} for basis in result["bases"]]
    return {**said, "result": {**result, "bases": bases}}


def public_body(entry: Entry, claim: Claim) -> dict[str, Any]:
    """What everybody may read: the result without rows, the recipe, its words, and the cells of official tables."""
    about = {key: value for key, value in explained(claim).items() if key != "history"}
    return {
        "result": history.public(entry), "recipe": entry["recipe"], "record": entry["id"],
        "previous": entry["previous"], "about": about,
        "cells": {basis["basis"]: _cells(basis) for basis in entry["result"]["bases"] if _open(claim, basis)},
    }  # fmt: skip


def _open(claim: Claim, basis: Mapping[str, Any]) -> bool:
    """Whether the rows of a basis are cells that everybody may see: not of the register, under a rule that hides
    nothing, and not withheld."""
    rule = registry().rule(claim.disclosure)
    free = rule.minimum == 0 and rule.contributors == 0
    return basis["source"] != PRIVATE and free and not basis["withheld"] and bool(basis["row_list"])


def _cells(basis: Mapping[str, Any]) -> dict[str, Any]:
    names = ("group", "key", "label", "vintage", "value", "low", "high")
    rows = [row for row in basis["row_list"] if row["group"] in {"this", "now", "before"}]
    shown = [{name: row[name] for name in names} for row in rows[:MOST_CELLS]]
    return {"rows": shown, "of": len(basis["row_list"])}
