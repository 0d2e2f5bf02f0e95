"""Outlines fit together, wherever they are cut."""

from __future__ import annotations

import shapely
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.places.areas import authorities
from lifecluster.places.grid import EAST, NORTH
from lifecluster.places.outlines import Outlines, outlines, pack, unpack
from lifecluster.region import load_region

STEPS = st.integers(-20_000, 20_000)


@given(st.lists(st.tuples(STEPS, STEPS), max_size=30))
def test_a_packed_line_comes_back(line: list[tuple[int, int]]) -> None:
    text = pack(line)
    assert unpack(text) == line
    assert text.isascii()
    assert '"' not in text


def square(x: float, y: float) -> list[list[tuple[float, float]]]:
    corners = [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1), (x, y)]
    return [corners[i : i + 2] for i in range(4)]


def test_a_border_that_two_share_is_gone_when_they_are_merged() -> None:
    left, right = square(0, 0), square(1, 0)
    lines = [*left, *(line for i, line in enumerate(right) if i != 3)]  # the left side of the right one is ~1
    found = Outlines(lines, {"L": [[0, 1, 2, 3]], "R": [[4, 5, 6, ~1]]})
    (ring,) = found.merged(["L", "R"])
    assert shapely.Polygon(ring).area == 2
    assert len(found.merged(["L"])) == 1
    assert found.merged(["nothing known"]) == []
    assert sorted(found.near(1.5, 0.5, 3, 3)) == ["R"]


def test_every_ring_of_the_table_closes_and_lies_in_the_country() -> None:
    table = outlines()
    for code in table.areas:
        for ring in table.merged([code]):
            assert ring[0] == ring[-1], code
            assert all(EAST[0] - 50_000 <= x <= EAST[1] and NORTH[0] <= y <= NORTH[1] for x, y in ring), code


def test_every_authority_has_an_outline() -> None:
    assert set(authorities()["lad"]) <= set(outlines().areas)


def test_a_region_is_as_large_as_its_parts_together() -> None:
    table = outlines()
    codes = load_region("midlands").codes
    whole = sum(shapely.Polygon(ring).area for ring in table.merged(codes))
    parts = sum(shapely.Polygon(ring).area for code in codes for ring in table.merged([code]))
    assert abs(whole - parts) < 0.02 * parts  # small holes and crossings of coarse lines
    assert 26e9 < whole < 31e9  # 28,600 square kilometres
