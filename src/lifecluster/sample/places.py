"""Invented postcodes at real districts: true outward code, an inward part that no real postcode has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
import polars as pl

from lifecluster.places import areas
from lifecluster.region import load_region
from lifecluster.sample.model import Postal
from lifecluster.sample.names import rooted
from lifecluster.sample.streams import Stream
from lifecluster.sample.words import place_words

REGION = "midlands"
LEAST = 60
"""Districts with fewer real postcodes (large users, slivers beyond the border) are left out."""
IMPOSSIBLE = "CIKMOV"
"""Letters that the inward part of a real postcode never holds (they are too easily misread when written by hand)."""
_KINDS = ("ROAD", "STREET", "LANE", "AVENUE", "WAY", "CLOSE", "DRIVE", "COURT", "GROVE", "HILL")
_PER_PARK = 14


@dataclass(frozen=True, slots=True)
class Outward:
    """A real postcode district: centroid (metres, EPSG:27700), `n` real postcodes, district code, spread in metres."""

    code: str
    easting: int
    northing: int
    n: int
    lad: str
    spread: float


@cache
def outwards() -> Mapping[str, Outward]:
    """Districts of the Midlands; spread is a third of the way to the nearest other centroid, 250 to 3,000 m."""
    inside = areas.outwards().filter(pl.col("lad").is_in(sorted(load_region(REGION).codes)), pl.col("n") >= LEAST)
    at = inside.select("easting", "northing").to_numpy().astype(float)
    gap = np.hypot(*(at[:, None, :] - at[None, :, :]).transpose(2, 0, 1))
    np.fill_diagonal(gap, np.inf)
    near = np.clip(gap.min(axis=1) * 0.33, 250, 3000).tolist()
    rows = inside.rename({"outward": "code"}).select("code", "easting", "northing", "n", "lad").iter_rows(named=True)
    return {row["code"]: Outward(**row, spread=spread) for row, spread in zip(rows, near, strict=True)}


def town_of(outward: str) -> str:
    """Post town of a district (its area's main town where no other is listed)."""
    words = place_words()
    area = outward.rstrip("0123456789")
    return words.towns.get(outward, words.areas[area])


def inwards(count: int) -> list[str]:
    """The first `count` impossible inward parts, for example `4KM` (at most 360)."""
    return [f"{digit}{a}{b}" for a, b, digit in product(IMPOSSIBLE, IMPOSSIBLE, range(10))][:count]


def lay_out(seed: int) -> tuple[dict[str, tuple[Postal, ...]], dict[str, tuple[Postal, ...]]]:
    """Invented postcodes by outward code, and those of each park by its name.

    Each district has one for about 20 real ones (6 to 120), normal round its centroid, each with one invented street.
    """
    stream = Stream(seed, "places")
    ordinary = {code: tuple(_district(place, stream)) for code, place in outwards().items()}
    parks: dict[str, tuple[Postal, ...]] = {}
    used: dict[str, int] = {code: len(postals) for code, postals in ordinary.items()}
    for park in place_words().parks:
        place = outwards()[park.outward]
        start = used[park.outward]
        codes = inwards(start + _PER_PARK)[start:]
        streets = [park.name.upper()] * _PER_PARK
        centre = (place.easting + stream.rng.normal(0, 500), place.northing + stream.rng.normal(0, 500))
        parks[park.name] = tuple(
            _scatter(stream, place, codes=codes, streets=streets, centre=centre, spread=park.spread, park=park.name)
        )
        used[park.outward] += _PER_PARK
    return ordinary, parks


def _district(place: Outward, stream: Stream) -> list[Postal]:
    count = int(np.clip(round(place.n / 20), 6, 120))
    streets = [f"{rooted(stream).upper()} {stream.one(_KINDS)}" for _ in range(count)]
    centre = (place.easting, place.northing)
    return _scatter(stream, place, codes=inwards(count), streets=streets, centre=centre, spread=place.spread)


def _scatter(
    stream: Stream,
    place: Outward,
    *,
    codes: Sequence[str],
    streets: Sequence[str],
    centre: tuple[float, float],
    spread: float,
    park: str | None = None,
) -> list[Postal]:
    shift = stream.rng.normal(0, spread, size=(len(codes), 2))
    town = town_of(place.code)
    return [
        Postal(f"{place.code} {code}", town, street, round(centre[0] + dx), round(centre[1] + dy), place.lad, park)
        for code, street, (dx, dy) in zip(codes, streets, shift.tolist(), strict=True)
    ]
