"""An uploaded list: what was read of it, its rows, and for some days the file itself."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar, Self

from django.db import models

from lifecluster.web.accounts.models import Person
from lifecluster.web.directory.viewer import viewer_of

DAYS_KEPT = 30
"""Days for which the file itself is kept, for whoever uploaded it and for the desk; what was read of it stays."""


def new_key() -> str:
    """The opaque end of an upload's address."""
    return secrets.token_urlsafe(9)


class UploadQuerySet(models.QuerySet["Upload"]):
    """Uploads."""

    def visible_to(self, user: object) -> Self:
        """One's own; for the desk all."""
        viewer = viewer_of(user)
        return self if viewer.may("edit.review") else self.filter(actor=viewer.actor)


class Upload(models.Model):
    """One list. `organisation` is whose it is ("" where each row says so), `level` who may know what it says, `reading`
    what was read (`sources.uploaded`) without the rows, `error` why nothing could be read."""

    key = models.CharField(max_length=20, unique=True, default=new_key)
    purpose = models.CharField(max_length=20)
    organisation = models.TextField(default="")
    visibility = models.CharField(max_length=10, default="public")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    actor = models.CharField(max_length=64)
    name = models.TextField()
    sha256 = models.CharField(max_length=64)
    size = models.IntegerField()
    at = models.DateTimeField()
    kept_until = models.DateField()
    reading: models.JSONField[Any, Any] = models.JSONField(default=dict)
    error = models.TextField(default="")
    undone_at = models.DateTimeField(null=True)
    objects = UploadQuerySet.as_manager()

    class Meta:
        """Newest first."""

        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return self.name


class UploadFile(models.Model):
    """The bytes of an upload, as they came. They stay in this instance, for as long as they are kept."""

    EXPORTED: ClassVar[bool] = False
    upload = models.OneToOneField(Upload, models.CASCADE, primary_key=True, related_name="file")
    content = models.BinaryField()

    def __str__(self) -> str:
        return str(self.upload)


class UploadRow(models.Model):
    """A row: `cells` by property as they stand now, `read` as they stood in the file; `left` out by a person; `entries`
    what it became in the log: pairs of thing or edit, and the id of the entry that proposes it."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="rows")
    number = models.IntegerField()
    cells: models.JSONField[Any, Any] = models.JSONField()
    read: models.JSONField[Any, Any] = models.JSONField()
    left = models.BooleanField(default=False)
    entries: models.JSONField[Any, Any] = models.JSONField(default=list)
    changed = models.IntegerField(default=0)

    class Meta:
        """In the order of the sheet."""

        ordering = ("number",)
        constraints = (models.UniqueConstraint(fields=["upload", "number"], name="uploads_row_number"),)

    def __str__(self) -> str:
        return f"row {self.number}"
