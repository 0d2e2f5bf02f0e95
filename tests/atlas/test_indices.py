from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.atlas import indices
from lifecluster.atlas.points import AtlasError, CannotTellError

amounts = st.lists(st.floats(0.5, 1000), min_size=2, max_size=12)


def both(values: list[float]) -> tuple[np.ndarray, np.ndarray]:
    s = indices.shares(values)
    return s, indices.shares(np.roll(values, 1))


@given(amounts)
def test_all_is_nothing_where_shares_are_alike(values: list[float]) -> None:
    s = indices.shares(values)
    assert indices.location_quotient(s, s) == pytest.approx(np.ones(len(s)))
    for index in (indices.krugman, indices.hoover, indices.gini, indices.theil):
        assert index(s, s) == pytest.approx(0, abs=1e-9)


@given(amounts)
def test_bounds_hold(values: list[float]) -> None:
    s, x = both(values)
    assert 1 / len(s) - 1e-12 <= indices.herfindahl(s) <= 1
    assert 0 <= indices.krugman(s, x) <= 2
    assert indices.hoover(s, x) == pytest.approx(indices.krugman(s, x) / 2)
    assert -1e-12 <= indices.gini(s, x) < 1
    assert indices.theil(s, x) >= -1e-12
    lq = indices.location_quotient(s, x)
    assert (lq * x).sum() == pytest.approx(1)
    assert indices.symmetric(1 / lq) == pytest.approx(-indices.symmetric(lq))


@given(amounts)
def test_the_gini_is_the_mean_difference_between_quotients(values: list[float]) -> None:
    s, x = both(values)
    lq = s / x
    direct = sum(x[i] * x[j] * abs(lq[i] - lq[j]) for i in range(len(s)) for j in range(len(s))) / 2
    assert indices.gini(s, x) == pytest.approx(direct, abs=1e-9)


@given(amounts)
def test_splitting_an_area_in_proportion_changes_nothing(values: list[float]) -> None:
    s, x = both(values)
    s2, x2 = (np.r_[v[:-1], v[-1] / 4, v[-1] * 3 / 4] for v in (s, x))
    for index in (indices.krugman, indices.gini, indices.theil):
        assert index(s2, x2) == pytest.approx(index(s, x), abs=1e-9)


def test_known_values() -> None:
    s, x = np.array([0.75, 0.25, 0.0]), np.array([0.25, 0.25, 0.5])
    assert indices.location_quotient(s, x).tolist() == [3, 1, 0]
    assert indices.krugman(s, x) == 1.0
    assert indices.theil(s, x) == pytest.approx(0.75 * np.log(3))
    assert indices.herfindahl(s) == 0.625
    assert np.isnan(indices.location_quotient(np.array([0.0]), np.array([0.0]))).all()
    four = np.full(4, 0.25)  # four equal plants: three in area one, one in area two
    assert indices.ellison_glaeser(s, x, four) == pytest.approx((0.5 - 0.625 * 0.25) / (0.625 * 0.75))
    assert indices.coagglomeration(s, s, x) == pytest.approx(0.5 / 0.625)


def test_ellison_glaeser_is_zero_on_average_for_a_dartboard() -> None:
    """The property that gave the index its name: whatever the plants' sizes, expectation 0 under random choice."""
    chance = np.random.default_rng(1)
    x = np.array([0.5, 0.3, 0.2])
    plants = indices.shares(chance.lognormal(0, 1.5, 12))
    where = chance.choice(3, size=(20_000, 12), p=x)
    s = np.stack([(plants * (where == area)).sum(axis=1) for area in range(3)], axis=1)
    gamma = indices.ellison_glaeser(s, x, plants)
    assert abs(gamma.mean()) < 4 * gamma.std() / np.sqrt(20_000)


def test_nothing_can_be_told_of_nothing() -> None:
    with pytest.raises(CannotTellError, match="total is zero"):
        indices.shares([0, 0])
    for wrong in ([], [-1, 2], [np.nan, 1]):
        with pytest.raises(AtlasError):
            indices.shares(wrong)
    with pytest.raises(CannotTellError):
        indices.ellison_glaeser(np.array([1.0]), np.array([1.0]), np.array([0.5, 0.5]))
    with pytest.raises(CannotTellError):
        indices.ellison_glaeser(np.array([0.5, 0.5]), np.array([0.5, 0.5]), np.array([1.0]))
    with pytest.raises(CannotTellError):
        indices.coagglomeration(np.ones(1), np.ones(1), np.ones(1))
