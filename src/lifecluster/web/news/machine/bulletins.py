"""The bulletin: gathered, edited, let go by the desk; wanted or not by people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from pydantic import Field

from lifecluster.web.accounts.rights import moment
from lifecluster.web.api import bodies
from lifecluster.web.api.bodies import WIDEST, After, Done, Limit, Page, Row, Sent, example
from lifecluster.web.api.v1.asking import asker, viewer
from lifecluster.web.news.bulletin import actions, subscribing
from lifecluster.web.news.draft import TEXT, TITLE
from lifecluster.web.news.machine.items import DECIDE, news
from lifecluster.web.news.models import Bulletin, Part

OWN = ("account.edit",)


class PartIn(Sent):
    """Where a part stands, and whether it is left out."""

    key: int = Field(ge=1, le=WIDEST)
    place: int = Field(ge=0, le=999_999)
    left_out: bool = False


class BulletinIn(Sent):
    """Words of a bulletin, and of its parts those that change."""

    model_config = example(title="News of the cluster", opening="Dear all,", parts=[{"key": 1, "place": 3}])
    title: str = Field(min_length=1, max_length=TITLE)
    opening: str = Field("", max_length=TEXT, description="CommonMark without markup of its own")
    parts: list[PartIn] = Field([], max_length=1000)


class PartOut(Row):
    """One thing in a bulletin."""

    place: int
    section: str
    title: str
    note: str
    url: str
    left_out: bool


class BulletinOut(Row):
    """A bulletin; send `version` as `If-Match` to change what you saw and nothing newer."""

    version: int
    title: str
    opening: str
    stage: str = Field(description="draft, sending, sent")
    send_at: datetime | None
    parts: list[PartOut]

    @staticmethod
    def resolve_version(row: Bulletin) -> int:
        """The number of its changes."""
        return row.number

    @staticmethod
    def resolve_parts(row: Bulletin) -> list[Part]:
        """In their order."""
        return list(row.parts.order_by("place", "pk"))


class BulletinList(Page[BulletinOut]):
    """Bulletins."""


@news.read("/bulletins", needs=DECIDE, gives=BulletinList, summary="Bulletins")
def bulletin_list(request: HttpRequest, after: After = 0, limit: Limit = 100) -> Any:
    """By number, those that were sent included."""
    return bodies.page(Bulletin.objects.all(), after, limit)


@news.read("/bulletins/{key}", needs=DECIDE, gives=BulletinOut, summary="One bulletin")
def bulletin(request: HttpRequest, key: int) -> Any:
    """With all its parts."""
    return _found(key)


@news.act("/bulletins", needs=DECIDE, gives=BulletinOut, summary="Gather a bulletin")
def make_bulletin(request: HttpRequest) -> Any:
    """Of what is new since the last one; nothing is sent."""
    return actions.make(viewer=viewer(request), at=moment())


@news.act("/bulletins/{key}/look-again", needs=DECIDE, gives=BulletinOut, summary="Gather what has become new since")
def look_again(request: HttpRequest, key: int) -> Any:
    """What is in it stays."""
    actions.look_again(bulletin=_found(key).pk, viewer=viewer(request), at=moment())
    return _found(key)


@news.act("/bulletins/{key}/change", needs=DECIDE, gives=BulletinOut, summary="Edit a bulletin")
def change_bulletin(request: HttpRequest, key: int, body: BulletinIn) -> Any:
    """Parts that are not named stay as they are. `If-Match`: the version that you saw."""
    row = _found(key)
    parts = {one.key: (one.place, one.left_out) for one in body.parts}
    return actions.change(bulletin=row.pk, title=body.title, opening=body.opening, parts=parts,
                          seen=_seen(request, row), viewer=viewer(request), at=moment())  # fmt: skip


@news.act("/bulletins/{key}/send", needs=DECIDE, gives=BulletinOut, summary="Let a bulletin go out")
def send_bulletin(request: HttpRequest, key: int) -> Any:
    """In five minutes; until then it can be held back. `If-Match`: the version that you saw."""
    row = _found(key)
    return actions.send(bulletin=row.pk, seen=_seen(request, row), viewer=viewer(request), at=moment())


@news.act("/bulletins/{key}/hold", needs=DECIDE, gives=BulletinOut, summary="Hold a bulletin back")
def hold_bulletin(request: HttpRequest, key: int) -> Any:
    """One that has not gone out yet."""
    return actions.hold(bulletin=_found(key).pk, viewer=viewer(request), at=moment())


@news.act("/bulletins/{key}/discard", needs=DECIDE, gives=Done, summary="Remove a bulletin that was not sent")
def discard_bulletin(request: HttpRequest, key: int) -> Any:
    """What is new will be in the next."""
    actions.discard(bulletin=_found(key).pk, viewer=viewer(request), at=moment())
    return {"done": "the bulletin is removed"}


@news.act("/account/bulletin/follow", needs=OWN, gives=Done, summary="Have the bulletin")
def follow_bulletin(request: HttpRequest) -> Any:
    """To the address of your account."""
    who = asker(request)
    subscribing.follow(person=who.person, viewer=who.viewer, at=moment())
    return {"done": "the next bulletin comes to you"}


@news.act("/account/bulletin/leave", needs=OWN, gives=Done, summary="Have the bulletin no more")
def leave_bulletin(request: HttpRequest) -> Any:
    """It does not come any more."""
    who = asker(request)
    subscribing.leave(person=who.person, viewer=who.viewer, at=moment())
    return {"done": "the bulletin does not come to you any more"}


def _found(key: int) -> Bulletin:
    return bodies.one(Bulletin.objects.all(), key, "bulletin")


def _seen(request: HttpRequest, row: Bulletin) -> int:
    stated = bodies.version(request)
    return row.number if stated is None else stated
