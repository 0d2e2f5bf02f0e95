"""Brute-force twin of the classifier: one organisation at a time, plain Python, no joins."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Any

from lifecluster.register.definition import Definition, Predicate, Segment

Evidence = dict[tuple[str, str], tuple[float, str]]


def plain(text: str) -> str:
    """The plain form of text, written a second time and differently."""
    letters = [c for c in unicodedata.normalize("NFKD", text) if not unicodedata.category(c).startswith("M")]
    lowered = "".join(letters).lower()
    lowered = re.sub(r"['’`]s(?![^\W])", "", lowered)
    lowered = re.sub(r"['’`]", "", lowered).replace("&", " and ")
    words = "".join(c if unicodedata.category(c)[0] in "LN" else " " for c in lowered).split()
    return " " + " ".join(words) + " "


def holds(text: str, phrase: str) -> bool:
    """Whether a phrase stands in plain text."""
    left = "" if phrase.startswith("*") else " "
    right = "" if phrase.endswith("*") else " "
    return left + plain(phrase.strip("*")).strip() + right in text


def _texts(organisation: dict[str, Any]) -> list[tuple[str, str]]:
    found = [("name", organisation["name"])] if organisation["name"] is not None else []
    found += [("other name", name) for name in organisation["other_names"] or [] if name is not None]
    if organisation["description"] is not None:
        found.append(("description", organisation["description"]))
    return [(field, plain(text)) for field, text in found]


def codes_of(organisation: dict[str, Any]) -> set[str]:
    """Well-formed SIC codes."""
    return {code for code in organisation["sic"] or [] if code and re.fullmatch(r"[0-9]{5}", code)}


def found_by(predicate: Predicate, organisation: dict[str, Any], factor: float) -> Evidence:
    """All evidence of one predicate, by (kind, value)."""
    found: Evidence = {}
    for code in codes_of(organisation):
        prefixes = [prefix for prefix in predicate.sic if code.startswith(prefix)]
        if prefixes:
            longest = max(prefixes, key=len)
            found["sic", code] = (predicate.sic[longest], longest)
    for phrase, weight in (predicate.words | predicate.name_words).items():
        hits = [
            (field, weight * (factor if field == "description" else 1))
            for field, text in _texts(organisation)
            if holds(text, phrase) and (phrase in predicate.words or field != "description")
        ]
        if hits:
            field, best = sorted(hits, key=lambda hit: (-abs(hit[1]), hit[0]))[0]
            found["words", phrase] = (best, field)
    for code in {code.strip().upper() for code in organisation["segment"] or [] if code}:
        starts = [start for start in predicate.stated if code.startswith(start)]
        if starts:
            longest = max(starts, key=len)
            found["stated", code] = (predicate.stated[longest], longest)
    for kind, weights, column in (
        ("register", predicate.registers, "sources"),
        ("register", predicate.organisation_types, "organisation_type"),
        ("licence", predicate.licences, "licence_type"),
    ):
        for value, weight in weights.items():
            if value in (organisation[column] or []):
                found[kind, value] = (weight, column)
    return found


def _union(parts: list[Evidence]) -> Evidence:
    merged: Evidence = {}
    for part in parts:
        for key, item in part.items():
            merged[key] = max(merged.get(key, item), item, key=lambda pair: pair[0])
    return merged


def _score(evidence: Evidence, definition: Definition) -> float:
    def strongest(kind: str) -> float:
        weights = [weight for (k, _), (weight, _) in evidence.items() if k == kind]
        return max([w for w in weights if w > 0], default=0) + min([w for w in weights if w < 0], default=0)

    words = [weight for (kind, _), (weight, _) in evidence.items() if kind == "words"]
    capped = min(definition.model.words_cap, math.fsum(w for w in words if w > 0))
    total = definition.model.prior + sum(map(strongest, ("sic", "register", "licence", "stated")))
    logit = total + capped + math.fsum(w for w in words if w < 0)
    return 1 / (1 + math.exp(-logit))


def probabilities(organisation: dict[str, Any], definition: Definition) -> dict[str | None, float | None]:
    """Segment -> probability for one organisation; None as key is the whole, None as value is unknown."""
    lead = definition.model.lead if definition.method == "weighed" else 0.0
    root = found_by(definition.predicate, organisation, definition.model.description_factor)
    result: dict[str | None, float | None] = {}

    def visit(segment: Segment, above: list[Evidence]) -> float | None:
        own = found_by(segment.predicate, organisation, definition.model.description_factor)
        values = [visit(child, [*above, own]) for child in segment.segments]
        best = [value for value in values if value is not None]
        if any(weight > 0 and weight >= lead for weight, _ in own.values()):
            evidence = _union([*above, own])
            best.append(1.0 if definition.method == "listed" else _score(evidence, definition))
        if best:
            result[segment.id] = max(best)
        return max(best, default=None)

    tops = [visit(segment, [root]) for segment in definition.segments]
    known = [value for value in tops if value is not None]
    excluded = _excluded(organisation, definition)
    if organisation["organisation_id"] in {item.id for item in definition.include}:
        result[None] = 1.0
    elif known:
        result[None] = max(known)
        if excluded:
            result = dict.fromkeys(result, 0.0)
    elif definition.needs_sic and not codes_of(organisation):
        result[None] = 0.0 if excluded else None
    return result


def _excluded(organisation: dict[str, Any], definition: Definition) -> bool:
    status = (organisation["status"] or "").strip().lower()
    types = set(organisation["organisation_type"] or [])
    by_hand = organisation["organisation_id"] in {item.id for item in definition.exclude}
    return by_hand or status in definition.excluded_statuses or bool(types & set(definition.excluded_types))
