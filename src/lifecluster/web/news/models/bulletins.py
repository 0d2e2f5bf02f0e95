"""Bulletins: what was gathered for each, who wants them, and to whom each was written."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q


class Stage(models.TextChoices):
    """Where a bulletin stands."""

    DRAFT = "draft", "being made"
    SENDING = "sending", "being sent"
    SENT = "sent", "sent"


class Section(models.TextChoices):
    """Under which heading a part stands, in the order in which they are gathered."""

    NEWS = "news", "News"
    OPPORTUNITY = "opportunity", "Opportunities"
    EVENT = "event", "Events"
    CLOSING = "closing", "Closing soon"
    ORGANISATION = "organisation", "New in the register"
    LICENCE = "licence", "Licences"
    AWARD = "award", "Awards"


class Bulletin(models.Model):
    """A bulletin: `opening` is Markdown and for everybody; `since` from when on its parts are new; `number` counts its
    changes, so that two people at it are told of each other; `send_at` from when on it goes out."""

    title = models.CharField(max_length=160)
    opening = models.TextField(blank=True, default="")
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.DRAFT)
    number = models.IntegerField(default=1)
    since = models.DateTimeField()
    made_at = models.DateTimeField()
    send_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    sample = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.title


class Part(models.Model):
    """One thing in a bulletin, as it was when it was gathered; one that tells of an `item` shows that as it is, and not
    at all once it is withdrawn. `key` is what it tells of, once in each bulletin; `level` who may read it."""

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="parts")
    key = models.CharField(max_length=60)
    place = models.IntegerField()
    section = models.CharField(max_length=12, choices=Section.choices)
    item = models.ForeignKey("news.Item", models.CASCADE, null=True, related_name="+")
    title = models.TextField()
    url = models.CharField(max_length=200)
    note = models.TextField(blank=True, default="")
    level = models.SmallIntegerField(default=0)
    left_out = models.BooleanField(default=False)

    class Meta:
        """Each thing once."""

        constraints = (models.UniqueConstraint(fields=["bulletin", "key"], name="news_part_once"),)

    def __str__(self) -> str:
        return self.title


def new_key() -> str:
    """What stands for a subscriber in links, drawn by lot."""
    return secrets.token_hex(12)


class Subscriber(models.Model):
    """Somebody who wants the bulletin: a person with an account, or an address that was confirmed by a mail to it.

    The row goes when they want it no more, and an address with it.
    """

    person = models.OneToOneField("accounts.Person", models.CASCADE, null=True, related_name="bulletins")
    email = models.CharField(max_length=254, null=True, unique=True)
    key = models.CharField(max_length=32, unique=True, default=new_key)
    since = models.DateTimeField()

    class Meta:
        """One or the other."""

        constraints = (
            models.CheckConstraint(
                condition=Q(person__isnull=True, email__isnull=False) | Q(person__isnull=False, email__isnull=True),
                name="news_subscriber_one_address",
            ),
        )

    def __str__(self) -> str:
        return self.key


class Sending(models.Model):
    """A bulletin was written to a subscriber: once, in the transaction that puts the mail into the outbox. Not
    `written` where nothing in it was for them; `mail` is gone once the outbox has forgotten it."""

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="sendings")
    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="sendings")
    written = models.BooleanField(default=False)
    mail = models.ForeignKey("accounts.Mail", models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        """Once each: the database itself sees to it."""

        constraints = (models.UniqueConstraint(fields=["bulletin", "subscriber"], name="news_sending_once"),)

    def __str__(self) -> str:
        return f"{self.bulletin_id} to {self.subscriber_id}"
