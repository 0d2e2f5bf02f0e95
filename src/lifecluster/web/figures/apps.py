"""Django's entry for claims."""

from __future__ import annotations

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    """Sentences with figures, and whether they are true."""

    name = "lifecluster.web.figures"
    label = "figures"
    verbose_name = "Claims"

    def ready(self) -> None:
        """Open the room."""
        from lifecluster.web.figures.room import open_room

        open_room()
