"""What waits for the cluster team: lines of work that rooms register, counted on every page of the desk.

waiting.register(waiting.Line("edits", 20, "Member edits", "members:queue", "edit.review", count=…, first=…))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from lifecluster.web.directory.viewer import Viewer
from lifecluster.web.kit.paths import path_of
from lifecluster.web.shell.registry import Registry


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits: `title` and `url`; `note` one line more; `due` by when, or since when it waits."""

    title: str
    url: str
    note: str = ""
    due: date | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of work: `title`, the name of the `address` of its page, the `permission` without which nobody sees it;
    `count(viewer)` how many wait (one question to the database), `first(viewer, limit)` the most pressing of them."""

    name: str
    order: int
    title: str
    address: str
    permission: str
    count: Callable[[Viewer], int]
    first: Callable[[Viewer, int], list[Item]]


@dataclass(frozen=True, slots=True)
class Counted:
    """A line as the side of the desk's pages shows it."""

    line: Line
    waits: int
    url: str
    here: bool


_lines: Registry[Line] = Registry("line of work")
register = _lines.register
remove = _lines.remove


def lines(viewer: Viewer) -> list[Line]:
    """Lines that a reader works on, in order."""
    return [line for line in _lines.all() if viewer.may(line.permission)]


def counted(viewer: Viewer, here: str = "") -> list[Counted]:
    """The same with how many wait; `here` is the name of the line whose page this is."""
    return [Counted(one, one.count(viewer), path_of(one.address), one.name == here) for one in lines(viewer)]
