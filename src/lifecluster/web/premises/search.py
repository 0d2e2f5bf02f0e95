"""Finding premises: few enough to be gone through one by one, by what their reader may know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import hypot
from typing import Any

from lifecluster.reference import facilities
from lifecluster.web.directory import packages
from lifecluster.web.directory.loading.texts import fold
from lifecluster.web.directory.models import Organisation, Site, Thing, Tie
from lifecluster.web.directory.search.places import Place, place_of
from lifecluster.web.directory.viewer import Viewer
from lifecluster.web.premises.asked import FACETS, PROPERTY, Asked

YES, NO = "yes", "no"


@dataclass(frozen=True, slots=True)
class Premises:
    """A facility: its row, whose it is, at which site (None where that is not known), and how far from the place asked
    about, in kilometres."""

    thing: Thing
    holder: Organisation
    site: Site | None
    words: str
    km: float | None = None

    @property
    def data(self) -> dict[str, Any]:
        """The values shown."""
        found: dict[str, Any] = self.thing.data
        return found

    @property
    def spot(self) -> tuple[int, int] | None:
        """Easting and northing in metres: of the site, else of the organisation."""
        for row in (self.site, self.holder):
            if row is not None and row.easting is not None and row.northing is not None:
                return row.easting, row.northing
        return None

    def value(self, facet: str) -> str | None:
        """The value that a filter looks at; None where it is unknown."""
        found = self.data.get(PROPERTY[facet])
        if isinstance(found, bool):
            return YES if found else NO
        return found


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, nearest first or by name; `silent`: how many fit but do not say how much is free; `nowhere`: how
    many fit but have no place; `place` as understood; `counts` of each value of each filter with all others applied."""

    rows: list[Premises]
    every: int
    silent: int
    nowhere: int
    place: Place | None
    counts: dict[str, dict[str, int]]


def everything(viewer: Viewer) -> list[Premises]:
    """All premises that a reader may know of, and that are not over."""
    shown = packages.current()
    things = list(Thing.objects.visible_to(viewer, shown).filter(kind="facility", live=True))
    ties = Tie.objects.visible_to(viewer, shown).filter(kind="facility", role__in=["holder", "held_at"])
    holders: dict[str, str] = {}
    places: dict[str, str] = {}
    for thing, role, party in ties.order_by("party").values_list("thing", "role", "party"):
        (holders if role == "holder" else places).setdefault(thing, party)
    organisations = {o.uid: o for o in Organisation.objects.visible_to(viewer, shown).filter(uid__in=holders.values())}
    sites = {s.uid: s for s in Site.objects.visible_to(viewer, shown).filter(uid__in=places.values())}
    return [
        made(thing, organisations[holders[thing.uid]], sites.get(places.get(thing.uid, "")))
        for thing in things
        if holders.get(thing.uid) in organisations
    ]


def made(thing: Thing, holder: Organisation, site: Site | None) -> Premises:
    """A facility with the words that it is found by."""
    data = thing.data
    parts = [thing.title, data.get("description", ""), holder.name, site.town if site else holder.town]
    parts += [facilities.title(prop, data[prop]) for prop in sorted(facilities.CODED) if data.get(prop)]
    return Premises(thing, holder, site, fold(" ".join(parts)))


def find(asked: Asked, viewer: Viewer) -> Found:
    """What fits what is asked."""
    place = place_of(asked.near) if asked.near else None
    return among(everything(viewer), asked, place)


def among(rows: Sequence[Premises], asked: Asked, place: Place | None) -> Found:
    """What fits among `rows`."""
    placed = [replace(one, km=_km(one, place)) for one in rows] if place is not None else list(rows)
    basic = [one for one in placed if _words(one, asked.q)]
    near = [one for one in basic if place is None or (one.km is not None and one.km <= asked.within)]
    free = [one for one in near if _free(one, asked.free)]
    fitting = [one for one in free if _fits(one, asked, "")]
    counts: dict[str, dict[str, int]] = {facet: {} for facet in FACETS}
    for facet in FACETS:
        for one in free:
            value = one.value(facet)
            if value is not None and _fits(one, asked, facet):
                counts[facet][value] = counts[facet].get(value, 0) + 1
    silent = sum("space_available_m2" not in one.data and _fits(one, asked, "") for one in near) if asked.free else 0
    nowhere = sum(one.km is None and _fits(one, asked, "") for one in basic) if place is not None else 0
    return Found(sorted(fitting, key=_order), len(rows), silent, nowhere, place, counts)


def _order(one: Premises) -> tuple[float, str, str]:
    return one.km if one.km is not None else 0.0, fold(one.thing.title), one.thing.uid


def _words(one: Premises, q: str) -> bool:
    """Whether all words asked for begin a word of the facility."""
    have = f" {one.words} "
    return all(f" {word}" in have for word in fold(q).split())


def _free(one: Premises, least: float) -> bool:
    """Whether it says that so much is free; what it does not say is no yes."""
    free = one.data.get("space_available_m2")
    return least <= 0 or (free is not None and free >= least)


def _fits(one: Premises, asked: Asked, apart: str) -> bool:
    """Whether it fits all filters but `apart`."""
    wanted: Iterable[tuple[str, tuple[str, ...]]] = ((f, getattr(asked, f)) for f in FACETS if f != apart)
    return all(not values or one.value(facet) in values for facet, values in wanted)


def _km(one: Premises, place: Place | None) -> float | None:
    if place is None or one.spot is None:
        return None
    return hypot(one.spot[0] - place.easting, one.spot[1] - place.northing) / 1000
