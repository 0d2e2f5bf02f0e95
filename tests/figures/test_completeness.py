"""Capture-recapture: published examples, closed forms, brute force, and simulations that know the truth."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from lifecluster.errors import LifeclusterError
from lifecluster.figures.completeness import Histories, completeness, histories_of
from lifecluster.figures.completeness.chao import around, chao
from lifecluster.figures.completeness.loglinear import fit, models

HEPATITIS = Histories(("P", "Q", "E"), {(1, 1, 1): 28, (1, 1, 0): 21, (1, 0, 1): 17, (0, 1, 1): 18, (1, 0, 0): 69,
                                        (0, 1, 0): 55, (0, 0, 1): 63})  # fmt: skip
"""Hepatitis A at a college in Taiwan, 1995: three lists, 271 cases (Chao et al., Statistics in Medicine 20, 2001)."""


def test_the_published_example_of_three_lists():
    assert HEPATITIS.observed == 271
    independent = fit(HEPATITIS, ())
    assert round(independent.total) == 388  # published
    n = independent.total
    quiet = [1 - size / n for size in (135, 122, 126)]
    variance = n / (1 / (quiet[0] * quiet[1] * quiet[2]) + 2 - sum(1 / q for q in quiet))  # Darroch 1958
    assert independent.se == pytest.approx(variance**0.5, rel=1e-3)
    saturated = fit(HEPATITIS, tuple(combinations(range(3), 2)))
    assert saturated.missed == pytest.approx(
        28 * 69 * 55 * 63 / (21 * 17 * 18), rel=1e-6
    )  # closed form; published 1,313
    assert round(saturated.total) == 1313


@pytest.mark.parametrize(("pair", "wanted"), [((0, 1), 336), ((0, 2), 378), ((1, 2), 334)])
def test_two_lists_give_lincoln_and_petersen(pair, wanted):
    counts: dict[tuple[int, int], int] = {}
    for pattern, n in HEPATITIS.counts.items():
        key = (pattern[pair[0]], pattern[pair[1]])
        if any(key):
            counts[key] = counts.get(key, 0) + n
    two = Histories(("a", "b"), counts)
    n1, n2, m = (counts[1, 1] + counts[1, 0], counts[1, 1] + counts[0, 1], counts[1, 1])
    found = fit(two, ())
    assert found.total == pytest.approx(n1 * n2 / m)
    assert round(found.total) == wanted
    assert found.se**2 == pytest.approx(n1 * n2 * (n1 - m) * (n2 - m) / m**3, rel=1e-6)  # Sekar and Deming 1949
    assert list(models(two)) == [()]


COUNTS = st.lists(st.integers(3, 60), min_size=7, max_size=7)


@settings(max_examples=25)
@given(COUNTS, st.sampled_from([(), ((0, 1),), ((0, 1), (1, 2))]))
def test_a_model_is_where_a_general_optimiser_finds_the_largest_likelihood(counts, pairs):
    patterns = [p for p in product((0, 1), repeat=3) if any(p)]
    histories = Histories(("a", "b", "c"), dict(zip(patterns, counts, strict=True)))
    design = np.array([[1, *p, *(p[a] * p[b] for a, b in pairs)] for p in patterns], dtype=float)
    y = np.array(counts, dtype=float)

    def loss(beta):
        return float(np.sum(np.exp(design @ beta) - y * (design @ beta)))

    def slope(beta):
        return design.T @ (np.exp(design @ beta) - y)

    best = minimize(loss, np.zeros(design.shape[1]), jac=slope, method="BFGS", options={"gtol": 1e-9})
    found = fit(histories, pairs)
    assert found.missed == pytest.approx(np.exp(best.x[0]), rel=1e-3)
    assert found.low <= found.total <= found.high


def test_chao_by_hand():
    two = Histories(("a", "b"), {(1, 0): 30, (0, 1): 20, (1, 1): 25})
    assert chao(two).missed == pytest.approx(0.5 * 50**2 / (2 * 25))
    found = chao(HEPATITIS)
    assert found.missed == pytest.approx(2 / 3 * 187**2 / (2 * 56))
    assert found.low > 271
    assert found.low < found.total < found.high


def test_chao_is_a_lower_bound_and_is_exact_for_equal_chances():
    """With lists of equal and constant chance the expected bound is the expected number missed."""
    n, p, t = 1_000_000, 0.3, 4
    seen = {k: round(n * [1, 4, 6, 4, 1][k] * p**k * (1 - p) ** (t - k)) for k in range(1, t + 1)}
    counts = {}
    for pattern in product((0, 1), repeat=t):
        if any(pattern):
            counts[pattern] = round(seen[sum(pattern)] / [1, 4, 6, 4, 1][sum(pattern)])
    assert chao(Histories(tuple("abcd"), counts)).missed == pytest.approx(n * (1 - p) ** t, rel=1e-3)
    mixed = {p_: round(n / 2 * (0.1 ** sum(p_) * 0.9 ** (t - sum(p_)) + 0.6 ** sum(p_) * 0.4 ** (t - sum(p_))))
             for p_ in counts}  # fmt: skip
    truth = n / 2 * (0.9**t + 0.4**t)
    assert chao(Histories(tuple("abcd"), mixed)).missed < truth


def simulated(rng, n, chances, dependence=0.0):
    lists = rng.random((n, len(chances))) < np.array(chances)
    if dependence:
        follow = rng.random(n) < dependence
        lists[follow, 1] = lists[follow, 0]
    names = [[f"l{i}" for i in range(len(chances)) if row[i]] for row in lists]
    return [found for found in names if found]


def test_intervals_hold_the_truth_as_often_as_they_say():
    """Independent lists of unequal reach: the best-known model's 95 % interval, over 300 simulated registers."""
    rng, truth, runs = np.random.default_rng(7), 500, 300
    held = 0
    for _ in range(runs):
        found = fit(histories_of(simulated(rng, truth, [0.5, 0.4, 0.3])), ())
        held += found.low <= truth <= found.high
    assert 0.91 <= held / runs <= 0.985


def test_dependent_lists_mislead_independence_and_aic_finds_them():
    rng = np.random.default_rng(4)
    histories = histories_of(simulated(rng, 4000, [0.5, 0.4, 0.3], dependence=0.5))
    found = completeness(histories)
    assert fit(histories, ()).high < 4000  # lists that follow each other hide what both miss
    assert "l0 with l1" in found.best.method
    assert found.low <= 4000 <= found.high


def test_lists_beyond_five_become_one():
    listed = [[f"l{i}" for i in range(k, 8)] for k in range(8)] * 3
    histories = histories_of(listed)
    assert len(histories.lists) == 5
    assert "all others" in histories.lists
    assert histories.observed == 24
    assert len(list(models(histories))) == sum(len(list(combinations(range(10), k))) for k in range(5))


def test_no_overlap_and_one_list_are_told():
    with pytest.raises(LifeclusterError, match="two lists"):
        histories_of([["a"], ["a"], []])
    apart = completeness(Histories(("a", "b"), {(1, 0): 10, (0, 1): 12, (1, 1): 0}))
    assert apart.best is None  # nothing in both: any number may be missing
    assert apart.bound.missed == pytest.approx(0.5 * 22 * 21 / 2)
    whole = completeness(Histories(("a", "b"), {(1, 1): 30}))
    assert whole.bound.missed == 0
    assert (whole.bound.low, whole.bound.high) == (30, 30)


def test_bad_histories_are_refused():
    for counts in ({(0, 0): 3}, {(1,): 3}, {(1, 2): 3}, {(1, 0): -1}):
        with pytest.raises(LifeclusterError, match="no capture history"):
            Histories(("a", "b"), counts)


def test_plain_values_state_the_assumption():
    told = completeness(HEPATITIS).to_dict()
    assert told["observed"] == 271
    assert told["low"] < told["bound"]["total"] < told["high"]
    assert "linked without error" in told["bound"]["assumption"]
    assert told["models"] == 8
    assert told["best"]["aic"] == min(m["aic"] for m in told["supported"])


def test_the_interval_is_around_what_was_missed():
    low, high = around(100, 20, 25.0)
    assert (low - 100) * (high - 100) == pytest.approx(400)  # log-normal: geometric mean
    assert around(100, 0, 4.0) == (100, 100)


def test_lists_that_never_meet_are_taken_together_until_a_model_fits():
    """`c` is never with `a` or `b` alone: its pairs have empty cells and no likelihood is largest inside."""
    counts = {(1, 1, 0): 50, (1, 0, 0): 40, (0, 1, 0): 30, (0, 0, 1): 0, (1, 1, 1): 6}
    histories = Histories(("a", "b", "c"), counts)
    merged = histories.merged()
    assert merged.lists == ("a", "b or c")
    assert merged.observed == histories.observed
    found = completeness(histories)
    assert found.bound == chao(histories)
    assert found.best is not None
    one = Histories(("a", "b", "c"), {(1, 0, 0): 5, (0, 1, 1): 3})
    assert one.merged().observed == 8
