"""Interactions: the desk and an organisation talked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction

from lifecluster.errors import LifeclusterError
from lifecluster.web.desk import whose
from lifecluster.web.desk.actions.common import day_of, heard, line, lines, one_of, organisation
from lifecluster.web.desk.models import Case, Contact, Interaction
from lifecluster.web.desk.models.base import WORKS, hold, put
from lifecluster.web.desk.words import INTERACTIONS, TOPICS
from lifecluster.web.directory.viewer import Viewer


def record_interaction(
    *, on: date, kind: str, subject: str, policy: bool, viewer: Viewer, at: datetime, organisation_uid: str = "",
    case: int | None = None, contacts: Iterable[int] = (), notes: str = "", outcome: str = "", topic: str = "",
) -> Interaction:  # fmt: skip
    """Record that somebody of the desk (the viewer) talked with an organisation, or about a case.

    `policy` whether policy feedback was given, then `topic` on what; `contacts` keys of contacts of the organisation.
    Raises PermissionDeniedError (`case.edit`), LifeclusterError for a day to come, or a contact of somebody else.
    """
    viewer.require(WORKS)
    values = _values(on=on, kind=kind, subject=subject, policy=policy, notes=notes, outcome=outcome, topic=topic, at=at)
    with transaction.atomic():
        row = hold(Case, case) if case is not None else None
        uid = organisation(organisation_uid or (row.organisation if row else ""), viewer, needed=row is None)
        people = _contacts(contacts, uid)
        made: Interaction = Interaction.objects.create(
            **values, organisation=uid, case=row, by=whose.person_of(viewer), added_by=viewer.actor, added_at=at
        )
        made.contacts.set(people)
        heard("interaction.record", f"interaction:{made.pk}", viewer, at, after={
            "organisation": uid or None, "case": case, "kind": kind, "policy": policy})  # fmt: skip
    return made


def change_interaction(
    *, interaction: int, on: date, kind: str, subject: str, policy: bool, viewer: Viewer, at: datetime,
    version: int | None = None, contacts: Iterable[int] = (), notes: str = "", outcome: str = "", topic: str = "",
) -> Interaction:  # fmt: skip
    """Change what was recorded. Raises as `record_interaction`, and ChangedError."""
    viewer.require(WORKS)
    values = _values(on=on, kind=kind, subject=subject, policy=policy, notes=notes, outcome=outcome, topic=topic, at=at)
    with transaction.atomic():
        row: Interaction = hold(Interaction, interaction, version)
        erased = list(row.contacts.filter(erased_at__isnull=False))
        uid = whose.today([row.organisation], viewer).get(row.organisation)
        people = _contacts(contacts, uid.uid if uid else "")
        differs = put(row, **values)
        if {one.pk for one in people} != set(row.contacts.filter(erased_at=None).values_list("pk", flat=True)):
            row.contacts.set([*people, *erased])
            differs.append("contacts")
        if differs:
            heard("interaction.change", f"interaction:{row.pk}", viewer, at, after={"changed": differs})
    return row


def _values(
    *, on: date, kind: str, subject: str, policy: bool, notes: str, outcome: str, topic: str, at: datetime
) -> dict[str, Any]:  # fmt: skip
    one_of(kind, INTERACTIONS, "Kind")
    if on > day_of(at):
        raise LifeclusterError("An interaction is recorded when it has been: its day is still to come.")
    if policy and topic not in TOPICS:
        raise LifeclusterError("Say on which topic policy feedback was given.")
    return {
        "on": on, "kind": kind, "subject": line(subject, "The subject", most=150, needed=True), "policy": policy,
        "notes": lines(notes, "The notes"), "outcome": line(outcome, "The outcome", most=300),
        "topic": topic if policy else "",
    }  # fmt: skip


def _contacts(keys: Iterable[int], uid: str) -> list[Contact]:
    wanted = set(keys)
    if not wanted:
        return []
    found = list(Contact.objects.filter(pk__in=wanted, organisation__in=whose.behind(uid), erased_at__isnull=True))
    if len(found) != len(wanted):
        raise LifeclusterError("One of these is no contact of this organisation.")
    return found
