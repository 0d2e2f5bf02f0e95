"""Django's entry for the directory."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """The register: organisations, sites, what they hold, and the evidence."""

    name = "lifecluster.web.directory"
    label = "directory"
    verbose_name = "Directory"

    def ready(self) -> None:
        """Let the frame know which package is shown, and open the room."""
        from lifecluster.web.directory.packages import held_once, info
        from lifecluster.web.directory.room import open_room
        from lifecluster.web.shell import packages, panels

        packages.provide(info)
        panels.within(held_once)
        open_room()
