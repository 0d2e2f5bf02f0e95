"""What programs do with organisations that are one, or are two: each act with its preview, as on pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest
from ninja import Schema
from pydantic import Field

from lifecluster.web.accounts.rights import moment
from lifecluster.web.api import bodies, writing
from lifecluster.web.api.bodies import Limit, Offset, Sent, example
from lifecluster.web.api.v1.asking import viewer
from lifecluster.web.directory.logbook import log
from lifecluster.web.merges import actions, drafts, tables
from lifecluster.web.merges.preview import Preview, Side

merges = writing.section("Merges and splits", 35)
JUDGE = ("link.judge",)
WHY = Field(min_length=1, max_length=300, description="kept for ever: name no person")
EXPECT = Field(None, max_length=64, description="`digest` of the preview: another is refused; null: whatever happens")
ONE, OTHER = "LCO-2345-6789-A", "LCO-BCDF-GHJK-L"


class TwoIn(Sent):
    """Two organisations."""

    model_config = example(one=ONE, other=OTHER)
    one: str = Field(max_length=40, description="id")
    other: str = Field(max_length=40, description="id")


class MergeIn(TwoIn):
    """Two organisations that are one."""

    model_config = example(one=ONE, other=OTHER, why="the same firm under its trading name", expect="0" * 32)
    why: str = WHY
    expect: str | None = EXPECT


class PartsIn(Sent):
    """Records of an organisation."""

    model_config = example(organisation=ONE, records=["member-list/organisation:17"])
    organisation: str = Field(max_length=40, description="id")
    records: list[str] = Field(min_length=1, max_length=500, description="ids of records that are another one")


class SplitIn(PartsIn):
    """Records that are another organisation."""

    model_config = example(organisation=ONE, records=["member-list/organisation:17"], why="a firm of the same name")
    why: str = WHY
    expect: str | None = EXPECT


class UndoIn(Sent):
    """Why an act is taken back."""

    model_config = example(why="they are two firms after all")
    why: str = WHY
    expect: str | None = EXPECT


class SideOut(Schema):
    """An organisation before or after."""

    uid: str
    name: str
    records: list[str]
    sites: int
    held: int = Field(description="how many things it holds")


class ValueOut(Schema):
    """A property whose shown value differs: texts in the order of the organisations."""

    property: str
    before: list[str]
    after: list[str]


class PreviewOut(Schema):
    """What would change; `ids` says where each id will lead (nowhere: empty), `digest` stands for all of it."""

    digest: str
    before: list[SideOut]
    after: list[SideOut]
    ids: dict[str, str]
    values: list[ValueOut]
    others: list[str] = Field(description="further organisations that have to do with these")
    people: int = Field(description="members of the organisations")


class ActOfTwo(Schema):
    """A merge or a split: whether it `holds`, and why it was taken back if it does not."""

    act: str
    kind: str
    organisations: list[str] = Field(description="their ids as they were then")
    at: str
    actor: str
    why: str
    holds: bool
    taken_back: str


class ActsOfTwo(Schema):
    """Merges and splits, the latest first."""

    total: int
    items: list[ActOfTwo]


class RecordOut(Schema):
    """A record of an organisation: where it is from, and what it says."""

    record: str
    source: str
    says: str


@merges.read("/merges", needs=JUDGE, gives=ActsOfTwo, summary="Merges and splits")
def merge_list(request: HttpRequest, offset: Offset = 0, limit: Limit = 100) -> Any:
    """All that were made here."""
    found = drafts.acts(log.entries())
    return {"total": len(found), "items": [_act(one) for one in found[offset : offset + limit]]}


@merges.act("/merges/preview", needs=JUDGE, gives=PreviewOut, summary="Say what a merge would change")
def preview_merge(request: HttpRequest, body: TwoIn) -> Any:
    """Nothing is changed."""
    who = viewer(request)
    one, other = bodies.live(body.one, who), bodies.live(body.other, who)
    return _preview(actions.preview_merge(one=one, other=other, viewer=who, at=moment()))


@merges.act("/merges", needs=JUDGE, gives=ActOfTwo, summary="Merge two organisations")
def merge_two(request: HttpRequest, body: MergeIn) -> Any:
    """It shows at once, everywhere."""
    who = viewer(request)
    one, other = bodies.live(body.one, who), bodies.live(body.other, who)
    made = actions.merge(one=one, other=other, viewer=who, at=moment(), why=body.why, expect=body.expect)
    return _act(actions.act_of(made))


@merges.read("/organisations/{uid}/records", needs=JUDGE, gives=list[RecordOut], summary="Records of an organisation")
def organisation_records(request: HttpRequest, uid: str) -> Any:
    """Of which some may be another one."""
    who = viewer(request)
    found = tables.records(bodies.live(uid, who), who)
    return [{"record": record, "source": source, "says": says} for record, source, says in found]


@merges.act("/splits/preview", needs=JUDGE, gives=PreviewOut, summary="Say what a split would change")
def preview_split(request: HttpRequest, body: PartsIn) -> Any:
    """Nothing is changed."""
    who = viewer(request)
    uid = bodies.live(body.organisation, who)
    return _preview(actions.preview_split(organisation=uid, records=body.records, viewer=who, at=moment()))


@merges.act("/splits", needs=JUDGE, gives=ActOfTwo, summary="Split an organisation")
def split_one(request: HttpRequest, body: SplitIn) -> Any:
    """It shows at once, everywhere."""
    who = viewer(request)
    made = actions.split(organisation=bodies.live(body.organisation, who), records=body.records, viewer=who,
                         at=moment(), why=body.why, expect=body.expect)  # fmt: skip
    return _act(actions.act_of(made))


@merges.read("/merges/{act}", needs=JUDGE, gives=ActOfTwo, summary="One merge or split")
def merge_act(request: HttpRequest, act: str) -> Any:
    """Whether it holds."""
    return _act(_found(act))


@merges.act("/merges/{act}/undo/preview", needs=JUDGE, gives=PreviewOut, summary="Say what taking it back would change")
def preview_undo(request: HttpRequest, act: str) -> Any:
    """Nothing is changed."""
    _found(act)
    return _preview(actions.preview_undo(act=act, viewer=viewer(request), at=moment()))


@merges.act("/merges/{act}/undo", needs=JUDGE, gives=ActOfTwo, summary="Take a merge or split back")
def undo_merge(request: HttpRequest, act: str, body: UndoIn) -> Any:
    """What stood before shows again, exactly."""
    _found(act)
    actions.undo(act=act, viewer=viewer(request), at=moment(), why=body.why, expect=body.expect)
    return _act(_found(act))


def _found(name: str) -> drafts.Act:
    try:
        return actions.act_of(name)
    except actions.RefusedError as error:
        raise Http404(str(error)) from None


def _act(one: drafts.Act) -> Mapping[str, Any]:
    first = one.entries[0]
    return {"act": one.group, "kind": one.kind, "organisations": one.organisations, "at": first.at,
            "actor": first.actor, "why": first.why or "", "holds": one.live,
            "taken_back": "" if one.live else one.retracted[-1].why or ""}  # fmt: skip


def _preview(found: Preview) -> Mapping[str, Any]:
    return {
        "digest": found.digest, "before": [_side(one) for one in found.before],
        "after": [_side(one) for one in found.after], "ids": found.ids,
        "values": [{"property": v.prop, "before": v.before, "after": v.after} for v in found.values],
        "others": found.others, "people": found.people,
    }  # fmt: skip


def _side(one: Side) -> Mapping[str, Any]:
    return {name: getattr(one, name) for name in ("uid", "name", "records", "sites", "held")}
