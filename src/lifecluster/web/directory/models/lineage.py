"""What merging and splitting need of a package: which record is of what, how ids came about, what the package said.

None of it is shown to anybody; see docs/decisions/0019-merge-and-split.md.
"""

from __future__ import annotations

from typing import Any

from django.db import models


class Member(models.Model):
    """A record of an organisation or a site and the id that the package gives it.

    `live`: the package's build had the record; `number` that of the live company which it is the official record of.
    """

    package = models.ForeignKey("directory.Package", models.CASCADE, db_index=False, related_name="+")
    record = models.TextField()
    kind = models.CharField(max_length=15)
    uid = models.CharField(max_length=20)
    live = models.BooleanField(default=True)
    number = models.TextField(default="")

    class Meta:
        """From either end."""

        constraints = (models.UniqueConstraint(fields=["package", "record"], name="directory_member_record"),)
        indexes = (models.Index(fields=["package", "uid"], name="directory_member_uid"),)


class Lineage(models.Model):
    """What the ledger of a package knows of an id: its events (rows of `register.ledger.EVENTS`), and the shapes of the
    clusters that had it."""

    package = models.ForeignKey("directory.Package", models.CASCADE, db_index=False, related_name="+")
    uid = models.CharField(max_length=20)
    events: models.JSONField[Any, Any] = models.JSONField(default=list)
    shapes: models.JSONField[Any, Any] = models.JSONField(default=list)

    class Meta:
        """Looked up by id."""

        constraints = (models.UniqueConstraint(fields=["package", "uid"], name="directory_lineage_uid"),)


class Kept(models.Model):
    """A row of the package that a merge or split changed, as it was before: what an undo puts back.

    `kind` organisation, site, a kind of thing, or `identity`; `body` the row with its statements.
    """

    package = models.ForeignKey("directory.Package", models.CASCADE, db_index=False, related_name="+")
    kind = models.CharField(max_length=15)
    uid = models.CharField(max_length=20)
    body: models.JSONField[Any, Any] = models.JSONField(default=dict)

    class Meta:
        """Each once."""

        constraints = (models.UniqueConstraint(fields=["package", "kind", "uid"], name="directory_kept_uid"),)


class Regrouped(models.Model):
    """Which judgements the rows of a package show that its build did not know (or knew and that were retracted since).

    `entries` their ids; `written` the ids of the rows made by them, by kind.
    """

    package = models.OneToOneField("directory.Package", models.CASCADE, related_name="+", primary_key=True)
    entries: models.JSONField[Any, Any] = models.JSONField(default=list)
    written: models.JSONField[Any, Any] = models.JSONField(default=dict)
