"""What every process keeps of the shown package, so that filters, counts and orders cost no query.

10,000 organisations take a few megabytes: sets as whole numbers, names, coordinates. The index is read anew when the
package, its revision or the day changes; one for each level of clearance that is asked for.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, reduce
from operator import or_
from threading import Lock
from typing import Any

from django.db import connection
from django.db.models import F

from lifecluster.policy.visibility import Visibility
from lifecluster.web.directory.freshness import today
from lifecluster.web.directory.loading.facets import COUNTED
from lifecluster.web.directory.loading.texts import fold
from lifecluster.web.directory.models import FacetLabel, Lexicon, Organisation, Package, Site
from lifecluster.web.directory.search import bits
from lifecluster.web.directory.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Spot:
    """A place where an organisation is: a site, or (`site` empty) its main place where it has no site."""

    easting: int
    northing: int
    number: int
    site: str


@dataclass(slots=True)
class Label:
    """How a value of a facet is called and where it stands."""

    label: str
    parent: str = ""
    position: int = 0


@dataclass
class Index:
    """The organisations of a package as seen from one level; all lists are indexed by their numbers."""

    key: tuple[object, ...]
    package: int
    level: int
    size: int
    uids: list[str]
    names: list[str]
    folded: list[str]
    employees: list[int]
    newest: list[str]
    points: list[tuple[int, int] | None]
    everything: int
    live: int
    values: dict[str, dict[str, int]]
    labels: dict[tuple[str, str], Label]
    spots: list[Spot]
    towns: dict[str, list[tuple[int, int]]]
    districts: dict[str, list[tuple[int, int]]]
    lexicon: list[str]
    corrections: dict[str, list[str]] = field(default_factory=dict)
    made: dict[Any, Any] = field(default_factory=dict)
    """What pages made of it, by what it is called; goes when the index goes."""

    @cached_property
    def placed(self) -> int:
        """Those with a place of their own."""
        return bits.of((number for number, point in enumerate(self.points) if point is not None), self.size)

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Number of each uid."""
        return {uid: number for number, uid in enumerate(self.uids) if uid}

    @cached_property
    def by_name(self) -> list[int]:
        """Numbers in the order of names."""
        return sorted(range(self.size), key=lambda n: (self.folded[n], self.uids[n]))

    @cached_property
    def by_size(self) -> list[int]:
        """Numbers in the order of head counts, largest first, unknown last."""
        return sorted(self.by_name, key=lambda n: -self.employees[n])

    @cached_property
    def by_date(self) -> list[int]:
        """Numbers in the order of the newest date at which anything was seen or verified."""
        return sorted(self.by_name, key=lambda n: self.newest[n], reverse=True)

    @cached_property
    def eastings(self) -> list[int]:
        """Eastings of the spots, rising."""
        return [spot.easting for spot in self.spots]

    @cached_property
    def spot_of(self) -> dict[tuple[int, str], Spot]:
        """Each spot by the number of its organisation and the uid of its site."""
        return {(spot.number, spot.site): spot for spot in self.spots}

    def members(self, facet: str, value: str) -> int:
        """The set of organisations with a value of a facet. "No" is whoever has none of the others."""
        known = self.values.get(facet, {})
        if value == "no" and facet.startswith(COUNTED):
            return self.everything & ~reduce(or_, known.values(), 0)
        return known.get(value, 0)


_kept: dict[tuple[str, int], Index] = {}
_lock = Lock()


def index_of(package: Package, viewer: Viewer) -> Index:
    """The index of a package for a reader; made if there is none for this package, revision and day."""
    level = int(min(viewer.clearance, Visibility.BROKER))
    at = today()
    slot = (str(connection.settings_dict["NAME"]), level)
    key = (package.pk, package.name, package.revision, package.loaded_at, at)
    found = _kept.get(slot)
    if found is not None and found.key == key:
        return found
    with _lock:
        found = _kept.get(slot)
        if found is None or found.key != key:
            found = _read(package, viewer, key, at)
            _kept[slot] = found
            gc.collect()
            gc.freeze()  # it stays until the register changes: the collector need not go through it for every few pages
    return found


def _read(package: Package, viewer: Viewer, key: tuple[object, ...], at: date) -> Index:
    level = int(min(viewer.clearance, Visibility.BROKER))
    columns = (
        "number",
        "uid",
        "name",
        "employees",
        "observed_on",
        "verified_on",
        "easting",
        "northing",
        "live",
        "town",
        "lad",
    )
    rows = list(Organisation.objects.filter(package=package, level__lte=level).order_by("number").values_list(*columns))
    size = rows[-1][0] + 1 if rows else 0
    made = Index(
        key=key,
        package=package.pk,
        level=level,
        size=size,
        uids=[""] * size,
        names=[""] * size,
        folded=[""] * size,
        employees=[-1] * size,
        newest=[""] * size,
        points=[None] * size,
        everything=bits.of((r[0] for r in rows), size),
        live=bits.of((r[0] for r in rows if r[8]), size),
        values=_values(package, level, at, size),
        labels=_labels(package, viewer),
        spots=[],
        towns=defaultdict(list),
        districts=defaultdict(list),
        lexicon=_lexicon(package, level),
    )
    for number, uid, name, employees, observed, verified, easting, northing, *_ in rows:
        made.uids[number], made.names[number], made.folded[number] = uid, name, fold(name)
        made.employees[number] = -1 if employees is None else employees
        made.newest[number] = max((d.isoformat() for d in (observed, verified) if d), default="")
        made.points[number] = None if easting is None else (easting, northing)
    _place(made, package, rows)
    return made


def _place(made: Index, package: Package, rows: list[tuple[object, ...]]) -> None:
    """Spots, towns and districts of an index."""
    sites = Site.objects.filter(package=package, level__lte=made.level, easting__isnull=False)
    numbers = made.numbers
    housed: set[int] = set()
    for organisation, uid, easting, northing, town, lad, live in sites.values_list(
        "organisation", "uid", "easting", "northing", "town", "lad", "live"
    ):
        number = numbers.get(organisation)
        if number is None or easting is None or northing is None:
            continue
        if live:
            housed.add(number)
            made.spots.append(Spot(easting, northing, number, uid))
        made.towns[fold(town)].append((easting, northing))
        made.districts[lad].append((easting, northing))
    for number, point in enumerate(made.points):
        if point is not None and number not in housed:
            made.spots.append(Spot(*point, number, ""))
    for row in rows:
        point = made.points[int(str(row[0]))]
        if point is not None:
            made.towns[fold(str(row[9]))].append(point)
    made.towns.pop("", None)
    made.spots.sort(key=lambda spot: (spot.easting, spot.northing, spot.number, spot.site))


def _values(package: Package, level: int, at: date, size: int) -> dict[str, dict[str, int]]:
    """Sets by facet and value, of what holds on the day `at` for readers of `level`."""
    gather = "string_agg(number::text, ',')" if connection.vendor == "postgresql" else "group_concat(number)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT facet, value, {gather} FROM directory_facet WHERE package_id = %s AND level <= %s AND upto >= %s"  # noqa: S608 - one of two texts of ours
            " AND (until IS NULL OR until >= %s) GROUP BY facet, value",
            [package.pk, level, level, at],
        )
        found: dict[str, dict[str, int]] = {}
        for facet, value, numbers in cursor.fetchall():
            found.setdefault(facet, {})[value] = bits.of(map(int, numbers.split(",")), size)
    return found


def _labels(package: Package, viewer: Viewer) -> dict[tuple[str, str], Label]:
    known = FacetLabel.objects.visible_to(viewer, package)
    rows = known.values_list("facet", "value", "label", "parent", "position")
    return {(facet, value): Label(label, parent, position) for facet, value, label, parent, position in rows}


def _lexicon(package: Package, level: int) -> list[str]:
    texts = Lexicon.objects.filter(package=package, level__lte=level).order_by("level").values_list("words", flat=True)
    return list(dict.fromkeys(word for text in texts for word in text.split("\n") if word))


def warm(viewer: Viewer, package: Package | None = None) -> None:
    """Make the index before anybody waits for it; quiet where nothing is loaded."""
    shown = package or Package.objects.filter(state="current").order_by(F("pk")).first()
    if shown is not None:
        index_of(shown, viewer)
