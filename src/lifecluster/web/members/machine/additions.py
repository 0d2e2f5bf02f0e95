"""Things that are added: proposed, decided, taken back."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import Http404, HttpRequest
from ninja import Schema
from ninja.params import functions
from pydantic import Field, JsonValue

from lifecluster.register.added import KINDS, Addition
from lifecluster.web.accounts.rights import moment
from lifecluster.web.api import writing
from lifecluster.web.api.bodies import Limit, Offset, Sent, example, home, live
from lifecluster.web.api.v1.asking import viewer
from lifecluster.web.directory import proposals
from lifecluster.web.directory.viewer import Viewer
from lifecluster.web.members import adding
from lifecluster.web.members.machine.edits import ReasonIn

additions = writing.section("Additions", 25)
OWN, REVIEW = "organisation.edit:own", "edit.review"
STATES = ("pending", "approved", "refused", "withdrawn", "retracted")


class AddIn(Sent):
    """A new thing of an organisation."""

    model_config = example(kind="site", organisation="LCO-2345-6789-A", why="we moved in",
                           values={"name": "North works", "town": "Derby", "postcode": "DE1 1AA"})  # fmt: skip
    kind: Literal[KINDS]  # type: ignore[valid-type]
    organisation: str = Field(max_length=40, description="id of whose it is")
    values: dict[str, JsonValue] = Field(max_length=60, description="first values by property of the vocabulary")
    why: str | None = Field(None, max_length=1000, description="where it is from; name no person")
    visibility: Literal["public", "members", "desk"] = Field("public", description="who may see it")


class AcceptIn(Sent):
    """A decision on a thing."""

    model_config = example(amended={"name": "North works", "postcode": "DE1 1AB"}, why="the postcode was mistyped")
    why: str | None = Field(None, max_length=1000)
    amended: dict[str, JsonValue] | None = Field(None, max_length=60, description="all values; null: as proposed")


class AdditionOut(Schema):
    """A proposed thing and what became of it."""

    id: str
    at: datetime
    actor: str = Field(description="opaque name of who proposed it")
    kind: str
    thing: str = Field(description="the id that it has, or would have")
    organisation: str
    proposed: dict[str, Any]
    values: dict[str, Any] = Field(description="the values accepted, else those proposed")
    why: str | None
    visibility: str
    state: str = Field(description=", ".join(STATES))
    decided_at: datetime | None
    decided_by: str | None
    decision: str | None = Field(description="the reason given with the decision")


class AdditionList(Schema):
    """Proposed things, the latest first."""

    total: int
    items: list[AdditionOut]


@additions.read("/additions", needs=(OWN, REVIEW), gives=AdditionList, summary="Proposed things")
def addition_list(
    request: HttpRequest,
    whose: Literal["own", "everybody"] = functions.Query("own", description="everybody's: for who reviews"),
    state: Literal[("", *STATES)] = functions.Query("", description="what became of it"),  # type: ignore[valid-type]
    offset: Offset = 0,
    limit: Limit = 100,
) -> Any:
    """Your own, or those of everybody, lists included."""
    found = proposals.additions(viewer(request), everybody=whose == "everybody", state=state)
    return {"total": len(found), "items": [shape(one) for one in found[offset : offset + limit]]}


@additions.act("/additions", needs=(OWN, REVIEW), gives=AdditionOut, summary="Propose a thing")
def add_thing(request: HttpRequest, body: AddIn) -> Any:
    """It waits for the desk. Proposed twice with the same values it is one thing."""
    who = viewer(request)
    said = body.model_dump() | {"organisation": live(body.organisation, who)}
    return _now(adding.propose(viewer=who, at=moment(), **said).id, who)


@additions.read("/additions/{entry}", needs=(OWN, REVIEW), gives=AdditionOut, summary="One proposed thing")
def addition(request: HttpRequest, entry: str) -> Any:
    """Your own, or one that you may decide on."""
    return _now(entry, viewer(request))


@additions.act("/additions/{entry}/approve", needs=(REVIEW,), gives=AdditionOut, summary="Approve a thing")
def approve_thing(request: HttpRequest, entry: str, body: AcceptIn) -> Any:
    """It shows at once; with `amended`, with these values instead."""
    who = viewer(request)
    _now(entry, who)
    adding.approve(entry=entry, viewer=who, at=moment(), why=body.why or "", amended=body.amended, home=home(request))
    return _now(entry, who)


@additions.act("/additions/{entry}/refuse", needs=(REVIEW,), gives=AdditionOut, summary="Refuse a thing")
def refuse_thing(request: HttpRequest, entry: str, body: ReasonIn) -> Any:
    """With the reason."""
    who = viewer(request)
    _now(entry, who)
    adding.refuse(entry=entry, viewer=who, at=moment(), why=body.why, home=home(request))
    return _now(entry, who)


@additions.act("/additions/{entry}/withdraw", needs=(OWN, REVIEW), gives=AdditionOut, summary="Withdraw a thing")
def withdraw_thing(request: HttpRequest, entry: str) -> Any:
    """Your own, while it waits."""
    who = viewer(request)
    _now(entry, who)
    adding.withdraw(entry=entry, viewer=who, at=moment())
    return _now(entry, who)


@additions.act("/additions/{entry}/retract", needs=(REVIEW,), gives=AdditionOut,
               summary="Take the approval of a thing back")  # fmt: skip
def retract_thing(request: HttpRequest, entry: str, body: ReasonIn) -> Any:
    """It is gone at once, as if it never was; edits of it wait."""
    who = viewer(request)
    _now(entry, who)
    adding.retract(entry=entry, viewer=who, at=moment(), why=body.why, home=home(request))
    return _now(entry, who)


def _now(entry: str, who: Viewer) -> dict[str, Any]:
    found = proposals.addition(entry, who)
    if found is None:
        raise Http404("there is no such thing of yours, and none that you decide on")
    return shape(found)


def shape(one: Addition) -> dict[str, Any]:
    """A proposed thing in the words of the API."""
    said, last = one.proposed, one.ended or one.decided
    return {
        "id": said.id, "at": said.at, "actor": said.actor, "kind": one.kind, "thing": one.uid,
        "organisation": one.holder, "proposed": said.value, "values": one.values, "why": said.why,
        "visibility": said.visibility, "state": one.state, "decided_at": last.at if last else None,
        "decided_by": last.actor if last else None, "decision": last.why if last else None,
    }  # fmt: skip
