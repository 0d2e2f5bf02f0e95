"""The directory: a list that is searched, filtered, sorted, mapped, followed and embedded, all by its address."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from lifecluster.web.directory import memo, reads
from lifecluster.web.directory import search as searching
from lifecluster.web.directory.degrees import degrees
from lifecluster.web.directory.remembered import remembered
from lifecluster.web.directory.search import Page, Query
from lifecluster.web.directory.search.offers import offers
from lifecluster.web.directory.show import addresses, aged, listing, presence, rows
from lifecluster.web.directory.show import ground as grounds
from lifecluster.web.directory.show.proper import proper
from lifecluster.web.directory.show.sentence import snippet
from lifecluster.web.directory.takeaways import of_list as takeaways
from lifecluster.web.directory.takeaways import optional
from lifecluster.web.directory.views.common import answer, loaded, reader, wants_part
from lifecluster.web.directory.zipped import with_pieces
from lifecluster.web.kit.paging import Paging
from lifecluster.web.kit.paths import path_of
from lifecluster.web.shell.headers import embeddable

EMBEDDED = 25
DISTANCES = (5.0, 10.0, 25.0, 50.0, 100.0)
DECIMALS, PER_DEGREE = 5, 10_000
"""Places of the map: in steps of a ten-thousandth of a degree, about ten metres."""
NAMED = 8
KIND = "LCO-"
"""How identifiers of organisations begin; three blocks of four follow."""


@require_safe
@loaded
@remembered
def index(request: HttpRequest) -> HttpResponse:
    """The list; for htmx only the part that changes."""
    query = Query.parse(request.GET)
    page = searching.results(query, reader(request))
    template = "directory/results.html" if wants_part(request) else "directory/index.html"
    drawn = listing.drawn(page, memo.codes(page.package))
    context = _context(request, page, query) | {"partial": wants_part(request), "map": drawn.markup}
    response = answer(request, template, context)
    patch_vary_headers(response, ["HX-Request-Type"])
    return with_pieces(response, *drawn.pieces)


def _context(request: HttpRequest, page: Page, asked: Query) -> dict[str, Any]:
    query = page.query
    definitions = memo.definitions(page.package)
    titles = {name: str(d["title"]) for name, d in definitions.items()}
    encoded = query.encode()
    address = listing.url(query)
    said = listing.sentence(page, titles)
    frame = request.build_absolute_uri(f"{path_of('directory:embed')}?{encoded}")
    return {
        "page": page,
        "query": query,
        "rows": rows.rows(page),
        "sentence": said,
        "aged": aged.said(page),
        "chips": listing.chips(page),
        "lacking": listing.lacking(page, definitions),
        "offers": [(offer.label, offer.count, listing.url(offer.query)) for offer in offers(page)],
        "meant": listing.url(asked.with_(near=page.meant)) if page.meant else "",
        "groups": listing.groups(query, page.facets),
        "sorts": listing.sorts(query),
        "definitions": [("", "Everything in the register", not query.definition)]
        + [(name, title, query.definition == name) for name, title in titles.items()],
        "hidden": _hidden(query),
        "distances": [f"{km:g}" for km in sorted({*DISTANCES, query.within})],
        "within": f"{query.within:g}",
        "placed": listing.placed(page),
        "circle": _circle(page),
        "credit": grounds.CREDIT,
        "paging": Paging(page.page, page.total, request.GET, query.per_page, "organisations"),
        "address": address,
        "absolute": request.build_absolute_uri(address),
        "points": f"{path_of('directory:points')}?{encoded}",
        "names": path_of("directory:names"),
        "atom": optional("feeds:search", encoded),
        "oembed": optional("feeds:oembed", urlencode({"url": request.build_absolute_uri(address)})),
        "embed": frame,
        "snippet": snippet(said, frame, request.build_absolute_uri(address), _name(page)),
        "without": path_of("directory:index"),
        "with_ended": listing.url(query.with_(ended=not query.ended)),
        "sort_base": query.with_(sort="").encode(),
        "wider": listing.url(query.with_(within=2 * query.within)),
        "wider_km": f"{2 * query.within:g}",
        "takeaways": takeaways(encoded),
        "sees_more": presence.sees_more(reader(request)),
    }


def _name(page: Page) -> str:
    """What the data is to be called elsewhere."""
    sample = ", sample data" if page.package.sample else ""
    return f"Lifecluster {page.package.region.get('title', '')}".strip() + f", package {page.package.name}{sample}"


def _credit(page: Page, user: object) -> str:
    """Source, licences and what they ask to be said, in one line."""
    files = reads.sources(user)
    licences = sorted({file.licence_title or file.licence for file in files} - {""})
    asked = list(dict.fromkeys(text.rstrip(".") for file in files if (text := file.attribution.strip())))
    parts = [f"Source: {_name(page)}", f"Licences of its sources: {', '.join(licences)}" if licences else "", *asked]
    return ". ".join(part for part in parts if part) + "."


def _circle(page: Page) -> str:
    """Longitude, latitude and kilometres of the circle that was asked about, for the map that moves."""
    if page.found is None:
        return ""
    longitude, latitude = degrees([(page.found.easting, page.found.northing)])[0]
    return f"{longitude:.5f} {latitude:.5f} {page.query.within:g}"


def _hidden(query: Query) -> list[tuple[str, str]]:
    """What the search form keeps: everything that it has no field for."""
    return [*query.chosen, *([("ended", "1")] if query.ended else [])]


@require_safe
@loaded
@remembered
def points(request: HttpRequest) -> HttpResponse:
    """All hits with a place, for the map that moves; the list has the same, and the export has it as GeoJSON.

    Short, because there may be ten thousand, from south to north: `uids` in one text without their first letters
    (`kind`) and dashes; `at` of each the longitude, and the latitude less that of the one before, in whole steps of
    which `per_degree` make a degree.
    """
    page = searching.results(Query.parse(request.GET).with_(per_page=1), reader(request))
    found = listing.places(page)
    spots = sorted(
        (round(latitude * PER_DEGREE), round(longitude * PER_DEGREE), page.hits.index.uids[n])
        for n, (longitude, latitude) in zip(found, degrees(found.values(), DECIMALS), strict=True)
    )
    before = [0, *(latitude for latitude, _, _ in spots)]
    steps = [step for i, (latitude, longitude, _) in enumerate(spots) for step in (longitude, latitude - before[i])]
    bodies = "".join(uid.removeprefix(KIND).replace("-", "") for _, _, uid in spots)
    return _json({"kind": KIND, "per_degree": PER_DEGREE, "uids": bodies, "at": steps}, seconds=60)


@require_safe
@loaded
@remembered
def names(request: HttpRequest) -> HttpResponse:
    """What the organisations at a place of the map are called: `?uid=…&uid=…`, as many as one popup names."""
    index = searching.results(Query(per_page=1), reader(request)).hits.index
    asked = [uid for uid in request.GET.getlist("uid")[:NAMED] if uid in index.numbers]
    return _json({uid: proper(index.names[index.numbers[uid]]) for uid in asked}, seconds=60)


def _json(what: object, *, seconds: int) -> HttpResponse:
    body = json.dumps(what, ensure_ascii=False, separators=(",", ":"))
    response = HttpResponse(body, content_type="application/json")
    response["Cache-Control"] = f"private, max-age={seconds}"
    return response


@require_safe
@loaded
def ground(request: HttpRequest) -> HttpResponse:
    """The ground of the map that moves: parts of the region, land around it, towns; longitude and latitude."""
    package = reads.current()
    body = memo.kept("ground", package, lambda: grounds.geojson(grounds.ground(memo.codes(package))))
    response = HttpResponse(body, content_type="application/geo+json")
    response["Cache-Control"] = "private, max-age=3600"
    return response


@require_safe
@loaded
@remembered
def suggest(request: HttpRequest) -> HttpResponse:
    """What somebody may mean who has typed so far; a list of links."""
    found = searching.suggest(request.GET.get("q", ""), reader(request))
    links = [
        (
            proper(s.label) if s.uid else s.label,
            s.note,
            addresses.organisation(s.uid) if s.uid else f"{path_of('directory:index')}?{s.query}",
        )
        for s in found
    ]
    return render(request, "directory/suggestions.html", {"links": links, "q": request.GET.get("q", "")})


@require_safe
@embeddable
@loaded
@remembered
def embed(request: HttpRequest) -> HttpResponse:
    """The list for a frame in a page elsewhere: no script, no navigation, links that open the web app."""
    query = Query.parse(request.GET)
    page = searching.results(query.with_(per_page=min(query.per_page, EMBEDDED)), reader(request))
    titles = {name: str(d["title"]) for name, d in memo.definitions(page.package).items()}
    context = {
        "lines": rows.lines(page),
        "heading": listing.sentence(page, titles).rstrip("."),
        "page": page,
        "aged": aged.said(page),
        "near": bool(query.near),
        "absolute": request.build_absolute_uri(listing.url(query)),
        "base": request.build_absolute_uri("/").rstrip("/"),
        "source": _credit(page, reader(request)),
        "sources": request.build_absolute_uri(path_of("pages:sources")),
    }
    return render(request, "directory/embed.html", context)
