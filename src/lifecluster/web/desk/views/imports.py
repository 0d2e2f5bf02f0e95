"""Pages of failed imports."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lifecluster.web.desk.actions import imports as actions
from lifecluster.web.desk.forms.bulk import DealForm
from lifecluster.web.desk.frame import render
from lifecluster.web.desk.models import FailedImport
from lifecluster.web.desk.views.common import Page, acted, handled, now, one, reader, sent
from lifecluster.web.desk.whose import actors

LATEST = 200


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What could not be taken in: what waits, and what was dealt with lately."""
    rows = FailedImport.objects.visible_to(reader(request))
    waits = list(rows.filter(dealt_at=None).order_by("-at", "file", "pk")[:LATEST])
    dealt = list(rows.filter(dealt_at__isnull=False).order_by("-dealt_at")[:LATEST])
    names = actors(row.dealt_by for row in dealt)
    context = {"waits": waits, "dealt": [(row, names.get(row.dealt_by, "")) for row in dealt]}
    return render(request, "desk/imports.html", context, here="imports")


@require_http_methods(["GET", "HEAD", "POST"])
def deal(request: HttpRequest, key: int) -> HttpResponse:
    """Say that one was dealt with."""
    row, viewer = one(FailedImport, key, request), reader(request)
    back = reverse("desk:imports")

    def act(given: dict[str, Any]) -> str:
        actions.deal_with_import(failed=key, note=given["note"], viewer=viewer, at=now())
        return back

    page = Page(f"Dealt with: {row.file}", "It is dealt with", back, lead=row.words, here="imports")
    return handled(request, DealForm(sent(request)), page, act)


@require_POST
def reopen(request: HttpRequest, key: int) -> HttpResponse:
    """It was not dealt with after all."""
    row, viewer = one(FailedImport, key, request), reader(request)
    return acted(request, lambda: actions.deal_with_import(failed=row.pk, dealt=False, viewer=viewer, at=now()),
                 reverse("desk:imports"), "It waits again.")  # fmt: skip
