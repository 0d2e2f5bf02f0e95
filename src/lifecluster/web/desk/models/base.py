"""What rows of the desk have in common: a number of change, and one way to read."""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django.db import models

from lifecluster.errors import ConflictError, LifeclusterError
from lifecluster.web.directory.viewer import viewer_of

WORKS = "case.edit"
"""The permission of who works at the desk."""
V = TypeVar("V", bound="Versioned")


class ChangedError(ConflictError):
    """Somebody else changed the row since its form was opened; `row` is as it is now."""

    def __init__(self, row: Versioned) -> None:
        super().__init__(
            "Somebody else changed this while you were writing. What you typed is still here, and what they saved "
            "stands below it: send yours again to put it in its place."
        )
        self.row = row


class DeskQuerySet(models.QuerySet[V]):
    """Rows that only the desk reads."""

    def visible_to(self, user: object) -> Self:
        """All of them for who works at the desk, none for everybody else."""
        return self.all() if viewer_of(user).may(WORKS) else self.none()


class Versioned(models.Model):
    """A row with a number of change: a form carries the one its writer saw."""

    version = models.IntegerField(default=1)
    objects: Any = DeskQuerySet.as_manager()

    class Meta:
        """Only the base of others."""

        abstract = True


def hold(model: type[V], key: int, version: int | None = None) -> V:
    """The row `key` as it is now, held for the rest of the transaction. Raises ChangedError if its number of change is
    another than `version` (None: whatever it is), LifeclusterError if there is none."""
    found: Any = model.objects.select_for_update().filter(pk=key).first()
    if found is None:
        raise LifeclusterError("this is not there any more: somebody else removed it")
    if version is not None and found.version != version:
        raise ChangedError(found)
    held: V = found
    return held


def put(row: Versioned, **values: Any) -> list[str]:
    """Set columns of a row that is held, count the change and save it; the names of those that differ."""
    differs = [name for name, value in values.items() if getattr(row, name) != value]
    if differs:
        for name in differs:
            setattr(row, name, values[name])
        row.version += 1
        row.save()
    return differs
