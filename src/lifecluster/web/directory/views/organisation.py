"""The page of an organisation."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.views.decorators.http import require_safe

from lifecluster.web.directory import reads, witness
from lifecluster.web.directory.freshness import today
from lifecluster.web.directory.memo import codes, definitions
from lifecluster.web.directory.models import Organisation
from lifecluster.web.directory.remembered import remembered
from lifecluster.web.directory.show import addresses, holdings, jsonld, presence, words
from lifecluster.web.directory.show import organisation as parts
from lifecluster.web.directory.show.evidence import Reader
from lifecluster.web.directory.show.proper import proper
from lifecluster.web.directory.takeaways import of_organisation, optional
from lifecluster.web.directory.views.common import answer, loaded, reader
from lifecluster.web.directory.zipped import with_pieces
from lifecluster.web.kit.paths import path_of
from lifecluster.web.kit.rendering import format_html
from lifecluster.web.kit.tables import Table
from lifecluster.web.shell import panels

MOST = 10
"""Rows of a table before the rest is asked for."""
ANCHORS = {
    "licence": "licences",
    "product": "products",
    "award": "awards",
    "contract": "awards",
    "trial": "trials",
    "vacancy": "vacancies",
}
"""Sections of the page in which the tables stand."""


@require_safe
@loaded
def short(request: HttpRequest, uid: str) -> HttpResponse:
    """The address by id alone: one redirect to the page."""
    found = (
        Organisation.objects.visible_to(reader(request), reads.current()).filter(uid=uid).only("uid", "slug").first()
    )
    if found is None:
        raise reads.NotHereError(f"{uid} is no organisation of the register")
    return HttpResponsePermanentRedirect(_canonical(found))


@require_safe
@loaded
@remembered
def page(request: HttpRequest, uid: str, slug: str) -> HttpResponse:
    """Everything the register has of one organisation."""
    view = reads.organisation(uid, reader(request))
    organisation = view.organisation
    canonical = _canonical(organisation)
    if request.path != canonical:
        return HttpResponsePermanentRedirect(canonical)
    witness.saw(reader(request), view.values)
    absolute = request.build_absolute_uri(canonical)
    public = presence.is_public(organisation)
    words_of = Reader(view.names, today())
    whole = request.GET.get("all", "")
    shelf = holdings.Shelf(uid, view.things, view.values, words_of)
    first, registered = parts.facts(view, words_of)
    tables = {kind: _shelf_table(kind, shelf, whole) for kind in holdings.TABLES}
    partners = holdings.partners(shelf)
    sites = parts.sites(view, words_of, codes(view.package))
    context = {
        "o": organisation,
        "view": view,
        "name": proper(parts.told(view, "name") or organisation.name),
        "lead": parts.lead(view),
        "standing": parts.standing(view),
        "facts": first,
        "registered": registered,
        "sites": sites,
        "segments": parts.segments(
            view.segments, definitions(view.package), organisation.data.get("sic"), closed=view.closed
        ),
        "tables": {kind: found for kind, found in tables.items() if found},
        "partners": _limited("partners", partners, whole) if partners else None,
        "outside": holdings.outside(shelf),
        "needs": holdings.wishes(shelf, "need"),
        "offers": holdings.wishes(shelf, "offer"),
        "records": parts.records(view),
        "why_here": parts.sources_line(view),
        "group": addresses.named(view.parent.uid, view.names) if view.parent else "",
        "jsonld": jsonld.block(jsonld.organisation(view, absolute)),
        "canonical": absolute,
        "presence": presence.mark(organisation),
        "oembed": optional("feeds:oembed", urlencode({"url": absolute})) if public else "",
        "alternates": of_organisation(uid) if public else [],
        "sees_more": presence.sees_more(reader(request)),
        "segments_note": format_html(
            'One organisation, several definitions. <a href="{}">Why the counts differ</a>',
            path_of("pages:definitions"),
        ),
        "panels": panels.shown("organisation", request, organisation),
    }
    return with_pieces(answer(request, "directory/organisation.html", context), sites.ground if sites else "")


def _canonical(organisation: Organisation) -> str:
    return addresses.organisation(organisation.uid, organisation.slug or "page")


def _shelf_table(kind: str, shelf: holdings.Shelf, whole: str) -> dict[str, object] | None:
    table = holdings.TABLES[kind](shelf)
    return _limited(kind, table, whole) if table else None


def _limited(kind: str, table: Table, whole: str) -> dict[str, object]:
    """A table with its first rows, unless all are asked for."""
    shown, more = (table, 0) if whole == kind else holdings.shortened(table, MOST)
    return {
        "table": shown,
        "more": more,
        "kind": kind,
        "count": len(table.rows),
        "what": words.kind(kind, 2) if kind in words.KINDS else kind,
        "anchor": ANCHORS.get(kind, kind),
    }
