"""What programs do with pairs that wait for a judgement."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Schema
from ninja.params import functions
from pydantic import ConfigDict, Field

from lifecluster.register.entry import Entry
from lifecluster.web.accounts.rights import moment
from lifecluster.web.api import writing
from lifecluster.web.api.v1.asking import expected, viewer
from lifecluster.web.links import actions, queue
from lifecluster.web.links.models import Pair

judgements = writing.section("Judgements", 30)
JUDGE = ("link.judge",)


class PairOut(Schema):
    """Two rows that may be of one organisation."""

    key: str
    record: str
    target: str
    probability: float | None
    label: str


class PairList(Schema):
    """Pairs that wait, the most important first."""

    total: int
    items: list[PairOut]


class JudgeIn(Schema):
    """A judgement."""

    model_config = ConfigDict(extra="forbid")
    kind: Literal["same", "different", "unsure"]
    why: str = Field("", max_length=actions.LONGEST, description="name no person")


class BackIn(Schema):
    """Why a judgement is taken back."""

    model_config = ConfigDict(extra="forbid")
    why: str = Field("", max_length=actions.LONGEST, description="name no person")


class JudgedOut(Schema):
    """An entry of the log."""

    id: str
    action: str
    subject: str | None
    object: str | None
    why: str | None


@judgements.read("/links", needs=JUDGE, gives=PairList, summary="Pairs that wait for a judgement")
def link_list(
    request: HttpRequest,
    offset: int = functions.Query(0, ge=0, le=10**9, description="how many to pass over"),
    limit: int = functions.Query(100, ge=1, le=500, description="how many"),
) -> Any:
    """Those both rows of which you may know of."""
    who = viewer(request)
    waits = [one.key for one in queue.waiting(int(who.clearance))]
    rows = {row.key: row for row in Pair.objects.visible_to(who).filter(
        package=queue.queue().package, key__in=waits[offset : offset + limit])} if waits else {}  # fmt: skip
    return {"total": len(waits), "items": [_pair(rows[key]) for key in waits[offset : offset + limit] if key in rows]}


@judgements.act("/links/{key}/judge", needs=JUDGE, gives=JudgedOut, summary="Judge a pair")
def judge_link(request: HttpRequest, key: str, body: JudgeIn) -> Any:
    """Same, different or unsure. `If-Match`: the judgement on this pair that you know of, where there is one."""
    return _said(actions.judge_link(key=key, kind=body.kind, viewer=viewer(request), at=moment(), why=body.why,
                                    seen=expected(request) or ""))  # fmt: skip


@judgements.act("/judgements/{entry}/retract", needs=JUDGE, gives=JudgedOut, summary="Take a judgement back")
def retract_judgement(request: HttpRequest, entry: str, body: BackIn) -> Any:
    """What held before it holds again."""
    return _said(actions.undo_judgement(entry=entry, viewer=viewer(request), at=moment(), why=body.why))


def _pair(row: Pair) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("key", "record", "target", "probability", "label")}


def _said(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in ("id", "action", "subject", "object", "why")}
