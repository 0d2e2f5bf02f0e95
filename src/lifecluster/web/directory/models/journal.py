"""What outlives every package: the log, and the feed of changes."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from lifecluster.web.directory.models.only_added import OnlyAdded
from lifecluster.web.directory.viewer import viewer_of


class LogRow(OnlyAdded):
    """One entry of the log, as the library writes it (`body` is the canonical JSON). Only ever added."""

    WHAT = "the log is"
    seq = models.BigIntegerField(primary_key=True)
    entry = models.CharField(max_length=64, unique=True)
    action = models.CharField(max_length=60, db_index=True)
    subject = models.CharField(max_length=250, null=True, db_index=True)
    refers_to = models.CharField(max_length=64, null=True, db_index=True)
    body = models.TextField()


class ChangeQuerySet(models.QuerySet["Change"]):
    """Changes."""

    def visible_to(self, user: object) -> ChangeQuerySet:
        """Changes of things that `user` may see."""
        return self.filter(level__lte=viewer_of(user).clearance)


class Change(models.Model):
    """What became of an organisation: `what` is new, changed, gone, redirected, edited; by a judgement of the
    desk merged (into `target`) or split (off `target`). `id` is the cursor of the feed.

    `fields`: property -> [before, after].
    """

    KINDS: ClassVar[tuple[str, ...]] = ("new", "changed", "gone", "redirected", "edited", "merged", "split")
    package = models.CharField(max_length=200)
    at = models.DateTimeField()
    uid = models.CharField(max_length=20, db_index=True)
    name = models.TextField(default="")
    what = models.CharField(max_length=10)
    target = models.CharField(max_length=20, default="")
    fields: models.JSONField[Any, Any] = models.JSONField(default=dict)
    level = models.SmallIntegerField(default=0)
    undone = models.BooleanField(default=False)
    objects = ChangeQuerySet.as_manager()
