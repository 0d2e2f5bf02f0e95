"""What clients send: batches of queries and of wishes for data, read strictly, with words for what is wrong."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from lifecluster.web.api.problem import ProblemError
from lifecluster.web.api.reconcile.candidate import COLUMNS

BATCH = 50
LIMIT, MOST = 10, 50
LONGEST = 500
ENTITIES = 200
WHAT = "what"
CHOICES = ("value", "source", "licence", "observed_on")
"""The setting of a property that is fetched: the value itself, or what it rests on."""
FIELDS = frozenset({"query", "type", "limit", "properties", "type_strict"})


@dataclass(frozen=True, slots=True)
class Asked:
    """One query: `values` for the scorer, `types` wanted (empty: any), `limit` of candidates."""

    values: dict[str, str]
    types: frozenset[str] = frozenset()
    limit: int = LIMIT
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """Data wanted: `ids` of organisations, and properties with their settings."""

    ids: tuple[str, ...]
    properties: tuple[tuple[str, dict[str, Any]], ...] = field(default=())


def _object(text: str, what: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
        json.dumps(found, ensure_ascii=False).encode()  # half a character (a lone surrogate) is no text
    except (ValueError, RecursionError):
        raise ProblemError(400, f"{what} is not JSON") from None
    if not isinstance(found, dict):
        raise ProblemError(400, f"{what} must be an object")
    return found


def queries(text: str) -> dict[str, Asked]:
    """A batch of queries by key. Raises ProblemError: 400 for what cannot be read, 413 for more than BATCH."""
    batch = _object(text, "queries")
    if len(batch) > BATCH:
        raise ProblemError(413, f"{len(batch)} queries in one batch; send {BATCH} at most (batchSize)")
    return {key: _query(key, query) for key, query in batch.items()}


def _query(key: str, query: Any) -> Asked:
    if not isinstance(query, dict):
        raise ProblemError(400, f"query {key!r} must be an object")
    unknown = sorted(set(query) - FIELDS)
    if unknown:
        raise ProblemError(400, f"query {key!r}: {', '.join(unknown)} is no field of a query")
    name = query.get("query", "")
    properties = query.get("properties", [])
    if not isinstance(name, str) or not isinstance(properties, list) or not (name.strip() or properties):
        raise ProblemError(400, f"query {key!r} needs a text `query`, or `properties`")
    values = {"name": name[:LONGEST]}
    for entry in properties:
        if not isinstance(entry, dict) or not isinstance(entry.get("pid"), str) or "v" not in entry:
            raise ProblemError(400, f"query {key!r}: a property has `pid` and `v`")
        if entry["pid"] in COLUMNS:  # others do not narrow the search: the specification leaves that to the service
            values[entry["pid"]] = _text(entry["v"])[:LONGEST]
    return Asked(values, _types(key, query.get("type", [])), _limit(key, query.get("limit", LIMIT)))


def _text(value: Any) -> str:
    """A property value as text: of several the first, of an entity its name."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("name") or value.get("id") or ""
    return "" if value is None else str(value).strip()


def _types(key: str, stated: Any) -> frozenset[str]:
    types = [stated] if isinstance(stated, (str, dict)) else stated
    if not isinstance(types, list):
        raise ProblemError(400, f"query {key!r}: `type` is a text or a list")
    names = [t.get("id") if isinstance(t, dict) else t for t in types]
    if not all(isinstance(name, str) for name in names):
        raise ProblemError(400, f"query {key!r}: a type is a text")
    return frozenset(name for name in names if isinstance(name, str) and name)


def _limit(key: str, stated: Any) -> int:
    if isinstance(stated, bool) or not isinstance(stated, (int, float)) or not stated >= 1:
        raise ProblemError(400, f"query {key!r}: `limit` is a whole number from 1")
    return int(min(stated, MOST))


def wish(text: str) -> Wish:
    """A data extension query. Raises ProblemError: 400 for what cannot be read, 413 for too many entities."""
    found = _object(text, "extend")
    ids, properties = found.get("ids"), found.get("properties")
    if not isinstance(ids, list) or not isinstance(properties, list) or not all(isinstance(i, str) for i in ids):
        raise ProblemError(400, "extend needs `ids`, a list of texts, and `properties`, a list")
    if len(ids) > ENTITIES:
        raise ProblemError(413, f"{len(ids)} entities at once; send {ENTITIES} at most")
    wanted = []
    for entry in properties:
        if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
            raise ProblemError(400, "each of `properties` has an `id`")
        settings = entry.get("settings")
        settings = settings if isinstance(settings, dict) else {}
        if settings.get(WHAT, CHOICES[0]) not in CHOICES:
            raise ProblemError(400, f"`{WHAT}` of {entry['id'][:60]!r} is one of {', '.join(CHOICES)}")
        wanted.append((entry["id"], settings))
    return Wish(tuple(ids), tuple(wanted))
