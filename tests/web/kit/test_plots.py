"""Drawings: everything stays inside, and the words say what the drawing shows."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import lxml.etree
import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.web.kit.freshness import Freshness, spread
from lifecluster.web.kit.plots import BandedCurve, Interval, Ranks, ReplyClock, ticks

pytestmark = pytest.mark.one_database

NUMBERS = st.floats(-1e6, 1e6, allow_nan=False)


def shares(drawing: object, kind: str, attribute: str) -> list[float]:
    tree = lxml.etree.fromstring(str(drawing))
    found = tree.xpath(f".//*[contains(concat(' ', @class, ' '), ' {kind} ')]/@{attribute}")
    return [float(value.removesuffix("%")) for value in found]


def positions(drawing: object) -> list[float]:
    tree = lxml.etree.fromstring(str(drawing))
    found = [v for name in ("x", "x1", "x2", "cx") for v in tree.xpath(f".//@{name}")]
    return [float(value.removesuffix("%")) for value in found]


@given(st.tuples(NUMBERS, NUMBERS), st.tuples(NUMBERS, NUMBERS), NUMBERS, NUMBERS)
def test_an_interval_never_leaves_its_drawing(
    axis: tuple[float, float], interval: tuple[float, float], value: float, said: float
) -> None:
    drawing = Interval(value, min(axis), max(axis), min(interval), max(interval), said=said, said_as="said: <this>")
    assert all(0 <= x <= 100 for x in positions(drawing))


@given(st.floats(0, 100), st.floats(0, 100))
def test_a_larger_value_lies_further_right(a: float, b: float) -> None:
    (first,), (second,) = (shares(Interval(v, 0, 100), "value", "cx") for v in (min(a, b), max(a, b)))
    assert first <= second


def test_what_an_interval_says() -> None:
    assert Interval(1262, 1000, 2000, 1214, 1331, said=1200).alternative == (
        "1,262, interval 1,214 to 1,331; said: 1,200"
    )
    assert Interval(2.71, 0, 5, unit="km", digits=1).alternative == "2.7 km"
    assert 'class="plot plot-said is-faint"' in str(Interval(1, 0, 2, said=1, said_as="x", faint=True))


def test_an_axis_without_length_puts_the_value_in_the_middle() -> None:
    assert shares(Interval(7, 7, 7), "value", "cx") == [50.0]


def test_ranks_have_a_tick_each_and_say_the_place() -> None:
    ranks = Ranks.of(2, 11, low=1, high=4, said=2)
    assert len(shares(ranks, "tick", "x1")) == 11
    assert ranks.alternative == "2nd of 11, between 1st and 4th; said: 2nd"
    assert Ranks.of(1, 3, low=1, high=1).alternative == "1st of 3"


@pytest.mark.parametrize(
    ("clock", "words"),
    [
        (ReplyClock(14), "Day 14 of 20 working days"),
        (ReplyClock(20), "Day 20 of 20 working days"),
        (ReplyClock(21), "Day 21, 1 working day late"),
        (ReplyClock(29), "Day 29, 9 working days late"),
        (ReplyClock(29, answered=True), "Answered on day 29 of 20 working days"),
        (ReplyClock(3, due=5), "Day 3 of 5 working days"),
    ],
)
def test_what_a_clock_says(clock: ReplyClock, words: str) -> None:
    assert clock.alternative == words
    assert (len(shares(clock, "late", "x1")) == 1) == (clock.late > 0)


@given(st.integers(0, 5000), st.integers(1, 60))
def test_a_clock_never_leaves_its_drawing(days: int, due: int) -> None:
    assert all(0 <= x <= 100 for x in positions(ReplyClock(days, due)))


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0.05, 0.25)), min_size=1, max_size=4))
def test_labels_never_cover_each_other(wanted: list[tuple[float, float]]) -> None:
    wanted.sort()
    centres = spread(wanted)
    boxes = [(c - w / 2, c + w / 2) for c, (_, w) in zip(centres, wanted, strict=True)]
    assert boxes[0][0] >= -1e-9
    assert boxes[-1][1] <= 1 + 1e-9
    assert all(left[1] <= right[0] + 1e-9 for left, right in pairwise(boxes))


def test_a_label_with_room_stays_where_it_is() -> None:
    assert spread([(0.3, 0.2), (0.7, 0.2)]) == [0.3, 0.7]


DAYS = st.dates(date(2000, 1, 1), date(2040, 1, 1))


@given(DAYS, st.none() | DAYS, st.none() | DAYS, st.none() | DAYS)
def test_a_line_of_dates_never_leaves_its_drawing(
    at: date, observed: date | None, verified: date | None, stale: date | None
) -> None:
    line = Freshness(at, observed, verified, stale)
    assert all(0 <= x <= 100 for x in positions(line))
    assert line.stale == (stale is not None and at > stale)
    assert ("so it is stale" in line.alternative) == line.stale


def test_what_a_line_of_dates_says() -> None:
    line = Freshness(date(2026, 11, 20), None, date(2026, 11, 17), date(2027, 3, 31))
    assert line.alternative.replace("\u00a0", " ") == (
        "Observed not known, verified 17 November 2026, stale after 31 March 2027; today is 20 November 2026"
    )


def test_dates_lie_in_their_order() -> None:
    at = date(2026, 11, 20)
    line = Freshness(at, at - timedelta(100), at - timedelta(10), at + timedelta(50))
    places = [line.place(d) for d in (line.observed, line.verified, line.at, line.stale_after) if d]
    assert places == sorted(places)
    assert "Today" in str(line)
    assert "Observed today" in str(Freshness(at, at))


def curve(**more: Any) -> BandedCurve:
    given: dict[str, Any] = {
        "alternative": "a <curve>", "x": [1, 2, 3, 4], "value": [None, 3.0, 2.0, 1.0], "mean": [None, 1.0, 1.0, 1.0],
        "lower": [None, 0.5, 0.5, 0.5], "upper": [None, 1.5, 1.5, 1.5], "x_title": "km", "y_title": "times",
    }  # fmt: skip
    return BandedCurve(**{**given, **more})


def test_a_curve_is_drawn_with_its_band_where_something_is_said() -> None:
    drawn = lxml.html.fragment_fromstring(str(curve()))
    assert drawn.get("aria-label") == "a <curve>"
    assert len(drawn.cssselect(".found")[0].get("d", "").split("L")) == 3
    assert len(drawn.cssselect(".band")[0].get("d", "").split("L")) == 6
    assert {text.text for text in drawn.cssselect("text.name")} == {"found", "chance"}
    for place in re.findall(r"[ML](-?[0-9.]+) (-?[0-9.]+)", str(curve())):
        assert 0 <= float(place[0]) <= 640
        assert 0 <= float(place[1]) <= 300


def test_a_curve_that_says_nothing_is_empty_and_says_so() -> None:
    empty = curve(value=[None] * 4, mean=[None] * 4)
    assert "path" not in str(empty)
    assert "a &lt;curve&gt;" in str(empty)


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6), st.integers(2, 8))
def test_ticks_are_round_and_inside(low: float, span: float, about: int) -> None:
    found = ticks(low, low + span, about)
    assert len(found) <= about + 1
    assert all(low - 1e-6 * span - 1e-9 * abs(low) <= t <= low + span * (1 + 1e-6) + 1e-9 * abs(low) for t in found)
