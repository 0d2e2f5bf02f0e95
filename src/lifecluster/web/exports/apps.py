"""Django's entry for exports."""

from __future__ import annotations

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    """Files of what is seen. In no navigation: lists link to them."""

    name = "lifecluster.web.exports"
    label = "exports"
    verbose_name = "Exports"

    def ready(self) -> None:
        """Put the addresses of this room in place."""
        from lifecluster.web.exports import takeaways
        from lifecluster.web.shell import rooms

        rooms.register(rooms.Room("exports", "Exports", 910, "lifecluster.web.exports.urls", "export/", entry=None))
        takeaways.register()
