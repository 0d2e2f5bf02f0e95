from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom

from lifecluster.atlas.chance import benjamini_hochberg, hypergeometric, monte_carlo
from lifecluster.atlas.points import AtlasError
from tests.atlas.cases import within_binomial

probabilities = st.lists(st.floats(0, 1), min_size=1, max_size=30)


def test_p_is_the_rank_among_the_simulated() -> None:
    null = np.arange(1, 20.0)  # 19 values
    assert monte_carlo(20.0, null) == pytest.approx(1 / 20)
    assert monte_carlo(20.0, null, "less") == 1
    assert monte_carlo(0.0, null, "two-sided") == pytest.approx(2 / 20)
    assert monte_carlo([5.0, 19.0], np.column_stack([null, null])) == pytest.approx([16 / 20, 2 / 20])


@given(st.integers(1, 400), st.data())
def test_the_exact_p_is_the_tail_of_the_hypergeometric_distribution(size: int, data: st.DataObject) -> None:
    drawn = data.draw(st.integers(1, size))
    marked = data.draw(st.lists(st.integers(0, size), min_size=1, max_size=4))
    seen = [data.draw(st.integers(max(0, drawn + m - size), min(m, drawn))) for m in marked]
    above = hypergeom.sf(np.array(seen) - 1, size, marked, drawn)
    below = hypergeom.cdf(seen, size, marked, drawn)
    assert hypergeometric(seen, marked, drawn, size) == pytest.approx(above, rel=1e-6, abs=1e-12)
    assert hypergeometric(seen, marked, drawn, size, "less") == pytest.approx(below, rel=1e-6, abs=1e-12)
    both = np.minimum(1, 2 * np.minimum(above, below))
    assert hypergeometric(seen, marked, drawn, size, "two-sided") == pytest.approx(both, rel=1e-6, abs=1e-12)


@given(probabilities, st.floats(0.01, 0.5))
def test_q_calls_what_the_step_up_procedure_calls(p: list[float], rate: float) -> None:
    ordered = sorted(p)
    passing = [i for i, one in enumerate(ordered, 1) if one <= rate * i / len(p)]
    called = set(ordered[: max(passing)]) if passing else set()
    q = benjamini_hochberg(p)
    close = np.isclose(q, rate, rtol=1e-9)
    assert all(c or (value <= rate) == (one in called) for one, value, c in zip(p, q, close, strict=True))


@given(probabilities)
def test_q_is_no_smaller_than_p_and_keeps_its_order(p: list[float]) -> None:
    q = benjamini_hochberg(p)
    assert (q >= np.array(p) - 1e-12).all()
    assert (np.diff(q[np.argsort(p, kind="stable")]) >= -1e-12).all()
    assert q.max() <= 1


def test_unknown_p_values_stay_unknown_and_do_not_count() -> None:
    found = benjamini_hochberg([0.02, np.nan, 0.04])
    assert found[[0, 2]] == pytest.approx([0.04, 0.04])
    assert np.isnan(found[1])
    with pytest.raises(AtlasError):
        benjamini_hochberg([1.2])


@pytest.mark.parametrize("side", ["greater", "less", "two-sided"])
def test_p_values_of_true_nulls_are_not_too_small(side: str) -> None:
    """2,000 true nulls at 5 per cent; a binomial tail of 1e-4 is the tolerance."""
    values = np.random.default_rng(3).exponential(size=(40, 2_000))
    p = monte_carlo(values[0], values[1:], side)  # type: ignore[arg-type]
    assert within_binomial(int((p <= 0.05).sum()), 2_000, 0.05)
