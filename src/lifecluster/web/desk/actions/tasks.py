"""Tasks: what is to be done, by whom and when."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from lifecluster.errors import LifeclusterError
from lifecluster.web.desk import whose
from lifecluster.web.desk.actions.cases import tell_owner
from lifecluster.web.desk.actions.common import heard, line, organisation
from lifecluster.web.desk.models import Case, Task
from lifecluster.web.desk.models.base import WORKS, hold, put
from lifecluster.web.directory.viewer import Viewer


def add_task(
    *, title: str, viewer: Viewer, at: datetime, case: int | None = None, organisation_uid: str = "", owner: str = "",
    due_on: date | None = None,
) -> Task:  # fmt: skip
    """Set a task for a case or an organisation. Raises PermissionDeniedError (`case.edit`), LifeclusterError."""
    viewer.require(WORKS)
    words = line(title, "What is to be done", most=150, needed=True)
    with transaction.atomic():
        row = hold(Case, case) if case is not None else None
        uid = "" if row is not None else organisation(organisation_uid, viewer)
        given = whose.worker(owner, at)
        made: Task = Task.objects.create(
            title=words, case=row, organisation=uid, owner=given, due_on=due_on, added_by=viewer.actor, added_at=at
        )
        heard("task.add", f"task:{made.pk}", viewer, at, after={"case": case, "organisation": uid or None})
        tell_owner(given, viewer, f"A task is yours: {words}", f"/desk/tasks/{made.pk}/edit", at)
    return made


def change_task(
    *, task: int, title: str, viewer: Viewer, at: datetime, version: int | None = None, owner: str = "",
    due_on: date | None = None,
) -> Task:  # fmt: skip
    """Change a task. Raises as `add_task`, and ChangedError."""
    viewer.require(WORKS)
    words = line(title, "What is to be done", most=150, needed=True)
    with transaction.atomic():
        row: Task = hold(Task, task, version)
        before = row.owner_id
        given = row.owner if row.owner and row.owner.uid == owner else whose.worker(owner, at)
        if differs := put(row, title=words, owner=given, due_on=due_on):
            heard("task.change", f"task:{row.pk}", viewer, at, after={"changed": differs})
        if row.owner_id != before:
            tell_owner(given, viewer, f"A task is yours: {words}", f"/desk/tasks/{row.pk}/edit", at)
    return row


def finish_task(*, task: int, viewer: Viewer, at: datetime) -> Task:
    """Say that a task is done. Raises PermissionDeniedError (`case.edit`), LifeclusterError if it was before."""
    return _done(task, viewer, at, done=True)


def reopen_task(*, task: int, viewer: Viewer, at: datetime) -> Task:
    """Say that a task is not done after all. Raises as `finish_task`."""
    return _done(task, viewer, at, done=False)


def _done(task: int, viewer: Viewer, at: datetime, *, done: bool) -> Task:
    viewer.require(WORKS)
    with transaction.atomic():
        row: Task = hold(Task, task)
        if (row.done_at is not None) == done:
            raise LifeclusterError("This task is done already." if done else "This task is not done.")
        put(row, done_at=at if done else None, done_by=viewer.actor if done else "")
        heard("task.finish" if done else "task.reopen", f"task:{row.pk}", viewer, at)
    return row
