from __future__ import annotations

import itertools

import numpy as np
import pytest

from lifecluster import atlas
from tests.atlas.cases import towns, within_binomial

PLACES = towns(300)
RADII = np.array([3_000.0, 10_000, 30_000])


def direct(a: np.ndarray, b: np.ndarray, h: float) -> np.ndarray:
    distance = np.array([np.hypot(*(p - q)) for p in a for q in b])
    bell = [np.exp(-0.5 * ((r - distance) / h) ** 2) + np.exp(-0.5 * ((r + distance) / h) ** 2) for r in RADII]
    return np.mean(bell, axis=1) / (h * np.sqrt(2 * np.pi))


def direct_m(a: list[int], b: list[int], w: np.ndarray, radii: np.ndarray = RADII) -> np.ndarray:
    out = []
    for radius in radii:
        above = below = 0.0
        for i in a:
            near = [j for j in range(len(PLACES)) if j != i and np.hypot(*(PLACES[i] - PLACES[j])) <= radius]
            if near and sum(w[near]) > 0:
                above += sum(w[j] for j in near if j in b) / sum(w[near])
                below += sum(w[b]) / (w.sum() - w[i])
        out.append(above / below)
    return np.array(out)


def test_both_forms_are_their_definitions() -> None:
    a, b = list(range(40)), list(range(100, 125))
    found = atlas.kd_between(PLACES[a], PLACES[b], PLACES, RADII, bandwidth=4_000)
    assert found.density == pytest.approx(direct(PLACES[a], PLACES[b], 4_000), rel=1e-3)
    for w in (None, np.random.default_rng(1).lognormal(0, 1, 300)):
        found = atlas.m_between(PLACES[a], PLACES[b], PLACES, RADII, w)
        weights = np.ones(300) if w is None else w
        assert found.value == pytest.approx(direct_m(a, b, weights), rel=1e-12)


def test_moments_are_those_of_all_draws_of_the_second_segment() -> None:
    places, a = PLACES[:9], PLACES[:3]
    curves = [direct(a, places[list(d)], 9_000) for d in itertools.combinations(range(3, 9), 2)]
    found = atlas.kd_between(a, places[[3, 4]], places, RADII, bandwidth=9_000)
    assert found.mean == pytest.approx(np.mean(curves, axis=0), rel=1e-2)
    assert found.sd == pytest.approx(np.std(curves, axis=0), rel=2e-2)


def test_simulations_agree_with_the_moments() -> None:
    from lifecluster.atlas import bands

    for work in (atlas.kd_between, atlas.m_between):
        found = work(PLACES[:40], PLACES[50:90], PLACES, RADII, n_sims=999)
        exact = work(PLACES[:40], PLACES[50:90], PLACES, RADII)
        assert found.sd == pytest.approx(exact.sd)
        assert found.p == pytest.approx(exact.p, abs=0.08)
        assert isinstance(found.band, bands.Band)


def test_a_segment_around_another_is_found() -> None:
    near = np.argsort(np.hypot(*(PLACES - PLACES[0]).T), kind="stable")
    for work in (atlas.kd_between, atlas.m_between):
        found = work(PLACES[near[:40:2]], PLACES[near[1:41:2]], PLACES, RADII, n_sims=99)
        assert found.p == pytest.approx(0.01)
        assert found.ranges(True)
        assert found.null.startswith("the first segment stays")


def test_bad_input_is_refused() -> None:
    with pytest.raises(atlas.CannotTellError, match="at least two"):
        atlas.kd_between(PLACES[:1], PLACES[1:9], PLACES, RADII)
    with pytest.raises(atlas.AtlasError, match="without the sites of the first"):
        atlas.m_between(PLACES[:5], PLACES[4:9], PLACES, RADII)
    with pytest.raises(atlas.CannotTellError, match="whole universe"):
        atlas.m_between(PLACES[:5], PLACES[5:], PLACES, RADII)
    with pytest.raises(atlas.AtlasError, match="bandwidth"):
        atlas.kd_between(PLACES[:5], PLACES[5:9], PLACES, RADII, bandwidth=0)
    with pytest.raises(atlas.CannotTellError, match="positional"):
        atlas.kd_between(PLACES[:5], PLACES[5:9], PLACES, RADII, position_error=1e6)
    with pytest.raises(atlas.CannotTellError, match="has a weight"):
        atlas.m_between(PLACES[:5], PLACES[5:9], PLACES, RADII, np.r_[np.ones(5), np.zeros(4), np.ones(291)])


@pytest.mark.parametrize("sims", [0, 39])
def test_unrelated_segments_are_called_related_no_more_often_than_stated(sims: int) -> None:
    """120 true nulls at 5 per cent (7 without simulations); a binomial tail of 1e-4 is the tolerance."""
    everywhere = atlas.universe(PLACES)
    for work in (atlas.kd_between, atlas.m_between):
        hits = 0
        for seed in range(120):
            rows = np.random.default_rng(seed).permutation(300)
            found = work(PLACES[rows[:50]], PLACES[rows[50:90]], everywhere, RADII, n_sims=sims, seed=seed)
            hits += found.p <= 0.05
        assert within_binomial(hits, 120, 0.05 if sims else 0.07), hits
