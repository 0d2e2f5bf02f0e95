"""Django's entry for uploads."""

from django.apps import AppConfig


class UploadsConfig(AppConfig):
    """Lists that people upload."""

    name = "lifecluster.web.uploads"
    label = "uploads"
    verbose_name = "Uploads"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Join the rooms."""
        from lifecluster.web.uploads import room

        room.open_room()
