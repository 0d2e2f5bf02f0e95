"""Pages of contacts and of what they agreed to."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lifecluster.web.desk.actions import contacts as actions
from lifecluster.web.desk.forms.base import Sure
from lifecluster.web.desk.forms.contacts import ConsentForm, ContactForm
from lifecluster.web.desk.frame import render
from lifecluster.web.desk.models import Consent, Contact
from lifecluster.web.desk.views.common import Page, acted, handled, now, one, organisation, reader, sent
from lifecluster.web.desk.whose import actors, today
from lifecluster.web.desk.words import PURPOSES, WAYS
from lifecluster.web.directory.freshness import today as day


def _page(contact: Contact) -> str:
    return reverse("desk:contact", args=[contact.pk])


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, uid: str) -> HttpResponse:
    """Write a contact down."""
    found, viewer = organisation(uid, request), reader(request)
    page = Page(f"A contact at {found.name}", "Save", reverse("desk:organisation", args=[found.uid]),
                "Saved. Now record what they agreed to.")  # fmt: skip

    def act(given: dict[str, object]) -> str:
        return _page(actions.add_contact(organisation_uid=found.uid, viewer=viewer, at=now(), **_plain(given)))

    return handled(request, ContactForm(sent(request)), page, act)


def _plain(given: dict[str, object]) -> dict[str, Any]:
    return {name: str(given[name]) for name in ContactForm.COLUMNS}


@require_safe
def show(request: HttpRequest, key: int) -> HttpResponse:
    """A contact, and what they agreed to."""
    contact = one(Contact, key, request)
    here = today([contact.organisation], reader(request))[contact.organisation]
    consents = list(contact.consents.order_by("-given_on", "pk"))
    standing = {one.pk for one in contact.consents.on(day())}
    names = actors(one.recorded_by for one in consents)
    rows = [(one, PURPOSES[one.purpose], WAYS[one.how], one.pk in standing, names.get(one.recorded_by, ""))
            for one in consents]  # fmt: skip
    may = [(words, actions.usable(contact, name, day())) for name, words in PURPOSES.items()]
    context = {"contact": contact, "whose": here, "rows": rows, "may": may, "talked": actions.talked_with(contact)}
    return render(request, "desk/contact.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: int) -> HttpResponse:
    """Change what is kept of a contact."""
    row, viewer = one(Contact, key, request), reader(request)

    def act(given: dict[str, object]) -> str:
        version = given["version"]
        return _page(actions.change_contact(contact=key, version=version if isinstance(version, int) else None,
                                            viewer=viewer, at=now(), **_plain(given)))  # fmt: skip

    form = ContactForm(sent(request), initial=ContactForm.values(row) | {"version": row.version})
    return handled(request, form, Page(f"Change {row.shown_name}", "Save", _page(row)), act)


@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: HttpRequest, key: int) -> HttpResponse:
    """Record consent."""
    row, viewer = one(Contact, key, request), reader(request)
    page = Page(f"What {row.shown_name} agreed to", "Record it", _page(row), "Recorded.",
                "Without consent for a purpose the contact is not used for it.")  # fmt: skip

    def act(given: dict[str, object]) -> str:
        given.pop("version")
        actions.record_consent(contact=key, viewer=viewer, at=now(), **given)  # type: ignore[arg-type]  # the form's own fields
        return _page(row)

    return handled(request, ConsentForm(sent(request), initial={"given_by": row.name, "given_on": day()}), page, act)


@require_POST
def withdraw(request: HttpRequest, key: int) -> HttpResponse:
    """Record that consent was taken back."""
    row, viewer = get_object_or_404(Consent, pk=key), reader(request)
    back = reverse("desk:contact", args=[row.contact_id])
    return acted(request, lambda: actions.withdraw_consent(consent=key, viewer=viewer, at=now()), back,
                 "Recorded: from today on the contact is not used for this.")  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, key: int) -> HttpResponse:
    """Erase a contact, after saying what goes and what stays."""
    row, viewer = one(Contact, key, request), reader(request)
    talked = actions.talked_with(row)
    lead = (
        "Name, role, e-mail address, telephone number and every consent go for good. "
        f"{talked or 'No'} interaction{'' if talked == 1 else 's'} stay{'s' if talked == 1 else ''}, "
        "with “a contact who was erased”. Notes that you wrote stay as they are: look whether they name the person."
    )
    back = reverse("desk:organisation", args=[row.organisation])

    def act(given: dict[str, object]) -> str:
        actions.erase_contact(contact=key, viewer=viewer, at=now(), why=str(given["why"]))
        return back

    page = Page(f"Erase {row.shown_name}?", "Erase", _page(row), "The contact was erased.", lead)
    return handled(request, Sure(sent(request)), page, act)
