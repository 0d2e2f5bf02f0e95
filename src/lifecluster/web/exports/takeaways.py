"""The forms in which pages offer their lists to be taken away: every export, and the feeds."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from lifecluster.web.api.links import with_query
from lifecluster.web.exports.formats import FORMATS
from lifecluster.web.kit.paths import parts_of, path_of

NOTES = {
    "csv": "for a spreadsheet", "xlsx": "with sites, holdings and sources", "geojson": "for a map",
    "parquet": "typed columns", "jsonld": "in the words of schema.org", "package": "everything of the list, as CSV",
    "graphml": "who works with whom",
}  # fmt: skip


def address(name: str) -> Callable[[str], str]:
    """The address of an export for a query of the directory."""
    return lambda query: with_query(path_of("exports:view", name), query)


def register() -> None:
    """Offer them to the pages of the directory, where those are built."""
    try:
        takeaways: Any = import_module("lifecluster.web.directory.takeaways")
    except ModuleNotFoundError:  # a room without pages has nothing to offer them on
        return
    for place, (name, form) in enumerate(FORMATS.items()):
        takeaways.register(
            takeaways.Takeaway(name, form.title, 10 * place, form.media, NOTES[name], of_list=address(name))
        )
    takeaways.register(
        takeaways.Takeaway(
            "dates", "Calendar of what ends", 200, "text/calendar", "licences, trials, vacancies",
            of_list=lambda query: with_query(path_of("feeds:dates"), query),
        )
    )  # fmt: skip
    takeaways.register(
        takeaways.Takeaway(
            "json", "JSON", 210, "application/json", "from the API",
            of_list=lambda query: with_query(path_of("api-v1:organisations"), query),
            of_organisation=lambda uid: uid.join(parts_of("api-v1:organisation", 1)),
        )
    )  # fmt: skip
    takeaways.register(
        takeaways.Takeaway(
            "atom", "Atom", 220, "application/atom+xml", "changes of this organisation",
            of_organisation=lambda uid: uid.join(parts_of("feeds:organisation", 1)),
        )
    )  # fmt: skip
