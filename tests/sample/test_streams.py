"""Random streams: independent by name, the same for ever, and draws that keep their promises."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.sample.streams import Stream, generator, shares

names = st.text(min_size=1, max_size=30)


@given(st.integers(0, 2**32), names)
def test_a_stream_depends_on_seed_and_name_alone(seed: int, name: str) -> None:
    assert generator(seed, name).integers(0, 10**9, 5).tolist() == generator(seed, name).integers(0, 10**9, 5).tolist()


@given(st.integers(0, 2**32), names, names)
def test_streams_of_different_names_differ(seed: int, one: str, other: str) -> None:
    if one != other:
        assert generator(seed, one).random(4).tolist() != generator(seed, other).random(4).tolist()


def test_the_numbers_of_a_stream_never_change() -> None:
    """A new numpy or a new way of naming would change every sample that has been shown."""
    assert generator(1, "licences").integers(0, 1000, 6).tolist() == [727, 373, 170, 84, 560, 103]


@given(st.integers(0, 5000), st.lists(st.floats(0.01, 50), min_size=1, max_size=40))
def test_shares_sum_and_stay_within_one_of_the_exact(total: int, weights: list[float]) -> None:
    counts = shares(total, weights)
    assert sum(counts) == total
    for count, weight in zip(counts, weights, strict=True):
        assert abs(count - total * weight / sum(weights)) < 1 + 1e-6


@given(st.integers(0, 1000), st.lists(st.integers(), max_size=20), st.integers(0, 25))
def test_some_gives_different_items_in_their_order(seed: int, items: list[int], count: int) -> None:
    numbered = list(enumerate(items))
    picked = Stream(seed, "t").some(numbered, count)
    assert len(picked) == min(count, len(items))
    assert picked == sorted(set(picked))


@given(st.integers(0, 500), st.integers(-20, 20), st.integers(0, 20))
def test_whole_numbers_keep_within_their_bounds(seed: int, low: int, span: int) -> None:
    stream = Stream(seed, "t")
    assert all(low <= stream.whole(low, low + span) <= low + span for _ in range(20))


def test_weights_are_followed() -> None:
    stream = Stream(3, "t")
    counts = Counter(stream.weighted({"a": 8.0, "b": 1.0, "c": 0.0, "d": 1.0}) for _ in range(5000))
    assert counts["c"] == 0
    assert counts["a"] / 5000 == pytest.approx(0.8, abs=0.03)


def test_days_and_chances() -> None:
    stream = Stream(5, "t")
    first, last = date(2024, 2, 27), date(2024, 3, 2)
    assert {stream.day(first, last) for _ in range(300)} == {
        date(2024, 2, 27), date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1), date(2024, 3, 2),
    }  # fmt: skip
    assert stream.each({"yes": 1.0, "no": 0.0}) == ["yes"]
    assert stream.each({"yes": 1.0}, 0.0) == []
    assert {stream.one("xyz") for _ in range(100)} == set("xyz")
