from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist

from lifecluster.atlas import kernel, pairs
from lifecluster.atlas.points import CannotTellError
from tests.atlas.cases import direct_kd, drawn, towns

RADII = np.arange(0, 60_001, 2_500.0)


@pytest.mark.parametrize("bandwidth", [300.0, 2_000.0, 20_000.0])
@pytest.mark.parametrize("weighted", [False, True])
def test_the_kernel_sum_is_the_direct_sum(bandwidth: float, weighted: bool) -> None:
    cases = drawn(towns(200), 60)
    weights = np.random.default_rng(4).lognormal(0, 1, 60) if weighted else None
    direct = direct_kd(cases, RADII, bandwidth, weights)
    w = np.ones(60) if weights is None else weights
    found = kernel.kernel_sum(cases, RADII, bandwidth, weights) / ((w.sum() ** 2 - (w**2).sum()) / 2)
    assert found == pytest.approx(direct, rel=1e-8, abs=direct.max() * 1e-9)


def test_blocks_hold_every_pair_once(monkeypatch: pytest.MonkeyPatch) -> None:
    cases, weights = towns(50), np.arange(50.0)
    whole = np.sort(pdist(cases))
    monkeypatch.setattr(pairs, "BLOCK", 300)
    blocks = list(pairs.distances(cases, weights))
    assert len(blocks) > 10
    assert np.sort(np.concatenate([d for d, _ in blocks])) == pytest.approx(whole)
    total = sum(float(w.sum()) for _, w in blocks if w is not None)
    assert total == pytest.approx((weights.sum() ** 2 - (weights**2).sum()) / 2)
    rows = np.vstack([part for _, part in pairs.cross_distances(cases, cases[:7])])
    assert rows.shape == (50, 7)
    assert rows[3, 5] == pytest.approx(np.hypot(*(cases[3] - cases[5])))


@settings(max_examples=30)
@given(st.integers(3, 40), st.integers(0, 1000), st.sampled_from([20_000.0, 60_000.0, np.inf]))
def test_the_rule_of_thumb_is_silvermans_over_near_pairs(n: int, seed: int, limit: float) -> None:
    cases = drawn(towns(100, 3), n, seed)
    near = pdist(cases)[pdist(cases) <= limit]
    near = near if len(near) >= 2 else pdist(cases)
    quartiles = np.subtract(*np.percentile(near, [75, 25])) / 1.34
    narrow = min(near.std(ddof=1), quartiles) or near.std(ddof=1) or near.mean()
    assert kernel.rule_of_thumb(cases, limit) == pytest.approx(0.9 * narrow * len(near) ** -0.2, rel=1e-9)


def test_one_point_has_no_bandwidth_and_two_cases_have_one() -> None:
    with pytest.raises(CannotTellError, match="one point"):
        kernel.rule_of_thumb(np.full((5, 2), 1000.0), np.inf)
    assert kernel.rule_of_thumb(np.array([[0, 0], [3000, 4000.0]]), 1000.0) > 0


def test_very_many_bins_are_avoided() -> None:
    assert kernel.bins_for(np.array([100_000.0]), 5_000.0).width == 5_000 / 16
    assert kernel.bins_for(np.array([100_000.0]), 20.0).width == 5.0


@given(st.floats(500, 5_000), st.floats(0, 30_000))
def test_the_kernel_holds_all_its_mass_right_of_zero(bandwidth: float, distance: float) -> None:
    radii = np.arange(0, distance + 10 * bandwidth, bandwidth / 20)
    mass = np.trapezoid(kernel.gaussian(radii, np.array([distance]), bandwidth)[0], radii)
    assert mass == pytest.approx(1, abs=1e-3)
