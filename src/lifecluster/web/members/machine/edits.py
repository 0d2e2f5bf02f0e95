"""Values: propose, decide, take back, confirm."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

from django.http import Http404, HttpRequest
from ninja import Schema
from ninja.params import functions
from pydantic import Field, JsonValue

from lifecluster.register.edits import Edit
from lifecluster.register.entry import Entry
from lifecluster.web.accounts.rights import moment
from lifecluster.web.api import writing
from lifecluster.web.api.bodies import Limit, Offset, Sent, example, home, live
from lifecluster.web.api.v1.asking import expected, viewer
from lifecluster.web.directory import actions as register
from lifecluster.web.directory.proposals import proposal
from lifecluster.web.directory.proposals import proposals as spoken
from lifecluster.web.directory.viewer import Viewer
from lifecluster.web.members import actions, proposals

edits = writing.section("Edits", 20)
OWN, REVIEW = "organisation.edit:own", "edit.review"
STATES = ("pending", "approved", "refused", "withdrawn", "retracted", "redacted")


class ProposeIn(Sent):
    """A value for a property of an organisation, of one of its sites or of what it holds."""

    model_config = example(subject="LCO-2345-6789-A", property="employees", value=41, why="our payroll of November")
    subject: str = Field(max_length=40, description="id")
    property: str = Field(max_length=60, description="property of the vocabulary")
    value: JsonValue = Field(description="null says that it is unknown")
    why: str | None = Field(None, max_length=1000, description="where the value is from; name no person")
    visibility: Literal["public", "members", "desk"] = Field("public", description="who may see it")


class DecideIn(Sent):
    """A decision on a proposal."""

    model_config = example(amended=43, why="as of the end of the month")
    why: str | None = Field(None, max_length=1000)
    amended: JsonValue = Field(None, description="another value than was proposed; null: as proposed")


class ReasonIn(Sent):
    """The reason of a decision."""

    model_config = example(why="the payroll says another")
    why: str = Field(min_length=1, max_length=1000, description="told to who proposed it; name no person")


class EditOut(Schema):
    """A proposal and what became of it."""

    id: str
    at: datetime
    actor: str = Field(description="opaque name of who proposed it")
    subject: str
    property: str
    proposed: Any
    value: Any = Field(description="the value accepted, else the one proposed")
    why: str | None
    visibility: str
    state: str = Field(description=", ".join(STATES))
    decided_at: datetime | None
    decided_by: str | None
    decision: str | None = Field(description="the reason given with the decision")


class EditList(Schema):
    """Proposals, the latest first."""

    total: int
    items: list[EditOut]


@edits.read("/edits", needs=(OWN, REVIEW), gives=EditList, summary="Proposals and what became of them")
def edit_list(
    request: HttpRequest,
    whose: Literal["own", "everybody"] = functions.Query("own", description="everybody's: for who reviews"),
    state: Literal[("", *STATES)] = functions.Query("", description="what became of it"),  # type: ignore[valid-type]
    offset: Offset = 0,
    limit: Limit = 100,
) -> Any:
    """Your own, or those of everybody."""
    found = spoken(viewer(request), everybody=whose == "everybody", state=state)
    return {"total": len(found), "items": [shape(one) for one in found[offset : offset + limit]]}


@edits.act("/edits", needs=(OWN, REVIEW), gives=EditOut, summary="Propose a value")
def propose_edit(request: HttpRequest, body: ProposeIn) -> Any:
    """It waits for the desk. `If-Match`: the newest proposal about that value that you know of."""
    who = viewer(request)
    subject = live(body.subject, who)
    entry = actions.propose(subject=subject, property=body.property, value=body.value, viewer=who, at=moment(),
                            why=body.why, visibility=body.visibility, seen=expected(request))  # fmt: skip
    return _now(entry.id, who)


@edits.read("/edits/{entry}", needs=(OWN, REVIEW), gives=EditOut, summary="One proposal")
def edit(request: HttpRequest, entry: str) -> Any:
    """Your own, or one that you may decide on."""
    return _now(entry, viewer(request))


@edits.act("/edits/{entry}/approve", needs=(REVIEW,), gives=EditOut, summary="Approve a proposal")
def approve_edit(request: HttpRequest, entry: str, body: DecideIn) -> Any:
    """It shows at once; with `amended`, another value than was proposed."""
    who = viewer(request)
    _now(entry, who)
    actions.approve(entry=entry, viewer=who, at=moment(), why=body.why or "", home=home(request), amended=body.amended)
    return _now(entry, who)


@edits.act("/edits/{entry}/refuse", needs=(REVIEW,), gives=EditOut, summary="Refuse a proposal")
def refuse_edit(request: HttpRequest, entry: str, body: ReasonIn) -> Any:
    """With the reason."""
    return _ended(request, entry, actions.refuse, body)


@edits.act("/edits/{entry}/withdraw", needs=(OWN, REVIEW), gives=EditOut, summary="Withdraw a proposal")
def withdraw_edit(request: HttpRequest, entry: str) -> Any:
    """Your own, while it waits."""
    who = viewer(request)
    _now(entry, who)
    actions.withdraw(entry=entry, viewer=who, at=moment())
    return _now(entry, who)


@edits.act("/edits/{entry}/retract", needs=(REVIEW,), gives=EditOut, summary="Take an approval back")
def retract_edit(request: HttpRequest, entry: str, body: ReasonIn) -> Any:
    """What stood before it shows again, at once."""
    return _ended(request, entry, actions.retract, body)


def _ended(request: HttpRequest, entry: str, act: Callable[..., Entry], body: ReasonIn) -> Any:
    """Decide against a proposal that the asker may know of, with the reason."""
    who = viewer(request)
    _now(entry, who)
    act(entry=entry, viewer=who, at=moment(), home=home(request), why=body.why)
    return _now(entry, who)


class ConfirmIn(Sent):
    """A value that is still right."""

    model_config = example(subject="LCO-2345-6789-A", property="employees", expected=["41"])
    subject: str = Field(max_length=40, description="id")
    property: str = Field(max_length=60, description="property of the vocabulary")
    expected: list[str] | None = Field(None, max_length=50, description="the values that you saw, as texts")


class ConfirmedOut(Schema):
    """What was confirmed."""

    id: str = Field(description="of the entry")
    subject: str
    property: str


@edits.act("/confirmations", needs=("organisation.confirm:own",), gives=ConfirmedOut,
           summary="Say that a value is still right")  # fmt: skip
def confirm_value(request: HttpRequest, body: ConfirmIn) -> Any:
    """It counts as verified today; nobody has to approve."""
    who = viewer(request)
    subject = live(body.subject, who)
    entry = actions.confirm(subject=subject, property=body.property, viewer=who, at=moment(), expected=body.expected)
    return {"id": entry.id, "subject": subject, "property": body.property}


@edits.act("/confirmations/{entry}/undo", needs=("organisation.confirm:own",), gives=ConfirmedOut,
           summary="Take a confirmation back")  # fmt: skip
def undo_confirmation(request: HttpRequest, entry: str) -> Any:
    """The value is as old as before."""
    who = viewer(request)
    found = proposals.one(entry)
    if found is None or not found.confirms or proposals.owner(found) not in who.organisations:
        raise Http404("there is no such confirmation of yours")
    register.take_back_confirmation(entry=entry, viewer=who, at=moment())
    return {"id": entry, "subject": found.proposed.subject, "property": found.proposed.property}


def _now(entry: str, who: Viewer) -> dict[str, Any]:
    found = proposal(entry, who)
    if found is None:
        raise Http404("there is no such proposal of yours, and none that you decide on")
    return shape(found)


def shape(one: Edit) -> dict[str, Any]:
    """A proposal in the words of the API."""
    said, last = one.proposed, one.ended or one.decided
    return {
        "id": said.id, "at": said.at, "actor": said.actor, "subject": said.subject, "property": said.property,
        "proposed": said.value, "value": one.value, "why": said.why, "visibility": said.visibility, "state": one.state,
        "decided_at": last.at if last else None, "decided_by": last.actor if last else None,
        "decision": last.why if last else None,
    }  # fmt: skip
