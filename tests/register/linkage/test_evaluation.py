"""Measures against hand-reckoned ones."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.register.linkage.evaluation import (
    CAUTIOUS,
    PLAIN,
    evaluate,
    oracle_recall,
    recall_at,
    sure_threshold,
    wilson_lower,
)


def links(numbers: list[str], bands: list[str], probability: list[float]) -> pl.DataFrame:
    ids = [f"q{i}" for i in range(len(numbers))]
    return pl.DataFrame({"id": ids, "company_number": numbers, "band": bands, "probability": probability})


def test_precision_recall_and_f1() -> None:
    answer = links(["1", "2", "9", "", "5"], ["auto", "auto", "review", "none", "review"], [0.99, 0.97, 0.6, 0.1, 0.7])
    labels = pl.DataFrame({"id": ["q0", "q1", "q2", "q3"], "company_number": ["1", "2", "3", "4"]})
    meta = pl.DataFrame(
        {
            "id": [f"q{i}" for i in range(5)],
            "noise_class": ["typo", "typo", "typo", "clean", "clean"],
            "kind": ["match"] * 4 + ["absent_sibling"],
        }
    )
    got = evaluate(answer, labels, meta)
    assert got.precision == pytest.approx(2 / 4)
    assert got.recall == pytest.approx(2 / 4)
    assert got.f1 == pytest.approx(0.5)
    assert got.auto_share == pytest.approx(0.4)
    assert got.auto_precision == 1.0
    assert got.review_share == pytest.approx(0.4)
    assert got.sibling_false_links == 1.0
    assert got.sibling_false_auto == 0.0
    assert {row["noise_class"]: row["queries"] for row in got.by_class} == {"typo": 3, "clean": 2}
    assert got.f1_interval[0] <= got.f1 <= got.f1_interval[1]
    assert got.as_dict()["labelled"] == 4


def test_a_perfect_answer() -> None:
    numbers = [str(i) for i in range(1, 801)]
    labels = pl.DataFrame({"id": [f"q{i}" for i in range(800)], "company_number": numbers})
    got = evaluate(links(numbers, ["auto"] * 800, [0.995] * 800), labels)
    assert (got.precision, got.recall, got.f1, got.recall_at_p99, got.precision_at_p99) == (1, 1, 1, 1, 1)
    assert got.sibling_false_links is None
    assert got.calibration_error == pytest.approx(0.005)


def test_nothing_said() -> None:
    labels = pl.DataFrame({"id": ["q0"], "company_number": ["1"]})
    got = evaluate(links([""], ["none"], [0.0]), labels)
    assert (got.precision, got.recall, got.f1, got.recall_at_p99) == (0, 0, 0, 0)


@given(st.integers(0, 50), st.integers(1, 50))
def test_wilson_is_below_the_share(hits: int, more: int) -> None:
    tried = hits + more
    low = float(wilson_lower(np.array([float(hits)]), np.array([float(tried)]))[0])
    assert -1e-9 <= low <= hits / tried + 1e-9


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=1, max_size=60))
def test_the_sure_threshold_keeps_its_promise(rows: list[tuple[int, bool]]) -> None:
    probability = np.array([p / 20 for p, _ in rows])
    right = np.array([r for _, r in rows])
    limit = sure_threshold(probability, np.ones(len(rows), bool), right, 0.8)
    chosen = probability >= limit
    if chosen.any():
        assert right[chosen].mean() >= 0.8


def test_bounds_of_precision_are_ordered() -> None:
    """The cautious threshold lies no lower than the plain one, the observed one no higher."""
    rng = np.random.default_rng(5)
    probability = rng.random(4000)
    right = rng.random(4000) < 0.9 + 0.1 * probability
    linked = np.ones(4000, bool)
    observed, plain, cautious = (sure_threshold(probability, linked, right, 0.99, z=z) for z in (0.0, PLAIN, CAUTIOUS))
    assert observed <= plain <= cautious


def test_the_oracle_is_an_upper_limit() -> None:
    rng = np.random.default_rng(6)
    probability = np.round(rng.random(3000), 3)
    exists = rng.random(3000) < 0.85
    right = exists & (rng.random(3000) < 0.8 + 0.2 * probability)
    linked = np.ones(3000, bool)
    best = oracle_recall(probability, linked, right, exists)
    met = [
        right[probability >= limit].sum() / exists.sum()
        for limit in np.unique(probability)
        if right[probability >= limit].mean() >= 0.99
    ]
    assert best == pytest.approx(max(met, default=0.0))
    recall, precision = recall_at(probability, linked, right, exists, seed=1)
    assert recall <= best or precision < 0.99


def test_all_three_are_told() -> None:
    numbers = [str(i) for i in range(1, 801)]
    labels = pl.DataFrame({"id": [f"q{i}" for i in range(800)], "company_number": numbers})
    got = evaluate(links(numbers, ["auto"] * 800, [0.995] * 800), labels)
    assert (got.recall_at_p99, got.recall_at_p99_oracle) == (1, 1)
    assert got.recall_at_p99_cautious in (0, 1)  # 400 of 400 are enough at z = 1.96: the bound is .9905
    assert got.recall_at_p99_cautious == 1


@pytest.mark.parametrize(("hits", "tried", "z", "low"), [(9, 10, 1.96, 0.5958), (90, 100, 1.96, 0.8256), (1, 1, 0, 1)])
def test_wilson_by_hand(hits: float, tried: float, z: float, low: float) -> None:
    assert float(wilson_lower(np.array([hits]), np.array([tried]), z)[0]) == pytest.approx(low, abs=1e-4)


def test_recall_is_of_labelled_queries_only() -> None:
    answer = links(["1", "2", "3"], ["auto"] * 3, [0.9] * 3)
    got = evaluate(answer, pl.DataFrame({"id": ["q0"], "company_number": ["1"]}))
    assert (got.labelled, got.recall, got.precision) == (1, 1.0, pytest.approx(1 / 3))


def test_a_query_that_is_not_in_meta_has_no_class() -> None:
    answer = links(["1", "2"], ["auto", "auto"], [0.9, 0.9])
    labels = pl.DataFrame({"id": ["q0", "q1"], "company_number": ["1", "2"]})
    meta = pl.DataFrame({"id": ["q0"], "noise_class": ["typo"], "kind": ["match"]})
    got = evaluate(answer, labels, meta)
    assert {row["noise_class"]: row["f1"] for row in got.by_class} == {"": 1.0, "typo": 1.0}
    assert got.absent_false_links == 0.0
