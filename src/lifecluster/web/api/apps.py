"""Django's entry for the open interfaces."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """REST API and reconciliation. In no navigation: the footer leads there."""

    name = "lifecluster.web.api"
    label = "api"
    verbose_name = "Interfaces"

    def ready(self) -> None:
        """Put the addresses of this room in place."""
        from lifecluster.web.api import jobs
        from lifecluster.web.shell import rooms

        jobs.add()
        rooms.register(rooms.Room("api", "Interfaces", 900, "lifecluster.web.api.urls", "", entry=None))
        rooms.register(rooms.Room("api-v1", "API 1", 901, "lifecluster.web.api.v1.urls", "api/v1/", entry=None))
