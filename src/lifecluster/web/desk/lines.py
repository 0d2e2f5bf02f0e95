"""The desk's own lines of work: cases and tasks that are due, renewals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from lifecluster.web.desk import whose
from lifecluster.web.desk.models import Case, ClusterMembership, FailedImport, Task
from lifecluster.web.desk.models.base import WORKS
from lifecluster.web.desk.waiting import Item, Line
from lifecluster.web.desk.words import CASE_KINDS, LEVELS, RENEWAL_AHEAD, SOON
from lifecluster.web.directory.freshness import today
from lifecluster.web.directory.viewer import Viewer

First = Callable[[Viewer, int], list[Item]]


def _cases(viewer: Viewer) -> QuerySet[Case, Case]:
    """Open cases that are due now or soon, or urgent."""
    rows: Any = (
        Case.objects.visible_to(viewer).filter(state="opened").exclude(enquiry__isnull=False, enquiry__answered_at=None)
    )
    found: QuerySet[Case, Case] = rows.filter(Q(due_on__lte=today() + SOON) | Q(priority=1))
    return found


def _first_cases(viewer: Viewer, limit: int) -> list[Item]:
    rows = list(_cases(viewer).order_by("due_on", "priority", "pk"))
    rows.sort(key=lambda row: (row.due_on is None, row.due_on or date.max, row.priority, row.pk))
    rows = rows[:limit]
    names = whose.today([row.organisation for row in rows], viewer)
    return [
        Item(row.title, f"/desk/cases/{row.pk}", _note(CASE_KINDS[row.kind], names.get(row.organisation), row.priority),
             due=row.due_on, since=row.opened_at.date())
        for row in rows
    ]  # fmt: skip


def _note(kind: str, found: whose.Whose | None, priority: int) -> str:
    parts = [kind, found.name if found else "", "urgent" if priority == 1 else ""]
    return ", ".join(part for part in parts if part)


def _tasks(viewer: Viewer) -> QuerySet[Task, Task]:
    """Tasks that are to be done now or soon."""
    found: QuerySet[Task, Task] = Task.objects.visible_to(viewer).filter(done_at=None, due_on__lte=today() + SOON)
    return found


def _first_tasks(viewer: Viewer, limit: int) -> list[Item]:
    rows = list(_tasks(viewer).select_related("owner", "case").order_by("due_on", "pk")[:limit])
    names = whose.today([row.organisation or (row.case.organisation if row.case else "") for row in rows], viewer)
    found = []
    for row in rows:
        one = names.get(row.organisation or (row.case.organisation if row.case else ""))
        parts = (one.name if one else "", row.owner.shown_name if row.owner else "nobody’s yet")
        url = f"/desk/cases/{row.case_id}" if row.case_id else f"/desk/organisations/{row.organisation}"
        found.append(Item(row.title, url, ", ".join(filter(None, parts)), due=row.due_on))
    return found


def _renewals(viewer: Viewer) -> QuerySet[ClusterMembership, ClusterMembership]:
    """Memberships that are to be renewed soon, or should have been."""
    rows = ClusterMembership.objects.visible_to(viewer)
    found: QuerySet[ClusterMembership, ClusterMembership] = rows.filter(
        state="active", renews_on__lte=today() + RENEWAL_AHEAD
    )
    return found


def _first_renewals(viewer: Viewer, limit: int) -> list[Item]:
    rows = list(_renewals(viewer).order_by("renews_on", "pk")[:limit])
    names = whose.today([row.organisation for row in rows], viewer)
    return [
        Item(names[row.organisation].name, f"/desk/memberships/{row.pk}", LEVELS[row.level], due=row.renews_on)
        for row in rows
    ]


def _enquiries(viewer: Viewer) -> QuerySet[Case, Case]:
    """Cases of enquiries that have no answer yet."""
    rows = Case.objects.visible_to(viewer).filter(enquiry__isnull=False, enquiry__answered_at=None)
    found: QuerySet[Case, Case] = rows.exclude(state="closed")
    return found


def _first_enquiries(viewer: Viewer, limit: int) -> list[Item]:
    rows = _enquiries(viewer).select_related("enquiry").order_by("due_on", "pk")[:limit]
    return [
        Item(row.title, f"/desk/cases/{row.pk}", row.enquiry.firm or "A firm that gave no name", due=row.due_on)
        for row in rows
    ]


def _imports(viewer: Viewer) -> QuerySet[FailedImport, FailedImport]:
    """What failed and nobody dealt with."""
    found: QuerySet[FailedImport, FailedImport] = FailedImport.objects.visible_to(viewer).filter(dealt_at=None)
    return found


def _first_imports(viewer: Viewer, limit: int) -> list[Item]:
    return [
        Item(", row ".join(filter(None, (row.file, row.row))), "/desk/imports", row.words[:160], since=row.at.date())
        for row in _imports(viewer).order_by("at", "pk")[:limit]
    ]


def _line(name: str, order: int, title: str, rows: Callable[[Viewer], Any], first: First) -> Line:
    """A line of work whose page has its name."""
    return Line(name, order, title, f"desk:{name}", WORKS, lambda viewer: int(rows(viewer).count()), first)


LINES = (
    _line("imports", 50, "Failed imports", _imports, _first_imports),
    _line("enquiries", 60, "Enquiries to answer", _enquiries, _first_enquiries),
    _line("cases", 70, "Cases due", _cases, _first_cases),
    _line("tasks", 80, "Tasks due", _tasks, _first_tasks),
    _line("memberships", 90, "Renewals", _renewals, _first_renewals),
)
