"""Pages of changing many organisations at once: choose, look at each, apply, take back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from lifecluster.errors import LifeclusterError
from lifecluster.web.desk import whose
from lifecluster.web.desk.actions import bulk as actions
from lifecluster.web.desk.forms.bulk import BulkForm, UndoForm
from lifecluster.web.desk.frame import render
from lifecluster.web.desk.models import BulkEdit
from lifecluster.web.desk.views.common import Page, handled, now, reader, sent
from lifecluster.web.directory import reads
from lifecluster.web.directory.actions import StaleError
from lifecluster.web.directory.search import Query
from lifecluster.web.directory.viewer import PermissionDeniedError
from lifecluster.web.directory.views.common import loaded
from lifecluster.web.kit.formats import plural

LATEST = 20


@loaded
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Choose; sent, look at what would change; sent again with its name, apply it.

    The address takes the parts of a search of the directory, which then stands in the form.
    """
    viewer = reader(request)
    asked = Query.parse(request.GET)
    search = f"/directory?{asked.encode()}" if not asked.empty else ""
    form = BulkForm(sent(request), initial={"query": search})
    preview, status = None, 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            given = {name: form.cleaned_data[name] for name in ("query", "property", "how", "value")}
            try:
                if "digest" in request.POST and (done := _apply(request, given, form.cleaned_data["why"])):
                    return done
                preview, status = actions.preview_bulk(viewer=viewer, **given), 200
            except PermissionDeniedError:
                raise
            except LifeclusterError as error:
                form.add_error(None, str(error))
    latest = BulkEdit.objects.order_by("-pk")[:LATEST]
    context = {"form": form, "preview": preview, "latest": [(one, _said(one)) for one in latest]}
    return render(request, "desk/bulk.html", context, status=status)


def _apply(request: HttpRequest, given: dict[str, Any], why: str) -> HttpResponse | None:
    """Apply what was seen; None if it is another by now, which is then shown."""
    try:
        made = actions.apply_bulk(digest=request.POST["digest"], why=why, viewer=reader(request), at=now(), **given)
    except StaleError as error:
        messages.error(request, str(error))
        return None
    messages.success(request, f"Done: {len(made.rows)} changed. You can take it back below.")
    return HttpResponseRedirect(reverse("desk:batch", args=[made.pk]))


def _said(row: BulkEdit) -> str:
    return f"{actions.HOW[row.how]} {row.value} ({actions.PROPERTIES[row.property]})"


@loaded
@require_safe
def show(request: HttpRequest, key: int) -> HttpResponse:
    """What a batch did."""
    row = get_object_or_404(BulkEdit, pk=key)
    names = whose.today([uid for uid, *_ in row.rows], reader(request))
    stand = set(actions.in_force(row.rows))
    rows = [(names[uid], before, after, entry in stand) for uid, before, after, entry in row.rows]
    people = whose.actors([row.by, row.undone_by])
    context = {"row": row, "rows": rows, "said": _said(row), "by": people.get(row.by, ""),
               "undone_by": people.get(row.undone_by, ""), "stand": len(stand), "package": reads.current()}  # fmt: skip
    return render(request, "desk/batch.html", context)


@loaded
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, key: int) -> HttpResponse:
    """Take a batch back, with the reason."""
    row = get_object_or_404(BulkEdit, pk=key)
    back = reverse("desk:batch", args=[key])

    def act(given: dict[str, Any]) -> str:
        actions.undo_bulk(batch=key, viewer=reader(request), at=now(), why=given["why"])
        return back

    count = len(actions.in_force(row.rows))
    page = Page("Take it back?", "Take it back", back, "Taken back.",
                f"What stood before shows again for {plural(count, 'organisation')}, at once.")  # fmt: skip
    return handled(request, UndoForm(sent(request)), page, act)
