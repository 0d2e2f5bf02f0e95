"""Django's entry for news."""

from django.apps import AppConfig


class NewsConfig(AppConfig):
    """News, opportunities, events, and the bulletin."""

    name = "lifecluster.web.news"
    label = "news"
    verbose_name = "News"

    def ready(self) -> None:
        """Join the rooms."""
        from lifecluster.web.news import room

        room.open_room()
