"""Django's entry for the desk."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The cluster team's room."""

    name = "lifecluster.web.desk"
    label = "desk"
    verbose_name = "Desk"

    def ready(self) -> None:
        """Join the rooms."""
        from lifecluster.web.desk import room

        room.open_room()
