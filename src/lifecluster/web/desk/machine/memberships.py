"""Memberships of the cluster."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from pydantic import Field

from lifecluster.web.accounts.rights import moment
from lifecluster.web.api import bodies
from lifecluster.web.api.bodies import After, Limit, Of, Page, Sent, Versioned, example
from lifecluster.web.api.v1.asking import viewer
from lifecluster.web.desk.actions import memberships
from lifecluster.web.desk.machine.base import NEEDS, desk, found, rows
from lifecluster.web.desk.models import ClusterMembership
from lifecluster.web.desk.words import LEVELS, STANDINGS


class ClusterMemberIn(Sent):
    """A membership."""

    model_config = example(level="full", begins_on="2026-01-01", renews_on="2027-01-01")
    level: str = Field(max_length=20, description=", ".join(LEVELS))
    begins_on: date
    renews_on: date | None = None
    public: bool = Field(False, description="whether everybody may know; only if somebody there agreed")
    public_by: str = Field("", max_length=120, description="who agreed")
    note: str = Field("", max_length=5000)


class ClusterMemberChangeIn(ClusterMemberIn):
    """A membership as it is to be."""

    model_config = example(level="full", begins_on="2026-01-01", state="ended", ends_on="2026-11-30")
    state: str = Field(max_length=10, description=", ".join(STANDINGS))
    ends_on: date | None = Field(None, description="needed where it has ended")


class ClusterMemberOut(Versioned):
    """A membership."""

    organisation: str
    level: str
    begins_on: date
    ends_on: date | None
    renews_on: date | None
    state: str
    public: bool
    public_by: str
    note: str


class ClusterMemberList(Page[ClusterMemberOut]):
    """Memberships."""


@desk.read("/memberships", needs=NEEDS, gives=ClusterMemberList, summary="Memberships of the cluster")
def membership_list(request: HttpRequest, organisation: Of = "", after: After = 0, limit: Limit = 100) -> Any:
    """By number; of one organisation, where its id is asked for."""
    return bodies.page(rows(ClusterMembership, request, organisation), after, limit)


@desk.act("/organisations/{uid}/membership", needs=NEEDS, gives=ClusterMemberOut,
          summary="Let an organisation be a member of the cluster")  # fmt: skip
def add_membership(request: HttpRequest, uid: str, body: ClusterMemberIn) -> Any:
    """One that is no active member."""
    who = viewer(request)
    return memberships.add_membership(organisation_uid=bodies.live(uid, who), viewer=who, at=moment(),
                                      **body.model_dump())  # fmt: skip


@desk.act("/memberships/{key}/change", needs=NEEDS, gives=ClusterMemberOut, summary="Change a membership")
def change_membership(request: HttpRequest, key: int, body: ClusterMemberChangeIn) -> Any:
    """Renew it, let it lapse, end it. What is left out gets its default. `If-Match`: the version that you saw."""
    row = found(ClusterMembership, request, key, "membership")
    return memberships.change_membership(membership=row.pk, viewer=viewer(request), at=moment(),
                                         version=bodies.version(request), **body.model_dump())  # fmt: skip
