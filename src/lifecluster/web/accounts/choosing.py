"""What people choose about how they are told: one function for each change."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts import audit, telling
from lifecluster.web.accounts.models import Choice, How, Person, Told
from lifecluster.web.directory.viewer import PermissionDeniedError, Viewer

audit.declare({"person.told": "how a person is told was changed"})


def choose(*, person: Person, kind: str, how: str, viewer: Viewer, at: datetime) -> None:
    """Choose how one hears of a kind of message; what waits for a digest goes with the choice: to another digest, with
    the next one, or away.

    Raises PermissionDeniedError for another person's, LifeclusterError for a kind or a way that there is not, and for
    a kind that is always told at once.
    """
    if viewer.actor != person.actor:
        raise PermissionDeniedError("you may not choose how somebody else is told")
    try:
        known, chosen = telling.kind_of(kind), How(how)
    except ValueError as error:
        raise LifeclusterError(str(error)) from error
    if known.always:
        raise LifeclusterError(f"“{known.title}” is always told at once")
    with transaction.atomic():
        if telling.how(person, known) == chosen:
            return
        Choice.objects.update_or_create(person=person, kind=kind, defaults={"how": chosen})
        waits = Told.objects.filter(person=person, kind=kind)
        if chosen == How.NEVER:
            waits.delete()
        else:
            waits.update(how=How.DAY if chosen == How.NOW else chosen)
        audit.write("person.told", actor=viewer.actor, subject=person.actor, at=at,
                    after={"kind": kind, "how": str(chosen)})  # fmt: skip


def stop(*, person: Person, kind: str, at: datetime) -> None:
    """What the link of a mail does for whoever holds it: the kind is not told any more. Once more changes nothing.

    Raises LifeclusterError for a kind that there is not, or that is always told.
    """
    choose(person=person, kind=kind, how=How.NEVER, viewer=Viewer(actor=person.actor), at=at)
