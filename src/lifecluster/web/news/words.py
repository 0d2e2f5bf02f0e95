"""What is said to who proposed an item, and lines about its days."""

from __future__ import annotations

from datetime import date, datetime

from lifecluster.web.accounts import stopping, telling
from lifecluster.web.directory.viewer import Viewer
from lifecluster.web.kit import formats
from lifecluster.web.kit.paths import path_of
from lifecluster.web.news.models import Item, Kind, State

DECIDED = telling.Kind("news.decided", 60, "What became of news and opportunities that you proposed")
NAMES = {Kind.NEWS: "news", Kind.OPPORTUNITY: "opportunity", Kind.EVENT: "event"}
VERBS = {State.SHOWN: "is shown", State.REFUSED: "was refused", State.WITHDRAWN: "was withdrawn"}


def address(item: Item) -> str:
    """The page of an item."""
    return f"{path_of('news:index')}/{item.pk}"


def tell_author(item: Item, viewer: Viewer, at: datetime) -> None:
    """Tell who wrote an item what became of it, unless that is who decided."""
    if item.author is None or item.author.actor == viewer.actor:
        return
    what = VERBS[State(item.state)]
    lines = [f"The {NAMES[Kind(item.kind)]} that you proposed, “{item.title}”, {what}."]
    if item.why:
        lines.append(f"The reason: {item.why}")
    if item.state == State.SHOWN:
        lines.append(stopping.public(address(item)))
    else:
        lines.append(f"What you proposed: {stopping.public(path_of('news:mine'))}")
    telling.tell(item.author, kind=DECIDED.name, subject=f"“{item.title}” {what}", text="\n\n".join(lines), at=at)


def days(item: Item, day: date) -> str:
    """When it closes or is, in words; empty where it has no day."""
    if item.closes_on is not None:
        return f"{'Closed' if item.closes_on < day else 'Closes'} {formats.day(item.closes_on, long=True)}"
    if item.begins_on is not None:
        ends = item.ends_on if item.ends_on and item.ends_on != item.begins_on else None
        said = formats.day(item.begins_on, long=True)
        said += f" to {formats.day(ends, long=True)}" if ends else ""
        return f"{said}, {item.place}" if item.place else said
    return ""


def note(item: Item, day: date) -> str:
    """A line under a title: what it is, and when."""
    parts = [Kind(item.kind).label, days(item, day)]
    if item.kind == Kind.NEWS:
        parts.append(formats.day(item.shown_from, long=True))
    return " · ".join(part for part in parts if part)
