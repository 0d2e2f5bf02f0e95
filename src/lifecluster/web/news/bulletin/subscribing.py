"""Who gets the bulletin: people with accounts who said so, and addresses that said so twice.

Whoever asks on the page gets the same answer whatever is known of the address; a mail there says the rest. An address
is kept only once the link in that mail was followed, and goes when the bulletin is not wanted any more.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts import audit, letter, outbox, stopping
from lifecluster.web.accounts.addresses import canonical
from lifecluster.web.accounts.models import Mail, Person
from lifecluster.web.directory.viewer import ANYBODY, PermissionDeniedError, Viewer
from lifecluster.web.kit.paths import parts_of
from lifecluster.web.news.models import Subscriber

audit.declare({
    "bulletin.follow": "somebody asked for the bulletin",
    "bulletin.leave": "somebody does not want the bulletin any more",
})  # fmt: skip
CONFIRM, STOP = "lifecluster.news.confirm", "lifecluster.news.stop"
DAYS = 7
"""How long the link to confirm an address works."""
PAUSE = timedelta(hours=1)
"""Between two mails that ask an address, whoever asks."""
SOMEBODY = "Somebody, probably you, asked for the cluster’s bulletin to be sent here."
NOT_YOU = "If it was not you, do nothing: the address is then not kept."
ASKED, KNOWN = "Please confirm: the cluster’s bulletin", "You get the cluster’s bulletin already"


def ask(*, email: str, at: datetime) -> None:
    """Send a mail to an address that asks whether it wants the bulletin. What becomes of it is told to nobody else.

    Raises LifeclusterError for what is no address.
    """
    try:
        address = canonical(email)
    except ValidationError:
        raise LifeclusterError("Write an e-mail address, such as name@example.org.") from None
    with transaction.atomic():
        lately = Mail.objects.filter(to=address, subject__in=(ASKED, KNOWN), written_at__gt=at - PAUSE)
        if lately.exists():
            return
        who = _subscriber(address)
        if who is None:
            link = _link("news:confirm", stopping.token(CONFIRM, address))
            text = f"{SOMEBODY} To have it:\n\n{link}\n\nThe link works for {DAYS} days. {NOT_YOU}"
            said = letter.Letter(ASKED, opening=text)
        else:
            text = f"{SOMEBODY} That is so already."
            said = letter.Letter(KNOWN, opening=text, stops=(letter.Stop("the bulletin", stop_address(who)),))
        mail = outbox.write(to=address, subject=said.title, text=said.text(), html=said.html())
        Mail.objects.filter(pk=mail.pk).update(written_at=at)


def confirm(*, token: str, at: datetime) -> bool:
    """What the link in that mail does; False for one that was not made here, or is too old. Once more changes
    nothing."""
    found = stopping.said(CONFIRM, token, 1, days=DAYS)
    if found is None:
        return False
    with transaction.atomic():
        person = Person.objects.filter(email=found[0], is_active=True).first()
        if person is not None:
            follow(person=person, viewer=Viewer(actor=person.actor), at=at)
        elif Subscriber.objects.get_or_create(email=found[0], defaults={"since": at})[1]:
            audit.write("bulletin.follow", actor=ANYBODY.actor, subject=ANYBODY.actor, at=at)
    return True


def follow(*, person: Person, viewer: Viewer, at: datetime) -> Subscriber:
    """Let a person have the bulletin; an address of theirs that asked before gets no second one.

    Raises PermissionDeniedError for another person's.
    """
    _own(person, viewer)
    with transaction.atomic():
        Subscriber.objects.filter(email=person.email).delete()
        who, new = Subscriber.objects.get_or_create(person=person, defaults={"since": at})
        if new:
            audit.write("bulletin.follow", actor=viewer.actor, subject=person.actor, at=at)
    return who


def leave(*, person: Person, viewer: Viewer, at: datetime) -> None:
    """Let a person have no more of it. Raises PermissionDeniedError for another person's."""
    _own(person, viewer)
    with transaction.atomic():
        who = Subscriber.objects.filter(person=person).first()
        if who is not None:
            _remove(who, at)


def stop(*, token: str, at: datetime) -> bool:
    """What the link in a bulletin does for whoever holds it; False for one that was not made here. Once more changes
    nothing. An address goes with all mail that went there and was of the bulletin."""
    found = stopping.said(STOP, token, 1)
    if found is None:
        return False
    with transaction.atomic():
        who = Subscriber.objects.select_for_update().filter(key=found[0]).first()
        if who is not None:
            _remove(who, at)
    return True


def stop_address(who: Subscriber) -> str:
    """The link that ends the bulletin for a subscriber."""
    return _link("news:stop", stopping.token(STOP, who.key))


def knows(token: str) -> bool:
    """Whether a link to stop was made here."""
    return stopping.said(STOP, token, 1) is not None


def asks(token: str) -> bool:
    """Whether a link to confirm an address was made here, not too long ago."""
    return stopping.said(CONFIRM, token, 1, days=DAYS) is not None


def _remove(who: Subscriber, at: datetime) -> None:
    subject = who.person.actor if who.person else ANYBODY.actor
    Mail.objects.filter(pk__in=who.sendings.exclude(mail=None).values("mail")).delete()
    if who.email:
        Mail.objects.filter(to=who.email, subject__in=(ASKED, KNOWN)).delete()
    audit.write("bulletin.leave", actor=subject, subject=subject, at=at)
    who.delete()


def _subscriber(address: str) -> Subscriber | None:
    return Subscriber.objects.filter(email=address).first() or Subscriber.objects.filter(person__email=address).first()


def _link(name: str, token: str) -> str:
    first, last = parts_of(name, 1)
    return stopping.public(f"{first}{token}{last}")


def _own(person: Person, viewer: Viewer) -> None:
    if viewer.actor != person.actor:
        raise PermissionDeniedError("you may not choose that for somebody else")
