"""What programs do with pairs that wait for a judgement."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Schema
from pydantic import Field

from lifecluster.register.entry import Entry
from lifecluster.web.accounts.rights import moment
from lifecluster.web.api import writing
from lifecluster.web.api.bodies import Limit, Offset, Sent, example
from lifecluster.web.api.v1.asking import expected, viewer
from lifecluster.web.links import actions, queue
from lifecluster.web.links.models import Pair
from lifecluster.web.links.standing import after

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


class JudgedOut(Schema):
    """An entry of the log."""

    id: str
    action: str
    subject: str | None
    object: str | None
    why: str | None


class SideOut(Schema):
    """A row of a source: where it is from, and what it says by property."""

    record: str
    source: str
    locator: str | None
    observed: str | None
    organisation: str | None
    words: dict[str, list[str]]


class PairWhole(PairOut):
    """A pair with what both rows say; `said` the judgement on it, where there is one, `next` the pair behind it."""

    left: SideOut
    right: SideOut
    reasons: list[str]
    said: JudgedOut | None
    next: str | None


class JudgeIn(Sent):
    """A judgement."""

    model_config = example(kind="same", why="the same postcode and an earlier name")
    kind: Literal["same", "different", "unsure"]
    why: str = Field("", max_length=actions.LONGEST, description="name no person")


class BackIn(Sent):
    """Why a judgement is taken back."""

    model_config = example(why="the wrong key")
    why: str = Field("", max_length=actions.LONGEST, description="name no person")


@judgements.read("/links", needs=JUDGE, gives=PairList, summary="Pairs that wait for a judgement")
def link_list(request: HttpRequest, offset: Offset = 0, limit: Limit = 100) -> Any:
    """Those both rows of which you may know of."""
    who = viewer(request)
    waits = [one.key for one in queue.waiting(int(who.clearance))]
    rows = {row.key: row for row in Pair.objects.visible_to(who).filter(
        package=queue.queue().package, key__in=waits[offset : offset + limit])} if waits else {}  # fmt: skip
    return {"total": len(waits), "items": [_pair(rows[key]) for key in waits[offset : offset + limit] if key in rows]}


@judgements.read("/links/{key}", needs=JUDGE, gives=PairWhole, summary="One pair")
def link(request: HttpRequest, key: str) -> Any:
    """What both rows say. To pass it over, go on to `next`."""
    who = viewer(request)
    found = queue.pair(key, who)
    standing = queue.queue().standing
    place = standing.by_key[key]
    behind = after([one for one in standing.waiting(int(who.clearance)) if one.key != key], place.number)
    said = standing.said(place)
    return {**_pair(found), "left": _side(found.body["left"]), "right": _side(found.body["right"]),
            "reasons": found.body.get("reasons", []), "said": _said(said) if said else None,
            "next": behind.key if behind else None}  # fmt: skip


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


def _side(said: dict[str, Any]) -> dict[str, Any]:
    names = ("record", "locator", "observed", "organisation", "words")
    return {"source": said.get("title", ""), **{name: said.get(name) for name in names}}


def _said(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in ("id", "action", "subject", "object", "why")}
