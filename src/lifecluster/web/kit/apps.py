"""Django's entry for the component library."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    """Components; no models, no pages."""

    name = "lifecluster.web.kit"
    label = "kit"
    verbose_name = "Components"

    def ready(self) -> None:
        """Say what is missing in our own words; fields with a text of their own keep it."""
        from django.forms import Field

        Field.default_error_messages["required"] = "Please fill this in."
