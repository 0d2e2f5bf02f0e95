"""What the page of premises shows: filters with counts, a table with evidence, a map beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from lifecluster.reference import facilities
from lifecluster.web.directory import memo, reads
from lifecluster.web.directory.freshness import today
from lifecluster.web.directory.show import addresses, ground
from lifecluster.web.directory.show.evidence import Reader, since
from lifecluster.web.directory.show.proper import proper
from lifecluster.web.directory.values import Stated, Values, values
from lifecluster.web.directory.viewer import Viewer
from lifecluster.web.kit.maps import Frame, Pin
from lifecluster.web.kit.rendering import EMPTY, format_html
from lifecluster.web.kit.states import Badge
from lifecluster.web.kit.tables import Column, Row, Table
from lifecluster.web.premises.asked import FACETS, PROPERTY, Asked
from lifecluster.web.premises.search import Found, Premises

SIZE = 25
TITLES = {"type": "Type", "cleanroom": "Cleanroom class", "containment": "Containment level", "shared": "Shared"}
SHARED = {"yes": "Shared with others", "no": "For its holder alone"}
STATED = ("facility_type", "cleanroom_class", "containment_level", "space_m2", "space_available_m2", "available_from")


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a filter: its label, how many there are, the address with it put in or taken out."""

    label: str
    count: int
    url: str
    on: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter with its values."""

    name: str
    title: str
    choices: list[Choice]


def filters(found: Found, asked: Asked) -> list[Filter]:
    """The filters that have anything to choose."""
    made = []
    for facet in FACETS:
        prop = PROPERTY[facet]
        order = list(SHARED) if facet == "shared" else list(facilities.declared().codes[prop])
        present = found.counts[facet].keys() | set(getattr(asked, facet))
        rest = sorted(present - set(order))
        choices = [
            Choice(_label(facet, value), found.counts[facet].get(value, 0), _url(asked.toggled(facet, value)),
                   value in getattr(asked, facet))
            for value in [*order, *rest] if value in present
        ]  # fmt: skip
        if choices:
            made.append(Filter(facet, TITLES[facet], choices))
    return made


def _label(facet: str, value: str) -> str:
    return SHARED.get(value, value) if facet == "shared" else facilities.title(PROPERTY[facet], value)


def _url(asked: Asked) -> str:
    return f"?{asked.encode()}"


COLUMNS = (
    Column("pin", "On the map"), Column("title", "Facility", head=True, wide="l"),
    Column("holder", "Of, and where", wide="l"), Column("where", "Where"),
    Column("class", "Class or level"), Column("space", "Space, m²"), Column("free", "Available, m²"),
    Column("from", "From"),
)  # fmt: skip


def table(rows: Sequence[Premises], viewer: Viewer, *, first: int, whose: bool = True) -> Table:
    """A page of premises, each value with its evidence; `first` the number of the first one on the map."""
    package = reads.current()
    stated = values([one.thing.uid for one in rows], viewer, package=package)
    sites = {
        one.site.uid: reads.Named(one.site.uid, "site", one.site.name, one.site.sample) for one in rows if one.site
    }
    reader = Reader(sites, today())
    made = [
        _row(one, stated, reader, str(number) if first else "0", whose=whose) for number, one in enumerate(rows, first)
    ]
    gone = {"where" if whose else "holder"} | (set() if first else {"pin"})
    columns = [column for column in COLUMNS if column.key not in gone]
    return Table("Premises and facilities", columns, made, empty="Nothing fits.")


def _row(one: Premises, stated: Values, reader: Reader, number: str, *, whose: bool) -> Row:
    uid = one.thing.uid
    said = {prop: stated.of(uid, prop) for prop in STATED}
    title = one.thing.title or facilities.title("facility_type", one.data.get("facility_type", ""))
    place = one.site.town if one.site is not None else one.holder.town
    far = format_html(" {} km", f"{one.km:.1f}") if one.km is not None else EMPTY
    level = said["cleanroom_class"] or said["containment_level"]
    shown = {"class": level, "space": said["space_m2"],
             "free": said["space_available_m2"], "from": said["available_from"]}  # fmt: skip
    where = format_html("{}{}", place or "not recorded", far)
    cells: dict[str, Any] = {
        "title": addresses.link(addresses.address(uid, "facility"), title or "Facility"),
        **{key: _mark(reader, stated) for key, stated in shown.items()},
    }  # fmt: skip
    if number != "0":
        cells["pin"] = number if one.spot else "no place"
    holder = addresses.link(addresses.organisation(one.holder.uid, one.holder.slug or "page"), proper(one.holder.name))
    sub: dict[str, Any] = {"title": _mark(reader, said["facility_type"])}
    if whose:
        cells["holder"], sub["holder"] = holder, format_html("{}{}", where, _ask(uid))
    else:
        cells["where"], sub["where"] = where, _ask(uid)
    sub |= {key: badge for key, stated in shown.items() if (badge := _stale(stated)) is not None}
    return Row(cells, sub=sub)


def _mark(reader: Reader, stated: Stated | None) -> Any:
    """A value with its evidence."""
    return "not recorded" if stated is None or not stated.shown else reader.mark(stated)


def _stale(stated: Stated | None) -> Badge | None:
    """That a value is stale, where it is."""
    first = stated.shown[0] if stated is not None and stated.shown else None
    return Badge("stale", since(first)) if first is not None and first.freshness.state == "stale" else None


def _ask(uid: str) -> SafeString:
    """The way to the form of enquiries, about this."""
    return format_html(
        ' <a class="premises-about" href="{}?about={}">Ask about this</a>', reverse("enquiries:ask"), uid
    )


def drawn(rows: Sequence[Premises], first: int, place: Any) -> Any:
    """The map of a page: a number for each facility that has a place."""
    base = ground.ground(memo.codes(reads.current()))
    spots = [(number, one.spot) for number, one in enumerate(rows, first) if one.spot is not None]
    pins = [Pin(str(number), *spot) for number, spot in spots]
    if not pins:
        return base.drawing("Map of the region; nothing in the list has a place.")
    around = [(pin.easting, pin.northing) for pin in pins]
    around += [(place.easting, place.northing)] if place is not None else []
    frame = Frame.around(around, margin=0.25, least=60_000, width=420, step=10_000)
    return base.drawing("Map of the premises in the list beside it, by their numbers.", pins=pins, frame=frame)


def said(found: Found, asked: Asked) -> str:
    """The sentence above the list."""
    count = len(found.rows)
    what = "1 facility" if count == 1 else f"{count:,} facilities"
    near = f" within {asked.within} km of {found.place.label}" if found.place is not None else ""
    free = f" with at least {asked.free:,.0f} m² free" if asked.free else ""
    return f"{what}{free}{near}, of {found.every:,} that you may see."


def notes(found: Found, asked: Asked) -> list[str]:
    """What the reader should know of the answer."""
    made = list(asked.ignored)
    if asked.near and found.place is None:
        made.append(f"“{asked.near}” is no place that is known here: write a postcode, its first half, or a town.")
    if found.silent:
        more = "1 more fits but does not say" if found.silent == 1 else f"{found.silent:,} more fit but do not say"
        made.append(f"{more} how much is free: unknown is not no.")
    if found.nowhere:
        made.append(f"{found.nowhere:,} without a place cannot be measured.")
    return made
