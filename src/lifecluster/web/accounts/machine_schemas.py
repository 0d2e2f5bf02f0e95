"""What programs send and are answered about people."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import AwareDatetime, Field

from lifecluster.web.accounts.models import How
from lifecluster.web.api.bodies import WIDEST, Done, Sent, WhyIn, example

__all__ = ["Done", "Sent", "WhyIn"]


class NameIn(Sent):
    """A name."""

    model_config = example(name="A. Person")
    name: str = Field(max_length=80, description="what others are shown; empty for none")


class GrantIn(WhyIn):
    """A role for a person."""

    model_config = example(role="analyst", why="joins the team", ends_at="2027-03-31T17:00:00Z")
    role: str = Field(max_length=30, description="a role of the reference of permissions")
    ends_at: AwareDatetime | None = Field(None, description="when it ends; null: until further notice")


class JoinIn(WhyIn):
    """A membership."""

    model_config = example(organisation="LCO-2345-6789-A", why="works there", administrator=True)
    organisation: str = Field(max_length=20, description="id of an organisation")
    administrator: bool = Field(False, description="whether the person speaks for it")


class HowIn(Sent):
    """How you hear of a kind of message."""

    model_config = example(kind="edit.decided", how="day")
    kind: str = Field(max_length=40, description="`kind` of the list")
    how: How


class MessageOut(Schema):
    """A kind of message; `always`: nobody can choose not to hear of it."""

    kind: str
    title: str
    how: How
    always: bool


class TokenOut(Schema):
    """A token, and what may be done with it now."""

    name: str
    prefix: str = Field(description="its public part")
    person: str = Field(description="opaque id of its owner")
    expires_at: datetime
    scopes: list[str] = Field(description="what was chosen for it")
    may: list[str] = Field(description="what it may do at this moment")
    sees: str = Field(description="the most restricted level that it sees; of its owner's organisations more")
    organisations: list[str]


class GrantOut(Schema):
    """A role that a person holds."""

    role: str
    begins_at: datetime
    ends_at: datetime | None
    given_by: str
    why: str


class MembershipOut(Schema):
    """An organisation that a person belongs to."""

    organisation: str
    administrator: bool
    begins_at: datetime
    ends_at: datetime | None
    given_by: str
    why: str


class AccountOut(Schema):
    """A person."""

    id: str
    actor: str = Field(description="the opaque name in logs")
    email: str
    name: str
    roles: list[str] = Field(description="those that wait for a second step included")
    grants: list[GrantOut]
    memberships: list[MembershipOut]


class PersonList(Schema):
    """People; ask for the next page with `after`."""

    items: list[AccountOut]
    cursor: int | None = Field(description="for `after`; null at the end")


class SessionOut(Schema):
    """A session."""

    key: int
    began_at: datetime
    address: str
    browser: str


class ActFilter(Schema):
    """Which acts."""

    person: str = Field("", max_length=64, description="opaque name of who acted, or whose account it was")
    action: str = Field("", max_length=40, description="name of an action, such as role.grant")
    since: date | None = Field(None, description="first day")
    until: date | None = Field(None, description="last day")
    before: int | None = Field(None, ge=0, le=WIDEST, description="`cursor` of the page before")
    limit: int = Field(100, ge=1, le=500, description="how many")


class ActOut(Schema):
    """An act."""

    id: int
    at: datetime
    actor: str
    action: str
    subject: str
    before: Any
    after: Any
    why: str
    token: str | None = Field(description="public part of the token by which it was done; null: not by a token")
    token_name: str | None = Field(description="what its owner calls it, as long as they are here")


class ActList(Schema):
    """Acts; ask for the next page with `before`."""

    items: list[ActOut]
    cursor: int | None = Field(description="for `before`; null at the end")
