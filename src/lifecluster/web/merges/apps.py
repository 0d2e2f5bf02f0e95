"""Django's entry for merges and splits."""

from django.apps import AppConfig


class MergesConfig(AppConfig):
    """The room where organisations are merged and split."""

    name = "lifecluster.web.merges"
    label = "merges"
    verbose_name = "Merges and splits"

    def ready(self) -> None:
        """Join the rooms."""
        from lifecluster.web.merges import room

        room.open_room()
