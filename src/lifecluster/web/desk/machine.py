"""What programs do at the desk: cases, what is to be done for them, and notes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Schema
from ninja.params import functions
from pydantic import ConfigDict, Field

from lifecluster.web.accounts.rights import moment
from lifecluster.web.api import writing
from lifecluster.web.api.v1.asking import expected, viewer
from lifecluster.web.desk.actions import cases, tasks
from lifecluster.web.desk.models import Case, Note, Task
from lifecluster.web.desk.models.base import WORKS
from lifecluster.web.desk.words import CASE_KINDS, STATES

desk = writing.section("Desk", 40)
NEEDS = (WORKS,)
WIDEST = 2**63 - 1


class Sent(Schema):
    """A body; a member that it does not know is refused."""

    model_config = ConfigDict(extra="forbid")


class CaseIn(Sent):
    """A case."""

    title: str = Field(max_length=150)
    kind: str = Field(max_length=20, description=", ".join(CASE_KINDS))
    organisation: str = Field("", max_length=20, description="id of an organisation; empty for somebody without one")
    priority: int = Field(2, ge=1, le=3, description="1 urgent, 2 normal, 3 low")
    owner: str = Field("", max_length=32, description="opaque id of somebody of the desk")
    due_on: date | None = None


class MoveIn(Sent):
    """Another state of a case."""

    state: str = Field(max_length=10, description=", ".join(STATES))
    outcome: str = Field("", max_length=20, description="needed to close it")
    note: str = Field("", max_length=4000)


class TaskIn(Sent):
    """Something to do for a case."""

    title: str = Field(max_length=150)
    owner: str = Field("", max_length=32, description="opaque id of somebody of the desk")
    due_on: date | None = None


class NoteIn(Sent):
    """A remark."""

    text: str = Field(min_length=1, max_length=4000)


class CaseOut(Schema):
    """A case; send `version` as `If-Match` to change what you have seen and nothing newer."""

    key: int
    version: int
    title: str
    kind: str
    organisation: str
    priority: int
    owner: str | None
    due_on: date | None
    state: str
    outcome: str
    opened_at: datetime
    closed_at: datetime | None


class CaseList(Schema):
    """Cases; ask for the next page with `after`."""

    items: list[CaseOut]
    cursor: int | None = Field(description="for `after`; null at the end")


class TaskOut(Schema):
    """Something to do."""

    key: int
    case: int | None
    title: str
    owner: str | None
    due_on: date | None
    done_at: datetime | None


class NoteOut(Schema):
    """A remark."""

    key: int
    case: int | None
    text: str


@desk.read("/cases", needs=NEEDS, gives=CaseList, summary="Cases")
def case_list(
    request: HttpRequest,
    after: int = functions.Query(0, ge=0, le=WIDEST, description="`cursor` of the page before"),
    limit: int = functions.Query(100, ge=1, le=500, description="how many"),
) -> Any:
    """By number."""
    rows = Case.objects.visible_to(viewer(request)).filter(pk__gt=after).select_related("owner").order_by("pk")
    found = list(rows[: limit + 1])
    kept = found[:limit]
    return {"items": [_case(row) for row in kept], "cursor": kept[-1].pk if len(found) > limit else None}


@desk.read("/cases/{key}", needs=NEEDS, gives=CaseOut, summary="One case")
def case(request: HttpRequest, key: int) -> Any:
    """As it is now."""
    return _case(_found(request, key))


@desk.act("/cases", needs=NEEDS, gives=CaseOut, summary="Open a case")
def open_case(request: HttpRequest, body: CaseIn) -> Any:
    """Its owner is told."""
    return _case(cases.open_case(viewer=viewer(request), at=moment(), **_values(body)))


@desk.act("/cases/{key}/change", needs=NEEDS, gives=CaseOut, summary="Change a case")
def change_case(request: HttpRequest, key: int, body: CaseIn) -> Any:
    """What is left out gets its default. `If-Match`: the version that you saw."""
    row = _found(request, key)
    return _case(cases.change_case(case=row.pk, viewer=viewer(request), at=moment(), version=_version(request),
                                   **_values(body)))  # fmt: skip


@desk.act("/cases/{key}/move", needs=NEEDS, gives=CaseOut, summary="Move a case")
def move_case(request: HttpRequest, key: int, body: MoveIn) -> Any:
    """Wait, open again, or close with what came of it. `If-Match`: the version that you saw."""
    row = _found(request, key)
    return _case(cases.move_case(case=row.pk, viewer=viewer(request), at=moment(), version=_version(request),
                                 state=body.state, outcome=body.outcome, note=body.note))  # fmt: skip


@desk.act("/cases/{key}/notes", needs=NEEDS, gives=NoteOut, summary="Write a note on a case")
def add_note(request: HttpRequest, key: int, body: NoteIn) -> Any:
    """For the desk alone."""
    row: Note = cases.add_note(text=body.text, viewer=viewer(request), at=moment(), case=_found(request, key).pk)
    return {"key": row.pk, "case": row.case_id, "text": row.text}


@desk.act("/cases/{key}/tasks", needs=NEEDS, gives=TaskOut, summary="Set a task for a case")
def add_task(request: HttpRequest, key: int, body: TaskIn) -> Any:
    """Its owner is told."""
    return _task(tasks.add_task(title=body.title, viewer=viewer(request), at=moment(), case=_found(request, key).pk,
                                owner=body.owner, due_on=body.due_on))  # fmt: skip


@desk.act("/tasks/{key}/finish", needs=NEEDS, gives=TaskOut, summary="Finish a task")
def finish_task(request: HttpRequest, key: int) -> Any:
    """It is done."""
    if not 0 < key <= WIDEST or not Task.objects.visible_to(viewer(request)).filter(pk=key).exists():
        raise Http404("there is no such task")
    return _task(tasks.finish_task(task=key, viewer=viewer(request), at=moment()))


def _values(body: CaseIn) -> dict[str, Any]:
    said = body.model_dump()
    return {"organisation_uid": said.pop("organisation"), **said}


def _version(request: HttpRequest) -> int | None:
    """The version of `If-Match`; 0, which none has, for what is no number."""
    stated = expected(request)
    return None if stated is None else int(stated) if stated.isdecimal() and len(stated) < 10 else 0


def _found(request: HttpRequest, key: int) -> Case:
    row = Case.objects.visible_to(viewer(request)).filter(pk=key).first() if 0 < key <= WIDEST else None
    if row is None:
        raise Http404("there is no such case")
    found: Case = row
    return found


def _case(row: Case) -> dict[str, Any]:
    names = ("version", "title", "kind", "organisation", "priority", "due_on", "state", "outcome", "opened_at",
             "closed_at")  # fmt: skip
    return {"key": row.pk, "owner": row.owner.uid if row.owner else None, **{one: getattr(row, one) for one in names}}


def _task(row: Task) -> dict[str, Any]:
    return {"key": row.pk, "case": row.case_id, "title": row.title, "owner": row.owner.uid if row.owner else None,
            "due_on": row.due_on, "done_at": row.done_at}  # fmt: skip
