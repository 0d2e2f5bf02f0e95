from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata

from lifecluster.atlas import bands
from lifecluster.atlas.points import AtlasError
from tests.atlas.cases import within_binomial


def brute_erl(curves: np.ndarray) -> list[float]:
    """Extreme rank length by its definition, two-sided, no ties: the share of curves as extreme as each or more so."""
    up = np.array([[np.sum(curves[:, r] >= c[r]) for r in range(curves.shape[1])] for c in curves])
    down = np.array([[np.sum(curves[:, r] <= c[r]) for r in range(curves.shape[1])] for c in curves])
    keys = [tuple(sorted(row)) for row in np.minimum(up, down).tolist()]
    return [sum(other <= key for other in keys) / len(keys) for key in keys]


@given(st.lists(st.tuples(st.integers(-2, 2), st.floats(-1, 1)), min_size=1, max_size=30))
def test_average_ranks_are_those_of_scipy(rows: list[tuple[int, float]]) -> None:
    values = np.array(rows, dtype=float)
    assert bands.average_ranks(values).tolist() == rankdata(values, axis=0).tolist()


def test_the_curves_load_no_heavy_library() -> None:
    code = "import sys, lifecluster.atlas; print(*{'scipy.stats', 'sklearn', 'polars', 'networkx'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split() == []


@given(st.integers(0, 10_000), st.integers(5, 40))
def test_extreme_rank_length_is_its_definition(seed: int, count: int) -> None:
    curves = np.random.default_rng(seed).normal(size=(count, 4)).cumsum(axis=1)
    assert bands.extreme_rank_length(curves[0], curves[1:], "two-sided").p == pytest.approx(brute_erl(curves)[0])


@given(st.integers(0, 10_000), st.sampled_from(["two-sided", "greater", "less"]))
def test_a_curve_leaves_a_band_exactly_when_p_is_at_most_five_per_cent(seed: int, side: bands.Alternative) -> None:
    chance = np.random.default_rng(seed)
    null = chance.normal(size=(199, 6)).cumsum(axis=1)
    observed = chance.normal(size=6).cumsum() * chance.choice([0.5, 1, 2, 4])
    for test in (bands.studentised(observed, null, *bands.pooled(observed, null), side),
                 bands.extreme_rank_length(observed, null, side)):  # fmt: skip
        outside = ((observed < test.band.lower) | (observed > test.band.upper)).any()
        assert outside == (test.p <= 0.05)


def test_one_sided_bands_are_open_on_the_other_side() -> None:
    null = np.random.default_rng(1).normal(size=(99, 3))
    high, low = null.max(axis=0) + 1, null.min(axis=0) - 1
    for work in (lambda o, s: bands.studentised(o, null, np.zeros(3), np.ones(3), s),
                 lambda o, s: bands.extreme_rank_length(o, null, s)):  # fmt: skip
        assert work(high, "greater").p == pytest.approx(0.01)
        assert work(high, "less").p > 0.9
        assert work(low, "less").p == pytest.approx(0.01)
        assert np.isneginf(work(high, "greater").band.lower).all()
        assert np.isposinf(work(low, "less").band.upper).all()


def test_radii_at_which_nothing_varies_say_nothing() -> None:
    null = np.column_stack([np.zeros(99), np.random.default_rng(1).normal(size=99)])
    test = bands.studentised(np.array([0.0, 9.0]), null, null.mean(axis=0), null.std(axis=0), "two-sided")
    assert test.p == pytest.approx(0.01)
    assert bands.scores(np.ones((3, 1)), np.ones(1), np.zeros(1), "two-sided").tolist() == [0, 0, 0]


def test_gaussian_curves_have_the_moments_asked_for() -> None:
    covariance = np.array([[4.0, 3.0, 0.0], [3.0, 9.0, 0.0], [0.0, 0.0, 0.0]])
    curves = bands.gaussian_curves(np.array([1.0, 2.0, 3.0]), covariance, 40_000, seed=1)
    assert curves.mean(axis=0) == pytest.approx([1, 2, 3], abs=0.08)
    assert np.cov(curves.T) == pytest.approx(covariance, abs=0.25)


def test_an_unknown_alternative_is_refused() -> None:
    with pytest.raises(AtlasError, match="two-sided, greater or less"):
        bands.checked("both")


@pytest.mark.parametrize("side", ["two-sided", "greater", "less"])
def test_p_values_reject_true_nulls_no_more_often_than_stated(side: bands.Alternative) -> None:
    """400 true nulls at 5 per cent: more than a binomial tail of 1e-4 allows would be an error."""
    chance = np.random.default_rng(7)
    hits = np.zeros(2, int)
    for _ in range(400):
        null = np.exp(chance.normal(size=(59, 12)).cumsum(axis=1) / 3)
        tests = (bands.studentised(null[0], null[1:], *bands.pooled(null[0], null[1:]), side),
                 bands.extreme_rank_length(null[0], null[1:], side))  # fmt: skip
        hits += [test.p <= 0.05 for test in tests]
    assert all(within_binomial(int(h), 400, 0.05) for h in hits), hits
