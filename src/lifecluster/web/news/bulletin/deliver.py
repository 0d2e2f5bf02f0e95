"""Sending: each subscriber gets each bulletin once.

For each of them one transaction writes the mail into the outbox and the row that says so; the database refuses a second
such row. Whoever dies in between has written both or neither, and the next goes on where they were.
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from lifecluster.policy import roles
from lifecluster.policy.visibility import Visibility
from lifecluster.web.accounts import outbox, rights, stopping
from lifecluster.web.directory import packages
from lifecluster.web.kit import formats
from lifecluster.web.news.bulletin import compose, subscribing
from lifecluster.web.news.bulletin.gather import MOST_READERS
from lifecluster.web.news.models import Bulletin, Sending, Stage, Subscriber

WHY = "You get this because {email} asked for the bulletin."


def run(at: datetime) -> str:
    """Send every bulletin whose time has come; how many mails were written, in words."""
    keys = Bulletin.objects.filter(stage=Stage.SENDING, send_at__lte=at).order_by("pk").values_list("pk", flat=True)
    return formats.plural(sum(whole(key, at) for key in list(keys)), "mail")


def whole(key: int, at: datetime) -> int:
    """Send one bulletin to all who wanted it when it went out; how many mails were written."""
    bulletin = Bulletin.objects.get(pk=key)
    wants = Subscriber.objects.filter(since__lte=bulletin.send_at).exclude(sendings__bulletin=bulletin)
    count = sum(one(bulletin, subscriber, at) for subscriber in list(wants.order_by("pk").values_list("pk", flat=True)))
    with transaction.atomic():
        sending = Bulletin.objects.select_for_update().filter(pk=key, stage=Stage.SENDING)
        if sending.update(stage=Stage.SENT, sent_at=at):
            packages.changed()
    return count


@transaction.atomic
def one(bulletin: Bulletin, key: int, at: datetime) -> bool:
    """Write a bulletin to one subscriber; False if that was done before, or there is nothing in it for them."""
    who = Subscriber.objects.select_for_update(of=("self",)).select_related("person").filter(pk=key).first()
    if who is None or not _still(bulletin):
        return False
    sending, new = Sending.objects.get_or_create(bulletin=bulletin, subscriber=who, defaults={"at": at})
    email = who.email or (who.person.email if who.person and who.person.is_active else "")
    if not new or not email:
        return False
    stop = subscribing.stop_address(who)
    said = compose.mail(bulletin, clearance(who, at), stop=stop, why=WHY.format(email=email), day=at.date())
    if said is None:
        return False
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    headers = {**stopping.headers(stop), "List-Id": f"News of the cluster <bulletin.{host}>"}
    sending.mail = outbox.write(to=email, subject=said.title, text=said.text(), html=said.html(), headers=headers,
                                person=who.person)  # fmt: skip
    sending.written = True
    sending.save(update_fields=["mail", "written"])
    return True


def _still(bulletin: Bulletin) -> bool:
    """Whether it is still to be sent: somebody may hold it back meanwhile, as long as nothing has gone out."""
    return Bulletin.objects.select_for_update().filter(pk=bulletin.pk, stage=Stage.SENDING).exists()


def clearance(who: Subscriber, at: datetime) -> int:
    """Up to which level a bulletin is for a subscriber: what their roles see, and never what only the desk reads."""
    if who.person is None:
        return int(Visibility.PUBLIC)
    return int(min(roles.clearance(rights.held(who.person, at)), MOST_READERS))
