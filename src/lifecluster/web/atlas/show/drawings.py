"""Pictures of the atlas: maps of clusters and areas, curves with bands, the network. All stand beside their list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from lifecluster.places.outlines import outlines
from lifecluster.web.atlas.show.words import LEVEL
from lifecluster.web.directory import memo
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.show import ground
from lifecluster.web.kit.maps import Area, Frame, Pin, RegionMap, RingMark
from lifecluster.web.kit.plots import BandedCurve
from lifecluster.web.kit.rendering import join, short

Plain = Mapping[str, Any]
Places = Mapping[str, tuple[float, float]]
SHADES = (0.5, 0.8, 1.25, 2.0)
"""Location quotients between the shades of the map of areas: twice and half, a quarter more and less."""
SHADE_WORDS = ("under half of its share", "half to four fifths", "about its share", "a quarter more to twice",
               "over twice its share")  # fmt: skip
SURE_WORDS = "dark border: beyond chance; all others: shaded by the figure alone"
LEAST_RING = 3_000.0
"""Metres of the smallest ring on a map of the whole region, so that it can be seen."""
NETWORK_WIDE, NETWORK_HIGH = 720.0, 560.0
DRAWN_GROUPS = 6
LETTER = 7.4
"""Mean advance of a letter of a name."""


def clusters(package: Package, rows: Sequence[Plain]) -> SafeString:
    """The region with a numbered ring around each cluster."""
    base = ground.ground(memo.codes(package))
    rings = tuple(
        RingMark(str(row["key"]), row["centre"][0], row["centre"][1], max(row["radius"], LEAST_RING)) for row in rows
    )
    words = f"Map of {len(rings)} clusters; the list below has them all"
    return RegionMap(words, base.areas, base.land, towns=base.towns, rings=rings, frame=base.frame).render()


def cluster(package: Package, body: Plain, places: Sequence[tuple[str, float, float]]) -> SafeString:
    """The ground around one cluster: its circle, its members as dots, anchors as letters."""
    base = ground.ground(memo.codes(package))
    x, y = body["centre"]
    reach = max(body["radius"] * 3, 6_000.0)
    frame = Frame(x - reach, y - reach * 0.75, x + reach, y + reach * 0.75)
    pins = [Pin(letter, east, north) for letter, east, north in places
            if frame.west < east < frame.east and frame.south < north < frame.north]  # fmt: skip
    return base.drawing(
        f"The circle of the cluster around {body['place']}, radius {body['radius'] / 1000:.1f} km; members in the list",
        frame=frame, rings=[RingMark("", x, y, body["radius"])], pins=pins,
    )  # fmt: skip


def shade(value: float | None) -> int | None:
    """Number of the shade of a location quotient, from 1."""
    return None if value is None else 1 + sum(value >= edge for edge in SHADES)


def shades() -> list[tuple[str, str]]:
    """The legend of the map of areas: classes of a sample, and its words."""
    return [*((f"area-q{i}", word) for i, word in enumerate(SHADE_WORDS, 1)), ("area-q0 is-sure", SURE_WORDS)]


def areas(package: Package, rows: Iterable[Plain]) -> SafeString:
    """Districts shaded by location quotient; those beyond chance have a dark border, drawn over all others."""
    table = outlines()
    codes = memo.codes(package)
    base = ground.ground(codes)
    rows = list(rows)
    found = {row["name"]: shade(row["value"]) for row in rows}
    sure = {row["name"] for row in rows if row["q"] is not None and row["q"] <= LEVEL}
    drawn = tuple(
        Area(tuple(table.merged([code])), f"q{found.get(code) or 0}{' is-sure' if code in sure else ''}")
        for code in sorted(codes, key=lambda code: (code in sure, code)) if code in table.areas
    )  # fmt: skip
    words = "Map of districts by location quotient, in five shades, with a dark border where it is beyond chance; "
    words += "the list below has every figure"
    return RegionMap(words, drawn, base.land, towns=base.towns, frame=base.frame).render()


def curve(found: Plain, title: str) -> BandedCurve:
    """K-density or M with its band; the density per kilometre, so that numbers can be read."""
    kd = found["statistic"].startswith("K")
    by = 1000.0 if kd else 1.0
    rows = found["curve"]

    def column(name: str) -> list[float | None]:
        return [None if row[name] is None else row[name] * by for row in rows]

    name = "K-density" if kd else "M"
    return BandedCurve(
        f"{name} of {title}: {found['sentence']}", [row["radius"] / 1000 for row in rows], column("value"),
        column("mean"), column("lower"), column("upper"), "kilometres between companies" if kd else "kilometres around",
        "share of pairs per km" if kd else "times the share by chance", "found", "95 % of chance", 3 if kd else 1,
    )  # fmt: skip


def network(found: Plain, names: Mapping[str, str], brokers: Sequence[str]) -> SafeString:
    """The picture of the network: a number for each group, names on those who stand between others."""
    at = _spread(found["nodes"])
    group_of = {name: group for name, _, _, group in found["nodes"]}
    lines = []
    for a, b, weight in found["links"]:
        ends = [short(value) for value in (*at[a], *at[b])]
        lines.append(format_html('<path class="tie{}" d="M{} {}L{} {}"/>', " is-strong" if weight >= 1 else "", *ends))
    dots = []
    for name, (x, y) in at.items():
        mark = group_of[name] + 1 if group_of[name] < DRAWN_GROUPS else 0
        size = 9 if mark else 5
        dots.append(format_html('<circle class="node g{}" cx="{}" cy="{}" r="{}"/>', mark, short(x), short(y), size))
        if mark:
            place = short(x), short(y + 4)
            dots.append(format_html('<text class="group" x="{}" y="{}" text-anchor="middle">{}</text>', *place, mark))
    words = (f"Network of {len(at)} organisations and {len(found['links'])} links; "
             "the tables below have groups and brokers")  # fmt: skip
    return format_html(
        '<svg class="chart network" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}</svg>',
        short(NETWORK_WIDE), short(NETWORK_HIGH), words, join(lines), join(dots), join(_labels(at, names, brokers)),
    )  # fmt: skip


def _spread(nodes: Sequence[Sequence[Any]]) -> dict[str, tuple[float, float]]:
    """Places in the drawing: half where the layout puts them, half by their order along each axis, so that a dense
    middle opens up and nothing is left far out alone."""
    found: dict[str, list[float]] = {node[0]: [] for node in nodes}
    for axis, size, edge in ((1, NETWORK_WIDE, 30.0), (2, NETWORK_HIGH, 24.0)):
        order = sorted(nodes, key=lambda node: (node[axis], node[0]))
        for rank, node in enumerate(order):
            share = 0.3 * (node[axis] + 1) / 2 + 0.7 * (rank + 0.5) / len(order)
            found[node[0]].append(edge + (size - 2 * edge) * share)
    return {name: (x, NETWORK_HIGH - y) for name, (x, y) in found.items()}


def _labels(
    at: Mapping[str, tuple[float, float]], names: Mapping[str, str], brokers: Sequence[str]
) -> list[SafeString]:
    """Names of brokers, the first of them first, where they do not run into each other."""
    taken: list[tuple[float, float, float]] = []
    found = []
    for uid in brokers:
        if uid not in at or uid not in names:
            continue
        (x, y), name = at[uid], names[uid]
        end = x > NETWORK_WIDE * 0.6
        start = x - 13 - len(name) * LETTER if end else x + 13
        stop = start + len(name) * LETTER
        if start < 0 or any(abs(y - row) < 20 and start < b and a < stop for a, b, row in taken):
            continue
        taken.append((start, stop, y))
        place = short(x + (-13 if end else 13)), short(y + 5), "end" if end else "start"
        found.append(format_html('<text class="name" x="{}" y="{}" text-anchor="{}">{}</text>', *place, name))
    return found
