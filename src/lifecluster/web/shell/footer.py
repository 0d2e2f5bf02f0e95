"""Links of the footer that rooms add, in two columns: to use the data, and to know about it.

footer.register(FooterLink("definitions", "Definitions", order=10, column="about", address="directory:definitions"))
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from django.urls import NoReverseMatch

from lifecluster.web.kit.paths import finder
from lifecluster.web.shell.registry import Registry

COLUMNS = {"use": "Use the data", "about": "About"}


@dataclass(frozen=True, slots=True)
class FooterLink:
    """A link: `name` unique; `column` one of COLUMNS; `address` the name of an address without arguments, or a path."""

    name: str
    title: str
    order: int
    column: str
    address: str

    def __post_init__(self) -> None:
        if self.column not in COLUMNS:
            raise ValueError(f"{self.column!r} is no column of the footer; there are: {', '.join(COLUMNS)}")


@dataclass(frozen=True, slots=True)
class Shown:
    """A link as it is drawn."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column with something in it."""

    title: str
    links: list[Shown]


_links: Registry[FooterLink] = Registry("footer link")
register = _links.register
remove = _links.remove


def columns() -> list[Column]:
    """The columns, without empty ones; a link whose room is not there is left out."""
    paths = finder()
    found: dict[str, list[Shown]] = {name: [] for name in COLUMNS}
    for link in _links.all():
        with suppress(NoReverseMatch):
            url = link.address if link.address.startswith("/") else paths[link.address]
            found[link.column].append(Shown(link.title, url))
    return [Column(COLUMNS[name], links) for name, links in found.items() if links]
