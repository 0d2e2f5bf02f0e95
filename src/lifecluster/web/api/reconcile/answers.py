"""Answers of the service in the form that the specification gives them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.html import format_html

from lifecluster.errors import LifeclusterError
from lifecluster.web.api.reconcile import schema
from lifecluster.web.api.reconcile.candidate import Candidate
from lifecluster.web.api.reconcile.index import Opened, current
from lifecluster.web.api.reconcile.reading import MOST, Asked, Wish
from lifecluster.web.directory import reads
from lifecluster.web.directory import search as finding
from lifecluster.web.directory.models import Organisation
from lifecluster.web.directory.viewer import ANYBODY

Json = dict[str, Any]
PAGE = 20


def reconcile(batch: dict[str, Asked]) -> Json:
    """The result batch: candidates of every query under its key."""
    opened = current()
    keys = list(batch)
    narrowed = any(asked.types - {"organisation"} for asked in batch.values())
    top = MOST if narrowed else max((asked.limit for asked in batch.values()), default=1)
    from lifecluster.web.api.reconcile.matching import match  # brings the data libraries: only who matches waits

    found = match([batch[key].values for key in keys], opened, top=top)
    called = _names_of({_numbered(asked, opened)[0] for asked in batch.values()})
    named = {key: _by_id(batch[key], _by_number(batch[key], found[i], opened, called)) for i, key in enumerate(keys)}
    rows = _rows({c.uid for candidates in named.values() for c in candidates})
    known = {t["id"]: t["name"] for t in schema.types()}
    return {key: {"result": _result(batch[key], named[key], rows, known)} for key in keys}


def _by_id(asked: Asked, found: list[Candidate]) -> list[Candidate]:
    """The candidates; where the query is an id of the register, what that id leads to is first and certain."""
    try:
        resolved = reads.resolve(asked.values.get("name", ""), ANYBODY)
    except LifeclusterError:
        return found
    if resolved.kind != "organisation" or resolved.status == "absent":
        return found
    sure = Candidate(resolved.uid, "", 100.0, True, {}, ("the id itself",))
    return [sure, *(c for c in found if c.uid != resolved.uid)]


def _by_number(asked: Asked, found: list[Candidate], opened: Opened, names: dict[str, list[str]]) -> list[Candidate]:
    """The candidates; the organisation whose company number is asked for, as the property or as the query itself, is
    first and certain, unless a name stands beside it that says more than any of its `names` (by uid): a slip in either
    is told by the other, so there the scorer decides.
    """
    uid, name = _numbered(asked, opened)
    if not uid or (name and not any(_within(name, own) for own in names.get(uid, ()))):
        return found
    known = next((c.features for c in found if c.uid == uid), {})
    return [Candidate(uid, "", 100.0, True, known, ("the company number itself",)),
            *(replace(c, match=False) for c in found if c.uid != uid)]  # fmt: skip


def _numbered(asked: Asked, opened: Opened) -> tuple[str, str]:
    """The organisation of the company number that is asked for, and the name beside it; empty where there is none."""
    from lifecluster.register.linkage.company_number import clean_company_number

    name = asked.values.get("name", "").strip()
    number = clean_company_number(asked.values.get("company_number") or name) or ""
    return opened.uids.get(number, ""), "" if clean_company_number(name) == number else name


def _within(name: str, own: str) -> bool:
    """Whether all words of a name, but those of its legal form, are words of another."""
    from lifecluster.register.linkage.normalise import read_name

    said = set(read_name(name).tokens)
    return bool(said) and said <= set(read_name(own).tokens)


def _names_of(uids: set[str]) -> dict[str, list[str]]:
    """What organisations are and were called."""
    rows = Organisation.objects.visible_to(ANYBODY).filter(uid__in=uids - {""}).values_list("uid", "name", "data")
    return {uid: [name, *data.get("previous_name", ()), *data.get("trading_name", ())] for uid, name, data in rows}


def _rows(uids: set[str]) -> dict[str, Organisation]:
    rows = Organisation.objects.visible_to(ANYBODY).filter(uid__in=uids).defer("data")
    return {row.uid: row for row in rows}


def _result(asked: Asked, found: list[Candidate], rows: dict[str, Organisation], known: dict[str, str]) -> list[Json]:
    out = []
    narrow = {t for t in asked.types if t in known} - {"organisation"}
    for one in found:
        row = rows.get(one.uid)
        if row is None or (narrow and not narrow & set(row.summary.get("types") or ())):
            continue
        out.append({
            "id": one.uid, "name": row.name or one.uid, "description": describe(row, one.reasons), "score": one.score,
            "match": one.match, "type": schema.types_of(row.summary.get("types") or [], known),
            "features": [{"id": name, "value": value} for name, value in one.features.items()],
        })  # fmt: skip
    return out[: asked.limit]


def describe(row: Organisation, reasons: tuple[str, ...] = ()) -> str:
    """An organisation in one line, to tell namesakes apart; whether it is a sample or ended stands first."""
    state = "" if row.live else f"ended {row.ended_on}" if row.ended_on else "ended"
    parts = ["sample data" if row.sample else "", state, row.town, row.postcode, row.company_number, *reasons]
    return " · ".join(part for part in parts if part)


def extend(wish: Wish) -> Json:
    """Values of properties: `meta` names the properties, `rows` has a list of values by id and property.

    `meta` has the properties as they were asked for; one that there is not is called by its id and has no values.
    """
    known = schema.properties()
    wanted = wish.properties
    uids = {asked: _uid(asked) for asked in wish.ids}
    values = reads.values(sorted({uid for uid in uids.values() if uid}), ANYBODY)
    held = {asked: {name: _stated(values, uid, name) for name, _ in wanted} for asked, uid in uids.items()}
    names = _names(held)
    return {
        "meta": [{"id": name, "name": known.get(name, name)} for name, _ in wanted],
        "rows": {
            asked: {name: _values(held[asked][name], settings, names) for name, settings in wanted} for asked in uids
        },
    }


def _uid(asked: str) -> str:
    try:
        return reads.resolve(asked, ANYBODY).uid
    except LifeclusterError:
        return ""


def _stated(values: Any, uid: str, name: str) -> Any:
    return values.of(uid, name) if uid else None


def _names(held: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Names of the organisations that values refer to."""
    stated = [one for row in held.values() for one in row.values() if one is not None and one.type == "ref"]
    found = Organisation.objects.visible_to(ANYBODY).filter(
        uid__in={said.value for one in stated for said in one.shown}
    )
    return dict(found.values_list("uid", "name"))


def _values(stated: Any, settings: Json, names: dict[str, str]) -> list[Json]:
    if stated is None:
        return []
    what = settings.get("what", "value")
    said = [one for one in stated.shown if one.value]
    if what == "source":
        return [{"str": f"{one.source.title}, {one.locator}" if one.locator else one.source.title} for one in said]
    if what == "licence":
        return [{"str": one.source.licence} for one in said]
    if what == "observed_on":
        return [_date(str(one.observed_on)) for one in said if one.observed_on]
    return [_typed(one.value, stated.type, names) for one in said]


def _date(text: str) -> Json:
    return {"date": f"{text}T00:00:00Z"} if len(text) == len("2026-01-31") else {"str": text}


def _typed(text: str, kind: str, names: dict[str, str]) -> Json:
    """A value with its type, as data extension writes it; what does not fit its type is text."""
    if kind == "ref" and text in names:
        return {"id": text, "name": names[text]}
    if kind == "date":
        return _date(text)
    try:
        if kind == "int":
            return {"int": int(text)}
        if kind in {"number", "money"}:
            return {"float": float(text)}
    except ValueError:
        pass
    return {"str": text}


def suggest(what: str, prefix: str, skip: int) -> Json:
    """Suggestions: entities, properties or types that begin with `prefix`."""
    folded = prefix.casefold().strip()
    if what == "entity":
        return {"result": _entities(prefix.strip(), skip)}
    if what == "property":
        found = [{"id": name, "name": title} for name, title in schema.properties().items()]
    else:
        found = schema.types()
    fits = [one for one in found if folded in one["name"].casefold() or one["id"].casefold().startswith(folded)]
    fits.sort(key=lambda one: not one["name"].casefold().startswith(folded))
    return {"result": fits[skip : skip + PAGE]}


def _entities(prefix: str, skip: int) -> list[Json]:
    if not prefix:
        return []
    hits = finding.suggest(prefix, ANYBODY, limit=min(skip + PAGE, 200))
    uids = [hit.uid for hit in hits if hit.kind == "organisation" and hit.uid]
    sure = _by_id(Asked({"name": prefix}), [])
    uids = list(dict.fromkeys([*(c.uid for c in sure), *uids]))[skip:]
    rows = _rows(set(uids))
    return [
        {"id": uid, "name": rows[uid].name or uid, "description": describe(rows[uid]), "notable": [schema.ORGANISATION]}
        for uid in uids
        if uid in rows
    ]


def flyout(what: str, key: str) -> Json | None:
    """A few words of HTML on a suggestion, everything in it escaped; None for what is not known."""
    if what == "entity":
        uid = _uid(key)
        row = _rows({uid}).get(uid)
        if row is None:
            return None
        words = row.summary.get("description") or ""
        html = format_html("<p><strong>{}</strong></p><p>{}</p><p>{}</p>", row.name, describe(row), words)
    else:
        found = schema.properties() if what == "property" else {t["id"]: t["name"] for t in schema.types()}
        if key not in found:
            return None
        html = format_html("<p><strong>{}</strong></p><p>{}</p>", found[key], key)
    return {"id": key, "html": str(html)}


def propose(kind: str, limit: int | None) -> Json:
    """Properties that may be fetched for a type."""
    found = [{"id": name, "name": title} for name, title in schema.properties().items()]
    answer: Json = {"properties": found[:limit], "type": kind}
    return answer if limit is None else {**answer, "limit": limit}
