"""The home page: the region in a sentence, on a map, under several definitions, by area; and what is new."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from lifecluster.places.spoken import begun, spoken
from lifecluster.web.directory import memo, reads
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.panels.figures import Facts
from lifecluster.web.directory.panels.headline import headline
from lifecluster.web.directory.panels.news import news
from lifecluster.web.directory.panels.where import dots, sites_by_area
from lifecluster.web.directory.search import Query
from lifecluster.web.directory.show import ground, listing, words
from lifecluster.web.directory.views.common import reader
from lifecluster.web.kit import formats
from lifecluster.web.kit.maps import specks
from lifecluster.web.kit.plots import Interval
from lifecluster.web.kit.tables import Column, Row, Table
from lifecluster.web.shell.panels import Panel


def _loaded(request: HttpRequest) -> reads.Figures | None:
    """The figures of the page, read once for all its panels; None where nothing is loaded."""
    if not hasattr(request, "_figures"):
        try:
            found: reads.Figures | None = reads.figures()
        except reads.NoPackageError:
            found = None
        request._figures = found  # type: ignore[attr-defined]  # a note on the request, for the panels of one page
    figures: reads.Figures | None = request._figures  # type: ignore[attr-defined]  # as above
    return figures


def opening(request: HttpRequest, subject: Any) -> Mapping[str, Any] | None:
    """The sentence, the search, the map."""
    figures = _loaded(request)
    if figures is None:
        return None
    package = figures.package
    facts = Facts(figures)
    found = memo.kept("home-map", package, lambda: _map(package))
    head = headline(package, figures.definitions[0].name, memo.codes(package)) if figures.definitions else None
    low, high = (
        (f([d.organisations for d in figures.definitions]) for f in (min, max)) if figures.definitions else (0, 0)
    )
    return {
        "region": begun(spoken(package.region.get("title", "region"))),
        "first": facts.definition(figures.definitions[0]) if figures.definitions else None,
        "sites": facts.sites_counted(head) if head else facts.sites(),
        "jobs": facts.jobs(head) if head else None,
        "organisations": facts.organisations(),
        "low": low,
        "high": high,
        "count": formats.word(len(figures.definitions)),
        "at": package.at,
        "map": found,
        "credit": ground.CREDIT,
        "tries": _tries(package, reader(request)),
    }


def _map(package: Package) -> str:
    base = ground.ground(memo.codes(package))
    places = dots(package)
    words_ = f"Map of {formats.number(len(places))} places where organisations work; the list by area is below"
    return base.drawing(words_, dots=specks(ground.thinned(places, base.frame, 1.5), base.frame))


def _tries(package: Package, user: object) -> list[tuple[str, str]]:
    """Searches to try: the commonest licence near the largest town, a capability, a mission."""
    from lifecluster.web.directory import search

    def make() -> list[tuple[str, str]]:
        page = search.results(Query(per_page=1), None, package=package)
        most = {f.name: f.values[0] for f in page.facets if f.values}
        town = next(iter(ground.towns(memo.codes(package))), None)
        found = []
        if "licence" in most and town:
            near = Query(licence=(most["licence"].value,), near=town.name, within=20.0)
            found.append((f"{most['licence'].label} within 20 km of {town.name}", listing.url(near)))
        for facet in ("capability", "mission"):
            if facet in most:
                found.append((most[facet].label, listing.url(Query().toggled(facet, most[facet].value))))
        return found

    return memo.kept("home-tries", package, make)


def by_definition(request: HttpRequest, subject: Any) -> Mapping[str, Any] | None:
    """The count under each definition side by side, and why they differ."""
    figures = _loaded(request)
    if figures is None or not figures.definitions:
        return None
    facts = Facts(figures)
    known = memo.definitions(figures.package)
    spans = {d.name: facts.span(d) for d in figures.definitions}
    top = 1.05 * max(high for _, high in spans.values())
    rows = [
        Row(
            {
                "definition": format_html('<a href="{}">{}</a>', listing.url(Query(definition=d.name)), d.title),
                "found": facts.definition(d),
                "plot": Interval(d.organisations, 0, top, *spans[d.name], unit="organisations"),
                "why": _first_sentence(d.effect),
            },
            sub={
                "definition": f"{known[d.name]['publisher']}",
                "found": _span(*spans[d.name]),
                "why": f"Unit: {words.unit(known[d.name])}",
            },
        )
        for d in figures.definitions
    ]
    columns = (
        Column("definition", "Definition", head=True, wide="l"),
        Column("found", "Organisations", "figure", wide="s"),
        Column("plot", "Certain to possible, from 0", "plot", wide="m"),
        Column("why", "What it does to the count"),
    )
    counts = sorted(d.organisations for d in figures.definitions)
    return {
        "table": Table("Organisations under each definition", columns, rows, name="roomy"),
        "low": counts[0],
        "high": counts[-1],
        "more": reverse("pages:definitions"),
    }


def _span(low: int, high: int) -> str:
    """How sure a count is, in words."""
    if low == high:
        return "all certain"
    return f"{formats.number(low)} certain, {formats.number(high)} possible"


def _first_sentence(text: str) -> str:
    for stop in (": ", "; ", ". "):
        head, found, _ = text.partition(stop)
        if found and len(head) > 30:
            return head + "."
    return text


def where(request: HttpRequest, subject: Any) -> Mapping[str, Any] | None:
    """Sites by area, and what is new."""
    figures = _loaded(request)
    if figures is None:
        return None
    package = figures.package
    table = memo.kept("home-areas", package, lambda: sites_by_area(package, Facts(figures)))
    return {"table": table, "news": news(package, reader(request))}


PANELS = (
    Panel("opening", "home", 0, "The region", "directory/panels/opening.html", opening, bare=True),
    Panel(
        "definitions",
        "home",
        30,
        "How many, and who counts",
        "directory/panels/definitions.html",
        by_definition,
        note="One register, several definitions in use. Open a number to see its recipe and the rows behind it.",
    ),
    Panel(
        "where",
        "home",
        60,
        "Where, and what is new",
        "directory/panels/where.html",
        where,
        note="The list that stands beside the map, and what changed in the register.",
    ),
)
