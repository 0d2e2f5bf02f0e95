"""News as a line of work of the desk."""

from __future__ import annotations

from lifecluster.web.desk.waiting import Item as Waits
from lifecluster.web.directory.viewer import Viewer
from lifecluster.web.kit.paths import path_of
from lifecluster.web.news import reads
from lifecluster.web.news.actions import DECIDE as PERMISSION
from lifecluster.web.news.models import Item, Kind

__all__ = ["PERMISSION", "address", "count", "first"]


def count(viewer: Viewer) -> int:
    """How many proposals wait."""
    return reads.waiting().count()


def first(viewer: Viewer, limit: int) -> list[Waits]:
    """Those that wait the longest."""
    return [
        Waits(one.title, address(one), f"{Kind(one.kind).label} proposed by a member.", one.closes_on,
              one.changed_at.date())
        for one in reads.waiting()[:limit]
    ]  # fmt: skip


def address(item: Item) -> str:
    """The desk's page of an item."""
    return f"{path_of('news:desk')}/{item.pk}"
