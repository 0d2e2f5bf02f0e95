"""Rows of the register in the words of the API."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest

from lifecluster.reference.freshness import Freshness
from lifecluster.web.api import links
from lifecluster.web.directory.freshness import freshness
from lifecluster.web.directory.models import Change, Group, Organisation, Segment, Site, SourceFile, Statement, Thing
from lifecluster.web.directory.reads import Named, Said, Values
from lifecluster.web.exports.origins import Origins

Json = dict[str, Any]
SOURCE = ("source", "title", "publisher", "rank", "licence", "licence_title", "licence_url", "attribution", "url",
          "file", "sha256", "observed_on", "sample", "read", "accepted", "rejected")  # fmt: skip
PLACED = ("town", "postcode", "lad", "easting", "northing", "place_quality")
ORGANISATION = ("name", "live", "ended_on", "company_number", *PLACED, "employees", "size", "records", "observed_on",
                "verified_on", "sample")  # fmt: skip
SITE = ("organisation", "name", *PLACED, "jobs", "jobs_low", "jobs_high", "jobs_method", "live", "sample")
THING = ("kind", "title", "state", "starts_on", "ends_on", "live", "sample", "data")


def _take(row: object, names: Iterable[str]) -> Json:
    return {name: getattr(row, name) for name in names}


def source(row: SourceFile) -> Json:
    """A source file."""
    return _take(row, SOURCE)


def organisation(row: Organisation, request: HttpRequest) -> Json:
    """An organisation without its values."""
    page = links.page("organisation", row.uid)
    return {
        "id": row.uid,
        "url": links.identifier(request, row.uid),
        "page": request.build_absolute_uri(page) if page else None,
        "sites": row.sites_count,
        **_take(row, ORGANISATION),
    }


def origins(known: Origins, row: Organisation) -> list[Json]:
    """The sources of a row, in one order."""
    mine = known.of(row.uid, None if row.easting is None else row.place_quality)
    pairs = zip(mine["source"], mine["source_licence"], mine["attribution"], strict=True)
    return [{"source": one, "licence": licence, "attribution": asked} for one, licence, asked in pairs]


def site(row: Site, request: HttpRequest) -> Json:
    """A site."""
    return {"id": row.uid, "url": links.identifier(request, row.uid), **_take(row, SITE)}


def thing(row: Thing, request: HttpRequest) -> Json:
    """A licence, award and so on."""
    return {"id": row.uid, "url": links.identifier(request, row.uid), **_take(row, THING)}


def group(row: Group, request: HttpRequest) -> Json:
    """A group."""
    return {"id": row.uid, "url": links.identifier(request, row.uid), **_take(row, ("name", "sample", "data"))}


def named(row: Named, request: HttpRequest) -> Json:
    """What an id is called."""
    return {"id": row.uid, "url": links.identifier(request, row.uid), **_take(row, ("kind", "name", "sample"))}


def segment(row: Segment) -> Json:
    """An organisation under a definition."""
    return _take(row, ("organisation", "definition", "segment", "role", "state", "probability", "evidence"))


def change(row: Change, request: HttpRequest) -> Json:
    """A change."""
    return {"cursor": row.id, "id": row.uid, "url": links.identifier(request, row.uid),
            **_take(row, ("at", "package", "name", "what", "target", "fields", "undone"))}  # fmt: skip


def said(one: Said) -> Json:
    """A statement as `reads.values` gives it."""
    return {
        "id": one.id, "subject": one.subject, "property": one.property, "value": one.value, "original": one.original,
        "source": one.source.source, "record": one.record, "locator": one.locator, "licence": one.source.licence,
        "observed_on": one.observed_on, "verified_on": one.verified_on, "valid_from": one.valid_from,
        "valid_to": one.valid_to, "shown": one.shown, "sample": one.sample, "freshness": _freshness(one.freshness),
    }  # fmt: skip


def stated(values: Values, subject: str) -> list[Json]:
    """All values of a subject with their evidence."""
    return [
        {
            "property": one.property, "type": one.type, "text": one.text, "why": one.why,
            "shown": [said(s) for s in one.shown],
            "others": [said(s) for s in one.others],
        }
        for one in values.subject(subject)
    ]  # fmt: skip


def statement(row: Statement) -> Json:
    """A row of the table of statements, without `shown`: that depends on the others of its property."""
    aged = freshness(row.property, observed_on=row.observed_on, verified_on=row.verified_on)
    return {
        "id": row.sid, "source": row.file.source, "licence": row.file.licence, "freshness": _freshness(aged),
        **_take(row, ("subject", "property", "value", "original", "record", "locator", "observed_on", "verified_on",
                      "valid_from", "valid_to", "sample")),
    }  # fmt: skip


def _freshness(one: Freshness) -> Json:
    return _take(one, ("state", "since", "stale_on"))
