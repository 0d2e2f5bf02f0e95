"""The directory list: rows, chips of what is chosen, facets as they are drawn, sorting, the map beside the list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString

from lifecluster.places.spoken import listed
from lifecluster.web.directory import memo
from lifecluster.web.directory.search import Query, bits
from lifecluster.web.directory.show import addresses, ground, words
from lifecluster.web.directory.show.proper import proper
from lifecluster.web.directory.show.sentence import sentence
from lifecluster.web.kit import formats
from lifecluster.web.kit.icons import icon
from lifecluster.web.kit.maps import Frame, RingMark, specks
from lifecluster.web.kit.paths import path_of
from lifecluster.web.kit.rendering import EMPTY, soft
from lifecluster.web.kit.states import Badge

if TYPE_CHECKING:
    from lifecluster.web.directory.search import FacetCounts, FacetValue, Page, Row
    from lifecluster.web.directory.search.index import Index

__all__ = [
    "Chip", "Group", "Lacking", "Line", "chips", "drawn", "groups", "lacking", "line", "placed", "places", "sentence",
    "sorts", "url",
]  # fmt: skip
FIRST = 7
"""Values of a facet that are seen before the others are asked for."""
WORDS = 4
"""Capabilities a line names."""
SORTS = {"best": "best match", "distance": "distance", "name": "name", "size": "employees", "recent": "newest evidence"}


def url(query: Query) -> str:
    """The page of a query: always the same for the same query."""
    encoded = query.encode()
    return f"{path_of('directory:index')}?{encoded}" if encoded else path_of("directory:index")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the list, in words."""

    uid: str
    name: str
    url: str
    place: str
    km: str
    says: str
    employees: str
    old: SafeString
    evidence: str
    ended: str
    sample: bool
    stale: SafeString


def line(row: Row, labels: Mapping[tuple[str, str], Any], definition: str, towns: Mapping[str, str],
         stale: SafeString = EMPTY, *, old: bool = False) -> Line:  # fmt: skip
    """A row in words; what is not known is said so. `towns` of the nearest sites, by uid; `stale`: marks; `old`:
    whether the number of staff was last told too long ago."""
    o = row.organisation
    summary = o.summary or {}
    inside = _finest(summary.get("segments", {}).get(definition, ()), labels, f"segment:{definition}")
    can = [
        labels[key].label if (key := ("capability", c)) in labels else words.in_words(c)
        for c in summary.get("capabilities", ())
    ]
    more = f" and {len(can) - WORDS} more" if len(can) > WORDS else ""
    ended = "" if o.live else f"Closed {formats.day(o.ended_on)}" if o.ended_on else "Closed"
    return Line(
        o.uid,
        proper(o.name),
        addresses.organisation(o.uid, o.slug),
        towns.get(row.site) or o.town or "place not known",
        f"{row.km:.1f} km" if row.km is not None else "",
        "; ".join(p for p in (inside, ", ".join(can[:WORDS]) + more) if p),
        formats.number(o.employees) if o.employees is not None else "not known",
        Badge("stale").render() if old and o.employees is not None else EMPTY,
        addresses.evidence(o.uid, "employees") if o.employees is not None else "",
        ended,
        o.sample,
        stale,
    )


def _finest(segments: Sequence[str], labels: Mapping[tuple[str, str], Any], facet: str) -> str:
    """The most telling segments: those that no other one of them lies in."""
    known = {s: labels[facet, s] for s in segments if (facet, s) in labels}
    parents = {label.parent for label in known.values()}
    return ", ".join(label.label for s, label in known.items() if s not in parents)


@dataclass(frozen=True, slots=True)
class Lacking:
    """A definition without the segments that were asked for: a sentence, and the segments it has with addresses."""

    said: str
    segments: list[tuple[str, str]]


def lacking(page: Page, definitions: Mapping[str, Mapping[str, Any]]) -> Lacking | None:
    """Which of the chosen segments the definition does not have; None where it has them all."""
    definition = definitions.get(page.definition)
    if definition is None or (page.query.definition and page.query.definition != page.definition):
        return None
    known: dict[str, str] = {}
    stack = list(reversed(definition.get("segments", ())))
    while stack:
        segment = stack.pop()
        known[str(segment["id"])] = str(segment["label"])
        stack += reversed(segment.get("segments", ()))
    missing = [f"“{value}”" for value in page.query.segment if value not in known]
    if not missing:
        return None
    said = f"“{definition['title']}” has no segment {listed(missing)}. "
    said += "Its segments are:" if known else "It has no segments."
    return Lacking(said, [(label, url(page.query.with_(segment=(code,)))) for code, label in known.items()])


@dataclass(frozen=True, slots=True)
class Chip:
    """Something chosen, with the address that takes it back."""

    what: str
    label: str
    url: str


def chips(page: Page) -> list[Chip]:
    """What is chosen, each with its way back."""
    query = page.query
    found = []
    if query.q:
        found.append(Chip("Words", query.q, url(query.with_(q=""))))
    if query.near:
        label = f"within {query.within:g} km of {page.found.label if page.found else query.near}"
        found.append(Chip("Near", label, url(query.with_(near="", within=25.0, sort=""))))
    for facet in page.facets:
        found += [Chip(facet.title, v.label, f"{path_of('directory:index')}?{v.url}") for v in facet.values if v.chosen]
    if query.ended:
        found.append(Chip("Also", "those that have closed", url(query.with_(ended=False))))
    return found


@dataclass(frozen=True, slots=True)
class Group:
    """A facet as it is drawn: the first values, and `more` others behind a word; both are list items."""

    name: str
    title: str
    first: SafeString
    others: SafeString
    more: int


def groups(query: Query, facets: list[FacetCounts]) -> list[Group]:
    """Facets as they are drawn; those that are chosen are always seen, children stand below their parents."""
    pieces = query.with_().pieces()
    return [_group(query, facet, pieces) for facet in facets if facet.values]


def _group(query: Query, facet: FacetCounts, pieces: Mapping[str, str]) -> Group:
    first, others, nested = _parted(facet)
    address = _toggle(query, facet.name, pieces)
    seen, hidden = (
        SafeString("".join([_item(v, address(v.value), nested) for v in values])) for values in (first, others)
    )
    return Group(facet.name, facet.title, seen, hidden, len(others))


CHOSEN = icon("yes") + SafeString('<span class="vh">Chosen: </span>')


def _item(v: FacetValue, address: str, nested: bool) -> str:
    """A value as a list item, `address` escaped. A page has hundreds, so they are put together here and not by a
    template."""
    below = ' class="below"' if nested and v.parent else ""
    current, mark = (' aria-current="true"', CHOSEN) if v.chosen else ("", "")
    return (
        f'<li{below}><a href="?{address}" rel="nofollow" data-part{current}><span class="f-label">{mark}'
        f'{_label(v.label)}</span> <span class="f-n">{v.count:,}</span></a></li>'
    )


@lru_cache(4096)
def _label(text: str) -> str:
    """A label, escaped, whose very long words may break."""
    return conditional_escape(soft(text)) if len(text) > 24 else escape(text)  # type: ignore[arg-type]  # text or markup


def _toggle(query: Query, facet: str, pieces: Mapping[str, str]) -> Callable[[str], str]:
    """How a value of a facet is put into the address of a query, or out of it: `FacetValue.url` escaped, for many."""
    place = PARTS.index(facet)
    before: list[str] = [escape(pieces[name]) for name in PARTS[:place] if name in pieces]
    after: list[str] = [escape(pieces[name]) for name in PARTS[place + 1 :] if name in pieces]
    chosen = set(getattr(query, facet))

    def address(value: str) -> str:
        own = [f"{facet}={_quoted(one)}" for one in (sorted(chosen ^ {value}) if chosen else (value,))]
        return "&amp;".join(before + own + after)

    return address


@lru_cache(4096)
def _quoted(value: str) -> str:
    """A value as it stands in an address; nothing in it needs to be escaped."""
    return quote_plus(value)


PARTS = tuple(part.name for part in fields(Query) if part.name not in {"ignored", "page"})


def _parted(facet: FacetCounts) -> tuple[list[FacetValue], list[FacetValue], bool]:
    """The values that are seen at first, the others, and whether children stand below their parents."""
    nested = facet.name == "segment"
    values = _nested(facet.values) if nested else sorted(facet.values, key=lambda v: bool(v.parent))
    if len(values) <= FIRST + 2:
        return values, [], nested
    if nested:
        below = {v.value: v.parent for v in values}
        seen = {v.value for v in values if not below.get(v.parent)}  # parents and their children
    else:
        seen = {v.value for v in values[:FIRST]}
    first = [v for v in values if v.value in seen or v.chosen]
    shown = {v.value for v in first}
    return first, [v for v in values if v.value not in shown], nested


def _nested(values: list[FacetValue]) -> list[FacetValue]:
    """Parents first, each followed by its children; what has no parent here stands as it is."""
    present = {v.value for v in values}
    below: dict[str, list[FacetValue]] = {}
    for v in values:
        below.setdefault(v.parent if v.parent in present else "", []).append(v)
    ordered: list[FacetValue] = []
    stack = list(reversed(below.get("", [])))
    while stack:
        v = stack.pop()
        ordered.append(v)
        stack += reversed(below.get(v.value, []))
    return ordered


def sorts(query: Query) -> list[tuple[str, str, bool]]:
    """Sort, its words, whether it applies."""
    possible = [s for s in SORTS if (s != "best" or query.q) and (s != "distance" or query.near)]
    return [(s, SORTS[s], s == query.order) for s in possible]


def placed_hits(page: Page) -> int:
    """How many of the hits stand on the map."""
    hits = page.hits
    return (hits.chosen & hits.index.placed).bit_count() if page.found is None else len(places(page))


def places(page: Page) -> dict[int, tuple[int, int]]:
    """Where each hit stands on the map, by its number: at its nearest site if a place was asked about."""
    index, away = page.hits.index, page.hits.away
    points = index.points
    if page.found is None:
        return {n: point for n in bits.members(page.hits.chosen) if (point := points[n]) is not None}
    spots = {spot.site or spot.number: (spot.easting, spot.northing) for spot in index.spots}
    return {n: spots[away[n][1] or n] for n in page.hits if n in away}


def placed(page: Page) -> str:
    """How many of the hits the map can show, in a sentence; empty where there is nothing to show."""
    n = placed_hits(page)
    if not n:
        return ""
    if n == page.total:
        return "It is on the map." if n == 1 else "A dot is an organisation; all of them are on the map."
    return f"A dot is an organisation; {formats.number(n)} of {formats.number(page.total)} have a place."


@dataclass(frozen=True, slots=True)
class Drawn:
    """A map; `pieces`: the long parts of it that other pages have too."""

    markup: SafeString
    pieces: tuple[str, str]


def drawn(page: Page, codes: frozenset[str]) -> Drawn:
    """The map on the server: all hits as dots, the place asked about as a pin; once for all pages of a list."""
    query = page.query
    asked = (page.hits.chosen, page.found, query.within, query.licence if page.found else (), page.hits.index.level)
    found: Drawn = memo.kept("map", page.package, lambda: _drawn(page, codes), asked)
    return found


def _drawn(page: Page, codes: frozenset[str]) -> Drawn:
    base = ground.ground(codes, 420.0)
    words_ = f"Map of {formats.number(placed_hits(page))} organisations; the list has the same"
    if page.found is None:
        dots = _dots(page.hits.index, codes, base.frame)
        seen: dict[tuple[int, int], str] = {}
        for number in bits.members(page.hits.chosen):
            if (dot := dots[number]) is not None:
                seen.setdefault(*dot)
        path = "".join(seen.values())
        return Drawn(base.drawing(words_, dots=path), (base.constant(), path))
    here = (page.found.easting, page.found.northing)
    reach = page.query.within * 1000
    corners = [(here[0] - reach, here[1] - reach), (here[0] + reach, here[1] + reach)]
    frame = Frame.around(corners, margin=0.06, width=420.0)
    inside = [at for at in places(page).values() if frame.has(*at)]
    path = specks(ground.thinned(inside, frame), frame)
    found = base.drawing(words_, dots=path, frame=frame, rings=[RingMark("", *here, reach)])
    return Drawn(found, (base.constant(frame), path))


def _dots(index: Index, codes: frozenset[str], frame: Frame) -> list[tuple[tuple[int, int], str] | None]:
    """For each organisation the square it takes on the map and its dot there; once for all maps of an index."""
    known: list[tuple[tuple[int, int], str] | None] | None = index.made.get(("dots", codes))
    if known is None:
        known = [(ground.square(at, frame), specks([at], frame)) if at is not None and frame.has(*at) else None
                 for at in index.points]  # fmt: skip
        index.made["dots", codes] = known
    return known
