"""What merges and splits add to the web app: addresses at the desk, and a panel of organisation pages for the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from lifecluster.web.desk import waiting
from lifecluster.web.directory.viewer import viewer_of
from lifecluster.web.merges import reads
from lifecluster.web.shell import panels, rooms

JUDGES = "link.judge"
"""The permission of who merges and splits."""


def judges(request: HttpRequest) -> bool:
    """Whether the reader may merge and split."""
    return viewer_of(getattr(request, "user", None)).may(JUDGES)


def beside(request: HttpRequest, organisation: Any) -> Mapping[str, Any] | None:
    """The panel of an organisation's page: for those who judge, and where classes wait for the next build."""
    waits = bool(organisation.data.get("until_build"))
    desk = judges(request)
    return {"one": organisation.uid, "desk": desk, "waits": waits} if desk or waits else None


def open_room() -> None:
    """Register everything."""
    rooms.register(rooms.Room("merges", "Merges and splits", 910, "lifecluster.web.merges.urls", "desk/merges/",
                              entry=None))  # fmt: skip
    waiting.register(waiting.Line("merges", 80, "Merges until the next build", "merges:index", JUDGES, reads.waits,
                                  reads.first))  # fmt: skip
    panels.register(panels.Panel("one-or-two", "organisation", 950, "One organisation or two", "merges/panel.html",
                                 beside))  # fmt: skip
