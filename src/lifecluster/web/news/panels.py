"""News on the home page and on pages of organisations: only where there is something."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest

from lifecluster.web.directory import reads as register
from lifecluster.web.directory.freshness import today
from lifecluster.web.directory.views.common import reader
from lifecluster.web.news import markdown, reads, words
from lifecluster.web.news.models import Item
from lifecluster.web.shell.panels import Panel

SUMMARY = 180
"""Characters of an item's words in a list."""


def line(item: Item) -> dict[str, Any]:
    """An item as a list shows it."""
    day = today()
    return {"item": item, "url": words.address(item), "note": words.note(item, day), "over": item.over(day),
            "summary": markdown.words(item.text, SUMMARY)}  # fmt: skip


def lines(items: Iterable[Item]) -> list[dict[str, Any]]:
    """Items as a list shows them."""
    return [line(item) for item in items]


def home(request: HttpRequest, subject: Any) -> Mapping[str, Any] | None:
    """The newest of all; None where there is no news."""
    found = reads.newest(reader(request), today())
    return {"lines": lines(found)} if found else None


def organisation(request: HttpRequest, subject: Any) -> Mapping[str, Any] | None:
    """News about one organisation."""
    found = reads.about(subject.uid, reader(request), register.current(), today())
    return {"lines": lines(found)} if found else None


PANELS = (
    Panel("news", "home", 40, "News and opportunities", "news/panel.html", home,
          note="Posted by the cluster team, or proposed by members and approved."),
    Panel("news-about", "organisation", 40, "News", "news/panel.html", organisation),
)  # fmt: skip
