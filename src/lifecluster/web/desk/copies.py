"""What the desk keeps about people who have an account: a copy for them, and what goes with the account."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q

from lifecluster.web.accounts import kept
from lifecluster.web.accounts.models import Person
from lifecluster.web.desk import sample
from lifecluster.web.desk.actions.contacts import erase
from lifecluster.web.desk.models import Case, Contact, Enquiry, Interaction, Task


def _contacts(person: Person) -> Any:
    """Contacts that are this person: by the account, or by the same e-mail address."""
    rows = Contact.objects.filter(erased_at=None)
    return rows.filter(Q(person=person) | Q(person=None, email__iexact=person.email)).order_by("pk")


def contacts_of(person: Person) -> list[dict[str, Any]]:
    """What is written down of a person as a contact, and what they agreed to."""
    return [
        {
            "organisation": row.organisation, "name": row.name, "role": row.role, "email": row.email,
            "telephone": row.telephone, "added_at": row.added_at.isoformat(),
            "consents": [
                {"purpose": one.purpose, "given_by": one.given_by, "how": one.how,
                 "given_on": one.given_on.isoformat(), "until": one.until.isoformat() if one.until else None,
                 "withdrawn_on": one.withdrawn_on.isoformat() if one.withdrawn_on else None}
                for one in row.consents.order_by("pk")
            ],
            "interactions": [
                {"on": one.on.isoformat(), "kind": one.kind, "subject": one.subject}
                for one in row.interactions.order_by("on", "pk")
            ],
        }
        for row in _contacts(person)
    ]  # fmt: skip


def forget_contacts(person: Person, at: datetime) -> None:
    """Erase them."""
    for row in _contacts(person).select_for_update():
        erase(row, at)


def enquiries_of(person: Person) -> list[dict[str, Any]]:
    """What somebody with this address asked through the public form."""
    return [
        {"received_at": row.received_at.isoformat(), "name": row.name, "firm": row.firm, "email": row.email,
         "telephone": row.telephone, "looking_for": row.looking_for, "text": row.text, "answer": row.answer}
        for row in Enquiry.objects.filter(email__iexact=person.email).order_by("pk")
    ]  # fmt: skip


def forget_enquiries(person: Person, at: datetime) -> None:
    """Delete them; their cases stay without them."""
    from lifecluster.web.desk.actions.enquiries import forget_one

    for row in Enquiry.objects.select_for_update().filter(email__iexact=person.email):
        forget_one(row, at)


def work_of(person: Person) -> list[dict[str, Any]]:
    """What a person of the desk works on: it stays, without the person, when the account goes."""
    found: list[dict[str, Any]] = [
        {"case": row.pk, "title": row.title, "state": row.state}
        for row in Case.objects.filter(owner=person).order_by("pk")
    ]
    found += [{"task": row.pk, "title": row.title} for row in Task.objects.filter(owner=person).order_by("pk")]
    found += [
        {"interaction": row.pk, "on": row.on.isoformat(), "subject": row.subject}
        for row in Interaction.objects.filter(by=person).order_by("pk")
    ]
    return found


def register() -> None:
    """Join what is kept about people."""
    kept.register(kept.Kept("contacts", 60, copy=contacts_of, forget=forget_contacts))
    kept.register(kept.Kept("enquiries", 61, copy=enquiries_of, forget=forget_enquiries))
    kept.register(kept.Kept("desk", 62, copy=work_of, forget=sample.clear))
