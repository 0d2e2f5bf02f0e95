"""Django's entry for the shell."""

from django.apps import AppConfig


class ShellConfig(AppConfig):
    """The frame of the web app."""

    name = "lifecluster.web.shell"
    label = "shell"
    verbose_name = "Frame"

    def ready(self) -> None:
        """Join the checks of this room."""
        from lifecluster.web.shell import checks  # noqa: F401 - importing registers them
