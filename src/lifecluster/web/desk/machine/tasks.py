"""Tasks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from pydantic import Field

from lifecluster.web.accounts.rights import moment
from lifecluster.web.api import bodies
from lifecluster.web.api.bodies import After, Limit, Page, Sent, Versioned, example
from lifecluster.web.api.v1.asking import viewer
from lifecluster.web.desk.actions import tasks
from lifecluster.web.desk.machine.base import NEEDS, OfCase, Owned, desk, found, rows
from lifecluster.web.desk.models import Case, Task


class TaskIn(Sent):
    """Something to do."""

    model_config = example(title="Ring them about the lease", due_on="2026-12-01")
    title: str = Field(max_length=150)
    owner: str = Field("", max_length=32, description="opaque id of somebody of the desk")
    due_on: date | None = None


class TaskOut(Versioned, Owned, OfCase):
    """Something to do."""

    organisation: str
    title: str
    due_on: date | None
    done_at: datetime | None


class TaskList(Page[TaskOut]):
    """Tasks."""


@desk.read("/tasks", needs=NEEDS, gives=TaskList, summary="Tasks")
def task_list(request: HttpRequest, after: After = 0, limit: Limit = 100) -> Any:
    """Those that are to be done, by number."""
    return bodies.page(rows(Task, request).filter(done_at=None).select_related("owner"), after, limit)


@desk.act("/cases/{key}/tasks", needs=NEEDS, gives=TaskOut, summary="Set a task for a case")
def add_task(request: HttpRequest, key: int, body: TaskIn) -> Any:
    """Its owner is told."""
    row = found(Case, request, key, "case")
    return tasks.add_task(viewer=viewer(request), at=moment(), case=row.pk, **body.model_dump())


@desk.act("/organisations/{uid}/tasks", needs=NEEDS, gives=TaskOut, summary="Set a task for an organisation")
def add_task_of(request: HttpRequest, uid: str, body: TaskIn) -> Any:
    """Its owner is told."""
    who = viewer(request)
    return tasks.add_task(viewer=who, at=moment(), organisation_uid=bodies.live(uid, who), **body.model_dump())


@desk.act("/tasks/{key}/change", needs=NEEDS, gives=TaskOut, summary="Change a task")
def change_task(request: HttpRequest, key: int, body: TaskIn) -> Any:
    """What is left out gets its default. `If-Match`: the version that you saw."""
    row = found(Task, request, key, "task")
    return tasks.change_task(task=row.pk, viewer=viewer(request), at=moment(), version=bodies.version(request),
                             **body.model_dump())  # fmt: skip


@desk.act("/tasks/{key}/finish", needs=NEEDS, gives=TaskOut, summary="Finish a task")
def finish_task(request: HttpRequest, key: int) -> Any:
    """It is done."""
    row = found(Task, request, key, "task")
    return tasks.finish_task(task=row.pk, viewer=viewer(request), at=moment())


@desk.act("/tasks/{key}/reopen", needs=NEEDS, gives=TaskOut, summary="Open a task again")
def reopen_task(request: HttpRequest, key: int) -> Any:
    """It was not done after all."""
    row = found(Task, request, key, "task")
    return tasks.reopen_task(task=row.pk, viewer=viewer(request), at=moment())
