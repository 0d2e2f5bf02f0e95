"""What link reviews add to the web app: addresses below the desk, a line of work, a step after a load."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lifecluster.web.shell import rooms

if TYPE_CHECKING:
    from lifecluster.web.desk.waiting import Item
    from lifecluster.web.directory.viewer import Viewer

LINE = "links"
JUDGE = "link.judge"


def open_room() -> None:
    """Register everything."""
    from lifecluster.web.desk import waiting
    from lifecluster.web.directory import afterwards
    from lifecluster.web.links import jobs, operate

    rooms.register(rooms.Room("links", "Link reviews", 905, "lifecluster.web.links.urls", "desk/links/", entry=None))
    waiting.register(waiting.Line(LINE, 10, "Link reviews", "links:index", JUDGE, count=count, first=first))
    afterwards.register("link reviews", operate.after_load)
    jobs.add()


def count(viewer: Viewer) -> int:
    """How many pairs wait."""
    from lifecluster.web.links import queue

    return len(queue.waiting(int(viewer.clearance)))


def first(viewer: Viewer, limit: int) -> list[Item]:
    """The most important pairs that wait."""
    from lifecluster.web.desk.waiting import Item
    from lifecluster.web.kit.paths import path_of
    from lifecluster.web.links import queue
    from lifecluster.web.links.show.words import called, chance

    pairs = queue.waiting(int(viewer.clearance))[:limit]
    root = path_of("links:index")
    return [
        Item(called(one.label), root + one.key, f"{one.source}. Probability {chance(one.probability)}.")
        for one in pairs
    ]
