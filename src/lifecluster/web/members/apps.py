"""Django's entry for members."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    """What organisations say of themselves, and who belongs to them."""

    name = "lifecluster.web.members"
    label = "members"
    verbose_name = "Members"

    def ready(self) -> None:
        """Join the rooms."""
        from lifecluster.web.members import room

        room.open_room()
