"""What values of facets are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lifecluster.reference import facilities
from lifecluster.web.directory.loading.facets import COUNTED, SEGMENT, SIZES, UNKNOWN
from lifecluster.web.directory.show.words import in_words

SIZE_LABELS = {
    "0-9": "Micro, 0 to 9",
    "10-49": "Small, 10 to 49",
    "50-249": "Medium, 50 to 249",
    "250+": "Large, 250 or more",
    UNKNOWN: "Not known",
}
COUNTED_LABELS = {
    "yes": "Counted, certain",
    "likely": "Counted, likely",
    "unlikely": "Not counted, possible",
    "unknown": "Cannot tell",
    "no": "Not counted, certain",
}
Label = tuple[str, str, str, str, int]
"""facet, value, label, parent, position."""


def labels(present: Iterable[tuple[str, str]], definitions: Iterable[Mapping[str, Any]], areas: Mapping[str, str],
           parents: Mapping[str, str]) -> list[Label]:  # fmt: skip
    """Labels of the values that occur, each facet's in the order in which they are listed when counts are equal.

    Parameters: `present` facet and value; `definitions` as in a package's manifest; `areas` code -> name; `parents`
    district -> region.
    """
    known = dict(_of_definitions(definitions))
    for position, (value, *_) in enumerate((*SIZES, (UNKNOWN, None, None))):
        known["size", value] = (SIZE_LABELS[value], "", position)
    found: list[Label] = []
    for facet, value in sorted(set(present) | {key for key in known if key[0].startswith(COUNTED)}):
        if facet == "place":
            label, parent, position = areas.get(value, value), parents.get(value, ""), 0
        elif facet == "facility":
            label, parent, position = facilities.title("facility_type", value), "", 0
        else:
            label, parent, position = known.get((facet, value), (in_words(value), "", 0))
        found.append((facet, value, label, parent, position))
    return found


def _of_definitions(
    definitions: Iterable[Mapping[str, Any]],
) -> Iterable[tuple[tuple[str, str], tuple[str, str, int]]]:
    for definition in definitions:
        name = definition["name"]
        for position, (value, label) in enumerate(COUNTED_LABELS.items()):
            yield (f"{COUNTED}:{name}", value), (label, "", position)
        stack = [(segment, "") for segment in reversed(definition["segments"])]
        position = 0
        while stack:
            segment, parent = stack.pop()
            yield (f"{SEGMENT}:{name}", segment["id"]), (segment["label"], parent, position)
            position += 1
            stack += [(below, segment["id"]) for below in reversed(segment["segments"])]
