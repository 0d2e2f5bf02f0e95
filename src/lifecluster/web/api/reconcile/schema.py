"""Types and properties of the service: those of the register's own vocabulary."""

from __future__ import annotations

from functools import cache
from typing import Any

from lifecluster.reference.properties import vocabulary
from lifecluster.web.api.reconcile.candidate import COLUMNS
from lifecluster.web.api.reconcile.reading import CHOICES as WHATS
from lifecluster.web.api.reconcile.reading import WHAT
from lifecluster.web.directory import reads
from lifecluster.web.directory.models import FacetLabel
from lifecluster.web.directory.viewer import ANYBODY

ORGANISATION = {"id": "organisation", "name": "Organisation"}
MATCHED = {
    "postcode": "Postcode",
    "town": "Town",
    "address": "Address",
    "company_number": "Company number",
}
"""Properties that help to find an organisation."""
CHOICES = {
    "value": "The value",
    "source": "Where it comes from",
    "licence": "The licence of that source",
    "observed_on": "The day it was observed",
}
SETTING: dict[str, Any] = {
    "name": WHAT,
    "label": "What to fetch",
    "type": "select",
    "default": "value",
    "help_text": "The value itself, or its evidence",
    "choices": [{"value": value, "name": name} for value, name in CHOICES.items()],
}
if tuple(CHOICES) != WHATS:
    raise ValueError("the service offers other settings than it reads")
if set(MATCHED) != set(COLUMNS) - {"name"}:
    raise ValueError("the scorer and the service name different properties")


@cache
def properties() -> dict[str, str]:
    """Every property that can be asked for, with its name: those that match first."""
    of_organisations = vocabulary().of("organisation")
    rest = {name: name.replace("_", " ").capitalize() for name in of_organisations}
    return {**MATCHED, **{name: title for name, title in rest.items() if name not in MATCHED}}


def types() -> list[dict[str, str]]:
    """All types: organisation, and the types of organisation that anybody may know of in the current package."""
    known = FacetLabel.objects.visible_to(ANYBODY, reads.current())
    labels = known.filter(facet="type").order_by("position", "label")
    return [ORGANISATION, *({"id": value, "name": label} for value, label in labels.values_list("value", "label"))]


def types_of(codes: list[str], known: dict[str, str]) -> list[dict[str, str]]:
    """The types of one organisation: `codes` of its row, `known` names by id."""
    return [ORGANISATION, *({"id": code, "name": known.get(code, code)} for code in codes)]
