"""The ground of every map: the parts of the region in two tints, the country around, the towns that name it.

Worked out from the profile of the region and the tables of areas: nothing here knows which region it is.
"""

from __future__ import annotations

import itertools
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString

from lifecluster.errors import LifeclusterError
from lifecluster.places.outlines import outlines
from lifecluster.web.directory.areas import area_names, authorities, outwards
from lifecluster.web.directory.degrees import degrees
from lifecluster.web.kit.maps import Area, Border, Frame, Pin, RegionMap, Ring, RingMark, Town, marks, names, under
from lifecluster.web.kit.rendering import short

CREDIT = (
    "Outlines: Office for National Statistics, Open Government Licence v3.0; "
    "contains OS data © Crown copyright and database right 2022."
)
MAIN_TOWNS, ALL_TOWNS = 6, 11
APART = 24_000
"""Metres between two towns that are named."""
Place = tuple[float, float]


def codes_of(region: Mapping[str, Any]) -> frozenset[str]:
    """Authorities of a region as a package keeps it: noted when it was loaded; empty for one that cannot be read."""
    if "codes" in region:
        return frozenset(region["codes"])
    from lifecluster.region import Region  # brings the data libraries, which answering pages does without

    try:
        known = {k: v for k, v in region.items() if k in Region.model_fields and k != "map"}
        return Region.model_validate(known).codes
    except (LifeclusterError, ValueError):
        return frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What lies under the dots: `areas` in two tints, `land` around them, `towns`, `frame` of the whole region."""

    areas: tuple[Area, ...]
    land: tuple[Ring, ...]
    towns: tuple[Town, ...]
    frame: Frame

    def drawing(
        self,
        alternative: str,
        *,
        dots: str = "",
        frame: Frame | None = None,
        pins: Iterable[Pin] = (),
        rings: Iterable[RingMark] = (),
    ) -> SafeString:
        """A map on this ground; `frame` shows a part of it, `dots` is the path that `specks` gives.

        The ground itself is drawn once for each frame; names of towns keep clear of the pins.
        """
        shown = frame or self.frame
        drawn_on = tuple(pins)
        dotted = f'<path class="dots" d="{dots}"/>' if dots else ""
        said = escape(alternative)
        box = f"0 0 {short(shown.width)} {short(shown.height)}"
        return SafeString(
            f'<svg class="map" viewBox="{box}" role="img" aria-label="{said}">{_under(self, shown)}{dotted}'
            f"{_names(self, shown, drawn_on)}{marks(rings, drawn_on, shown)}</svg>"
        )

    def constant(self, frame: Frame | None = None) -> str:
        """The part of a drawing that is the same whatever is drawn on it, and long."""
        return _under(self, frame or self.frame)


@lru_cache(256)
def _under(ground: Ground, frame: Frame) -> SafeString:
    """Land and areas. Organisations of a town share a frame: a region has a few hundred."""
    return under(ground.land, ground.areas, frame)


@lru_cache(64)
def _names(ground: Ground, frame: Frame, pins: tuple[Pin, ...]) -> SafeString:
    """Names of towns and areas, and the scale."""
    return names(RegionMap("", ground.areas, ground.land, (), ground.towns, frame=frame, clear=pins), frame)


@lru_cache(8)
def ground(codes: frozenset[str], width: float = 560.0) -> Ground:
    """The ground of a region of these authorities, drawn `width` units wide."""
    table = outlines()
    parts, named = _parts(codes), towns(codes)
    drawn = tuple(
        Area(
            tuple(rings := [Border.of(ring) for ring in table.merged(members)]),
            "ab"[i % 2],
            name if len(parts) > 1 else "",
            _free(rings, named),
        )
        for i, (name, members) in enumerate(parts)
        if any(code in table.areas for code in members)
    )
    places = [place for area in drawn for ring in area.rings for place in ring]
    frame = Frame.around(places or [(250_000.0, 50_000.0), (650_000.0, 650_000.0)], margin=0.03, width=width)
    around = set(table.near(frame.west, frame.south, frame.east, frame.north)) - codes
    return Ground(drawn, tuple(map(Border.of, table.merged(around))), named, frame)


def _parts(codes: frozenset[str]) -> list[tuple[str, list[str]]]:
    """Name and authorities of the larger areas that the region is made of."""
    larger: dict[str, list[str]] = defaultdict(list)
    for row in authorities():
        if row["lad"] in codes:
            larger[row["region"]].append(row["lad"])
    return sorted((area_names().get(code, ""), members) for code, members in larger.items())


def _size(ring: Ring) -> float:
    """Twice the area, signed."""
    return sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in itertools.pairwise(ring))


def _free(rings: Iterable[Ring], named: Iterable[Town], steps: int = 24) -> Place | None:
    """Where the name of an area stands: inside its largest ring, far from its border and from towns that are named.

    A name is far wider than high, so what lies to its sides counts as four times nearer.
    """
    ring = max(rings, key=lambda ring: abs(_size(ring)), default=None)
    if ring is None:
        return None
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    others = [*ring[::3], *((t.easting + dx, t.northing) for t in named for dx in (0.0, 15_000.0, 30_000.0))]
    best, at = 0.0, None
    for i in range(1, steps):
        for j in range(1, steps):
            x, y = min(xs) + (max(xs) - min(xs)) * i / steps, min(ys) + (max(ys) - min(ys)) * j / steps
            if not _inside(x, y, ring):
                continue
            away = min(((x - a) / 4) ** 2 + (y - b) ** 2 for a, b in others)
            if away > best:
                best, at = away, (x, y)
    return at


def _inside(x: float, y: float, ring: Ring) -> bool:
    """Whether a place lies in a ring: a line to the east crosses its border an odd number of times."""
    found = False
    for (x0, y0), (x1, y1) in itertools.pairwise(ring):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
            found = not found
    return found


@lru_cache(8)
def towns(codes: frozenset[str]) -> tuple[Town, ...]:
    """Labels: the authorities of the region where postcodes lie densest, each at the middle of its postcodes."""
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for easting, northing, n, lad in outwards():
        if lad in codes:
            for i, value in enumerate((float(easting * n), float(northing * n), float(n))):
                sums[lad][i] += value
    table = outlines()
    dense = []  # dense and large: cities before suburbs
    for lad, (x, y, weight) in sums.items():
        size = sum(abs(_size(ring)) for ring in table.merged([lad])) / 2
        if size:
            dense.append((weight * weight / size, lad, x / weight, y / weight))
    chosen: list[Town] = []
    for _, lad, x, y in sorted(dense, reverse=True):
        if all(abs(x - other.easting) + abs(y - other.northing) > APART for other in chosen):
            chosen.append(Town(area_names()[lad], x, y, minor=len(chosen) >= MAIN_TOWNS))
    return tuple(chosen[:ALL_TOWNS])


def thinned(places: Iterable[Place], frame: Frame, step: float = 2.0) -> list[Place]:
    """Places so far apart that each can be told from the next in a drawing: at most one in a square of `step` units."""
    seen: dict[tuple[int, int], Place] = {}
    for place in places:
        seen.setdefault(square(place, frame, step), place)
    return list(seen.values())


def square(place: Place, frame: Frame, step: float = 2.0) -> tuple[int, int]:
    """The square of `step` units in which a place lies."""
    x, y = frame.point(*place)
    return int(x / step), int(y / step)


def geojson(ground: Ground) -> str:
    """The ground as GeoJSON in longitude and latitude, for the map that moves: areas, land, towns."""
    features = [_polygons(area.rings, {"kind": f"area-{area.tint}", "name": area.name}) for area in ground.areas]
    features.insert(0, _polygons(ground.land, {"kind": "land"}))
    for town in ground.towns:
        features.append(
            {
                "type": "Feature",
                "properties": {"kind": "town", "name": town.name, "minor": town.minor},
                "geometry": {"type": "Point", "coordinates": degrees([(town.easting, town.northing)], 4)[0]},
            }
        )
    return json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))


def _polygons(rings: Iterable[Iterable[Place]], properties: dict[str, str]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "MultiPolygon", "coordinates": [[degrees(ring, 4)] for ring in rings]},
    }
