"""Public pages of enquiries, and the desk's answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts import mailserver
from lifecluster.web.api.middleware import spend
from lifecluster.web.desk.actions import enquiries as actions
from lifecluster.web.desk.forms.enquiries import AnswerForm, EnquiryForm
from lifecluster.web.desk.frame import render as framed
from lifecluster.web.desk.models import Case, Enquiry
from lifecluster.web.desk.views.common import Page, handled, now, one, reader, sent
from lifecluster.web.desk.when import when
from lifecluster.web.desk.words import ANSWER_WITHIN, CLEANROOMS, KEPT_MONTHS, LOOKING_FOR, WHENS
from lifecluster.web.directory import reads
from lifecluster.web.directory.freshness import today
from lifecluster.web.directory.show.proper import proper

TOO_MANY = "Several enquiries came from your address within an hour. What you typed is still here: send it later."


@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The form; sent, it leads to the private page of the enquiry."""
    form = EnquiryForm(sent(request), initial=_about(request))
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            if spend(request, "enquiry") is not None:
                form.add_error(None, TOO_MANY)
                status = 429
            else:
                found = _received(request, form)
                if found is not None:
                    return found
    context = {"form": form, "days": ANSWER_WITHIN.days, "months": KEPT_MONTHS}
    return render(request, "desk/ask.html", context, status=status)


def _about(request: HttpRequest) -> dict[str, str]:
    """What the form begins with where a facility that the reader may know is asked about: `?about=` its id."""
    uid = request.GET.get("about", "")[:40]
    try:
        found = reads.thing(uid, request.user) if uid else None
    except (reads.NotHereError, reads.NoPackageError):
        return {}
    if found is None or found.row.kind != "facility":
        return {}
    kind = str(found.row.data.get("facility_type", ""))
    whose = " and ".join(proper(one.name) for one in found.holders)
    title = found.row.title or "Premises"
    return {"text": f"About: {title}{f', {whose}' if whose else ''} ({uid}).\n",
            "looking_for": kind if kind in LOOKING_FOR else "other"}  # fmt: skip


def _received(request: HttpRequest, form: EnquiryForm) -> HttpResponse | None:
    given = dict(form.cleaned_data)
    given.pop("version")
    where = request.build_absolute_uri(reverse("enquiries:ask")) + "/"
    try:
        _, secret = actions.receive_enquiry(where=where, viewer=reader(request), at=now(), **given)
    except LifeclusterError as error:
        form.add_error(None, str(error))
        return None
    messages.success(request, f"Your enquiry came in. A mail with the address of this page {mailserver.becomes()}.")
    return HttpResponseRedirect(reverse("enquiries:mine", args=[secret]))


def asked(row: Enquiry) -> list[tuple[str, str]]:
    """What was asked, as labels and values."""
    pairs = [
        ("Looking for", LOOKING_FOR[row.looking_for]),
        ("Space", f"{row.space_m2:,} m²" if row.space_m2 else ""),
        ("Cleanroom", CLEANROOMS[row.cleanroom] if row.cleanroom else ""),
        ("Power", f"{row.power_kw:,} kW" if row.power_kw else ""),
        ("When", WHENS[row.when] if row.when else ""),
        ("Message", row.text),
    ]
    return [(label, value) for label, value in pairs if value]


def who(row: Enquiry) -> list[tuple[str, str]]:
    """Who asked."""
    pairs = [("Name", row.name), ("Firm", row.firm), ("E-mail", row.email), ("Telephone", row.telephone)]
    return [(label, value) for label, value in pairs if value]


@require_safe
def mine(request: HttpRequest, secret: str) -> HttpResponse:
    """Where an enquiry stands, for who has its link."""
    row = actions.by_secret(secret)
    if row is None:
        raise Http404
    context = {
        "enquiry": row, "asked": asked(row), "who": who(row), "case": row.case, "months": KEPT_MONTHS,
        "secret": secret, "days": ANSWER_WITHIN.days,
    }  # fmt: skip
    return _private(render(request, "desk/mine.html", context))


def _private(response: HttpResponse) -> HttpResponse:
    """No copy is kept, and no other address learns of this one."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@csrf_protect
@require_POST
def forget(request: HttpRequest, secret: str) -> HttpResponse:
    """The enquirer deletes what they told."""
    if request.POST.get("sure") != "yes":
        messages.error(request, "Nothing was deleted: tick the box first.")
        return HttpResponseRedirect(reverse("enquiries:mine", args=[secret]))
    try:
        actions.forget_enquiry(secret=secret, viewer=reader(request), at=now())
    except LifeclusterError as error:
        raise Http404 from error
    messages.success(request, "What you told us is deleted.")
    return HttpResponseRedirect(reverse("enquiries:ask"))


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Enquiries that are not answered yet, by the day until which they are to be."""
    viewer, day = reader(request), today()
    rows = Case.objects.visible_to(viewer).filter(enquiry__answered_at=None, enquiry__isnull=False)
    found = [(case, when(case.due_on, day)) for case in rows.exclude(state="closed").order_by("due_on", "pk")]
    return framed(request, "desk/enquiries.html", {"rows": found}, here="enquiries")


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, key: int) -> HttpResponse:
    """The desk answers the enquiry of a case."""
    case, viewer = one(Case, key, request), reader(request)
    row = Enquiry.objects.visible_to(viewer).filter(case=case).first()
    if row is None:
        raise Http404
    back = reverse("desk:case", args=[key])

    def act(given: dict[str, Any]) -> str:
        actions.answer_enquiry(enquiry=row.pk, text=given["text"], version=given["version"], viewer=viewer, at=now())
        return back

    form = AnswerForm(sent(request), initial={"version": row.version, "text": row.answer})
    done = f"Answered: the mail {mailserver.becomes()}."
    page = Page(f"Answer {row.name}", "Send the answer", back, done, case.title,
                here="enquiries", template="desk/answer.html", extra={"asked": asked(row)})  # fmt: skip
    return handled(request, form, page, act)
