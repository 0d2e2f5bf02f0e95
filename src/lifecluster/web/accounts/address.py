"""Another e-mail address for an account: asked for, confirmed from the new mailbox, told to the old one."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from django.core import signing
from django.db import IntegrityError, transaction

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts import audit, outbox
from lifecluster.web.accounts.actions import require_self
from lifecluster.web.accounts.models import Person
from lifecluster.web.accounts.rights import SAMPLE_DOMAIN
from lifecluster.web.directory.viewer import PermissionDeniedError, Viewer

LASTS = 24 * 3600
"""Seconds that the link is good for."""
SALT = "lifecluster.accounts.address"
TAKEN = "this address cannot be yours: there is an account with it"

CHANGED = (
    "Your account now has another address; nothing will be sent to this one.\n\nIf it was not you, write to the "
    "cluster team at once.\n"
)


def ask(*, person: Person, email: str, viewer: Viewer, at: datetime) -> str:
    """A key for the link that confirms another address, in its canonical form; nothing changes yet, and nobody is told
    whether there is an account with it.

    Raises PermissionDeniedError for another person's, LifeclusterError for the present address, or for people of the
    sample region: their passwords were printed, and their powers end with the sample (`rights`).
    """
    _own(person, viewer)
    if email == person.email:
        raise LifeclusterError("this is your address already")
    audit.write("person.address_asked", actor=viewer.actor, subject=person.actor, at=at)
    return signing.dumps([person.uid, person.email, email], salt=SALT)


def send(*, person: Person, email: str, link: str) -> None:
    """Write to the new address with the link, and to the old one that this was asked for."""
    text = f"To use this address for your account, open this link within a day, signed in:\n\n{link}\n\n"
    text += "If it was not you, there is nothing to do.\n"
    outbox.write(to=email, subject="Confirm your new address", text=text, person=person)
    told = (
        "Somebody, and we hope it was you, asked to use another address for your account.\n\nIf it was not you, choose "
        "a new password at once and write to the cluster team.\n"
    )
    outbox.write(to=person.email, subject="Another address was asked for", text=told, person=person)


def asked(key: str, person: Person) -> str:
    """The address that a link confirms for this person; empty for one that is not good: of another person, a day old,
    or from before the address changed."""
    try:
        uid, before, email = signing.loads(key, salt=SALT, max_age=LASTS)
    except (signing.BadSignature, ValueError):
        return ""
    return str(email) if (uid, before) == (person.uid, person.email) else ""


def change(*, person: Person, key: str, viewer: Viewer, at: datetime) -> None:
    """Let the address of a good link be that of the account; the old one is told.

    Raises PermissionDeniedError for another person's, LifeclusterError for a link that is not good, or an address that
    an account got since.
    """
    _own(person, viewer)
    email, before = asked(key, person), person.email
    if not email:
        raise LifeclusterError("this link is not good any more")
    try:
        with transaction.atomic():
            if EmailAddress.objects.filter(email=email).exclude(user=person).exists():
                raise LifeclusterError(TAKEN)
            Person.objects.filter(pk=person.pk).update(email=email)
            EmailAddress.objects.filter(user=person).delete()
            EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
            audit.write("person.address", actor=viewer.actor, subject=person.actor, at=at)
            outbox.write(to=before, subject="The address of your account was changed", text=CHANGED, person=person)
    except IntegrityError:
        raise LifeclusterError(TAKEN) from None
    person.email = email


def _own(person: Person, viewer: Viewer) -> None:
    require_self(person, viewer)
    if viewer.limits is not None:
        raise PermissionDeniedError("an address is changed by a person, not by a token")
    if person.email.endswith(f"@{SAMPLE_DOMAIN}"):  # by it they are known, whose powers end with the sample
        raise LifeclusterError("the address of somebody of the sample region stays as it is")
