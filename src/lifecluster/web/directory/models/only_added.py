"""Tables whose rows are only ever added: what is there is neither changed nor removed."""

from __future__ import annotations

import json
from typing import Any, ClassVar, NoReturn, TypeVar

from django.db import models

from lifecluster.errors import LifeclusterError

M = TypeVar("M", bound="OnlyAdded")


class OnlyAdded(models.Model):
    """A row; its `body`, which each table declares in its place, is JSON text.

    `WHAT`: what such rows are called where a change is refused.
    """

    WHAT: ClassVar[str]
    body: models.TextField[Any, Any]

    class Meta:
        """Only the base of others."""

        abstract = True

    @property
    def content(self) -> dict[str, Any]:
        """What it says, as plain values."""
        found: dict[str, Any] = json.loads(self.body)
        return found

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refused for a row that is there already."""
        if not self._state.adding:
            raise refusal(type(self))
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refused."""
        raise refusal(type(self))


class OnlyAddedQuerySet(models.QuerySet[M]):
    """Rows that are only added, refused to changes of many as well."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refused."""
        raise refusal(self.model)

    def delete(self) -> NoReturn:
        """Refused."""
        raise refusal(self.model)


def refusal(model: type[OnlyAdded]) -> LifeclusterError:
    """The error for who tries to change one."""
    return LifeclusterError(f"{model.WHAT} only added to")
