"""Distributions of totals: against counting every combination."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from lifecluster.figures.completeness.chao import around
from lifecluster.figures.rows import THIS, Row, exact, grouped, total
from lifecluster.figures.spread import Spread


def box(low: int, high: int, key: str = "k", **more) -> Row:
    return Row(THIS, key, Fraction(low + high, 2), Fraction(low), Fraction(high), **more)


def maybe(chance: float) -> Row:
    return Row(THIS, "m", Fraction(chance >= 0.5), Fraction(0), Fraction(1), chance=chance)


def counted(cells: list[tuple[int, int]]) -> dict[int, float]:
    every = list(product(*(range(low, high + 1) for low, high in cells)))
    return {value: n / len(every) for value, n in Counter(map(sum, every)).items()}


CELLS = st.lists(
    st.tuples(st.integers(0, 20), st.integers(0, 6)).map(lambda c: (c[0], c[0] + c[1])), min_size=1, max_size=4
)


@given(CELLS)
def test_rounded_cells_add_up_as_a_count_of_all_combinations_says(cells):
    spread = Spread.of([box(*cell) for cell in cells])
    wanted = counted(cells)
    found = dict(zip(spread.values, spread.weights, strict=True))
    assert set(found) == set(wanted)
    assert all(abs(found[v] - p) < 1e-12 for v, p in wanted.items())
    assert spread.mean == pytest.approx(sum(v * p for v, p in wanted.items()))


@given(CELLS, st.floats(0.0, 1.0), st.integers(-5, 130), st.integers(0, 40))
def test_quantiles_and_probabilities_agree_with_the_count(cells, share, low, width):
    spread = Spread.of([box(*cell) for cell in cells])
    wanted = counted(cells)
    inside = sum(p for v, p in wanted.items() if low <= v <= low + width)
    assert spread.between(low, low + width) == pytest.approx(inside, abs=1e-9)
    place = spread.quantile(share)
    assert sum(p for v, p in wanted.items() if v <= place) >= share - 1e-9
    assert sum(p for v, p in wanted.items() if v < place) <= share + 1e-9


@settings(max_examples=30)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=7))
def test_rows_that_may_count_are_a_poisson_binomial(chances):
    spread = Spread.of([maybe(p) for p in chances])
    wanted: Counter[int] = Counter()
    for outcome in product((0, 1), repeat=len(chances)):
        wanted[sum(outcome)] += float(np.prod([p if o else 1 - p for p, o in zip(chances, outcome, strict=True)]))
    for value, p in zip(spread.values, spread.weights, strict=True):
        assert wanted[int(value)] == pytest.approx(p, abs=1e-12)


def test_sampling_error_is_normal_and_can_be_left_out():
    rows = [box(1000, 1000, sd=30.0), box(500, 500, key="l", sd=40.0)]
    spread = Spread.of(rows)
    assert spread.mean == pytest.approx(1500, abs=1e-6)
    assert spread.quantile(0.975) == pytest.approx(1500 + norm.ppf(0.975) * 50, abs=1.0)
    assert spread.between(1450, 1550) == pytest.approx(norm.cdf(50.5 / 50) - norm.cdf(-50.5 / 50), abs=1e-6)
    assert Spread.of(rows, sampling=False).weights.tolist() == [1.0]


def test_a_shift_moves_and_a_total_is_never_below_zero():
    missed = Row(THIS, "missed", Fraction(0), Fraction(0), Fraction(0), sd=8.0, shift=10.4)
    spread = Spread.of([missed, box(100, 100)])
    assert spread.weights.sum() == pytest.approx(1)
    assert spread.start >= 100
    low, high = around(100, 10.4, 64.0)
    assert (spread.quantile(0.025), spread.quantile(0.975)) == (pytest.approx(low, abs=1), pytest.approx(high, abs=1))
    assert Spread.of([missed], sampling=False).values.tolist() == [0.0]
    low = Spread.of([box(1, 1, sd=50.0)])
    assert low.start == 0
    assert low.weights[0] == pytest.approx(norm.cdf(-0.5 / 50), abs=1e-6)
    assert low.weights.sum() == pytest.approx(1)
    none = Spread.of([Row(THIS, "m", Fraction(0), Fraction(0), Fraction(0), shift=3.0)])
    assert (none.start, none.weights.tolist()) == (3, [1.0])


def test_a_grid_of_hundredths():
    row = Row(THIS, "t", exact(7.0), exact(6.95), exact(7.05))
    spread = Spread.of([row, row], Fraction(1, 100))
    assert (spread.values[0], spread.values[-1]) == (pytest.approx(13.9), pytest.approx(14.1))
    assert spread.quantile(0.5) == pytest.approx(14.0)


def test_points_stand_for_equal_shares():
    spread = Spread.of([box(0, 9)])
    assert spread.points(10).tolist() == list(range(10))
    assert spread.points(5).tolist() == [0, 2, 4, 6, 8]


@given(CELLS, st.integers(-5, 100))
def test_above_is_the_tail(cells, start):
    spread = Spread.of([box(*cell) for cell in cells])
    found = spread.above(start, 6)
    for i, p in enumerate(found):
        assert p == pytest.approx(
            sum(w for v, w in zip(spread.values, spread.weights, strict=True) if v > start + i), abs=1e-12
        )


def test_a_row_without_an_end_is_refused():
    with pytest.raises(ValueError, match="no upper end"):
        Spread.of([Row(THIS, "open", None, Fraction(0), None)])


def test_no_rows_are_nothing():
    assert (Spread.of([]).start, Spread.of([]).weights.tolist()) == (0, [1.0])


def test_large_totals_stay_a_distribution():
    rows = [box(1000 * i, 1000 * i + 500, key=str(i)) for i in range(200)]
    spread = Spread.of(rows)
    assert spread.weights.sum() == pytest.approx(1, abs=1e-9)
    assert spread.weights.min() >= 0
    assert spread.mean == pytest.approx(sum(1000 * i + 250 for i in range(200)), rel=1e-9)
    spread_sd = float(np.sqrt(((spread.values - spread.mean) ** 2) @ spread.weights))
    assert spread_sd == pytest.approx((200 * (501**2 - 1) / 12) ** 0.5, rel=1e-6)


def test_rows_are_kept_exactly_in_plain_values():
    row = Row("x", "k", Fraction(1, 3), Fraction(7), None, "21200", "2020", 1.5, 0.25, None)
    assert Row.of(row.to_dict()) == row
    assert Row.of(maybe(0.7).to_dict()) == maybe(0.7)
    assert total([row, row]) == Fraction(2, 3)
    assert total([row, Row("x", "u", None, Fraction(0), None)]) is None
    assert list(grouped([row, maybe(0.1), row])) == ["x", THIS]
    assert exact(3.6) == Fraction(18, 5)


@settings(max_examples=40)
@given(st.integers(50, 400), st.integers(0, 30), st.floats(0.8, 1.2), st.floats(0.0, 0.5))
def test_a_factor_that_is_not_known_is_uniform(low, width, start, more):
    spread = Spread.of([box(low, low + width)]).stretched(start, start + more)
    assert spread.weights.sum() == pytest.approx(1)
    assert spread.mean == pytest.approx((low + width / 2) * (start + more / 2), abs=0.6)
    assert spread.values[0] >= low * start - 1
    assert spread.values[-1] <= (low + width) * (start + more) + 1


def test_a_factor_agrees_with_a_simulation():
    rng = np.random.default_rng(6)
    drawn = rng.integers(900, 1101, 200_000) * rng.uniform(1.0, 1.3, 200_000)
    spread = Spread.of([box(900, 1100)]).stretched(1.0, 1.3)
    for share in (0.025, 0.25, 0.5, 0.75, 0.975):
        assert spread.quantile(share) == pytest.approx(np.quantile(drawn, share), abs=4)
