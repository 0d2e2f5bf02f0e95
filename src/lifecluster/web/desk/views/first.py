"""The first page of the desk: what to do, the most pressing first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lifecluster.web.desk import waiting
from lifecluster.web.desk.frame import render
from lifecluster.web.desk.models import Case, Task
from lifecluster.web.desk.when import When, when
from lifecluster.web.desk.whose import person_of
from lifecluster.web.desk.words import SOON
from lifecluster.web.directory.freshness import today
from lifecluster.web.directory.viewer import Viewer, viewer_of

FIRST, ASKED = 5, 50
"""Things shown of each line of work, and asked for: what is due is counted among these."""
NOW = 8
"""Things shown of all lines together: those that are due."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that waits, as the page shows it."""

    line: str
    item: waiting.Item
    when: When | None


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What needs a person: first what is due, then each line of work."""
    viewer, day = viewer_of(request.user), today()
    lines = waiting.counted(viewer)
    work = [(one, one.line.first(viewer, ASKED)) for one in lines if one.waits]
    due = [
        Thing(one.line.title, item, when(item.due, day)) for one, items in work for item in items if _soon(item, day)
    ]
    due.sort(key=lambda thing: (thing.item.due or day, thing.item.title))
    context = {
        "due": due[:NOW],
        "due_count": len(due),
        "work": [(one, _others(items, due[:NOW], day)) for one, items in work],
        "mine": mine(viewer, day),
        "day": day,
    }
    return render(request, "desk/index.html", context, counted=lines)


def _others(items: list[waiting.Item], due: list[Thing], day: date) -> list[Thing]:
    """Things of a line that do not stand at the top of the page already."""
    shown = {(thing.item.url, thing.item.title) for thing in due}
    return [Thing("", one, when(one.due, day, one.since)) for one in items if (one.url, one.title) not in shown][:FIRST]


def _soon(item: waiting.Item, day: date) -> bool:
    return item.due is not None and item.due <= day + SOON


def mine(viewer: Viewer, day: date) -> list[Thing]:
    """Open cases and tasks of the reader."""
    person = person_of(viewer)
    if person is None:
        return []
    cases = Case.objects.visible_to(viewer).filter(owner=person).exclude(state="closed")
    tasks = Task.objects.visible_to(viewer).filter(owner=person, done_at=None)
    items = [("Case", waiting.Item(one.title, f"/desk/cases/{one.pk}", due=one.due_on)) for one in cases]
    items += [("Task", waiting.Item(one.title, f"/desk/tasks/{one.pk}/edit", due=one.due_on)) for one in tasks]
    found = [Thing(line, item, when(item.due, day)) for line, item in items]
    return sorted(found, key=lambda thing: (thing.item.due is None, thing.item.due or day, thing.item.title))
