"""An invented region to draw: two parts, a coast, towns, sites. Made from a seed; like no place there is."""

from __future__ import annotations

import math
import random
from itertools import pairwise

from lifecluster.web.kit.maps import Area, Frame, Pin, RegionMap, RingMark, Town

Ring = tuple[tuple[float, float], ...]
SEED = 7
KM = 1000.0
TOWNS = (
    ("Aldermouth", 92, 118, False), ("Great Selby Vale", 60, 92, False), ("Thornwick", 118, 84, False),
    ("Ouseburn", 82, 62, False), ("Hatton Rise", 132, 52, True), ("Marlpit", 44, 58, True), ("Fennel", 104, 100, True),
    ("Kestrel Ford", 70, 38, True), ("Orrin", 150, 92, True),
)  # fmt: skip
CENTRES = ((112, 86, 6, 90), (80, 62, 8, 80), (62, 92, 5, 45), (96, 74, 30, 110))


def rough(points: list[tuple[float, float]], rng: random.Random, depth: int = 5, swing: float = 0.16) -> Ring:
    """A line between points (kilometres) broken into ever smaller bends; the two ends stay. Returns metres."""
    line = points
    for _ in range(depth):
        finer = [line[0]]
        for (x0, y0), (x1, y1) in pairwise(line):
            bend = rng.uniform(-swing, swing)
            finer += [((x0 + x1) / 2 - bend * (y1 - y0), (y0 + y1) / 2 + bend * (x1 - x0)), (x1, y1)]
        line = finer
    return tuple((x * KM, y * KM) for x, y in line)


def areas() -> tuple[Area, Area]:
    """West and East, sharing a border."""
    rng = random.Random(SEED)  # noqa: S311 - a drawing, not a secret
    north, south = (92.0, 132.0), (104.0, 22.0)
    border = rough([north, (84, 104), (100, 84), (96, 60), (108, 44), south], rng)
    west = rough([south, (70, 20), (40, 34), (28, 62), (38, 88), (44, 112), (70, 126), north], rng)
    east = rough([south, (136, 28), (158, 56), (172, 88), (160, 116), (128, 134), north], rng)
    return (
        Area((border + west,), "a", "West", (50 * KM, 76 * KM)),
        Area((border + east,), "b", "East", (142 * KM, 110 * KM)),
    )


def sites() -> tuple[tuple[float, float], ...]:
    """Sites around a few centres."""
    rng = random.Random(SEED + 1)  # noqa: S311 - a drawing, not a secret
    found = []
    for x, y, spread, count in CENTRES:
        for _ in range(count):
            turn, way = rng.uniform(0, math.tau), abs(rng.gauss(0, spread))
            found.append(((x + way * math.cos(turn)) * KM, (y + 0.8 * way * math.sin(turn)) * KM))
    return tuple(found)


def land() -> tuple[Ring, ...]:
    """The country around, with a coast in the east."""
    rng = random.Random(SEED + 2)  # noqa: S311 - a drawing, not a secret
    coast = rough([(170, 170), (176, 130), (190, 96), (178, 60), (196, 20), (190, -20)], rng)
    return (((-40 * KM, -20 * KM), (-40 * KM, 170 * KM), *coast),)


def region() -> RegionMap:
    """The whole region."""
    words = "Map of an invented region. Sites are densest around Thornwick and Ouseburn. The list says the same."
    towns = tuple(Town(n, x * KM, y * KM, minor) for n, x, y, minor in TOWNS)
    rings = (RingMark("1", 112 * KM, 86 * KM, 15 * KM), RingMark("2", 80 * KM, 62 * KM, 16 * KM))
    frame = Frame(10 * KM, 12 * KM, 186 * KM, 142 * KM)
    return RegionMap(words, areas(), land(), sites(), towns, rings=rings, frame=frame)


def pins() -> RegionMap:
    """Two sites of one organisation."""
    places = (Pin("A", 108 * KM, 92 * KM), Pin("B", 90 * KM, 56 * KM))
    towns = tuple(Town(n, x * KM, y * KM) for n, x, y, _ in TOWNS)
    frame = Frame.around([(p.easting, p.northing) for p in places], margin=0.5, least=75 * KM, width=420)
    return RegionMap(
        "Two sites: A near Thornwick, B near Ouseburn.", areas(), land(), towns=towns, pins=places, frame=frame
    )
