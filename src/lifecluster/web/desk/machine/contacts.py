"""Contacts of organisations, and what each agreed to."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest
from pydantic import Field

from lifecluster.web.accounts.rights import moment
from lifecluster.web.api import bodies
from lifecluster.web.api.bodies import WIDEST, After, Limit, Of, Page, Row, Sent, Versioned, example
from lifecluster.web.api.v1.asking import viewer
from lifecluster.web.desk.actions import contacts
from lifecluster.web.desk.machine.base import NEEDS, desk, found, rows
from lifecluster.web.desk.models import Consent, Contact
from lifecluster.web.desk.words import PURPOSES, WAYS


class ContactIn(Sent):
    """Somebody at an organisation."""

    model_config = example(name="A. Person", role="Site manager", email="site.manager@example.org")
    name: str = Field(min_length=1, max_length=120)
    role: str = Field("", max_length=120)
    email: str = Field("", max_length=254)
    telephone: str = Field("", max_length=40)


class ConsentIn(Sent):
    """What a contact agreed to."""

    model_config = example(purpose="news", given_by="A. Person", how="e-mail", given_on="2026-11-02")
    purpose: str = Field(max_length=20, description=", ".join(PURPOSES))
    given_by: str = Field(min_length=1, max_length=120, description="who said so")
    how: str = Field(max_length=20, description=", ".join(WAYS))
    given_on: date
    until: date | None = Field(None, description="the last day; null: until taken back")


class EraseIn(Sent):
    """Why a contact is erased."""

    model_config = example(why="they asked us to")
    why: str = Field("", max_length=bodies.LONGEST, description="kept for ever: name no person")


class ConsentOut(Row):
    """What a contact agreed to."""

    purpose: str
    given_by: str
    how: str
    given_on: date
    until: date | None
    withdrawn_on: date | None


class ContactOut(Versioned):
    """A contact; of one that was erased nothing is left but the number."""

    organisation: str
    name: str
    role: str
    email: str
    telephone: str
    erased: bool
    consents: list[ConsentOut]

    @staticmethod
    def resolve_erased(row: Contact) -> bool:
        """Whether it was erased."""
        return row.erased_at is not None

    @staticmethod
    def resolve_consents(row: Contact) -> list[Consent]:
        """All that was recorded."""
        return list(row.consents.order_by("pk"))


class ContactList(Page[ContactOut]):
    """Contacts."""


@desk.read("/contacts", needs=NEEDS, gives=ContactList, summary="Contacts")
def contact_list(request: HttpRequest, organisation: Of = "", after: After = 0, limit: Limit = 100) -> Any:
    """By number; of one organisation, where its id is asked for. Those that were erased are left out."""
    return bodies.page(rows(Contact, request, organisation).filter(erased_at=None), after, limit)


@desk.read("/contacts/{key}", needs=NEEDS, gives=ContactOut, summary="One contact")
def contact(request: HttpRequest, key: int) -> Any:
    """With all consent. It is used for a purpose only while somebody there has agreed to that."""
    return found(Contact, request, key, "contact")


@desk.act("/organisations/{uid}/contacts", needs=NEEDS, gives=ContactOut, summary="Write a contact down")
def add_contact(request: HttpRequest, uid: str, body: ContactIn) -> Any:
    """Somebody with whom the desk talks."""
    who = viewer(request)
    return contacts.add_contact(organisation_uid=bodies.live(uid, who), viewer=who, at=moment(), **body.model_dump())


@desk.act("/contacts/{key}/change", needs=NEEDS, gives=ContactOut, summary="Change a contact")
def change_contact(request: HttpRequest, key: int, body: ContactIn) -> Any:
    """What is left out becomes empty. `If-Match`: the version that you saw."""
    row = found(Contact, request, key, "contact")
    return contacts.change_contact(contact=row.pk, viewer=viewer(request), at=moment(),
                                   version=bodies.version(request), **body.model_dump())  # fmt: skip


@desk.act("/contacts/{key}/erase", needs=NEEDS, gives=ContactOut, summary="Erase a contact")
def erase_contact(request: HttpRequest, key: int, body: EraseIn) -> Any:
    """Everything about the person goes for good, and every consent; what was talked about stays."""
    row = found(Contact, request, key, "contact")
    return contacts.erase_contact(contact=row.pk, viewer=viewer(request), at=moment(), why=body.why)


@desk.act("/contacts/{key}/consents", needs=NEEDS, gives=ConsentOut, summary="Record consent")
def record_consent(request: HttpRequest, key: int, body: ConsentIn) -> Any:
    """To one purpose."""
    row = found(Contact, request, key, "contact")
    return contacts.record_consent(contact=row.pk, viewer=viewer(request), at=moment(), **body.model_dump())


@desk.act("/consents/{key}/withdraw", needs=NEEDS, gives=ConsentOut, summary="Record that consent was taken back")
def withdraw_consent(request: HttpRequest, key: int) -> Any:
    """From today on the contact is not used for it."""
    if not 0 < key <= WIDEST or not Consent.objects.filter(pk=key).exists():
        raise Http404("there is no such consent")
    return contacts.withdraw_consent(consent=key, viewer=viewer(request), at=moment())
