"""What claims add to the web app: addresses, navigation, a panel of the home page, a step after a load."""

from __future__ import annotations

from lifecluster.web.shell import panels, rooms


def open_room() -> None:
    """Register everything."""
    from lifecluster.web.directory import afterwards
    from lifecluster.web.figures import operate
    from lifecluster.web.figures.panels import PANEL

    rooms.register(rooms.Room("figures", "Claims", 15, "lifecluster.web.figures.urls", ""))
    panels.register(PANEL)
    afterwards.register("claims", operate.after_load)
