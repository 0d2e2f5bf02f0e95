"""Reading what the desk keeps of one organisation, or of one case, in the order in which it happened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from lifecluster.web.desk import whose
from lifecluster.web.desk.models import Case, ClusterMembership, Contact, Interaction, Note, Referral, Task
from lifecluster.web.desk.words import INTERACTIONS, LEVELS, OUTCOMES, REFERRALS, TOPICS
from lifecluster.web.directory.viewer import Viewer
from lifecluster.web.kit.formats import day


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: `what` kind of thing, its `title` with the address, `text` and lines of more; `by`."""

    on: date
    order: tuple[str, int]
    what: str
    title: str
    url: str = ""
    text: str = ""
    more: tuple[str, ...] = ()
    by: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """All that the desk keeps of an organisation."""

    whose: whose.Whose
    contacts: list[Contact]
    memberships: list[ClusterMembership]
    cases: list[Case]
    tasks: list[Task]
    events: list[Event]


def of_organisation(found: whose.Whose, viewer: Viewer) -> Kept:
    """What is kept of an organisation, under any id that leads to it today."""
    ids = whose.behind(found.uid)
    mine = {"organisation__in": ids}
    contacts = list(Contact.objects.visible_to(viewer).filter(erased_at=None, **mine).order_by("name"))
    memberships = list(ClusterMembership.objects.visible_to(viewer).filter(**mine).order_by("-begins_on"))
    cases = list(Case.objects.visible_to(viewer).filter(**mine).select_related("owner").order_by("state", "-opened_at"))
    keys = [case.pk for case in cases]
    about = Q(**mine) | Q(case__in=keys)
    tasks = Task.objects.visible_to(viewer).filter(about, done_at=None).select_related("owner", "case")
    events = [
        *(event for case in cases for event in _case(case)),
        *_interactions(Interaction.objects.visible_to(viewer).filter(about)),
        *_notes(Note.objects.visible_to(viewer).filter(about)),
        *_tasks(Task.objects.visible_to(viewer).filter(about, done_at__isnull=False)),
        *_referrals(Referral.objects.visible_to(viewer).filter(Q(case__in=keys) | Q(**mine))),
        *(_membership(one) for one in memberships),
    ]
    return Kept(found, contacts, memberships, cases, list(tasks.order_by("due_on", "pk")), in_order(events))


def of_case(case: Case, viewer: Viewer) -> list[Event]:
    """What happened in a case, the latest first."""
    mine = {"case": case}
    return in_order([
        *_case(case),
        *_interactions(Interaction.objects.visible_to(viewer).filter(**mine)),
        *_notes(Note.objects.visible_to(viewer).filter(**mine)),
        *_tasks(Task.objects.visible_to(viewer).filter(done_at__isnull=False, **mine)),
        *_referrals(Referral.objects.visible_to(viewer).filter(**mine)),
    ])  # fmt: skip


def in_order(events: Iterable[Event]) -> list[Event]:
    """The latest first."""
    return sorted(events, key=lambda event: (event.on, event.order), reverse=True)


def _day(moment: datetime) -> date:
    return timezone.localdate(moment)


def _case(case: Case) -> list[Event]:
    url = f"/desk/cases/{case.pk}"
    found = [Event(_day(case.opened_at), ("a", case.pk), "Case opened", case.title, url)]
    if case.closed_at is not None:
        said = (OUTCOMES.get(case.outcome, ""),)
        found.append(
            Event(_day(case.closed_at), ("z", case.pk), "Case closed", case.title, url, case.outcome_note, said)
        )
    return found


def _interactions(rows: Any) -> list[Event]:
    found = []
    for row in rows.select_related("by").prefetch_related("contacts"):
        people = ", ".join(one.shown_name for one in row.contacts.all())
        more = [f"With {people}" if people else "", row.outcome]
        more.append(f"Policy feedback: {TOPICS[row.topic]}" if row.policy and row.topic in TOPICS else "")
        found.append(
            Event(
                row.on, ("m", row.pk), INTERACTIONS[row.kind], row.subject, f"/desk/interactions/{row.pk}/edit",
                row.notes, tuple(filter(None, more)), row.by.shown_name if row.by else "",
            )
        )  # fmt: skip
    return found


def _notes(rows: Any) -> list[Event]:
    return [
        Event(_day(row.added_at), ("n", row.pk), "Note", "", "", row.text, (), row.by.shown_name if row.by else "")
        for row in rows.select_related("by")
    ]


def _tasks(rows: Any) -> list[Event]:
    return [Event(_day(row.done_at), ("t", row.pk), "Done", row.title, f"/desk/tasks/{row.pk}/edit") for row in rows]


def _referrals(rows: Any) -> list[Event]:
    found = []
    for row in rows:
        url = f"/desk/referrals/{row.pk}"
        if row.sent_at is not None:
            found.append(Event(_day(row.sent_at), ("r", row.pk), "Referred", f"To {row.body}", url))
        if row.answered_on is not None:
            words = (REFERRALS[row.state],)
            found.append(
                Event(row.answered_on, ("s", row.pk), "Answer to a referral", row.body, url, row.answer, words)
            )
    return found


def _membership(row: ClusterMembership) -> Event:
    until = f"until {day(row.ends_on)}" if row.ends_on else ""
    return Event(row.begins_on, ("b", row.pk), "Member", LEVELS[row.level], f"/desk/memberships/{row.pk}", row.note,
                 tuple(filter(None, (until,))))  # fmt: skip
