"""The answer to a query: a page of organisations, the number of all, facets with counts, points for the map."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice

from lifecluster.web.directory import packages
from lifecluster.web.directory.loading.facets import CERTAINTIES, COUNTED, FACETS, SEGMENT
from lifecluster.web.directory.models import Organisation, Package
from lifecluster.web.directory.search import bits
from lifecluster.web.directory.search.index import Index, Label, index_of
from lifecluster.web.directory.search.known import default_definition, key_of, spelt, unknown_values
from lifecluster.web.directory.search.licensed import Held, licensed, measured, out_of_reach
from lifecluster.web.directory.search.places import Nearest, Place, meant, near, place_of
from lifecluster.web.directory.search.query import WITHIN, Query
from lifecluster.web.directory.search.ranking import Hits
from lifecluster.web.directory.search.text import Found, find
from lifecluster.web.directory.told_more import told_more
from lifecluster.web.directory.viewer import viewer_of

TITLES = {
    COUNTED: "Under the definition",
    SEGMENT: "Segment",
    "place": "Place",
    "size": "Employees",
    "capability": "Capability",
    "licence": "Licence",
    "ownership": "Ownership",
    "mission": "Healthcare mission",
    "member": "Member of",
    "activity": "Activity",
    "type": "Kind of organisation",
    "facility": "Premises",
}
POSITIONED = frozenset({COUNTED, SEGMENT, "size"})
"""Facets whose values stand in an order of their own, not by count."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the list. `organisation.data` is not read with it; `organisation.summary` has what a line needs.

    `km` to the nearest site and `site` its uid, where a place was asked about.
    """

    organisation: Organisation
    km: float | None = None
    site: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A hit on the map; easting and northing in metres."""

    uid: str
    name: str
    easting: int
    northing: int
    km: float | None = None


@dataclass(slots=True)  # not frozen: a page has hundreds, and to make a frozen one takes four times as long
class FacetValue:
    """A value with how many hits it would have beside all other filters; `url` the query with it put in or out."""

    query: Query = field(repr=False)
    facet: str
    value: str
    label: str
    count: int
    chosen: bool
    parent: str = ""

    @property
    def url(self) -> str:
        """Query part of the address of the same search with this value put in, or out if it is in."""
        return self.query.toggled(self.facet, self.value).encode()


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """A facet: its values that have hits or are chosen, and how many are chosen."""

    name: str
    title: str
    values: list[FacetValue]
    chosen: int


@dataclass(frozen=True)
class Page:
    """What was found; `numbers` those of the organisations of this page.

    `definition` is the one that segments are of; `corrected` the text searched instead of a misspelt one; `notes` whole
    sentences for the reader. A place that is not known is no part of `query`; `meant` is the place whose name is like
    it.
    """

    query: Query
    package: Package
    numbers: list[int]
    total: int
    page: int
    pages: int
    facets: list[FacetCounts]
    definition: str
    found: Place | None
    corrected: str
    notes: tuple[str, ...]
    hits: Hits = field(repr=False)
    meant: str = ""

    @cached_property
    def rows(self) -> list[Row]:
        """The lines of this page, in order; read when they are asked for, in one query."""
        return _rows(self.package, self.numbers, self.hits.away, self.hits.index.level)

    def uids(self) -> list[str]:
        """Ids of all hits, in order."""
        return [self.hits.index.uids[number] for number in self.hits]

    def dots(self) -> list[tuple[int, int]]:
        """Easting and northing of all hits that have a place, in no order."""
        points = self.hits.index.points
        return [point for number in bits.members(self.hits.chosen) if (point := points[number]) is not None]

    def points(self) -> list[Point]:
        """All hits that have a place, in order; where a place was asked about, at the site that is nearest to it."""
        index, away = self.hits.index, self.hits.away
        found = []
        for n in self.hits:
            if n in away:
                found.append(Point(index.uids[n], index.names[n], away[n].easting, away[n].northing, away[n].km))
            elif (point := index.points[n]) is not None:
                found.append(Point(index.uids[n], index.names[n], *point))
        return found


@dataclass(frozen=True, slots=True)
class Reach:
    """The neighbourhood of the place that was asked about, `within` kilometres of it."""

    index: Index
    place: Place
    within: float
    away: dict[int, Nearest]
    held: Held

    @classmethod
    def of(cls, index: Index, place: Place, within: float) -> Reach:
        """What is near a place. One query."""
        return cls(index, place, within, near(index, place, within), licensed(index))

    def beyond(self, licence: str) -> int:
        """Organisations that hold a licence of this type, but farther off."""
        return out_of_reach(self.index, self.held, licence, self.place, self.within)

    def away_for(self, licences: tuple[str, ...]) -> dict[int, Nearest]:
        """The nearest place of each; of those that hold one of these licences, the nearest where it is held."""
        return measured(self.index, self.held, licences, self.place, self.away) if licences else self.away


@dataclass(frozen=True, slots=True)
class _Filters:
    """Sets that a hit has to be in: `base` for everything but the facets, `facets` those of each facet that is set."""

    index: Index
    reach: Reach | None
    base: int
    facets: dict[str, int]

    def members(self, facet: str, value: str, key: str) -> int:
        """Organisations with a value of a facet; a licence counts only where it is held within reach."""
        found = self.index.members(key, value)
        return found & ~self.reach.beyond(value) if self.reach and facet == "licence" else found

    def without(self, facet: str) -> int:
        """What all filters but that of one facet leave."""
        left = self.base
        for name, chosen in self.facets.items():
            if name != facet:
                left &= chosen
        return left


def results(query: Query, user: object, *, package: Package | None = None) -> Page:
    """Answer a query. One query to the database, two with words, one more for a slip of the hand, two for a place,
    one when its rows are asked for.

    Raises NoPackageError.
    """
    shown = package or packages.current()
    index = index_of(shown, viewer_of(user))
    query = spelt(query, index)
    definition = query.definition or default_definition(shown, index)
    notes = list(query.ignored)
    place = place_of(query.near, index=index) if query.near else None
    alike = ""
    if query.near and place is None:
        notes.append(f"“{query.near}” is no postcode, town or district that the register knows, so no place was used.")
        alike = meant(query.near, index)
        query = replace(query, near="", within=WITHIN, sort="" if query.sort == "distance" else query.sort)
    if query.definition and f"{COUNTED}:{query.definition}" not in index.values:
        notes.append(f"There is no definition “{query.definition}”.")
    elif query.chosen:
        notes += unknown_values(query, shown, index, definition)
    reach = Reach.of(index, place, query.within) if place else None
    text = find(index, query.q) if query.q else Found(index.everything, ())
    filters = _filters(query, index, definition, text, reach)
    away = reach.away_for(query.licence) if reach else {}
    hits = Hits(index, filters.without(""), query.order, text.words, away)
    pages = max(1, -(-len(hits) // query.per_page))
    page = min(query.page, pages)
    wanted = list(islice(hits, (page - 1) * query.per_page, page * query.per_page))
    return Page(
        query,
        shown,
        wanted,
        len(hits),
        page,
        pages,
        list(_facets(query, index, filters, definition)),
        definition,
        place,
        text.corrected,
        tuple(notes),
        hits,
        alike,
    )


def _filters(query: Query, index: Index, definition: str, text: Found, reach: Reach | None) -> _Filters:
    base = text.numbers & (index.everything if query.ended else index.live)
    if reach is not None:
        base &= bits.of(reach.away, index.size)
    filters = _Filters(index, reach, base, {})
    for facet in FACETS:
        chosen = getattr(query, facet)
        if facet == COUNTED:
            chosen = (chosen or ("yes", "likely")) if query.definition else ()
        if chosen:
            filters.facets[facet] = 0
            for value in chosen:
                filters.facets[facet] |= filters.members(facet, value, key_of(facet, definition))
    return filters


def _rows(package: Package, numbers: list[int], away: Mapping[int, Nearest], level: int) -> list[Row]:
    found = list(Organisation.objects.filter(package=package, number__in=numbers).defer("data"))
    told_more(found, package, level)
    by_number = {row.number: row for row in found}
    rows = []
    for number in numbers:
        if number in by_number:
            near_ = away.get(number)
            rows.append(Row(by_number[number], near_.km, near_.site) if near_ else Row(by_number[number]))
    return rows


def _facets(query: Query, index: Index, filters: _Filters, definition: str) -> Iterator[FacetCounts]:
    for facet in FACETS:
        if facet == COUNTED and not query.definition:
            continue
        key, chosen = key_of(facet, definition), getattr(query, facet)
        left = filters.without(facet)
        names = CERTAINTIES if facet == COUNTED else dict.fromkeys((*index.values.get(key, ()), *chosen))
        values = [
            (index.labels.get((key, value)) or Label(value), value, count)
            for value in names
            if (count := (left & filters.members(facet, value, key)).bit_count()) or value in chosen
        ]
        if not values:
            continue
        if facet in POSITIONED:
            values.sort(key=lambda v: (v[0].position, v[0].label))
        else:
            values.sort(key=lambda v: (-v[2], v[0].label))
        made = [
            FacetValue(query, facet, value, label.label, n, value in chosen, label.parent) for label, value, n in values
        ]
        yield FacetCounts(facet, TITLES[facet], made, len(chosen))
