from __future__ import annotations

import inspect

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster import atlas
from lifecluster.atlas import backend
from tests.atlas.cases import clustered, direct_kd, drawn, towns, within_binomial

RADII = np.arange(0, 40_001, 4_000.0)
PLACES = towns(600)


def test_the_signature_is_the_published_one() -> None:
    names = list(inspect.signature(atlas.kd).parameters)
    assert names == ["cases_xy", "universe", "radii", "weights", "bandwidth", "position_error", "n_sims",
                     "alternative", "seed"]  # fmt: skip


@settings(max_examples=25)
@given(st.integers(2, 40), st.integers(0, 999), st.sampled_from([800.0, 3_000.0, 9_000.0]), st.booleans())
def test_the_density_is_its_definition(n: int, seed: int, bandwidth: float, weighted: bool) -> None:
    cases = drawn(PLACES, n, seed)
    weights = np.random.default_rng(seed).lognormal(0, 1, n) if weighted else None
    found = atlas.kd(cases, universe=PLACES, radii=RADII, weights=weights, bandwidth=bandwidth)
    direct = direct_kd(cases, RADII, bandwidth, weights)
    assert found.density == pytest.approx(direct, rel=1e-7, abs=1e-14)


def test_sites_in_one_town_are_found_to_be_clustered() -> None:
    found = atlas.kd(clustered(PLACES, 60), universe=PLACES, radii=RADII, n_sims=199, seed=4)
    assert found.p == pytest.approx(0.005)
    assert found.p_erl == pytest.approx(0.005)
    assert found.verdict == "both"
    assert found.ranges(True)[0].low == 0
    assert found.sentence.startswith("These sites lie nearer to each other than chance gives at distances from 0 to ")
    assert atlas.kd(clustered(PLACES, 60), PLACES, RADII, n_sims=199, alternative="less").p < 0.02
    exact = atlas.kd(clustered(PLACES, 60), PLACES, RADII)
    assert exact.p == pytest.approx(1 / 5_000)
    assert (exact.p_erl, exact.band_erl, exact.moments) == (None, None, "exact")
    assert exact.mean == pytest.approx(found.mean)


def test_every_result_says_what_it_rests_on() -> None:
    everywhere = atlas.universe(PLACES, name="all companies of the region", vintage="2026-11")
    found = atlas.kd(drawn(PLACES, 50), everywhere, RADII, n_sims=99, seed=12)
    assert (found.n, found.size, found.n_sims, found.seed) == (50, 600, 99, 12)
    assert (found.null, found.vintage, found.suppression) == ("all companies of the region", "2026-11", None)
    assert found.interval is found.band
    assert found.band.lower.shape == found.density.shape == RADII.shape
    assert "50 sites against 600" in found.sentence


def test_same_seed_same_numbers_and_numpy_gives_them_too(monkeypatch: pytest.MonkeyPatch) -> None:
    cases, weights = drawn(PLACES, 30), np.arange(1, 31.0)
    runs = {}
    for engine in ("auto", "numpy", "auto"):
        monkeypatch.setenv("LIFECLUSTER_ENGINE", engine)
        for w in (None, weights):
            found = atlas.kd(cases, atlas.universe(PLACES), RADII, weights=w, n_sims=40, seed=5)
            runs.setdefault(w is None, []).append(found)
    for first, *others in runs.values():
        for other in others:
            assert other.p == first.p
            assert other.band.upper == pytest.approx(first.band.upper, rel=1e-12)
            assert other.sd == pytest.approx(first.sd, rel=1e-6)
    monkeypatch.setenv("LIFECLUSTER_ENGINE", "numpy")
    assert backend.loops().__name__.endswith("plain")


def test_the_order_of_cases_and_radii_and_a_shift_do_not_matter() -> None:
    cases = drawn(PLACES, 40)
    base = atlas.kd(cases, PLACES, RADII)
    turned = atlas.kd(cases[::-1], PLACES[::-1], RADII[::-1])
    assert turned.density[::-1] == pytest.approx(base.density)
    assert turned.sd[::-1] == pytest.approx(base.sd)
    moved = atlas.kd(cases + 50_000, PLACES + 50_000, RADII)
    assert moved.density == pytest.approx(base.density, rel=1e-6)


def test_no_radius_below_the_positional_error_is_reported() -> None:
    found = atlas.kd(drawn(PLACES, 40), PLACES, RADII, position_error=5_000, n_sims=39)
    below = RADII < 5_000
    assert found.withheld.tolist() == below.tolist()
    for values in (found.density, found.mean, found.sd, found.band.lower, found.band_erl.upper):
        assert np.isnan(values[below]).all()
        assert np.isfinite(values[~below]).all()
    assert "2 radii below the positional error" in found.notes[0]
    with pytest.raises(atlas.CannotTellError, match="all radii"):
        atlas.kd(drawn(PLACES, 40), PLACES, RADII, position_error=1e6)


def test_duplicates_are_judged_against_a_universe_with_the_same_duplicates() -> None:
    """An address with 60 companies makes pairs at distance 0 in cases and null alike: no false cluster."""
    places = np.vstack([PLACES, np.repeat(PLACES[:1], 60, axis=0)])
    hits = [atlas.kd(drawn(places, 60, seed), atlas.universe(places), RADII).p <= 0.05 for seed in range(40)]
    assert within_binomial(sum(hits), 40, 0.07)
    assert "61 sites of the universe share their point" in atlas.kd(drawn(places, 60), places, RADII).notes[0]


def test_pairs_within_the_buffer_do_not_count() -> None:
    inside = PLACES[:, 0] < np.median(PLACES[:, 0])
    everywhere = atlas.universe(PLACES, inside=inside)
    cases = drawn(PLACES, 30, 8)
    within = inside[everywhere.locate(cases)]
    pairs = [(i, j) for i in range(30) for j in range(i) if within[i] or within[j]]
    found = atlas.kd(cases, everywhere, RADII, bandwidth=3_000, n_sims=39)
    direct = np.mean([direct_kd(cases[list(pair)], RADII, 3_000) for pair in pairs], axis=0)
    assert found.density == pytest.approx(direct)
    assert found.moments == "simulated"
    assert "lie in the buffer" in found.notes[0]
    with pytest.raises(atlas.AtlasError, match="needs simulations"):
        atlas.kd(cases, everywhere, RADII)
    with pytest.raises(atlas.CannotTellError, match="buffer"):
        atlas.kd(PLACES[~inside][:9], everywhere, RADII, n_sims=39)


@pytest.mark.parametrize(("cases", "universe", "message"), [
    (PLACES[:1], PLACES, "at least two"),
    (PLACES[:0], PLACES, "at least two"),
    (np.full((4, 2), 5000.0), np.vstack([PLACES, np.full((4, 2), 5000.0)]), "one point"),
    (PLACES[:3] + 7, PLACES, "outside the universe"),
    (PLACES, PLACES, "whole universe"),
    (np.array([(-1.2, 52.9), (-1.3, 52.8)]), PLACES, "degrees"),
    (PLACES[:3], np.array([(-1.2, 52.9), (-1.3, 52.8)]), "degrees"),
    (np.array([(np.nan, 1.0), (2000, 3000)]), PLACES, "row 1"),
])  # fmt: skip
def test_input_that_cannot_be_used_is_refused_in_words(cases: np.ndarray, universe: np.ndarray, message: str) -> None:
    with pytest.raises(atlas.AtlasError, match=message):
        atlas.kd(cases, universe=universe, radii=RADII)


def test_bandwidth_weights_and_alternative_are_checked() -> None:
    cases = PLACES[:9]
    for wrong in (0, -1, np.nan, np.inf):
        with pytest.raises(atlas.AtlasError, match="bandwidth"):
            atlas.kd(cases, PLACES, RADII, bandwidth=wrong)
    with pytest.raises(atlas.AtlasError, match="weights"):
        atlas.kd(cases, PLACES, RADII, weights=[1, 2])
    with pytest.raises(atlas.CannotTellError, match="zero"):
        atlas.kd(cases, PLACES, RADII, weights=np.zeros(9))
    with pytest.raises(atlas.CannotTellError, match="fewer than two"):
        atlas.kd(cases, PLACES, RADII, weights=[1, *[0] * 8])
    with pytest.raises(atlas.AtlasError, match="alternative"):
        atlas.kd(cases, PLACES, RADII, alternative="more")


@pytest.mark.parametrize(("sims", "rate"), [(39, 0.05), (0, 0.07)])
def test_random_locations_are_called_clustered_no_more_often_than_stated(sims: int, rate: float) -> None:
    """150 true nulls; with simulations the error rate is 5 per cent, without (Gaussian maximum) up to 7.

    More hits than a binomial tail of 1e-4 allows would be an error.
    """
    everywhere = atlas.universe(PLACES)
    found = [atlas.kd(drawn(PLACES, 80, seed), everywhere, RADII, bandwidth=5_000, n_sims=sims, seed=seed)
             for seed in range(150)]  # fmt: skip
    assert within_binomial(sum(one.p <= 0.05 for one in found), 150, rate)
    if sims:
        assert within_binomial(sum(one.p_erl <= 0.05 for one in found), 150, rate)
