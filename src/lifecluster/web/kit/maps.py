"""A region drawn on the server: two tints, dots, few labels, a scale. It always stands beside its list.

Takes plain coordinates in metres (EPSG:27700), so that it needs no geometry library and stays quick. For a map that
can be moved, a room adds MapLibre on top; this drawing stays as what is seen first and without script.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from lifecluster.web.kit.rendering import EMPTY, Renderable, format_html, join, short, when

Ring = Sequence[tuple[float, float]]
TINTS = ("a", "b")
STEPS = (1, 2, 5, 10, 20, 50, 100, 200)
LETTER = 7.0  # mean advance of a letter of a label, in units of the drawing
HEIGHT = 15.0
STRETCH = 24
"""Points of a stretch of a border."""
ALL = (-math.inf, -math.inf, math.inf, math.inf)
NARROW = 1.56  # how much larger labels are on narrow screens, where the whole drawing is smaller (figures.css)


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the region: `rings` of easting and northing in metres; `tint` one of TINTS; `name` is drawn at `at`."""

    rings: tuple[Ring, ...]
    tint: str = "a"
    name: str = ""
    at: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Town:
    """A label: place in metres; `minor` ones give way to others and are left out on narrow screens."""

    name: str
    easting: float
    northing: float
    minor: bool = False


@dataclass(frozen=True, slots=True)
class Pin:
    """A place that the list beside the map names by the same letter."""

    letter: str
    easting: float
    northing: float


@dataclass(frozen=True, slots=True)
class RingMark:
    """A circle that calls attention to a cluster; `radius` in metres, `number` refers to the caption."""

    number: str
    easting: float
    northing: float
    radius: float


@dataclass(frozen=True, slots=True)
class Frame:
    """From metres to units of the drawing: a box of `width` units for `west` to `east`."""

    west: float
    south: float
    east: float
    north: float
    width: float = 560.0

    @property
    def scale(self) -> float:
        """Units for each metre."""
        return self.width / (self.east - self.west)

    @property
    def height(self) -> float:
        """Height in units."""
        return (self.north - self.south) * self.scale

    def has(self, easting: float, northing: float) -> bool:
        """Whether a place lies in the box."""
        return self.west <= easting <= self.east and self.south <= northing <= self.north

    def point(self, easting: float, northing: float) -> tuple[float, float]:
        """Place in the drawing, y down."""
        return (easting - self.west) * self.scale, (self.north - northing) * self.scale

    @classmethod
    def around(
        cls, points: Sequence[tuple[float, float]], *, margin: float = 0.05, least: float = 0.0, width: float = 560.0,
        step: float = 0.0,
    ) -> Frame:  # fmt: skip
        """The box around points in metres, never taller than wide.

        Parameters: `margin` as a share of the larger side; `least` width in metres; `width` in units of the drawing:
        fewer make labels larger, for a map that gets less room; `step` in metres puts the middle of a box of the least
        width at a multiple of it, so that places near each other share a box: a fifth of the width at most.
        """
        xs, ys = [x for x, _ in points], [y for _, y in points]
        pad = margin * max(max(xs) - min(xs), max(ys) - min(ys))
        half_y = max((max(ys) - min(ys)) / 2 + pad, least * 0.4)
        half_x = max((max(xs) - min(xs)) / 2 + pad, least / 2, half_y)
        x, y = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
        if step and half_x == least / 2 and half_y == least * 0.4:
            x, y = round(x / step) * step, round(y / step) * step
        return cls(x - half_x, y - half_y, x + half_x, y + half_y, width)


@dataclass(frozen=True, slots=True)
class RegionMap(Renderable):
    """The drawing.

    `alternative` says in words what it shows and where the list is; `land` rings of the country around the region;
    `areas`; `dots` places in metres; `towns`, `pins`, `rings`; `frame` the part shown, by default all areas; `clear`
    pins that somebody else draws on it, which labels keep clear of too.
    """

    alternative: str
    areas: tuple[Area, ...]
    land: tuple[Ring, ...] = ()
    dots: tuple[tuple[float, float], ...] = ()
    towns: tuple[Town, ...] = ()
    pins: tuple[Pin, ...] = ()
    rings: tuple[RingMark, ...] = ()
    frame: Frame | None = None
    clear: tuple[Pin, ...] = ()

    def box(self) -> Frame:
        """The part of the country that is shown."""
        if self.frame is not None:
            return self.frame
        return Frame.around([p for area in self.areas for ring in area.rings for p in ring] or list(self.dots))

    def render(self) -> SafeString:
        """The drawing."""
        frame = self.box()
        parts = [
            under(self.land, self.areas, frame),
            when(self.dots, '<path class="dots" d="{}"/>', specks(self.dots, frame)),
            *(_ring(mark, frame) for mark in self.rings),
            names(self, frame),
            *(_pin(pin, frame) for pin in self.pins),
        ]
        box = f"0 0 {short(frame.width)} {short(frame.height)}"
        return format_html(
            '<svg class="map" viewBox="{}" role="img" aria-label="{}">{}</svg>', box, self.alternative, join(parts)
        )


def under(land: Sequence[Ring], areas: Iterable[Area], frame: Frame) -> SafeString:
    """What lies below everything that is marked: land and areas."""
    around = when(land, '<path class="land" d="{}"/>', outline(land, frame))
    return join(
        [around, *(format_html('<path class="area-{}" d="{}"/>', a.tint, outline(a.rings, frame)) for a in areas)]
    )


def names(drawn: RegionMap, frame: Frame) -> SafeString:
    """Names of towns and areas, where there is room for them, and the scale."""
    return join([*_towns(drawn, frame), *(_area_name(area, frame) for area in drawn.areas), scale_bar(frame)])


class Border(tuple[tuple[float, float], ...]):
    """A ring that is drawn often: it knows the boxes of its stretches, so that those beside a frame are passed over.

    `stretches`: points of each, and its box (west, south, east, north).
    """

    stretches: tuple[tuple[Ring, tuple[float, float, float, float]], ...]

    @classmethod
    def of(cls, ring: Ring) -> Border:
        """A ring with its boxes."""
        made = cls(ring)
        pieces = [made[i : i + STRETCH] for i in range(0, len(made), STRETCH)]
        made.stretches = tuple((piece, _box(piece)) for piece in pieces)
        return made


def _box(points: Ring) -> tuple[float, float, float, float]:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def outline(rings: Sequence[Ring], frame: Frame) -> SafeString:
    """Path of closed rings, in steps from point to point with one digit; points that would not move it are left out,
    and of those that lie beyond one side of the frame all but the first and last of a row."""
    pieces = []
    west, north, scale = frame.west, frame.north, frame.scale
    for ring in rings:
        last = ""
        steps: list[str] = []
        for easting, northing in _near(ring, frame):
            # `frame.point` and `short`, written out: a map has hundreds of points
            x, y = f"{(easting - west) * scale:.1f}", f"{(north - northing) * scale:.1f}"
            if x[-1] == "0":
                x = x[:-2] if x != "-0.0" else "0"
            if y[-1] == "0":
                y = y[:-2] if y != "-0.0" else "0"
            step = f"{x} {y}"
            if step != last:
                steps.append(step)
            last = step
        if len(steps) > 2:
            pieces.append(f"M{'L'.join(steps)}Z")
    return SafeString("".join(pieces))


BESIDE = 12.0
"""Units beyond the frame in which lines are still drawn as they are."""


def _near(ring: Ring, frame: Frame) -> list[tuple[float, float]]:
    """A ring that is the same inside the frame. A line between two points beyond one side never comes inside."""
    beside = BESIDE / frame.scale
    west, east = frame.west - beside, frame.east + beside
    south, north = frame.south - beside, frame.north + beside
    kept: list[tuple[float, float]] = []
    beyond, held = 0, None
    for points, (left, low, right, high) in ring.stretches if isinstance(ring, Border) else ((ring, ALL),):
        # the sides beyond which all of a stretch lies: if its beginning does too, it is as one point
        common = (1 if right < west else 2 if left > east else 0) | (4 if high < south else 8 if low > north else 0)
        if beyond & common:
            beyond &= common
            held = points[-1]
            continue
        for point in points:
            x, y = point
            sides = 1 if x < west else 2 if x > east else 0
            if y < south:
                sides |= 4
            elif y > north:
                sides |= 8
            if beyond & sides:
                beyond &= sides
                held = point
                continue
            if held is not None:
                kept.append(held)
                held = None
            kept.append(point)
            beyond = sides
    return kept if held is None else [*kept, held]


def specks(points: Sequence[tuple[float, float]], frame: Frame) -> SafeString:
    """One path for all dots: lines without length, which round caps draw as discs. Small even for thousands."""
    return SafeString("".join(f"M{short(x)} {short(y)}h0" for x, y in (frame.point(*p) for p in points)))


def marks(rings: Iterable[RingMark], pins: Iterable[Pin], frame: Frame) -> SafeString:
    """Rings and pins, above everything else."""
    return join([*(_ring(mark, frame) for mark in rings), *(_pin(pin, frame) for pin in pins)])


def scale_bar(frame: Frame) -> SafeString:
    """A bar of a round number of kilometres, about a fifth of the width, at the lower right."""
    kilometres = max((s for s in STEPS if s * 1000 * frame.scale <= frame.width * 0.22), default=STEPS[0])
    length = kilometres * 1000 * frame.scale
    x, y = frame.width - 16, frame.height - 14
    path = f"M{short(x - length)} {short(y - 4)}v4H{short(x)}v-4"
    return format_html(
        '<path class="bar" d="{}"/><text class="minor-note" x="{}" y="{}" text-anchor="end">{} km</text>',
        path, short(x), short(y - 10), kilometres,
    )  # fmt: skip


def _ring(mark: RingMark, frame: Frame) -> SafeString:
    x, y = frame.point(mark.easting, mark.northing)
    radius = mark.radius * frame.scale
    return format_html(
        '<circle class="ring" cx="{}" cy="{}" r="{}"/><text class="ring-no" x="{}" y="{}">{}</text>',
        short(x), short(y), short(radius), short(x + radius * 0.72 + 3), short(y - radius * 0.72 - 1), mark.number,
    )  # fmt: skip


def _pin(pin: Pin, frame: Frame) -> SafeString:
    x, y = frame.point(pin.easting, pin.northing)
    return format_html(
        '<circle class="pin" cx="{}" cy="{}" r="6"/><text class="pin-no" x="{}" y="{}">{}</text>',
        short(x), short(y), short(x + 11), short(y + 6), pin.letter,
    )  # fmt: skip


def _area_name(area: Area, frame: Frame) -> SafeString:
    if not area.name or area.at is None:
        return EMPTY
    x, y = frame.point(*area.at)
    half = len(area.name) * LETTER * 0.55
    if not (half <= x <= frame.width - half and HEIGHT <= y <= frame.height - 5):
        return EMPTY  # a name that would be cut off says nothing
    return format_html(
        '<text class="area-name" x="{}" y="{}" text-anchor="middle">{}</text>', short(x), short(y), area.name
    )


Box = tuple[float, float, float, float]


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _places(x: float, y: float, name: str, size: float) -> list[tuple[str, float, float, Box]]:
    """Where the name of a town may stand: right, left, above, below its dot; with the room it takes at a size."""
    width, height = len(name) * LETTER * size, HEIGHT * size
    return [
        ("start", x + 7, y + 5, (x + 7, y + 7 - height, x + 7 + width, y + 7)),
        ("end", x - 7, y + 5, (x - 7 - width, y + 7 - height, x - 7, y + 7)),
        ("middle", x, y - 8, (x - width / 2, y - 5 - height, x + width / 2, y - 5)),
        ("middle", x, y + 18, (x - width / 2, y + 20 - height, x + width / 2, y + 20)),
    ]


def _taken(drawn: RegionMap, frame: Frame, size: float = 1.0) -> list[Box]:
    """What labels keep clear of: pins, ring numbers, names of areas, the scale bar; letters of pins at a size."""
    taken = [(frame.width - 150, frame.height - 42, frame.width, frame.height)]
    for mark in drawn.rings:
        x, y = frame.point(mark.easting, mark.northing)
        radius = mark.radius * frame.scale
        taken.append((x + radius * 0.72, y - radius * 0.72 - 14, x + radius * 0.72 + 16, y - radius * 0.72 + 3))
    for pin in (*drawn.pins, *drawn.clear):
        x, y = frame.point(pin.easting, pin.northing)
        taken.append((x - 8, y - 10 * size, x + 10 + 14 * size, y + 10 * size))
    for area in drawn.areas:
        if area.name and area.at:
            x, y = frame.point(*area.at)
            half = len(area.name) * LETTER * 0.55
            taken.append((x - half, y - HEIGHT, x + half, y + 5))
    return taken


def _free(box: Box, taken: Sequence[Box], frame: Frame) -> bool:
    inside = box[0] >= 0 and box[2] <= frame.width and box[1] >= 0 and box[3] <= frame.height
    return inside and not any(_overlap(box, other) for other in taken)


def _towns(drawn: RegionMap, frame: Frame) -> list[SafeString]:
    """Labels of towns: the ones that matter choose first, each takes the first place that is free, or none.

    A label that would not fit at its larger size on a narrow screen is left out there, as minor ones are.
    """
    taken, narrow = _taken(drawn, frame), _taken(drawn, frame, NARROW)
    parts = []
    for town in sorted(drawn.towns, key=lambda t: t.minor):
        x, y = frame.point(town.easting, town.northing)
        if not (4 <= x <= frame.width - 4 and 4 <= y <= frame.height - 4):
            continue
        large = _places(x, y, town.name, NARROW)
        for (anchor, at_x, at_y, box), (_, _, _, wide_box) in zip(_places(x, y, town.name, 1), large, strict=True):
            if not _free(box, taken, frame):
                continue
            fits = not town.minor and _free(wide_box, narrow, frame)
            taken.append(box)
            if fits:
                narrow.append(wide_box)
            parts.append(_town(town.name, not fits, (x, y), (at_x, at_y), anchor))
            break
    return parts


def _town(name: str, minor: bool, point: tuple[float, float], text: tuple[float, float], anchor: str) -> SafeString:
    return format_html(
        '<g class="town{}"><circle cx="{}" cy="{}" r="2.2"/><text x="{}" y="{}" text-anchor="{}">{}</text></g>',
        " minor" if minor else "", *map(short, point), *map(short, text), anchor, name,
    )  # fmt: skip
