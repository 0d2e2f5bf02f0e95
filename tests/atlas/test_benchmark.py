from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from lifecluster.atlas.benchmark import Figure, benchmark
from lifecluster.atlas.points import AtlasError, CannotTellError


def test_two_overlapping_regions_share_the_first_rank_as_their_intervals_say() -> None:
    """X uniform on 0-10, Y on 5-15: P(X > Y) is the triangle 5*5/2 of the square of 100."""
    found = {one.name: one for one in benchmark({"x": Figure(5, 0, 10), "y": Figure(10, 5, 15)}, draws=100_000)}
    assert found["x"].probability[0] == pytest.approx(0.125, abs=0.004)
    assert found["y"].rank == 1
    assert found["y"].ranks == (1, 2)
    assert found["y"].at_most(2) == pytest.approx(1)


def test_normal_errors_compare_as_normals_do() -> None:
    found = benchmark({"a": Figure(100, 90.2, 109.8, "normal"), "b": Figure(105, 95.2, 114.8, "normal")}, draws=100_000)
    assert found[0].name == "b"
    assert found[0].probability[0] == pytest.approx(norm.cdf(5 / (5 * np.sqrt(2))), abs=0.006)


def test_exact_figures_have_sure_ranks_and_ties_share() -> None:
    found = benchmark({"a": 3, "b": 5, "c": 5, "d": 1}, draws=4_000)
    assert [(one.name, one.rank) for one in found] == [("b", 1), ("c", 1), ("a", 3), ("d", 4)]
    assert found[0].probability[0] == pytest.approx(0.5, abs=0.04)
    assert found[2].probability == (0, 0, 1, 0)
    assert found[2].ranks == (3, 3)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 20), st.floats(0, 20)), min_size=2, max_size=8))
def test_every_rank_is_somebodys(rows: list[tuple[float, float, float]]) -> None:
    figures = {f"region {i}": Figure(v, v - low, v + high) for i, (v, low, high) in enumerate(rows)}
    found = benchmark(figures, draws=500)
    table = np.array([one.probability for one in found])
    assert table.sum(axis=0) == pytest.approx(np.ones(len(rows)))
    assert table.sum(axis=1) == pytest.approx(np.ones(len(rows)))
    assert [one.value for one in found] == sorted((v for v, _, _ in rows), reverse=True)
    assert found == benchmark(figures, draws=500)
    for one in found:
        assert one.interval.low <= one.value <= one.interval.high
        assert one.ranks.low <= one.ranks.high


def test_bad_input_is_refused() -> None:
    with pytest.raises(CannotTellError, match="two regions"):
        benchmark({"a": 1})
    for wrong in (Figure(1, 2, 3), Figure(float("nan"), 0, 1), Figure(1, 0, float("inf"))):
        with pytest.raises(AtlasError, match="low <= value"):
            benchmark({"a": wrong, "b": 1})
