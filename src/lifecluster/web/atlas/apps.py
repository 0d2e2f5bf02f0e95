"""Django's entry for the atlas."""

from __future__ import annotations

from django.apps import AppConfig


class AtlasConfig(AppConfig):
    """Clusters of the region on maps, in curves and in words."""

    name = "lifecluster.web.atlas"
    label = "atlas"
    verbose_name = "Atlas"

    def ready(self) -> None:
        """Open the room."""
        from lifecluster.web.atlas.room import open_room

        open_room()
