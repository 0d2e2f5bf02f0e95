"""What premises add to the web app: addresses, navigation, a panel of an organisation's page."""

from __future__ import annotations

from lifecluster.web.premises.panel import PANEL
from lifecluster.web.shell import panels, rooms


def open_room() -> None:
    """Register everything."""
    rooms.register(rooms.Room("premises", "Premises", 14, "lifecluster.web.premises.urls", "premises/"))
    panels.register(PANEL)
