"""Interactions: the desk and an organisation talked."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from pydantic import Field

from lifecluster.web.accounts.rights import moment
from lifecluster.web.api import bodies
from lifecluster.web.api.bodies import WIDEST, After, Limit, Of, Page, Sent, Versioned, example
from lifecluster.web.api.v1.asking import viewer
from lifecluster.web.desk.actions import interactions
from lifecluster.web.desk.machine.base import NEEDS, OfCase, desk, found, rows
from lifecluster.web.desk.models import Case, Interaction
from lifecluster.web.desk.words import INTERACTIONS, TOPICS


class TalkIn(Sent):
    """What was talked about, and what came of it."""

    model_config = example(on="2026-11-02", kind="visit", subject="The new cleanroom", policy=False)
    on: date
    kind: str = Field(max_length=20, description=", ".join(INTERACTIONS))
    subject: str = Field(min_length=1, max_length=150)
    policy: bool = Field(description="whether policy feedback was given")
    topic: str = Field("", max_length=20, description=f"of policy feedback: {', '.join(TOPICS)}")
    contacts: list[int] = Field([], max_length=50, description="numbers of contacts of the organisation")
    notes: str = Field("", max_length=5000)
    outcome: str = Field("", max_length=300)


class TalkOut(Versioned, OfCase):
    """An interaction; contacts that were erased are counted, and not named."""

    organisation: str
    on: date
    kind: str
    subject: str
    policy: bool
    topic: str
    contacts: list[int]
    notes: str
    outcome: str

    @staticmethod
    def resolve_contacts(row: Interaction) -> list[int]:
        """Their numbers."""
        return sorted(one.pk for one in row.contacts.all())


class TalkList(Page[TalkOut]):
    """Interactions."""


@desk.read("/interactions", needs=NEEDS, gives=TalkList, summary="Interactions")
def interaction_list(request: HttpRequest, organisation: Of = "", after: After = 0, limit: Limit = 100) -> Any:
    """By number; of one organisation, where its id is asked for."""
    return bodies.page(rows(Interaction, request, organisation).prefetch_related("contacts"), after, limit)


@desk.act("/organisations/{uid}/interactions", needs=NEEDS, gives=TalkOut, summary="Record an interaction")
def add_interaction_of(request: HttpRequest, uid: str, body: TalkIn) -> Any:
    """With an organisation."""
    who = viewer(request)
    return interactions.record_interaction(organisation_uid=bodies.live(uid, who), viewer=who, at=moment(),
                                           **_values(body))  # fmt: skip


@desk.act("/cases/{key}/interactions", needs=NEEDS, gives=TalkOut, summary="Record an interaction of a case")
def add_interaction(request: HttpRequest, key: int, body: TalkIn) -> Any:
    """With the organisation of the case, where it has one."""
    row = found(Case, request, key, "case")
    return interactions.record_interaction(case=row.pk, viewer=viewer(request), at=moment(), **_values(body))


@desk.act("/interactions/{key}/change", needs=NEEDS, gives=TalkOut, summary="Change an interaction")
def change_interaction(request: HttpRequest, key: int, body: TalkIn) -> Any:
    """What is left out gets its default. `If-Match`: the version that you saw."""
    row = found(Interaction, request, key, "interaction")
    return interactions.change_interaction(interaction=row.pk, viewer=viewer(request), at=moment(),
                                           version=bodies.version(request), **_values(body))  # fmt: skip


def _values(body: TalkIn) -> dict[str, Any]:
    """What was sent; numbers that no contact can have are none's."""
    return body.model_dump() | {"contacts": [one if 0 < one <= WIDEST else 0 for one in body.contacts]}
