"""Django's entry for link reviews."""

from __future__ import annotations

from django.apps import AppConfig


class LinksConfig(AppConfig):
    """Pairs of records that a person decides on."""

    name = "lifecluster.web.links"
    label = "links"
    verbose_name = "Link reviews"

    def ready(self) -> None:
        """Open the room."""
        from lifecluster.web.links.room import open_room

        open_room()
