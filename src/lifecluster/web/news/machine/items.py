"""News, opportunities and events: proposed by members, posted and decided by the desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, Literal

from django.http import Http404, HttpRequest
from ninja import Query, Schema
from pydantic import Field

from lifecluster.policy.visibility import Visibility
from lifecluster.web.accounts.rights import moment
from lifecluster.web.api import bodies, writing
from lifecluster.web.api.bodies import WIDEST, Done, Page, Row, Sent, example
from lifecluster.web.api.v1.asking import viewer
from lifecluster.web.directory.freshness import today
from lifecluster.web.directory.viewer import Viewer
from lifecluster.web.news import actions, reads
from lifecluster.web.news.draft import LINK, ORGANISATIONS, PLACE, TEXT, TITLE, Draft
from lifecluster.web.news.models import Item, State

news = writing.section("News", 50)
READ, DECIDE = (actions.PROPOSE,), (actions.DECIDE,)
EITHER = (*READ, *DECIDE)


class NewsIn(Sent):
    """News, an opportunity or an event."""

    model_config = example(kind="event", title="Round table on packaging", text="Come and *talk*.",
                           begins_on="2026-12-09", place="Leicester", level="members")  # fmt: skip
    kind: Literal["news", "opportunity", "event"]
    title: str = Field(min_length=1, max_length=TITLE)
    text: str = Field(min_length=1, max_length=TEXT, description="CommonMark without markup of its own")
    shown_from: date | None = Field(None, description="the first day; null: today")
    shown_until: date | None = Field(None, description="the last day; null: as long as it is to come, or for good")
    level: Literal["public", "members", "desk"] = Field("public", description="who may read it")
    link: str = Field("", max_length=LINK)
    closes_on: date | None = Field(None, description="of an opportunity")
    begins_on: date | None = Field(None, description="of an event")
    ends_on: date | None = Field(None, description="of an event")
    place: str = Field("", max_length=PLACE, description="of an event")
    organisations: list[str] = Field([], max_length=ORGANISATIONS, description="ids of those that it is about")

    def draft(self) -> Draft:
        """The same as the room has it."""
        said = self.model_dump() | {"organisations": tuple(self.organisations)}
        said["level"] = int(Visibility.parse(self.level))
        return Draft(**said | {"shown_from": self.shown_from or today()})


class AgainstIn(Sent):
    """The reason of a decision."""

    model_config = example(why="it is an advertisement")
    why: str = Field(min_length=1, max_length=1000, description="told to who wrote it")


class NewsOut(Row):
    """An item; send `version` as `If-Match` to decide on what you have seen and nothing newer."""

    version: int
    kind: str
    title: str
    text: str
    link: str
    level: str
    shown_from: date
    shown_until: date | None
    closes_on: date | None
    begins_on: date | None
    ends_on: date | None
    place: str
    organisations: list[str]
    state: str = Field(description=", ".join(State.values))
    why: str = Field(description="the reason of the last decision")
    changed_at: datetime
    sample: bool

    @staticmethod
    def resolve_version(row: Item) -> int:
        """The number of its version."""
        return row.number

    @staticmethod
    def resolve_level(row: Item) -> str:
        """Who may read it."""
        return Visibility(row.level).label

    @staticmethod
    def resolve_organisations(row: Item) -> list[str]:
        """Ids as they were when it was written, of those that the reader may know to be ids (`_told`)."""
        return list(row.__dict__["told"])


class NewsList(Page[NewsOut]):
    """Items."""


class NewsAsked(Schema):
    """Which items."""

    whose: Literal["shown", "own", "everybody"] = Field("shown", description="what readers see; your own; for the desk")
    kind: Literal["", "news", "opportunity", "event"] = Field("", description="what it is")
    state: Literal["", "waiting", "shown", "refused", "withdrawn"] = Field("", description="what became of it")
    after: int = Field(0, ge=0, le=WIDEST, description="`cursor` of the page before")
    limit: int = Field(100, ge=1, le=500, description="how many")


@news.read("/news", needs=EITHER, gives=NewsList, summary="News, opportunities and events")
def news_list(request: HttpRequest, asked: Query[NewsAsked]) -> Any:
    """By number."""
    who = viewer(request)
    if asked.whose == "everybody":
        who.require(actions.DECIDE)
        rows: Any = Item.objects.all()
    elif asked.whose == "own":
        rows = Item.objects.filter(author__uid=who.actor.removeprefix("person:"))
    else:
        rows = Item.objects.listed(who, today())
    for name in ("kind", "state"):
        if chosen := getattr(asked, name):
            rows = rows.filter(**{name: chosen})
    found = bodies.page(rows.prefetch_related("abouts"), asked.after, asked.limit)
    return {**found, "items": _told(who, found["items"])}


@news.act("/news", needs=READ, gives=NewsOut, summary="Propose an item")
def propose_news(request: HttpRequest, body: NewsIn) -> Any:
    """It is shown once the desk approves it."""
    return _one(request, actions.propose(draft=body.draft(), viewer=viewer(request), at=moment()))


@news.act("/news/post", needs=DECIDE, gives=NewsOut, summary="Post an item")
def post_news(request: HttpRequest, body: NewsIn) -> Any:
    """Of the desk's own; it is shown from its day on."""
    return _one(request, actions.post(draft=body.draft(), viewer=viewer(request), at=moment()))


@news.read("/news/{key}", needs=EITHER, gives=NewsOut, summary="One item")
def news_item(request: HttpRequest, key: int) -> Any:
    """One that you read, wrote or decide on."""
    return _one(request, _found(viewer(request), key))


@news.act("/news/{key}/change", needs=EITHER, gives=NewsOut, summary="Change an item")
def change_news(request: HttpRequest, key: int, body: NewsIn) -> Any:
    """The desk any; you your own while it is not shown. Earlier versions are kept. `If-Match`: the version you saw."""
    who = viewer(request)
    row = _found(who, key)
    seen = _seen(request, row)
    return _one(request, actions.change(item=row.pk, draft=body.draft(), seen=seen, viewer=who, at=moment()))


@news.act("/news/{key}/approve", needs=DECIDE, gives=NewsOut, summary="Approve an item")
def approve_news(request: HttpRequest, key: int) -> Any:
    """It is shown; its author hears. `If-Match`: the version that you saw."""
    row = _found(viewer(request), key)
    seen = _seen(request, row)
    return _one(request, actions.approve(item=row.pk, seen=seen, viewer=viewer(request), at=moment()))


@news.act("/news/{key}/refuse", needs=DECIDE, gives=NewsOut, summary="Refuse an item")
def refuse_news(request: HttpRequest, key: int, body: AgainstIn) -> Any:
    """With the reason, which its author reads. `If-Match`: the version that you saw."""
    return _against(request, actions.refuse, key, body)


@news.act("/news/{key}/withdraw", needs=DECIDE, gives=NewsOut, summary="Withdraw an item")
def withdraw_news(request: HttpRequest, key: int, body: AgainstIn) -> Any:
    """Off all pages; approving it puts it back. `If-Match`: the version that you saw."""
    return _against(request, actions.withdraw, key, body)


@news.act("/news/{key}/remove", needs=READ, gives=Done, summary="Remove an item of your own")
def remove_news(request: HttpRequest, key: int) -> Any:
    """One that was never shown; nothing of it stays."""
    row = _found(viewer(request), key)
    actions.remove(item=row.pk, viewer=viewer(request), at=moment())
    return {"done": "the item is removed"}


def _found(who: Viewer, key: int) -> Item:
    """An item that the reader wrote, decides on, or may read. Raises Http404."""
    row = bodies.one(Item.objects.prefetch_related("abouts"), key, "item")
    seen = Item.objects.visible_to(who, today()).filter(pk=row.pk)
    if not (who.may(actions.DECIDE) or actions.writes(who, row) or seen.exists()):
        raise Http404("there is no such item")
    return row


def _against(request: HttpRequest, act: Callable[..., Item], key: int, body: AgainstIn) -> Item:
    who = viewer(request)
    row = _found(who, key)
    return _one(request, act(item=row.pk, seen=_seen(request, row), viewer=who, at=moment(), why=body.why))


def _one(request: HttpRequest, row: Item) -> Item:
    return _told(viewer(request), [row])[0]


def _told(who: Viewer, rows: list[Item]) -> list[Item]:
    """The same, each with the ids that this reader may know to have been issued: to others a hidden organisation is
    not named."""
    named = reads.issued({one.organisation for row in rows for one in row.abouts.all()}, who)
    for row in rows:
        row.__dict__["told"] = sorted({one.organisation for one in row.abouts.all()} & named)
    return rows


def _seen(request: HttpRequest, row: Item) -> int:
    stated = bodies.version(request)
    return row.number if stated is None else stated
