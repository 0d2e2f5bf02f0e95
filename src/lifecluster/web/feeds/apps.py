"""Django's entry for feeds."""

from __future__ import annotations

from django.apps import AppConfig


class FeedsConfig(AppConfig):
    """Feeds. In no navigation: pages link to them."""

    name = "lifecluster.web.feeds"
    label = "feeds"
    verbose_name = "Feeds"

    def ready(self) -> None:
        """Put the addresses of this room in place."""
        from lifecluster.web.shell import rooms

        rooms.register(rooms.Room("feeds", "Feeds", 920, "lifecluster.web.feeds.urls", "", entry=None))
