"""Contacts of organisations, and what they agree to. A contact is used for a purpose only through `usable`."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts.models import Person
from lifecluster.web.desk.actions.common import address, day_of, heard, line, one_of, organisation
from lifecluster.web.desk.models import Consent, Contact, Interaction, Referral
from lifecluster.web.desk.models.base import WORKS, hold, put
from lifecluster.web.desk.words import PURPOSES, WAYS
from lifecluster.web.directory.viewer import Viewer


def usable(contact: Contact, purpose: str, at: date) -> bool:
    """Whether a contact may be used for a purpose (of `words.PURPOSES`) on the day `at`: somebody there agreed, it is
    not over and not taken back, and the contact was not erased. Raises LifeclusterError for a purpose that is none."""
    one_of(purpose, PURPOSES, "Purpose")
    return contact.erased_at is None and contact.consents.on(at).filter(purpose=purpose).exists()


def reach(contact: Contact, purpose: str, at: date) -> tuple[str, str]:
    """Name and e-mail address of a contact, for a purpose. Raises LifeclusterError unless `usable`."""
    if not usable(contact, purpose, at):
        raise LifeclusterError(f"{contact.shown_name} has not agreed to this: {PURPOSES[purpose]}.")
    return contact.name, contact.email


def add_contact(
    *, organisation_uid: str, name: str, viewer: Viewer, at: datetime, role: str = "", email: str = "",
    telephone: str = "", person: Person | None = None,
) -> Contact:  # fmt: skip
    """Write somebody down with whom the desk talks. Raises PermissionDeniedError (`case.edit`), LifeclusterError."""
    viewer.require(WORKS)
    values = _values(name=name, role=role, email=email, telephone=telephone)
    with transaction.atomic():
        uid = organisation(organisation_uid, viewer)
        made: Contact = Contact.objects.create(
            organisation=uid, person=person, added_by=viewer.actor, added_at=at, **values
        )  # fmt: skip
        heard("contact.add", f"contact:{made.pk}", viewer, at, after={"organisation": uid})
    return made


def _values(*, name: str, role: str, email: str, telephone: str) -> dict[str, str]:
    return {
        "name": line(name, "The name", most=120, needed=True),
        "role": line(role, "The role", most=120),
        "email": address(email),
        "telephone": line(telephone, "The telephone number", most=40),
    }


def change_contact(
    *, contact: int, name: str, viewer: Viewer, at: datetime, version: int | None = None, role: str = "",
    email: str = "", telephone: str = "",
) -> Contact:  # fmt: skip
    """Change what is kept of a contact. Raises as `add_contact`, and ChangedError."""
    viewer.require(WORKS)
    values = _values(name=name, role=role, email=email, telephone=telephone)
    with transaction.atomic():
        row = _there(contact, version)
        if differs := put(row, **values):
            heard("contact.change", f"contact:{row.pk}", viewer, at, after={"changed": differs})
    return row


def _there(key: int, version: int | None = None) -> Contact:
    row: Contact = hold(Contact, key, version)
    if row.erased_at is not None:
        raise LifeclusterError("This contact was erased.")
    return row


def record_consent(
    *, contact: int, purpose: str, given_by: str, how: str, given_on: date, viewer: Viewer, at: datetime,
    until: date | None = None,
) -> Consent:  # fmt: skip
    """Record that a contact agreed to a purpose. Raises PermissionDeniedError (`case.edit`), LifeclusterError for a
    day that is still to come or an end before the beginning."""
    viewer.require(WORKS)
    one_of(purpose, PURPOSES, "Purpose")
    one_of(how, WAYS, "How")
    who = line(given_by, "Who agreed", most=120, needed=True)
    if given_on > day_of(at):
        raise LifeclusterError("Consent cannot be recorded before it is given.")
    if until is not None and until < given_on:
        raise LifeclusterError("Consent cannot end before it is given.")
    with transaction.atomic():
        row = _there(contact)
        made: Consent = Consent.objects.create(
            contact=row, purpose=purpose, given_by=who, how=how, given_on=given_on, until=until,
            recorded_by=viewer.actor, recorded_at=at,
        )  # fmt: skip
        heard("consent.record", f"contact:{row.pk}", viewer, at, after={
            "purpose": purpose, "how": how, "given_on": given_on.isoformat(),
            "until": until.isoformat() if until else None})  # fmt: skip
    return made


def withdraw_consent(*, consent: int, viewer: Viewer, at: datetime) -> Consent:
    """Record that a contact takes consent back, from today on. Raises PermissionDeniedError, LifeclusterError."""
    viewer.require(WORKS)
    with transaction.atomic():
        row = Consent.objects.select_for_update().filter(pk=consent, withdrawn_on__isnull=True).first()
        if row is None:
            raise LifeclusterError("This consent was taken back already.")
        row.withdrawn_on = day_of(at)
        row.save()
        heard("consent.withdraw", f"contact:{row.contact_id}", viewer, at, before={"purpose": row.purpose})
    return row


def erase_contact(*, contact: int, viewer: Viewer, at: datetime, why: str = "") -> Contact:
    """Erase all that is kept about a contact. What was talked about stays, with "a contact who was erased".

    Raises PermissionDeniedError (`case.edit`), LifeclusterError if that was done before.
    """
    viewer.require(WORKS)
    with transaction.atomic():
        row = _there(contact)
        erase(row, at)
        heard("contact.erase", f"contact:{row.pk}", viewer, at, why=why)
    return row


def erase(row: Contact, at: datetime) -> None:
    """Take everything about the person out of a row and of what was sent with it. Within a transaction."""
    row.consents.all().delete()
    put(row, name="", role="", email="", telephone="", person=None, erased_at=at)
    Referral.objects.filter(contact=row, state="drafted").update(contact=None)
    Referral.objects.filter(contact=row).exclude(text="").update(text="Erased with the contact whom it named.")


def talked_with(contact: Contact) -> int:
    """How many interactions a contact was part of."""
    return Interaction.objects.filter(contacts=contact).count()
