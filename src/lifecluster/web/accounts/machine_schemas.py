"""What programs send and are answered about people."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field

LONGEST = 300
WIDEST = 2**63 - 1


class Sent(Schema):
    """A body; a member that it does not know is refused: it would else be let fall in silence."""

    model_config = ConfigDict(extra="forbid")


class WhyIn(Sent):
    """The reason of an act."""

    why: str = Field(min_length=1, max_length=LONGEST, description="kept for ever: name no person")


class NameIn(Sent):
    """A name."""

    name: str = Field(max_length=80, description="what others are shown; empty for none")


class GrantIn(WhyIn):
    """A role for a person."""

    role: str = Field(max_length=30, description="a role of the reference of permissions")
    ends_at: AwareDatetime | None = Field(None, description="when it ends; null: until further notice")


class JoinIn(WhyIn):
    """A membership."""

    organisation: str = Field(max_length=20, description="id of an organisation")
    administrator: bool = Field(False, description="whether the person speaks for it")


class Done(Schema):
    """What was done, in words."""

    done: str


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


class ActList(Schema):
    """Acts; ask for the next page with `before`."""

    items: list[ActOut]
    cursor: int | None = Field(description="for `before`; null at the end")
