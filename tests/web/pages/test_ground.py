"""The ground of maps: any region, its parts, the names that fit."""

from __future__ import annotations

import json

import pytest
from lxml import etree

from lifecluster.region import load_region, profiles
from lifecluster.web.directory.show import ground
from lifecluster.web.kit.maps import Frame, Pin, RingMark

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize("name", profiles())
def test_every_profile_has_a_ground(name: str) -> None:
    region = load_region(name)
    codes = ground.codes_of(region.model_dump(mode="json"))
    assert codes == region.codes
    drawn = ground.ground(codes)
    assert drawn.areas
    assert drawn.towns
    tree = etree.fromstring(str(drawn.drawing("A map", dots=[(450_000.0, 330_000.0)])).encode())
    assert tree.get("aria-label") == "A map"
    assert len(tree.findall("path[@class='dots']")) == 1


@pytest.mark.parametrize(
    "region", [{}, {"name": "x"}, {"name": "Bad Name", "title": "x", "regions": ["E99"]}, {"lads": 3}]
)
def test_a_region_that_cannot_be_read_has_no_authorities(region: dict[str, object]) -> None:
    assert ground.codes_of(region) == frozenset()
    assert "<svg" in str(ground.ground(frozenset()).drawing("Nothing"))


def test_what_is_on_a_map_stands_above_the_ground_and_dots_below_names() -> None:
    base = ground.ground(load_region("midlands").codes)
    text = str(
        base.drawing(
            'A "map" & more',
            dots=[(450_000.0, 330_000.0)],
            pins=[Pin("A", 451_000.0, 331_000.0)],
            rings=[RingMark("", 450_000.0, 330_000.0, 10_000.0)],
        )
    )
    tree = etree.fromstring(text.encode())
    assert tree.get("aria-label") == 'A "map" & more'
    places = [
        text.index(mark) for mark in ('class="area-', 'class="dots"', 'class="town', 'class="ring"', 'class="pin"')
    ]
    assert places[:3] == sorted(places[:3])
    assert text.endswith("</svg>")
    assert text.count("<svg") == 1
    assert text.count('class="bar"') == 1


def test_the_ground_is_drawn_once_for_a_frame() -> None:
    base = ground.ground(load_region("midlands").codes)
    frame = Frame(400_000, 300_000, 460_000, 350_000, 420)
    base.drawing("one", frame=frame)
    before = ground._under.cache_info().hits
    two = base.drawing("two", frame=frame, pins=[Pin("A", 430_000, 325_000)])
    assert ground._under.cache_info().hits == before + 1
    assert base.constant(frame) in two


def test_names_of_areas_lie_inside_them() -> None:
    for area in ground.ground(load_region("midlands").codes).areas:
        assert area.at is not None
        assert any(ground._inside(*area.at, list(ring)) for ring in area.rings)


def test_towns_stand_apart() -> None:
    towns = ground.towns(load_region("midlands").codes)
    for i, town in enumerate(towns):
        for other in towns[:i]:
            assert abs(town.easting - other.easting) + abs(town.northing - other.northing) > ground.APART
    assert {"Birmingham", "Nottingham", "Leicester"} <= {town.name for town in towns}


def test_geojson_closes_its_rings() -> None:
    data = json.loads(ground.geojson(ground.ground(load_region("east-midlands").codes)))
    for feature in data["features"]:
        if feature["geometry"]["type"] == "MultiPolygon":
            for polygon in feature["geometry"]["coordinates"]:
                assert polygon[0][0] == polygon[0][-1]
