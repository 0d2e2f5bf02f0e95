"""Organisations: the directory's own query, facets, search, one organisation with its evidence."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from ninja import Query
from ninja.params import functions

from lifecluster.web.api import links
from lifecluster.web.api.problem import MovedError, ProblemError
from lifecluster.web.api.v1 import schemas, shapes
from lifecluster.web.api.v1.common import answers, one, reader, section, unchanged
from lifecluster.web.api.v1.filters import LONGEST, OrganisationFilter
from lifecluster.web.api.v1.paging import POSITION, following, position_of
from lifecluster.web.directory import reads
from lifecluster.web.directory import search as finding
from lifecluster.web.directory.show import aged
from lifecluster.web.directory.told_more import told_more
from lifecluster.web.exports.selection import Selection

router = section("Organisations")


def asked(request: HttpRequest) -> finding.Query:
    """The directory's query of this request; its own paging parameters are not ours.

    Raises LifeclusterError (400) for a value of a facet that there is not.
    """
    parameters = request.GET.copy()
    for name in (*POSITION, "page", "per_page"):
        parameters.pop(name, None)
    query = finding.Query.parse(parameters)
    finding.refuse_unknown(
        query, reader(request), near=False
    )  # an answer says in its notes that it knows no such place
    return query


@router.get("/organisations", response=answers(schemas.OrganisationList), summary="Organisations that fit a query")
@unchanged
def organisations(request: HttpRequest, query: Query[OrganisationFilter]) -> Any:
    """Organisations, filtered as in the directory: the part of its address after `?` works here unchanged."""
    page = position_of(request, query.cursor)
    if page is not None and (not isinstance(page, int) or not 1 <= page <= 10**9):
        raise ProblemError(400, "this is no cursor that was given out here")
    page = page or 1
    who = reader(request)
    found = finding.results(asked(request).with_(per_page=query.limit, page=page), who)
    origins = Selection(found.query, found.package, who, "").origins([row.organisation.uid for row in found.rows])
    return {
        "total": found.total,
        "corrected": found.corrected,
        "notes": [*found.notes, *([f"Did you mean {found.meant}?"] if found.meant else [])],
        "next": following(request, page + 1) if page < found.pages else None,
        "items": [
            {
                **shapes.organisation(row.organisation, request),
                "km": row.km,
                "summary": row.organisation.summary,
                "origins": shapes.origins(origins, row.organisation),
                "licences_asked": [
                    {"licence_type": kind, "last_checked": one.on, "stale": one.stale}
                    for kind, one in aged.told(found, row.organisation.number).items()
                ],
            }
            for row in found.rows
        ],
    }


@router.get("/facets", response=answers(list[schemas.FacetOut]), summary="Counts by facet")
@unchanged
def facets(request: HttpRequest, query: Query[OrganisationFilter]) -> Any:
    """How many organisations each value of each facet would leave, all other filters applied."""
    names = ("value", "label", "count", "chosen", "parent")
    found = finding.results(asked(request), reader(request))
    return [
        {"name": f.name, "title": f.title, "values": [{n: getattr(v, n) for n in names} for v in f.values]}
        for f in found.facets
    ]


@router.get("/organisations/{uid}", response=one(schemas.OrganisationOut), summary="One organisation, with evidence")
@unchanged
def organisation(request: HttpRequest, uid: str) -> Any:
    """All values with source, row, licence and dates, and what other sources say; sites, holdings and segments."""
    resolved = here(request, "organisation", uid)
    view = reads.organisation(resolved.uid, reader(request))
    told_more([view.organisation], reads.current(), int(reader(request).clearance))
    return {
        **shapes.organisation(view.organisation, request),
        "values": shapes.stated(view.values, resolved.uid),
        "site_list": [shapes.site(row, request) for row in view.sites],
        "things": [shapes.thing(row, request) for rows in view.things.values() for row in rows],
        "segments": [shapes.segment(row) for row in view.segments],
        "parent": shapes.named(view.parent, request) if view.parent else None,
    }


def here(request: HttpRequest, name: str, uid: str) -> reads.Resolved:
    """What an id in an address means. Raises MovedError for one that was merged into another."""
    resolved = reads.resolve(uid, reader(request))
    if resolved.status == "redirected":
        raise MovedError(reverse(f"api-v1:{name}", args=[resolved.uid]))
    return resolved


@router.get("/search", response=answers(list[schemas.HitOut]), summary="By text alone")
@unchanged
def search(
    request: HttpRequest,
    q: str = functions.Query(..., min_length=1, max_length=LONGEST, description="words"),
    limit: int = functions.Query(20, ge=1, le=100, description="how many"),
) -> Any:
    """The organisations that a text fits best."""
    return [
        {"id": hit.uid, "url": links.identifier(request, hit.uid), "name": hit.name, "score": hit.score,
         "note": hit.note}
        for hit in finding.search(q, reader(request), limit=limit)
    ]  # fmt: skip


@router.get("/suggest", response=answers(list[schemas.SuggestionOut]), summary="While somebody types")
@unchanged
def suggest(
    request: HttpRequest,
    q: str = functions.Query(..., min_length=1, max_length=LONGEST, description="what has been typed so far"),
    limit: int = functions.Query(8, ge=1, le=50, description="how many"),
) -> Any:
    """Organisations, places, capabilities and so on that begin so."""
    return [
        {"kind": hint.kind, "id": hint.uid, "label": hint.label, "note": hint.note, "query": hint.query}
        for hint in finding.suggest(q, reader(request), limit=limit)
    ]
