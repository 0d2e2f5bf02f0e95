"""Where a reader means by "near": a postcode, an outward code, a town, a district; and what is near there."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import hypot
from statistics import median
from typing import NamedTuple

from rapidfuzz.distance import DamerauLevenshtein

from lifecluster.web.directory import packages
from lifecluster.web.directory.areas import district_names, outward_codes
from lifecluster.web.directory.loading.texts import fold
from lifecluster.web.directory.models import Package, Site
from lifecluster.web.directory.search.index import Index, Spot, index_of
from lifecluster.web.directory.viewer import ANYBODY


@dataclass(frozen=True, slots=True)
class Place:
    """`label` as understood; easting and northing in metres (EPSG:27700).

    `quality`: postcode (of a site there), unit or sector (of the postcode itself), outward (the middle of its outward
    code), town or district (the middle of the sites there).
    """

    label: str
    easting: float
    northing: float
    quality: str


class Nearest(NamedTuple):
    """The place of an organisation that is nearest: kilometres, the site's uid ("" if it has no site), metres."""

    km: float
    site: str
    easting: int
    northing: int


def place_of(text: str, *, package: Package | None = None, index: Index | None = None) -> Place | None:
    """The place that `text` means, or None."""
    wanted = fold(text)
    if not wanted:
        return None
    shown = index or index_of(package or packages.current(), ANYBODY)
    return _postcode(text, shown) or _town(wanted, shown) or _district(wanted, shown)


def meant(text: str, index: Index) -> str:
    """The town or district of the register that a name of no place may be a slip for; empty where none is like it.

    Insertions, losses, changes and swaps of letters are counted (Damerau 1964): one in a short name, one more for every
    four letters. Of names equally far off the one with more sites is taken.
    """
    wanted = fold(text)
    most = max(1, len(wanted) // 4)
    names = {fold(name): (name, len(found)) for code, name in district_names().items()
             if (found := index.districts.get(code))}  # fmt: skip
    names |= {town: (town.title(), len(points)) for town, points in index.towns.items()}
    near_ = [
        (far, -sites, label)
        for name, (label, sites) in names.items()
        if abs(len(name) - len(wanted)) <= most and len(wanted) > 2
        and (far := DamerauLevenshtein.distance(wanted, name, score_cutoff=most)) <= most
    ]  # fmt: skip
    return min(near_)[2] if near_ else ""


def _postcode(text: str, index: Index) -> Place | None:
    """A whole postcode or an outward code."""
    squeezed = "".join(text.upper().split())
    if squeezed in outward_codes():
        return Place(squeezed, *outward_codes()[squeezed], "outward")
    if not (5 <= len(squeezed) <= 7 and squeezed[-3].isdigit() and squeezed[-2:].isalpha() and squeezed[:1].isalpha()):
        return None
    tidy = f"{squeezed[:-3]} {squeezed[-3:]}"
    sites = Site.objects.filter(package_id=index.package, level__lte=index.level, postcode=tidy, easting__isnull=False)
    points = [(e, n) for e, n in sites.values_list("easting", "northing") if e is not None and n is not None]
    if points:
        return Place(tidy, *_middle(points), "postcode")
    found = outward_codes().get(squeezed[:-3])
    return Place(squeezed[:-3], *found, "outward") if found else None


def _town(wanted: str, index: Index) -> Place | None:
    points = index.towns.get(wanted)
    return Place(wanted.title(), *_middle(points), "town") if points else None


def _district(wanted: str, index: Index) -> Place | None:
    for code, name in district_names().items():
        if fold(name) == wanted or code.lower() == wanted:
            points = index.districts.get(code)
            return Place(name, *_middle(points), "district") if points else None
    return None


def _middle(points: list[tuple[int, int]]) -> tuple[float, float]:
    return float(median(e for e, _ in points)), float(median(n for _, n in points))


def near(index: Index, place: Place, within: float) -> dict[int, Nearest]:
    """Organisations within so many kilometres, by number: the nearest of the places where each is."""
    metres = within * 1000
    first = bisect_left(index.eastings, place.easting - metres)
    last = bisect_right(index.eastings, place.easting + metres)
    around: dict[int, list[Spot]] = defaultdict(list)
    for spot in index.spots[first:last]:
        around[spot.number].append(spot)
    found = {number: nearest(spots, place) for number, spots in around.items()}
    return {number: one for number, one in found.items() if one.km <= within}


def nearest(spots: Iterable[Spot], place: Place) -> Nearest:
    """The nearest of one or more spots."""
    away, spot = min(((distance(s, place), s) for s in spots), key=lambda pair: pair[0])
    return Nearest(away / 1000, spot.site, spot.easting, spot.northing)


def distance(spot: Spot, place: Place) -> float:
    """Metres on the grid between a spot and a place."""
    return hypot(spot.easting - place.easting, spot.northing - place.northing)
