"""What programs do with news, opportunities, events and the bulletin."""

from lifecluster.web.news.machine import bulletins, items

__all__ = ["bulletins", "items"]
