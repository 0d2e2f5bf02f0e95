"""What is told: items with their earlier versions, and which organisations they are about."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from lifecluster.web.directory.viewer import viewer_of


class Kind(models.TextChoices):
    """What an item is."""

    NEWS = "news", "News"
    OPPORTUNITY = "opportunity", "Opportunity"
    EVENT = "event", "Event"


class State(models.TextChoices):
    """Where an item stands."""

    WAITING = "waiting", "waits for the desk"
    SHOWN = "shown", "approved"
    REFUSED = "refused", "refused"
    WITHDRAWN = "withdrawn", "withdrawn"


class ItemQuerySet(models.QuerySet["Item"]):
    """Items."""

    def visible_to(self, user: object, day: date) -> ItemQuerySet:
        """Those that are approved, begun, and for this reader; also those that are over."""
        level = int(viewer_of(user).clearance)
        return self.filter(state=State.SHOWN, level__lte=level, shown_from__lte=day)

    def listed(self, user: object, day: date) -> ItemQuerySet:
        """Those that lists show on a day: not over yet."""
        return self.visible_to(user, day).filter(Q(shown_until__isnull=True) | Q(shown_until__gte=day))


class Item(models.Model):
    """News, an opportunity (with a day on which it closes), or an event (with days and a place).

    `text` is Markdown; `level` of `policy.visibility`; `number` counts its versions; `author` the person who wrote it,
    None for the operator or where the account is gone; `why` the reason of the last decision; `approved_at` when it
    was approved last.
    """

    kind = models.CharField(max_length=12, choices=Kind.choices)
    title = models.CharField(max_length=160)
    text = models.TextField()
    link = models.CharField(max_length=500, blank=True, default="")
    level = models.SmallIntegerField(default=0)
    shown_from = models.DateField()
    shown_until = models.DateField(null=True, blank=True)
    closes_on = models.DateField(null=True, blank=True)
    begins_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    place = models.CharField(max_length=160, blank=True, default="")
    state = models.CharField(max_length=10, choices=State.choices)
    number = models.IntegerField(default=1)
    author = models.ForeignKey("accounts.Person", models.SET_NULL, null=True, related_name="news_items")
    why = models.TextField(blank=True, default="")
    sample = models.BooleanField(default=False)
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)
    objects = ItemQuerySet.as_manager()

    class Meta:
        """Lists ask for what is shown, the newest first."""

        indexes = (models.Index(fields=["state", "level", "shown_from"], name="news_item_shown"),)

    def __str__(self) -> str:
        return self.title

    def over(self, day: date) -> bool:
        """Whether lists do not show it any more."""
        return self.shown_until is not None and self.shown_until < day


class About(models.Model):
    """An organisation (by the id that it had then) that an item is about."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="abouts")
    organisation = models.CharField(max_length=20, db_index=True)

    class Meta:
        """Once each."""

        constraints = (models.UniqueConstraint(fields=["item", "organisation"], name="news_about_once"),)

    def __str__(self) -> str:
        return self.organisation


class Version(models.Model):
    """What an item said before it was changed."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="versions")
    number = models.IntegerField()
    said: models.JSONField[Any, Any] = models.JSONField()
    actor = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        """Numbered."""

        constraints = (models.UniqueConstraint(fields=["item", "number"], name="news_version_number"),)

    def __str__(self) -> str:
        return f"version {self.number}"
