"""The exact moments against every possible draw, and against simulation."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from lifecluster.atlas import moments
from lifecluster.atlas.kd import kd
from lifecluster.atlas.universe import universe
from tests.atlas.cases import direct_kd, drawn, towns

RADII = np.array([0.0, 5_000.0, 20_000.0, 50_000.0])
WIDTH = 4_000.0


@pytest.mark.parametrize("n", [2, 3, 5, 6])
def test_mean_and_covariance_are_those_of_all_draws(n: int) -> None:
    everywhere = towns(7)
    curves = [direct_kd(everywhere[list(draw)], RADII, WIDTH) for draw in itertools.combinations(range(7), n)]
    found = moments.distance_table(everywhere, RADII, WIDTH).moments(RADII, WIDTH)
    assert found.mean == pytest.approx(np.mean(curves, axis=0), rel=1e-10)
    pair = np.zeros((7, 7, 4))
    for i, j in itertools.permutations(range(7), 2):
        pair[i, j] = direct_kd(everywhere[[i, j]], RADII, WIDTH)
    exact = from_pairs(pair)
    assert exact.mean == pytest.approx(np.mean(curves, axis=0), rel=1e-10)
    assert found.covariance(n) == pytest.approx(exact.covariance(n), rel=1e-9, abs=1e-18)
    assert exact.covariance(n) == pytest.approx(np.cov(np.transpose(curves), bias=True), rel=1e-8, abs=1e-16)


def test_weights_of_cases_are_in_the_covariance() -> None:
    everywhere, weights = towns(6), np.array([1.0, 2.0, 7.0])
    curves = [direct_kd(everywhere[list(d)], RADII, WIDTH, weights) for d in itertools.permutations(range(6), 3)]
    pair = np.zeros((6, 6, 4))
    for i, j in itertools.permutations(range(6), 2):
        pair[i, j] = direct_kd(everywhere[[i, j]], RADII, WIDTH)
    found = from_pairs(pair).covariance(3, weights)
    assert found == pytest.approx(np.cov(np.transpose(curves), bias=True), rel=1e-8, abs=1e-16)


def from_pairs(pair: np.ndarray) -> moments.PairMoments:
    """Moments from the pair function in full."""
    size, sums = len(pair), pair.sum(axis=1)
    mean = pair.sum(axis=(0, 1)) / (size * (size - 1))
    flat = pair[~np.eye(size, dtype=bool)]
    return moments.pair_moments(size, sums.sum(axis=0), sums.T @ sums, flat.T @ flat, mean)


def test_a_table_gives_what_the_pairs_give_and_serves_other_bandwidths(monkeypatch: pytest.MonkeyPatch) -> None:
    everywhere = towns(320)
    pair = np.zeros((320, 320, 4))
    distance = np.hypot(*(everywhere[:, None] - everywhere[None]).transpose(2, 0, 1))
    for r, radius in enumerate(RADII):
        bell = sum(np.exp(-0.5 * ((distance + s * radius) / WIDTH) ** 2) for s in (1, -1))
        pair[:, :, r] = bell / (WIDTH * np.sqrt(2 * np.pi)) * ~np.eye(320, dtype=bool)
    exact = from_pairs(pair)
    table = moments.distance_table(everywhere, RADII, WIDTH * 1.1)
    assert table.fits(RADII, WIDTH)
    assert not table.fits(RADII * 2, WIDTH)
    monkeypatch.setattr(moments, "KEEP", 20_000)
    streamed = moments.distance_table(everywhere, RADII, WIDTH)
    assert streamed.counts is None
    for found in (table.moments(RADII, WIDTH), streamed.moments(RADII, WIDTH)):
        assert found.mean == pytest.approx(exact.mean, rel=3e-5)
        assert found.covariance(40) == pytest.approx(
            exact.covariance(40), rel=1e-4, abs=exact.covariance(40).max() / 1e5
        )


def test_simulations_agree_with_the_exact_moments() -> None:
    everywhere = universe(towns(400))
    from lifecluster.atlas.kd import _Problem

    cases = drawn(everywhere.xy, 50)
    for weights in (None, np.random.default_rng(1).lognormal(0, 1, 50)):
        problem = _Problem(cases, everywhere, everywhere.locate(cases), weights, RADII, WIDTH)
        null = problem.null(4_000, seed=3)
        sd = np.sqrt(np.diagonal(null.covariance))
        assert np.abs(null.curves.mean(axis=0) - null.mean).max() < (4.5 * sd / np.sqrt(4_000)).max()
        assert null.curves.std(axis=0) / sd == pytest.approx(np.ones(4), abs=0.06)


def test_a_segment_is_judged_without_a_new_pass_over_the_universe() -> None:
    everywhere = universe(towns(300))
    kd(drawn(everywhere.xy, 30), everywhere, RADII, bandwidth=WIDTH)
    first = everywhere.table(RADII, WIDTH)
    kd(drawn(everywhere.xy, 80, seed=9), everywhere, RADII, bandwidth=WIDTH * 1.05)
    assert everywhere.table(RADII, WIDTH) is first
