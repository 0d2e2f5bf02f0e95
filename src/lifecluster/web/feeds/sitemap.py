"""The sitemap: an index, and parts of ten thousand organisations. Only pages that exist are in it."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from lifecluster.web.api import links
from lifecluster.web.api.conditional import conditional
from lifecluster.web.directory import reads
from lifecluster.web.directory.models import Organisation
from lifecluster.web.directory.viewer import ANYBODY
from lifecluster.web.feeds.xml import HEAD, element, wrap

PART = 10_000
MOST_PARTS = 50_000
"""Of a sitemap index. Source: sitemaps.org, protocol 0.9."""
SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def _answer(name: str, entries: Iterable[str]) -> HttpResponse:
    body = HEAD + wrap(name, "\n".join(entries), xmlns=SPACE) + "\n"
    return HttpResponse(body, content_type="application/xml; charset=utf-8")


@require_safe
@conditional
def index(request: HttpRequest) -> HttpResponse:
    """The parts."""
    shown = reads.current()
    parts = -(-Organisation.objects.visible_to(ANYBODY, shown).count() // PART)
    addresses = [request.build_absolute_uri(reverse("feeds:sitemap_part", args=[n])) for n in range(parts + 1)]
    day = element("lastmod", str((shown.loaded_at or shown.at).isoformat()[:10]))
    return _answer("sitemapindex", (f"<sitemap>{element('loc', address)}{day}</sitemap>" for address in addresses))


@require_safe
@conditional
def part(request: HttpRequest, number: int) -> HttpResponse:
    """Part 0 is the pages of rooms; those from 1 are organisations."""
    if number == 0:
        paths = ["/", links.page("directory"), reverse("api:index")]
        return _answer("urlset", (f"<url>{element('loc', request.build_absolute_uri(p))}</url>" for p in paths if p))
    if number > MOST_PARTS:
        raise Http404
    rows = Organisation.objects.visible_to(ANYBODY).order_by("number").values_list("uid", "observed_on")
    found = list(rows[(number - 1) * PART : number * PART])
    if not found:
        raise Http404
    return _answer("urlset", (_entry(request, uid, str(day) if day else None) for uid, day in found))


def _entry(request: HttpRequest, uid: str, day: str | None) -> str:
    path = links.page("organisation", uid)
    address = request.build_absolute_uri(path) if path else links.identifier(request, uid)
    return f"<url>{element('loc', address)}{element('lastmod', day) if day else ''}</url>"
