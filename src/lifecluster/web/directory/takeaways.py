"""Forms in which a list or a page can be taken away; rooms that make such forms register them here.

takeaways.register(Takeaway("csv", "CSV", order=10, type="text/csv", note="for a spreadsheet",
                            of_list=lambda query: f"/export/organisations.csv?{query}"))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import NoReverseMatch

from lifecluster.web.kit.paths import path_of
from lifecluster.web.shell.registry import Registry


@dataclass(frozen=True, slots=True)
class Takeaway:
    """A form: `of_list` gives the address for a query (as the directory writes it), `of_organisation` for a uid;
    None where there is no such thing. `type` is its media type, `note` a few words.
    """

    name: str
    title: str
    order: int
    type: str
    note: str = ""
    of_list: Callable[[str], str] | None = None
    of_organisation: Callable[[str], str] | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A form of one list or page."""

    title: str
    url: str
    type: str
    note: str


def optional(name: str, query: str = "", *arguments: str) -> str:
    """An address of another room by its name, with a query part; empty where that room is not there."""
    try:
        path = path_of(name, *arguments)
    except NoReverseMatch:
        return ""
    return f"{path}?{query}" if query else path


_forms: Registry[Takeaway] = Registry("takeaway")
register = _forms.register
remove = _forms.remove


def of_list(query: str) -> list[Link]:
    """Forms of the list that a query gives."""
    return [Link(f.title, f.of_list(query), f.type, f.note) for f in _forms.all() if f.of_list]


def of_organisation(uid: str) -> list[Link]:
    """Forms of an organisation."""
    return [Link(f.title, f.of_organisation(uid), f.type, f.note) for f in _forms.all() if f.of_organisation]
