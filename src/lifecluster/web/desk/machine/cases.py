"""Cases and notes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from pydantic import Field

from lifecluster.web.accounts.rights import moment
from lifecluster.web.api import bodies
from lifecluster.web.api.bodies import After, Limit, Of, Page, Row, Sent, Versioned, example
from lifecluster.web.api.v1.asking import viewer
from lifecluster.web.desk.actions import cases
from lifecluster.web.desk.machine.base import NEEDS, OfCase, Owned, desk, found, rows
from lifecluster.web.desk.models import Case
from lifecluster.web.desk.words import CASE_KINDS, STATES


class CaseIn(Sent):
    """A case."""

    model_config = example(title="Premises in Derby", kind="premises", priority=1, due_on="2026-12-15")
    title: str = Field(max_length=150)
    kind: str = Field(max_length=20, description=", ".join(CASE_KINDS))
    organisation: str = Field("", max_length=20, description="id of an organisation; empty for somebody without one")
    priority: int = Field(2, ge=1, le=3, description="1 urgent, 2 normal, 3 low")
    owner: str = Field("", max_length=32, description="opaque id of somebody of the desk")
    due_on: date | None = None


class MoveIn(Sent):
    """Another state of a case."""

    model_config = example(state="closed", outcome="helped", note="they moved in")
    state: str = Field(max_length=10, description=", ".join(STATES))
    outcome: str = Field("", max_length=20, description="needed to close it")
    note: str = Field("", max_length=4000)


class NoteIn(Sent):
    """A remark."""

    model_config = example(text="They rang about the lease")
    text: str = Field(min_length=1, max_length=4000)


class CaseOut(Versioned, Owned):
    """A case."""

    title: str
    kind: str
    organisation: str
    priority: int
    due_on: date | None
    state: str
    outcome: str
    opened_at: datetime
    closed_at: datetime | None


class CaseList(Page[CaseOut]):
    """Cases."""


class NoteOut(Row, OfCase):
    """A remark."""

    organisation: str
    text: str


@desk.read("/cases", needs=NEEDS, gives=CaseList, summary="Cases")
def case_list(request: HttpRequest, organisation: Of = "", after: After = 0, limit: Limit = 100) -> Any:
    """By number; of one organisation, where its id is asked for."""
    return bodies.page(rows(Case, request, organisation).select_related("owner"), after, limit)


@desk.read("/cases/{key}", needs=NEEDS, gives=CaseOut, summary="One case")
def case(request: HttpRequest, key: int) -> Any:
    """As it is now."""
    return found(Case, request, key, "case")


@desk.act("/cases", needs=NEEDS, gives=CaseOut, summary="Open a case")
def open_case(request: HttpRequest, body: CaseIn) -> Any:
    """Its owner is told."""
    return cases.open_case(viewer=viewer(request), at=moment(), **_values(body))


@desk.act("/cases/{key}/change", needs=NEEDS, gives=CaseOut, summary="Change a case")
def change_case(request: HttpRequest, key: int, body: CaseIn) -> Any:
    """What is left out gets its default. `If-Match`: the version that you saw."""
    row = found(Case, request, key, "case")
    return cases.change_case(case=row.pk, viewer=viewer(request), at=moment(), version=bodies.version(request),
                             **_values(body))  # fmt: skip


@desk.act("/cases/{key}/move", needs=NEEDS, gives=CaseOut, summary="Move a case")
def move_case(request: HttpRequest, key: int, body: MoveIn) -> Any:
    """Wait, open again, or close with what came of it. `If-Match`: the version that you saw."""
    row = found(Case, request, key, "case")
    return cases.move_case(case=row.pk, viewer=viewer(request), at=moment(), version=bodies.version(request),
                           **body.model_dump())  # fmt: skip


@desk.act("/cases/{key}/notes", needs=NEEDS, gives=NoteOut, summary="Write a note on a case")
def add_note(request: HttpRequest, key: int, body: NoteIn) -> Any:
    """For the desk alone."""
    row = found(Case, request, key, "case")
    return cases.add_note(text=body.text, viewer=viewer(request), at=moment(), case=row.pk)


@desk.act("/organisations/{uid}/notes", needs=NEEDS, gives=NoteOut, summary="Write a note on an organisation")
def add_note_of(request: HttpRequest, uid: str, body: NoteIn) -> Any:
    """For the desk alone."""
    who = viewer(request)
    return cases.add_note(text=body.text, viewer=who, at=moment(), organisation_uid=bodies.live(uid, who))


def _values(body: CaseIn) -> dict[str, Any]:
    said = body.model_dump()
    return {"organisation_uid": said.pop("organisation"), **said}
