"""Tables of news: items, bulletins, and who gets them."""

from lifecluster.web.news.models.bulletins import Bulletin, Part, Section, Sending, Stage, Subscriber
from lifecluster.web.news.models.items import About, Item, Kind, State, Version

__all__ = ["About", "Bulletin", "Item", "Kind", "Part", "Section", "Sending", "Stage", "State", "Subscriber", "Version"]
