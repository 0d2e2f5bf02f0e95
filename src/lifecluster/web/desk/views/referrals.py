"""Pages of referrals: drafted, agreed to, sent word for word, answered."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lifecluster.web.accounts import mailserver
from lifecluster.web.desk import letters, whose
from lifecluster.web.desk.actions import referrals as actions
from lifecluster.web.desk.forms.referrals import ReferralAnswerForm, ReferralConsentForm, ReferralForm
from lifecluster.web.desk.frame import render
from lifecluster.web.desk.models import Case, Referral
from lifecluster.web.desk.views.common import Page, acted, handled, now, one, reader, sent
from lifecluster.web.desk.views.work import contacts_of
from lifecluster.web.desk.words import REFERRALS, WAYS
from lifecluster.web.directory.freshness import today


def _page(row: Referral) -> str:
    return reverse("desk:referral", args=[row.pk])


def _form(request: HttpRequest, case: Case, **how: Any) -> ReferralForm:
    viewer = reader(request)
    found = whose.today([case.organisation], viewer).get(case.organisation)
    people = contacts_of(found.uid) if found else []
    return ReferralForm(sent(request), viewer=viewer, people=people, enquiry=hasattr(case, "enquiry"), **how)


def _given(given: dict[str, Any]) -> dict[str, Any]:
    named = {"organisation_uid": given["organisation"], "contact": given.get("contact")}
    return (
        named | {name: given[name] for name in ("body", "email", "about")} | {"enquirer": given.get("enquirer", False)}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, key: int) -> HttpResponse:
    """Draft a referral."""
    case, viewer = one(Case, key, request), reader(request)

    def act(given: dict[str, Any]) -> str:
        return _page(actions.draft_referral(case=key, viewer=viewer, at=now(), **_given(given)))

    page = Page(f"Refer case {key}", "Save and read it", reverse("desk:case", args=[key]),
                "Drafted. Nothing is sent yet.", here="cases")  # fmt: skip
    return handled(request, _form(request, case), page, act)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: int) -> HttpResponse:
    """Change a draft."""
    row, viewer = one(Referral, key, request, "case", "contact"), reader(request)

    def act(given: dict[str, Any]) -> str:
        actions.change_referral(referral=key, version=given["version"], viewer=viewer, at=now(), **_given(given))
        return _page(row)

    form = _form(request, row.case, initial=ReferralForm.values(row) | {"version": row.version})
    return handled(request, form, Page("Change the referral", "Save and read it", _page(row), here="cases"), act)


@require_safe
def show(request: HttpRequest, key: int) -> HttpResponse:
    """A referral: exactly what is or was sent, who agreed, what came back."""
    row = one(Referral, key, request, "case", "contact")
    letter = letters.referral(row)
    names = whose.actors([row.consent_recorded_by, row.sent_by])
    context = {
        "row": row,
        "letter": letter,
        "text": letter.text if row.state in {"drafted", "withdrawn"} else row.text,
        "state": REFERRALS[row.state],
        "hindered": actions.hindered(row, today()),
        "how": WAYS.get(row.consent_how, ""),
        "recorder": names.get(row.consent_recorded_by, ""),
        "sender": names.get(row.sent_by, ""),
    }
    return render(request, "desk/referral.html", context, here="cases")


@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: HttpRequest, key: int) -> HttpResponse:
    """Record consent to exactly the letter that is shown."""
    row, viewer = one(Referral, key, request, "case", "contact"), reader(request)
    letter = letters.referral(row)

    def act(given: dict[str, Any]) -> str:
        given.pop("version")
        actions.record_referral_consent(referral=key, viewer=viewer, at=now(), **given)
        return _page(row)

    page = Page("Consent to this letter", "Record it", _page(row), "Recorded.", "To these words, and no others.",
                here="cases", template="desk/consent.html", extra={"letter": letter})  # fmt: skip
    form = ReferralConsentForm(sent(request), initial={"given_on": today(), "covers": letter.digest})
    return handled(request, form, page, act)


@require_POST
def send(request: HttpRequest, key: int) -> HttpResponse:
    """Send it, as it was read."""
    row, viewer = one(Referral, key, request), reader(request)
    covers = request.POST.get("covers", "")
    return acted(request, lambda: actions.send_referral(referral=key, covers=covers, viewer=viewer, at=now()),
                 _page(row), f"Sent: the mail {mailserver.becomes()}.")  # fmt: skip


@require_POST
def withdraw(request: HttpRequest, key: int) -> HttpResponse:
    """Give a draft up."""
    row, viewer = one(Referral, key, request), reader(request)
    return acted(request, lambda: actions.withdraw_referral(referral=key, viewer=viewer, at=now()),
                 reverse("desk:case", args=[row.case_id]), "Withdrawn: nothing was sent.")  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, key: int) -> HttpResponse:
    """Record what the other body answered."""
    row, viewer = one(Referral, key, request, "case"), reader(request)

    def act(given: dict[str, Any]) -> str:
        given.pop("version")
        actions.answer_referral(referral=key, viewer=viewer, at=now(), **given)
        return reverse("desk:case", args=[row.case_id])

    form = ReferralAnswerForm(sent(request), initial={"answered_on": today()})
    return handled(request, form, Page(f"What {row.body} answered", "Record it", _page(row), here="cases"), act)
