"""Cases: opened, changed, moved from state to state, closed with an outcome."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts import telling
from lifecluster.web.accounts.models import Person
from lifecluster.web.desk import whose
from lifecluster.web.desk.actions.common import day_of, heard, line, lines, one_of, organisation
from lifecluster.web.desk.models import Case, Note
from lifecluster.web.desk.models.base import WORKS, hold, put
from lifecluster.web.desk.words import CASE_KINDS, MOVES, OUTCOMES, PRIORITIES, STATES
from lifecluster.web.directory.viewer import Viewer

GIVEN = "desk.given"
"""The kind of message: a case or a task is given to somebody."""


def open_case(
    *, title: str, kind: str, viewer: Viewer, at: datetime, organisation_uid: str = "", priority: int = 2,
    owner: str = "", due_on: date | None = None,
) -> Case:  # fmt: skip
    """Open a case. `owner` the opaque name of somebody of the desk, who is told if it is not the one who opens it.

    Raises PermissionDeniedError (`case.edit`), LifeclusterError.
    """
    viewer.require(WORKS)
    return new_case(title=title, kind=kind, viewer=viewer, at=at, organisation_uid=organisation_uid, priority=priority,
                    owner=owner, due_on=due_on)  # fmt: skip


def new_case(
    *, title: str, kind: str, viewer: Viewer, at: datetime, organisation_uid: str = "", priority: int = 2,
    owner: str = "", due_on: date | None = None,
) -> Case:  # fmt: skip
    """The same without asking who may: an enquiry opens one for somebody who has no account."""
    values = {"title": line(title, "The title", most=150, needed=True), "kind": one_of(kind, CASE_KINDS, "Kind"),
              "priority": one_of(priority, PRIORITIES, "Priority"), "due_on": due_on}  # fmt: skip
    with transaction.atomic():
        given = whose.worker(owner, at)
        uid = organisation(organisation_uid, viewer, needed=False)
        made: Case = Case.objects.create(**values, organisation=uid, owner=given, opened_by=viewer.actor, opened_at=at)
        heard("case.open", f"case:{made.pk}", viewer, at, after={"kind": kind, "priority": priority})
        tell_owner(given, viewer, f"Case {made.pk} is yours: {made.title}", f"/desk/cases/{made.pk}", at)
    return made


def change_case(
    *, case: int, title: str, kind: str, viewer: Viewer, at: datetime, version: int | None = None,
    organisation_uid: str = "", priority: int = 2, owner: str = "", due_on: date | None = None,
) -> Case:  # fmt: skip
    """Change a case. Raises as `open_case`, and ChangedError."""
    viewer.require(WORKS)
    values = {"title": line(title, "The title", most=150, needed=True), "kind": one_of(kind, CASE_KINDS, "Kind"),
              "priority": one_of(priority, PRIORITIES, "Priority"), "due_on": due_on}  # fmt: skip
    with transaction.atomic():
        row: Case = hold(Case, case, version)
        before = row.owner_id
        values["owner"] = row.owner if row.owner and row.owner.uid == owner else whose.worker(owner, at)
        if organisation_uid != row.organisation:
            values["organisation"] = organisation(organisation_uid, viewer, needed=False)
        if differs := put(row, **values):
            heard("case.change", f"case:{row.pk}", viewer, at, after={"changed": differs})
        if row.owner_id != before:
            tell_owner(row.owner, viewer, f"Case {row.pk} is yours: {row.title}", f"/desk/cases/{row.pk}", at)
    return row


def move_case(
    *, case: int, state: str, viewer: Viewer, at: datetime, version: int | None = None, outcome: str = "",
    note: str = "",
) -> Case:  # fmt: skip
    """Bring a case into another state; to close it takes an outcome, and a case that is opened again has none.

    Raises PermissionDeniedError (`case.edit`), ChangedError, LifeclusterError for a move that `words.MOVES` has not,
    or while an enquiry has no answer or a referral waits to be sent.
    """
    viewer.require(WORKS)
    one_of(state, STATES, "State")
    words = lines(note, "What came of it")
    with transaction.atomic():
        row: Case = hold(Case, case, version)
        if state not in MOVES[row.state]:
            raise LifeclusterError(f"The case is {STATES[row.state].lower()} already, or cannot go there from it.")
        closing = state == "closed"
        if closing:
            _may_close(row, outcome)
        before = row.state
        put(row, state=state, outcome=outcome if closing else "", outcome_note=words if closing else "",
            closed_at=at if closing else None)  # fmt: skip
        heard("case.move", f"case:{row.pk}", viewer, at, before={"state": before},
              after={"state": state, "outcome": row.outcome or None})  # fmt: skip
    return row


def _may_close(row: Case, outcome: str) -> None:
    if outcome not in OUTCOMES:
        raise LifeclusterError("Say what came of the case before it is closed.")
    enquiry = getattr(row, "enquiry", None)
    if enquiry is not None and enquiry.answered_at is None:
        raise LifeclusterError("The enquirer has no answer yet: answer first, then close.")
    if row.referrals.filter(state="drafted").exists():
        raise LifeclusterError("A referral of this case is not sent yet: send it or withdraw it first.")


def add_note(*, text: str, viewer: Viewer, at: datetime, case: int | None = None, organisation_uid: str = "") -> Note:
    """Write a note on a case or on an organisation. Raises PermissionDeniedError (`case.edit`), LifeclusterError."""
    viewer.require(WORKS)
    words = lines(text, "The note", needed=True)
    with transaction.atomic():
        row = hold(Case, case) if case is not None else None
        uid = "" if row is not None else organisation(organisation_uid, viewer)
        made: Note = Note.objects.create(
            case=row, organisation=uid, text=words, by=whose.person_of(viewer), added_by=viewer.actor, added_at=at
        )
        heard("case.note", f"case:{case}" if row is not None else uid, viewer, at)
    return made


def tell_owner(owner: Person | None, viewer: Viewer, subject: str, path: str, at: datetime) -> None:
    """Tell somebody that work was given to them by another."""
    if owner is not None and owner.actor != viewer.actor:
        text = f"{subject}\n\nIt is on the desk of the platform, at {path} (sign in first).\n"
        telling.tell(owner, kind=GIVEN, subject=subject, text=text, at=at)


def overdue(row: Case, at: datetime) -> bool:
    """Whether a case is past its day."""
    return row.state != "closed" and row.due_on is not None and row.due_on < day_of(at)
