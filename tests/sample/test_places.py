"""Places: true districts, postcodes that cannot exist, coordinates near the true middle."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from lifecluster.places import areas
from lifecluster.region import load_region
from lifecluster.sample.model import World
from lifecluster.sample.places import IMPOSSIBLE, inwards, lay_out, outwards, town_of
from lifecluster.sample.words import place_words


def test_districts_are_those_of_the_midlands() -> None:
    codes = load_region("midlands").codes
    assert 330 <= len(outwards()) <= 380
    assert {place.lad for place in outwards().values()} <= codes
    assert len({place.lad for place in outwards().values()}) >= 60
    assert {"NG7", "B15", "CV4", "LE11", "ST5", "WR14"} <= set(outwards())


def test_inward_parts_are_impossible_and_distinct() -> None:
    parts = inwards(360)
    assert len(set(parts)) == 360
    assert all(re.fullmatch(rf"[0-9][{IMPOSSIBLE}]{{2}}", part) for part in parts)


def test_postcodes_are_distinct_and_lie_near_their_district(world: World) -> None:
    codes = [postal.postcode for postal in world.postals]
    assert len(set(codes)) == len(codes)
    assert 10_000 <= len(codes) <= 16_000
    known = set(areas.authorities()["lad"])
    for postal in world.postals:
        place = outwards()[postal.postcode.split(" ")[0]]
        away = np.hypot(postal.easting - place.easting, postal.northing - place.northing)
        assert away < 5 * max(place.spread, 600) + 2000
        assert postal.lad == place.lad
        assert postal.lad in known


def test_the_more_real_postcodes_the_more_invented_ones(world: World) -> None:
    count = {code: len(postals) for code, postals in world.by_outward.items()}
    real = [outwards()[code].n for code in count]
    assert np.corrcoef(real, list(count.values()))[0, 1] > 0.95
    assert min(count.values()) >= 6


def test_parks_are_tight_and_their_postcodes_are_no_others(world: World) -> None:
    ordinary = {postal.postcode for postals in world.by_outward.values() for postal in postals}
    assert set(world.parks) == {park.name for park in place_words().parks}
    for park in place_words().parks:
        postals = world.parks[park.name]
        assert all(postal.park == park.name and postal.postcode.startswith(park.outward + " ") for postal in postals)
        assert not {postal.postcode for postal in postals} & ordinary
        assert np.std([postal.easting for postal in postals]) < 2 * park.spread


def test_every_district_has_a_town() -> None:
    assert all(town_of(code).isupper() for code in outwards())
    assert town_of("LE11") == "LOUGHBOROUGH"
    assert town_of("LE4") == "LEICESTER"


def test_places_depend_on_the_seed() -> None:
    one, other = lay_out(1), lay_out(2)
    assert [p.street for p in one[0]["NG7"]] != [p.street for p in other[0]["NG7"]]
    assert [p.postcode for p in one[0]["NG7"]] == [p.postcode for p in other[0]["NG7"]]


@pytest.mark.parametrize("letter", IMPOSSIBLE)
def test_no_real_inward_part_has_these_letters(data_dir: Path, letter: str) -> None:
    found = (
        pl.scan_csv(data_dir / "places" / "codepoint_open_2025-11_gb.csv.gz", infer_schema=False)
        .filter(pl.col("Postcode").str.tail(2).str.contains(letter, literal=True))
        .collect()
    )
    assert found.height == 0


def test_life_sciences_cluster_more_than_the_background(world: World) -> None:
    firms = [body.postal for body in world.firms()]
    at_parks = Counter(postal.park for postal in firms if postal is not None and postal.park)
    assert 0.45 < sum(at_parks.values()) / len(firms) < 0.65
    assert at_parks["Trentholme Science Park"] > 3 * at_parks["Nenebrook Logistics Park"]
