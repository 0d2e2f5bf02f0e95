"""Django's entry for premises."""

from django.apps import AppConfig


class PremisesConfig(AppConfig):
    """Premises and facilities."""

    name = "lifecluster.web.premises"
    label = "premises"
    verbose_name = "Premises"

    def ready(self) -> None:
        """Join the rooms."""
        from lifecluster.web.premises import room

        room.open_room()
