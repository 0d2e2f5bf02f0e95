"""Pages of the atlas."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from lifecluster.places.spoken import begun
from lifecluster.web.atlas import reads, taking
from lifecluster.web.atlas.models import AREAS, BENCHMARK, CLUSTER, NETWORK, OVERVIEW, SEGMENT, SHORT
from lifecluster.web.atlas.reads import Part
from lifecluster.web.atlas.show.pages import page
from lifecluster.web.directory.reads import current
from lifecluster.web.directory.remembered import remembered
from lifecluster.web.directory.show.ground import CREDIT
from lifecluster.web.directory.views.common import loaded

TITLES = {AREAS: "Areas", BENCHMARK: "Ranks", NETWORK: "Collaboration"}
"""What the pages are called of which a region has one, or none where it cannot be told."""


def _shown(request: HttpRequest, kind: str, key: str = "") -> HttpResponse:
    """A part as a page; where the atlas of the package is not there yet, what to do about it."""
    if reads.overview() is None:
        return render(request, "atlas/nothing.html")
    if not key and (why := reads.missing(kind)):
        return render(request, "atlas/untold.html", {"title": TITLES[kind], "why": begun(why)})
    part = reads.part(kind, key)
    published = [
        {"at": one.at, "url": reverse("atlas:publication", args=[one.entry[:SHORT]]), "short": one.entry[:SHORT]}
        for one in reads.publications(kind, key)
    ]
    return render(request, f"atlas/{kind}.html", {**_all(part), "published": published})


def _all(part: Part) -> dict[str, Any]:
    return {**page(part), "credit": CREDIT, "takes": taking.links(part)}


@require_safe
@loaded
@remembered
def index(request: HttpRequest) -> HttpResponse:
    """The whole region: a sentence, the map of clusters, every segment."""
    return _shown(request, OVERVIEW)


@require_safe
@loaded
@remembered
def segment(request: HttpRequest, key: str) -> HttpResponse:
    """One segment: curves with bands, other nulls, where it is at home."""
    return _shown(request, SEGMENT, key)


@require_safe
@loaded
@remembered
def cluster(request: HttpRequest, key: int) -> HttpResponse:
    """One cluster: who is there, what it is, what is around it."""
    return _shown(request, CLUSTER, str(key))


@require_safe
@loaded
@remembered
def areas(request: HttpRequest) -> HttpResponse:
    """Districts on a map and in a list."""
    return _shown(request, AREAS)


@require_safe
@loaded
@remembered
def benchmark(request: HttpRequest) -> HttpResponse:
    """Regions and districts side by side."""
    return _shown(request, BENCHMARK)


@require_safe
@loaded
@remembered
def network(request: HttpRequest) -> HttpResponse:
    """Who works with whom."""
    return _shown(request, NETWORK)


@require_safe
@loaded
def publication(request: HttpRequest, short: str) -> HttpResponse:
    """A part as it was published. Names and the ground of its map are those of the package that is shown."""
    found = reads.publication(short)
    address = reverse("atlas:publication", args=[found.entry[:SHORT]])
    if request.path != address:
        return HttpResponsePermanentRedirect(address)
    shown = page(Part(current(), found.kind, found.key, found.content))
    context = {
        **shown,
        "credit": CREDIT,
        "takes": [],
        "entry": found,
        "published": [],
        "cite": f"{shown['opening']} Published {found.at}. {request.build_absolute_uri(address)}",
    }
    return render(request, f"atlas/{found.kind}.html", context)
