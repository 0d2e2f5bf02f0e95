"""What news adds to the frame: navigation, footer, panels, a line of work, what is kept about people, sample items."""

from __future__ import annotations

from lifecluster.web.accounts import kept, sample, telling
from lifecluster.web.desk import waiting
from lifecluster.web.news import furniture, jobs, panels, personal, queue, words
from lifecluster.web.shell import footer, rooms
from lifecluster.web.shell import panels as shell


def open_room() -> None:
    """Register everything."""
    rooms.register(rooms.Room("news", "News", 50, "lifecluster.web.news.urls", ""))
    jobs.add()
    footer.register(footer.FooterLink("bulletin", "The bulletin", 65, "about", "news:bulletins"))
    footer.register(footer.FooterLink("news-feed", "News by Atom", 70, "use", "news:atom"))
    footer.register(footer.FooterLink("news-dates", "Dates by iCalendar", 80, "use", "news:dates"))
    telling.register(words.DECIDED)
    waiting.register(waiting.Line("news", 60, "News", "news:desk", queue.PERMISSION, queue.count, queue.first))
    kept.register(kept.Kept("news", 60, copy=personal.copy, forget=personal.forget))
    sample.rooms.register(sample.Furniture("news", 60, furniture.make))
    for panel in panels.PANELS:
        shell.register(panel)
