"""The page of premises."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lifecluster.web.directory.viewer import viewer_of
from lifecluster.web.directory.views.common import answer, loaded
from lifecluster.web.kit.paging import Paging
from lifecluster.web.premises import search, show
from lifecluster.web.premises.asked import WITHIN, Asked


@require_safe
@loaded
def index(request: HttpRequest) -> HttpResponse:
    """Premises that fit what is asked, with a map beside them."""
    viewer = viewer_of(request.user)
    asked = Asked.parse(request.GET)
    found = search.find(asked, viewer)
    paging = Paging(asked.page, len(found.rows), request.GET, show.SIZE, what="facilities")
    first = (asked.page - 1) * show.SIZE
    rows = found.rows[first : first + show.SIZE]
    context = {
        "asked": asked, "found": found, "said": show.said(found, asked), "notes": show.notes(found, asked),
        "filters": show.filters(found, asked), "paging": paging, "within": WITHIN,
        "table": show.table(rows, viewer, first=first + 1) if rows else None,
        "map": show.drawn(rows, first + 1, found.place) if rows else None,
        "asks": bool(request.GET), "free": f"{asked.free:g}" if asked.free else request.GET.get("free", "")[:12],
    }  # fmt: skip
    return answer(request, "premises/index.html", context)
