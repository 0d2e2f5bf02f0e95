"""Names as other people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import DamerauLevenshtein

from lifecluster.sample.model import Organisation, World
from lifecluster.sample.noise import WAYS, stranger, typo, written
from lifecluster.sample.streams import Stream


@given(st.integers(0, 5000), st.text(alphabet="abcdefgh ", min_size=4, max_size=30))
def test_a_typo_is_one_slip(seed: int, text: str) -> None:
    assert DamerauLevenshtein.distance(text, typo(Stream(seed, "t"), text)) <= 1


def test_every_way_occurs(world: World) -> None:
    stream = Stream(4, "t")
    ways = {written(stream, body)[1] for body in world.organisations for _ in range(3)}
    assert ways == set(WAYS)


def test_a_name_is_never_empty_and_keeps_its_head_mostly(world: World) -> None:
    stream = Stream(5, "t")
    kept = 0
    for body in world.of("company"):
        text, way = written(stream, body)
        assert text.strip()
        kept += body.head.lower()[:4] in text.lower() or way in {"previous", "typo"}
    assert kept > 0.97 * len(world.of("company"))


@pytest.mark.parametrize("way", ["trading", "previous", "short", "ampersand"])
def test_ways_that_do_not_apply_fall_back(monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    monkeypatch.setattr("lifecluster.sample.noise.WAYS", {way: 1.0})
    plain = Organisation("X00001", "outside", "Osierbeck", "Osierbeck", 0)
    assert written(Stream(1, "t"), plain) == ("Osierbeck", "case")


def test_strangers_are_nobody(world: World) -> None:
    stream = Stream(6, "t")
    known = {body.name.lower() for body in world.organisations}
    assert not {stranger(stream).lower() for _ in range(200)} & known
