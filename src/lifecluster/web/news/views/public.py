"""What everybody reads: the list, and a page for each item."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lifecluster.web.directory import reads as register
from lifecluster.web.directory.freshness import today
from lifecluster.web.directory.remembered import remembered
from lifecluster.web.directory.show import addresses, jsonld
from lifecluster.web.directory.show.proper import proper
from lifecluster.web.directory.viewer import viewer_of
from lifecluster.web.directory.views.common import answer, loaded, reader
from lifecluster.web.kit.paging import Paging
from lifecluster.web.kit.paths import path_of
from lifecluster.web.news import linked, markdown, panels, reads, words
from lifecluster.web.news.actions import DECIDE, PROPOSE
from lifecluster.web.news.models import Item, Kind

SIZE = 20
PLURALS = {"": "All", Kind.NEWS: "News", Kind.OPPORTUNITY: "Opportunities", Kind.EVENT: "Events"}


@require_safe
@loaded
@remembered
def index(request: HttpRequest) -> HttpResponse:
    """What is told now, perhaps of one kind."""
    asked = request.GET.get("kind", "")
    kind = asked if asked in Kind.values else ""
    rows = reads.listed(reader(request), today(), kind)
    total = rows.count()
    paging = Paging(_page(request.GET.get("page", "")), total, request.GET, SIZE, "items")
    first = (min(paging.page, paging.pages) - 1) * SIZE
    viewer = viewer_of(reader(request))
    context = {
        "lines": panels.lines(rows[first : first + SIZE]),
        "paging": paging,
        "total": total,
        "kinds": [(title, _address(value), value == kind) for value, title in PLURALS.items()],
        "heading": PLURALS[kind] if kind else "News and opportunities",
        "may_propose": viewer.may(PROPOSE),
        "may_decide": viewer.may(DECIDE),
        "feed": request.build_absolute_uri(path_of("news:atom") + (f"?kind={kind}" if kind else "")),
    }
    return answer(request, "news/index.html", context)


def _address(kind: str) -> str:
    return path_of("news:index") + (f"?kind={kind}" if kind else "")


def _page(text: str) -> int:
    return max(1, min(int(text), 10_000)) if text.isascii() and text.isdecimal() and len(text) < 6 else 1


@require_safe
@loaded
@remembered
def item(request: HttpRequest, key: int) -> HttpResponse:
    """One item, as long as it is not withdrawn; one that is over says so."""
    found = reads.item(key, reader(request), today()) if key < 2**31 else None
    if found is None:
        raise Http404
    return answer(request, "news/item.html", shown(request, found))


def shown(request: HttpRequest, found: Item) -> dict[str, Any]:
    """What the page of an item shows."""
    package = register.current()
    names = reads.names([found], reader(request), package)
    about = sorted({(proper(one.name), one.uid) for one in names.values()})
    canonical = request.build_absolute_uri(words.address(found))
    return {
        "item": found,
        "kind": Kind(found.kind).label,
        "note": words.note(found, today()),
        "over": found.over(today()),
        "body": markdown.html(found.text),
        "about": [(name, addresses.organisation(uid)) for name, uid in about],
        "canonical": canonical,
        "jsonld": jsonld.block(linked.item(found, canonical, [name for name, _ in about])),
        "may_decide": viewer_of(reader(request)).may(DECIDE),
        "changed": found.changed_at.date() if found.approved_at and found.changed_at > found.approved_at else None,
        "back": (PLURALS[Kind(found.kind)], _address(found.kind)),
    }
