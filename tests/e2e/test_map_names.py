"""Names of towns on the map that moves: whole within its frame, clear of each other, wherever the towns are."""

from __future__ import annotations

import random

import pytest

from tests.e2e import harness
from tests.e2e.conftest import NewVisitor

PLACE = """async ([towns, width, height, taken]) => {
  const url = performance.getEntriesByType('resource').map(e => e.name).find(n => /directory\\/map[^/]*\\.js/.test(n));
  const { place } = await import(url);
  return place(towns, name => 7 * name.length, width, height, taken);
}"""


@pytest.fixture(scope="session")
def server(region_server: harness.Server) -> harness.Server:
    """The web app that visitors of these tests see."""
    return region_server


def test_names_stay_within_the_frame(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    page = visitor.go("/directory")
    visitor.until("document.getElementById('map').dataset.live", 30)
    chance = random.Random(1)
    width, height, tools = 288, 300, [244, 8, 280, 82]
    for _ in range(60):
        towns = [{"name": "T" * chance.randint(3, 15), "x": chance.uniform(-30, 320), "y": chance.uniform(-30, 330)}
                 for _ in range(11)]  # fmt: skip
        found = page.evaluate(PLACE, [towns, width, height, [tools]])
        boxes = [one["box"] for one in found]
        for left, top, right, bottom in boxes:
            assert left >= 0 and top >= 0 and right <= width and bottom <= height
        for n, one in enumerate(boxes):
            assert not any(_overlap(one, other) for other in [tools, *boxes[:n]])
        alone = [town for town in towns if 60 < town["x"] < 120 and 60 < town["y"] < 240]
        assert all(page.evaluate(PLACE, [[town], width, height, [tools]]) for town in alone)
    (derby,) = page.evaluate(PLACE, [[{"name": "Derby", "x": 24, "y": 178}], width, height, [tools]])
    assert derby["anchor"] == "left"  # on its other side the edge would cut it


def _overlap(one: list[float], other: list[float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
