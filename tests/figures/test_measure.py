"""From rows to figures: exact values, intervals against chance, assertions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.figures.claim import Says
from lifecluster.figures.measure import estimate, value_of
from lifecluster.figures.rows import BEFORE, NOW, REST, THIS, Row
from lifecluster.figures.verdict import judge, plain


def row(group: str, value: int, half: int = 0, key: str = "", **more) -> Row:
    low = Fraction(max(value - half, 0))
    return Row(group, key or f"{group}{value}", Fraction(value), low, Fraction(value + half), **more)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=4), st.lists(st.integers(0, 50), min_size=1, max_size=4))
def test_values_are_exact(this, rest):
    rows = [row(THIS, v, key=f"t{i}") for i, v in enumerate(this)] + [
        row(REST, v, key=f"r{i}") for i, v in enumerate(rest)
    ]
    whole = sum(this) + sum(rest)
    assert value_of("total", rows) == sum(this)
    assert value_of("share", rows) == (Fraction(sum(this), whole) if whole else None)
    grown = [row(NOW, sum(this)), row(BEFORE, sum(rest))]
    assert value_of("growth", grown) == (Fraction(sum(this), sum(rest)) - 1 if sum(rest) else None)
    assert value_of("rank", rows) == 1 + (sum(rest) > sum(this))


def test_nothing_and_unknown_have_no_value():
    assert value_of("total", []) is None
    assert value_of("total", [Row(THIS, "k", None, Fraction(0), Fraction(5))]) is None
    assert value_of("rank", [row("a", 3)]) is None


def test_share_and_growth_intervals_are_those_of_a_simulation():
    rng, count = np.random.default_rng(2), 400_000
    rows = [row(THIS, 400, 25, sd=30.0), row(REST, 1600, 125, sd=70.0)]
    a = rng.integers(375, 426, count) + rng.normal(0, 30, count)
    b = rng.integers(1475, 1726, count) + rng.normal(0, 70, count)
    found = estimate("share", rows, Says(within=0.1))
    assert found.low == pytest.approx(np.quantile(a / (a + b), 0.025), abs=5e-4)
    assert found.high == pytest.approx(np.quantile(a / (a + b), 0.975), abs=5e-4)
    assert found.probability == pytest.approx(np.mean(np.abs(a / (a + b) - 0.2) <= 0.02), abs=0.01)
    assert (found.least, found.most) == (pytest.approx(375 / 2100), pytest.approx(425 / 1900))
    grown = estimate("growth", [row(NOW, 420, 25, sd=30.0), row(BEFORE, 400, 25, sd=30.0)], Says(grows=True))
    now, before = (rng.integers(v - 25, v + 26, count) + rng.normal(0, 30, count) for v in (420, 400))
    assert grown.probability == pytest.approx(np.mean(now > before), abs=0.005)
    assert grown.by_rounding == pytest.approx(
        np.mean(rng.integers(395, 446, count) > rng.integers(375, 426, count)), abs=0.01
    )


def test_the_number_is_right_to_within_so_much():
    found = estimate("total", [row(THIS, 100, 10)], Says(within=0.05))
    assert found.probability == pytest.approx(11 / 21)
    assert found.probability == found.by_rounding
    assert estimate("total", [row(THIS, 100, 2)], Says(within=0.05)).probability == 1
    assert estimate("total", [row(THIS, 100, 10)], Says(at_least=95)).probability == pytest.approx(16 / 21)
    assert estimate("share", [row(THIS, 100), row(REST, 300)], Says(at_least=0.2)).probability == 1


def test_an_open_row_tells_what_it_can():
    rows = [row(THIS, 100, 5), Row(THIS, "open", None, Fraction(20), None)]
    found = estimate("total", rows, Says(within=0.1))
    assert (found.value, found.low, found.least, found.high, found.probability) == (None, 115, 115, None, None)
    assert "open" in found.why[0]
    assert estimate("total", rows, Says(at_least=110)).probability == 1.0
    assert estimate("total", rows, Says(at_least=500)).probability is None
    assert estimate("share", [*rows, row(REST, 5)], Says(within=0.1)).value is None


def test_a_whole_that_may_be_nothing():
    rows = [row(THIS, 0, 0), row(REST, 0, 0)]
    found = estimate("share", rows, Says(within=0.1))
    assert found.value is None
    assert found.probability is None
    assert "zero or unknown" in found.why[0]
    grown = estimate("growth", [row(NOW, 5), row(BEFORE, 0, 2)], Says(grows=True))
    assert grown.probability is None  # from none to five is no rate


def test_a_rank_and_its_limits():
    rows = [row(THIS, 100, 10), row("a", 95, 10), row("b", 40, 2), row("c", 200, 5)]
    found = estimate("rank", rows, Says(rank=2))
    assert found.value == 2
    assert (found.low, found.high, found.least, found.most) == (2, 3, 2, 3)
    behind = sum(a > t for t in range(90, 111) for a in range(85, 106)) / 21**2
    assert found.probability == pytest.approx(1 - behind)
    assert estimate("rank", rows, Says(rank_at_most=3)).probability == pytest.approx(1)
    assert estimate("rank", rows, Says(rank=1)).probability == 0


@pytest.mark.parametrize(("p", "word"), [(1.0, "true"), (0.95, "true"), (0.9499, "cannot tell"), (0.0501, "cannot tell"),
                                         (0.05, "false"), (0.0, "false"), (None, "cannot tell")])  # fmt: skip
def test_verdicts_by_probability(p, word):
    assert plain(p) == word
    assert str(judge(p, {}, {})) == word


def test_verdicts_that_look_at_parts_and_wholes():
    assert str(judge(0.99, {"East": 0.2, "West": 0.5}, {})) == "true only for East + West together"
    assert str(judge(0.99, {"East": 0.2, "West": 0.97}, {})) == "true"
    assert str(judge(0.5, {"East": 0.2, "West": 0.97}, {})) == "true only for West"
    assert str(judge(0.5, {"East": 0.96, "West": 0.97}, {})) == "true only for East and West"
    assert str(judge(0.0, {}, {"East + West together": 0.99})) == "true only for East + West together"
    assert str(judge(0.0, {}, {"East + West together": 0.5})) == "false"
    assert str(judge(None, {"East": None, "West": None}, {})) == "cannot tell"
    assert judge(0.99, {}, {"wider": 0.1}).only_for == ()
