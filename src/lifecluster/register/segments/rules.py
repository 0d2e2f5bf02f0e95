"""Definitions turned into flat tables that can be joined: one row per piece of evidence, and who inherits what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from lifecluster.errors import InputError
from lifecluster.register.definition import Definition

ROOT = ""
KINDS = {
    "sic": "sic",
    "words": "words",
    "name_words": "words",
    "registers": "register",
    "organisation_types": "register",
    "licences": "licence",
    "stated": "stated",
}


@dataclass(frozen=True, slots=True)
class Rules:
    """`entries`: definition, node, field, kind, value, weight. `lineage`: definition, node, ancestor (itself included).

    `nodes`: definition, node, place (order in the file), role. `models`: one row per definition with its constants.
    The node ROOT (empty text) is the definition as a whole.
    """

    entries: pl.DataFrame
    lineage: pl.DataFrame
    nodes: pl.DataFrame
    models: pl.DataFrame


def _model(definition: Definition, place: int) -> dict[str, object]:
    return {
        "definition": definition.name,
        "rank": place,
        "method": definition.method,
        "vintage": definition.vintage,
        "needs_sic": definition.needs_sic,
        "prior": definition.model.prior,
        "lead": definition.model.lead if definition.method == "weighed" else 0.0,
        "words_cap": definition.model.words_cap,
        "description_factor": definition.model.description_factor,
    }


def compile_rules(definitions: Sequence[Definition]) -> Rules:
    """The tables of `definitions`. Raises InputError if two have the same name or there is none."""
    names = [definition.name for definition in definitions]
    if not names or len(set(names)) != len(names):
        raise InputError("one definition at least, and no name twice", file="definitions")
    entries: list[tuple[str, str, str, str, str, float]] = []
    lineage: list[tuple[str, str, str]] = []
    nodes: list[tuple[str, str, int, str | None]] = []
    for definition in definitions:
        name = definition.name
        lineage.append((name, ROOT, ROOT))
        nodes.append((name, ROOT, 0, None))
        entries += [(name, ROOT, f, KINDS[f], v, w) for f, v, w in definition.predicate.entries()]
        for place, (segment, above) in enumerate(definition.walk(), 1):
            nodes.append((name, segment.id, place, segment.role))
            lineage += [(name, segment.id, other) for other in (ROOT, *above, segment.id)]
            entries += [(name, segment.id, f, KINDS[f], v, w) for f, v, w in segment.predicate.entries()]
    entry_columns = {
        "definition": pl.String,
        "node": pl.String,
        "field": pl.String,
        "kind": pl.String,
        "value": pl.String,
    }
    return Rules(
        entries=pl.DataFrame(entries, schema={**entry_columns, "weight": pl.Float64}, orient="row"),
        lineage=pl.DataFrame(
            lineage, schema=dict.fromkeys(("definition", "node", "ancestor"), pl.String), orient="row"
        ),
        nodes=pl.DataFrame(
            nodes,
            schema={"definition": pl.String, "node": pl.String, "place": pl.Int32, "role": pl.String},
            orient="row",
        ),
        models=pl.DataFrame([_model(definition, place) for place, definition in enumerate(definitions)]),
    )
