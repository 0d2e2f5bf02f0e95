"""What the atlas adds to the web app: addresses, navigation, a panel of the home page, a late step after a load."""

from __future__ import annotations

from lifecluster.web.shell import panels, rooms


def open_room() -> None:
    """Register everything."""
    from lifecluster.web.atlas import operate
    from lifecluster.web.atlas.panels import PANEL
    from lifecluster.web.directory import afterwards

    rooms.register(rooms.Room("atlas", "Atlas", 17, "lifecluster.web.atlas.urls", ""))
    panels.register(PANEL)
    afterwards.register("results of the atlas", operate.after_load, late=True)
