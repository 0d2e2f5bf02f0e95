"""What rooms keep about a person: a copy of it for the person, and what becomes of it when the account goes.

Rows that hang on the person by a key with CASCADE go by themselves, and still have to be copied. A room registers
itself while Django starts:

    kept.register(kept.Kept("invitations", 20, copy=invitations_of, forget=no_longer_say_who_invited))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lifecluster.web.shell.registry import Registry

if TYPE_CHECKING:
    from lifecluster.web.accounts.models import Person


def _nothing(person: Person, at: datetime) -> None:
    """All of it goes with the person by itself."""


@dataclass(frozen=True, slots=True)
class Kept:
    """`name` of the part in the copy; `copy` the rows about a person as plain values; `forget` what to do with those
    that do not go by themselves, within the transaction of the deletion."""

    name: str
    order: int
    copy: Callable[[Person], list[dict[str, Any]]]
    forget: Callable[[Person, datetime], None] = _nothing


_kept: Registry[Kept] = Registry("part of what is kept about people")
register = _kept.register


def copies(person: Person) -> dict[str, list[dict[str, Any]]]:
    """All that rooms keep about a person, by their names for it."""
    return {one.name: one.copy(person) for one in _kept.all()}


def forget(person: Person, at: datetime) -> None:
    """Let every room forget a person who is about to be deleted."""
    for one in _kept.all():
        one.forget(person, at)
