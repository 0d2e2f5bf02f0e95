"""Pages of uploads."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts.models import Person
from lifecluster.web.accounts.rights import moment
from lifecluster.web.api.middleware import spend
from lifecluster.web.desk.frame import render as at_desk
from lifecluster.web.directory.viewer import Viewer, viewer_of
from lifecluster.web.kit.formats import plural
from lifecluster.web.uploads import actions, reads, show
from lifecluster.web.uploads.forms import RowForm, UploadForm
from lifecluster.web.uploads.handling import Limited
from lifecluster.web.uploads.models import DAYS_KEPT, Upload, UploadFile, UploadRow
from lifecluster.web.uploads.purposes import PURPOSES
from lifecluster.web.uploads.reading import UnreadableError
from lifecluster.web.uploads.understanding import understand

UPLOAD = "uploads/upload.html"


@csrf_exempt  # the handler has to be set before the body is read; the inner view is protected
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """One's uploads, and the form for a new one."""
    if request.method == "POST":
        limit = Limited(request)
        request.upload_handlers.insert(0, limit)
        return _index(request, limit=limit)
    return _index(request)


@csrf_protect
def _index(request: HttpRequest, limit: Limited | None = None) -> HttpResponse:
    viewer = viewer_of(request.user)
    desk = viewer.may("edit.review")
    if not desk and not viewer.organisations:
        return render(request, "uploads/nobody.html", {})
    choices = show.organisations(viewer)
    bound = request.method == "POST"
    form = UploadForm(request.POST if bound else None, request.FILES if bound else None, organisations=choices,
                      desk=desk)  # fmt: skip
    if bound and spend(request, "upload", who=viewer.actor) is not None:
        form.add_error("file", "Many lists came from you within an hour: send this one later.")
        return render(request, "uploads/index.html", _context(form, viewer), status=429)
    if limit is not None and limit.stopped:
        form.add_error("file", "This file is larger than 5 MB. Take out what is no list, or save it as CSV.")
    elif bound and form.is_valid():
        made = _added(request, form, viewer)
        if made is not None:
            return HttpResponseRedirect(reverse("uploads:upload", args=[made.key]))
    return render(request, "uploads/index.html", _context(form, viewer), status=422 if bound else 200)


def _context(form: UploadForm, viewer: Viewer) -> dict[str, Any]:
    return {"form": form, "uploads": reads.listed(viewer), "purposes": PURPOSES.values(), "days": DAYS_KEPT}


def _added(request: HttpRequest, form: UploadForm, viewer: Viewer) -> Upload | None:
    """The upload that a form makes; None, with the reason beside the file, where it cannot be read."""
    file: UploadedFile[Any] = form.cleaned_data["file"]
    user: object = request.user
    try:
        made = actions.add_upload(
            content=file.read(), name=file.name or "list", purpose=form.cleaned_data["purpose"],
            organisation=form.cleaned_data["organisation"], visibility=form.cleaned_data["visibility"],
            person=user if isinstance(user, Person) else None, viewer=viewer, at=moment(),
        )  # fmt: skip
    except UnreadableError as error:
        form.add_error("file", str(error))
        return None
    if made.error:
        form.add_error("file", made.error)
        return None
    return made


def _found(request: HttpRequest, key: str) -> Upload:
    found = Upload.objects.visible_to(request.user).filter(key=key).first()
    if found is None:
        raise Http404("there is no such upload")
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, key: str) -> HttpResponse:
    """The preview: each row beside what the register has; take some, leave others."""
    found, viewer = _found(request, key), viewer_of(request.user)

    def context() -> dict[str, Any]:
        return show.page(found, viewer, at=moment(), chosen=request.GET.get("show", ""))

    return _acted(request, found, lambda: _take(request, found, viewer), UPLOAD, context)


def _acted(request: HttpRequest, found: Upload, act: Callable[[], str], template: str,
           context: Callable[[], dict[str, Any]]) -> HttpResponse:  # fmt: skip
    """Where something was posted: do it, say so on the upload's page, or why it cannot be on this one."""
    problem = ""
    if request.method == "POST":
        try:
            said = act()
        except LifeclusterError as error:
            problem = str(error)
        else:
            messages.success(request, said)
            return HttpResponseRedirect(reverse("uploads:upload", args=[found.key]))
    filled, status = {**context(), "problem": problem}, 422 if problem else 200
    if template == UPLOAD and viewer_of(request.user).may("edit.review"):
        return at_desk(request, "uploads/at_desk.html", filled, here="uploads", status=status)
    return render(request, template, filled, status=status)


def _take(request: HttpRequest, found: Upload, viewer: Viewer) -> str:
    """Take the rows that were chosen, or all that are ready; or decide on those that wait."""
    if "decide" in request.POST:
        return _decide(request, found, viewer)
    everything = "all" in request.POST
    numbers = None if everything else _numbers(request, "row")
    if numbers is not None and not numbers:
        raise LifeclusterError("no row is chosen: tick those to take")
    taken = actions.accept_rows(upload=found, numbers=numbers, viewer=viewer, at=moment())
    what = "1 row is" if len(taken) == 1 else f"{len(taken):,} rows are"
    return f"{what} taken; they show now." if viewer.may("edit.review") else f"{what} with the desk now."


def _numbers(request: HttpRequest, name: str) -> set[int]:
    """Rows that are ticked."""
    return {int(n) for n in request.POST.getlist(name) if n.isdecimal() and len(n) < 10}


def _decide(request: HttpRequest, found: Upload, viewer: Viewer) -> str:
    """Accept or refuse what the ticked rows propose."""
    accepted = request.POST["decide"] == "accept"
    count = actions.decide_rows(upload=found, accepted=accepted, numbers=_numbers(request, "waits"), viewer=viewer,
                                at=moment(), why=request.POST.get("why", ""))  # fmt: skip
    became = "accepted; what they say shows now" if accepted else "refused"
    return f"{plural(count, 'row')} {became}. Who uploaded the list hears of it."


@require_http_methods(["GET", "HEAD", "POST"])
def row(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """Mend one row, or leave it out."""
    found, viewer = _found(request, key), viewer_of(request.user)
    one = UploadRow.objects.filter(upload=found, number=number).first()
    if one is None or one.entries or found.undone_at:
        raise Http404("there is no such row to mend")
    back = f"{reverse('uploads:upload', args=[key])}#row-{number}"
    whole, bound = bool(found.organisation), request.method == "POST"
    (made,) = understand(found, [one], viewer, at=moment().date())
    if bound and "leave" in request.POST:
        actions.mend_row(upload=found, number=number, left=not one.left, viewer=viewer, at=moment())
        return HttpResponseRedirect(back)
    form = RowForm(request.POST if bound else None, made=made, purpose=found.purpose, whole=whole)
    if bound and form.is_valid() and _mended(form, found, one, viewer):
        return HttpResponseRedirect(back)
    context = {"upload": found, "form": form, "made": made, "number": number, "whole": whole,
               "number_said": f"Row {number}", "back": reverse("uploads:upload", args=[key]),
               "wrong": [] if bound else made.wrong}  # fmt: skip
    return render(request, "uploads/row.html", context, status=422 if bound else 200)


def _mended(form: RowForm, found: Upload, one: UploadRow, viewer: Viewer) -> bool:
    """Whether what was typed is understood and kept; else the form says what is wrong, and nothing is lost."""
    typed = UploadRow(
        upload=found, number=one.number, cells={k: v for k, v in form.cells().items() if v}, read=one.read
    )
    (made,) = understand(found, [typed], viewer, at=moment().date())
    for wrong in made.wrong:
        form.add_error(wrong.name if wrong.name in form.fields else None, wrong.why)
    if made.wrong:
        return False
    try:
        actions.mend_row(upload=found, number=one.number, cells=form.cells(), seen=form.cleaned_data["seen"],
                         viewer=viewer, at=moment())  # fmt: skip
    except LifeclusterError as error:
        form.add_error(None, str(error))
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, key: str) -> HttpResponse:
    """Say what an undo would take back, and do it."""
    found, viewer = _found(request, key), viewer_of(request.user)

    def act() -> str:
        count = actions.undo_upload(upload=found, viewer=viewer, at=moment(), why=request.POST.get("why", ""))
        return f"Undone: {count:,} {'entry' if count == 1 else 'entries'} taken back."

    return _acted(request, found, act, "uploads/undo.html", lambda: show.undoing(found, viewer))


@require_safe
def file(request: HttpRequest, key: str) -> HttpResponse:
    """The file itself, as it came, while it is kept; never opened in the page."""
    found = _found(request, key)
    kept = UploadFile.objects.filter(upload=found).first()
    if kept is None:
        raise Http404("the file is no longer kept")
    answer = HttpResponse(bytes(kept.content), content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="upload-{found.key}.bin"'
    return answer


@require_safe
def template(request: HttpRequest, purpose: str) -> HttpResponse:
    """An empty list with the headings that are known."""
    if purpose not in PURPOSES:
        raise Http404("there are no such lists")
    text = io.StringIO()
    csv.writer(text).writerow([one.title for one in PURPOSES[purpose].columns])
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{purpose}.csv"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def queue(request: HttpRequest) -> HttpResponse:
    """All uploads, for the desk; and deleting the files that were kept long enough."""
    viewer = viewer_of(request.user)
    if request.method == "POST":
        count = actions.forget_files(viewer=viewer, at=moment())
        messages.success(request, f"{count:,} {'file' if count == 1 else 'files'} deleted.")
        return HttpResponseRedirect(reverse("uploads:queue"))
    context = {"uploads": reads.listed(viewer, everybody=True), "days": DAYS_KEPT}
    return at_desk(request, "uploads/queue.html", context, here="uploads")
