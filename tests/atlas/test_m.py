from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster import atlas
from lifecluster.atlas import neighbours
from lifecluster.atlas.m import _Problem
from tests.atlas.cases import clustered, drawn, towns, within_binomial

RADII = np.array([2_000.0, 5_000, 10_000, 20_000, 40_000])
PLACES = towns(400)


def brute_m(places: np.ndarray, cases: list[int], radii: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """M by its definition, site by site; centres without weight around them are left out."""
    w = np.ones(len(places)) if weights is None else weights
    segment, out = set(cases), []
    for radius in radii:
        above = below = 0.0
        for i in cases:
            near = [j for j in range(len(places)) if j != i and np.hypot(*(places[i] - places[j])) <= radius]
            everyone = sum(w[j] for j in near)
            if everyone > 0:
                above += sum(w[j] for j in near if j in segment) / everyone
                below += (sum(w[j] for j in cases) - w[i]) / (w.sum() - w[i])
        out.append(above / below)
    return np.array(out)


@settings(max_examples=15)
@given(st.integers(3, 25), st.integers(0, 999), st.booleans())
def test_m_is_its_definition_to_1e_12(n: int, seed: int, weighted: bool) -> None:
    places = towns(80, seed % 5)
    rows = np.random.default_rng(seed).choice(80, n, replace=False)
    weights = np.random.default_rng(seed).lognormal(0, 1, 80) if weighted else None
    sims = 19 if weighted else 0
    found = atlas.m_function(places[rows], universe=places, radii=RADII[2:], weights=weights, n_sims=sims)
    assert found.value == pytest.approx(brute_m(places, rows.tolist(), RADII[2:], weights), rel=1e-12, abs=1e-14)


def test_pairs_exactly_a_radius_apart_count() -> None:
    grid = np.array([(3_000.0 * i, 4_000.0 * j) for i in range(6) for j in range(6)])
    rows = [0, 7, 8, 14, 20]
    radii = np.array([3_000.0, 4_000, 5_000, 10_000])
    assert atlas.m_function(grid[rows], grid, radii).value == pytest.approx(brute_m(grid, rows, radii), rel=1e-12)


@given(st.integers(0, 999))
@settings(max_examples=20)
def test_neighbour_sums_are_exact_for_any_radii(seed: int) -> None:
    chance = np.random.default_rng(seed)
    places, weights = towns(60, seed), chance.lognormal(0, 1, 60)
    radii = np.sort(chance.choice(np.r_[chance.uniform(0, 90_000, 8), 0.0, 1.0, 1e7], 6, replace=False))
    distance = np.sqrt(((places[:, None] - places[None]) ** 2).sum(axis=2))
    direct = np.stack([((distance <= r) & ~np.eye(60, dtype=bool)) @ weights for r in radii], axis=1)
    found = neighbours.sums(places, weights, np.arange(60), neighbours.search(radii))
    assert found == pytest.approx(direct, rel=1e-11, abs=1e-10)


def test_the_moments_are_those_of_all_draws() -> None:
    places = towns(8, 3)
    radii = np.array([60_000.0, 90_000.0])
    everywhere = atlas.universe(places)
    curves = np.array([brute_m(places, list(d), radii) for d in itertools.combinations(range(8), 3)])
    found = neighbours.moments(everywhere, neighbours.search(radii), np.ones(8))
    assert (found.valid == 1).all()
    mean, covariance = found.of(3)
    assert mean == pytest.approx(curves.mean(axis=0), rel=1e-9)
    assert np.diagonal(covariance) == pytest.approx(curves.var(axis=0), rel=1e-5)


def test_simulated_and_exact_moments_agree() -> None:
    everywhere = atlas.universe(PLACES)
    problem = _Problem(everywhere, everywhere.locate(drawn(PLACES, 80)), None, RADII[::-1])
    null = problem.null(3_000, seed=1)
    sd = np.sqrt(np.diagonal(null.covariance))
    assert np.abs(null.curves.mean(axis=0) - 1) == pytest.approx(np.zeros(5), abs=float(6 * sd.max() / np.sqrt(3_000)))
    assert null.curves.std(axis=0)[:4] / sd[:4] == pytest.approx(np.ones(4), abs=0.06)
    assert np.corrcoef(null.curves.T) == pytest.approx(null.covariance / np.outer(sd, sd), abs=0.25)


@pytest.mark.parametrize("weighted", [False, True])
def test_simulated_curves_are_m_of_the_draws(weighted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    from lifecluster.atlas import backend

    weights = np.random.default_rng(5).lognormal(0, 1, 400) if weighted else None
    everywhere = atlas.universe(PLACES)
    draws = backend.draw_sites(400, 30, 3, seed=6)
    direct = [brute_m(PLACES, draw.tolist(), RADII, weights) for draw in draws]
    for engine in ("auto", "numpy"):
        monkeypatch.setenv("LIFECLUSTER_ENGINE", engine)
        problem = _Problem(everywhere, everywhere.locate(PLACES[:30]), weights, RADII)
        assert problem.simulate(3, seed=6) == pytest.approx(np.array(direct), rel=1e-5)


def test_numpy_gives_the_same_moments(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for engine in ("auto", "numpy"):
        monkeypatch.setenv("LIFECLUSTER_ENGINE", engine)
        found.append(atlas.m_function(drawn(PLACES, 60), atlas.universe(PLACES), RADII))
    assert found[0].sd == pytest.approx(found[1].sd, rel=1e-5)
    assert found[0].value == pytest.approx(found[1].value, rel=1e-12)


def test_a_town_of_cases_is_concentrated() -> None:
    found = atlas.m_function(clustered(PLACES, 40), PLACES, RADII, n_sims=199)
    assert found.value[0] > 3
    assert found.p == found.p_erl == pytest.approx(0.005)
    assert found.ranges(True)[0].low == 2_000
    assert found.mean == pytest.approx(np.ones(5))


def test_sites_of_the_buffer_are_neighbours_but_no_centres() -> None:
    inside = PLACES[:, 0] < np.median(PLACES[:, 0])
    rows = np.random.default_rng(3).choice(400, 40, replace=False)
    everywhere = atlas.universe(PLACES, inside=inside)
    found = atlas.m_function(PLACES[rows], everywhere, RADII[2:], n_sims=59)
    above, below = np.zeros(3), np.zeros(3)
    for i in rows[inside[rows]]:
        distance = np.hypot(*(PLACES - PLACES[i]).T)
        for r, radius in enumerate(RADII[2:]):
            near = np.flatnonzero((distance <= radius) & (np.arange(400) != i))
            if len(near):
                above[r] += np.isin(near, rows).mean()
                below[r] += 39 / 399
    assert found.value == pytest.approx(above / below, rel=1e-12)
    assert found.moments == "simulated"


def test_what_cannot_be_told_is_said() -> None:
    with pytest.raises(atlas.CannotTellError, match="leave out radii so short"):
        atlas.m_function(np.array([(0, 0), (9e4, 0)]), np.array([(0, 0), (9e4, 0), (9e5, 0)]), [1_000.0, 1e6])
    with pytest.raises(atlas.CannotTellError, match="fewer than two cases have a weight"):
        atlas.m_function(PLACES[:3], PLACES, RADII, weights=np.r_[np.zeros(2), np.ones(398)], n_sims=19)
    with pytest.raises(atlas.AtlasError, match="need simulations"):
        atlas.m_function(PLACES[:3], PLACES, RADII, weights=np.ones(400))
    with pytest.raises(atlas.AtlasError, match="400 values"):
        atlas.m_function(PLACES[:3], PLACES, RADII, weights=np.ones(3), n_sims=19)
    with pytest.raises(atlas.CannotTellError, match="positional error"):
        atlas.m_function(PLACES[:3], PLACES, RADII, position_error=1e6)
    below = atlas.m_function(drawn(PLACES, 30), PLACES, RADII, position_error=3_000, n_sims=39)
    assert np.isnan(below.value[0])
    assert np.isfinite(below.value[1:]).all()


@pytest.mark.parametrize(("sims", "weighted", "rate"), [(39, False, 0.05), (39, True, 0.05), (0, False, 0.05)])
def test_random_locations_are_called_concentrated_no_more_often_than_stated(
    sims: int, weighted: bool, rate: float
) -> None:
    """150 true nulls, also where no simulations are asked for; a binomial tail of 1e-4 is the tolerance."""
    everywhere = atlas.universe(PLACES)
    weights = np.random.default_rng(1).lognormal(0, 1, 400) if weighted else None
    found = [atlas.m_function(drawn(PLACES, 60, seed), everywhere, RADII, weights, n_sims=sims, seed=seed)
             for seed in range(150)]  # fmt: skip
    assert within_binomial(sum(one.p <= 0.05 for one in found), 150, rate)
    assert within_binomial(sum(one.p_erl <= 0.05 for one in found), 150, rate)
    assert {one.n_sims for one in found} == {sims or 199}
    assert {one.moments for one in found} == {"simulated" if weighted else "exact"}
