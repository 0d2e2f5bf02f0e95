from __future__ import annotations

from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster import atlas
from lifecluster.atlas import backend
from lifecluster.atlas import windows as module
from lifecluster.atlas.scan import bernoulli, null_maxima, scan
from lifecluster.atlas.windows import windows
from tests.atlas.cases import clustered, drawn, towns, within_binomial

PLACES = towns(300)


def ratio(c: int, k: int, cases: int, size: int) -> float:
    """Bernoulli log likelihood ratio from binomial likelihoods, written out."""

    def log_likelihood(hits: int, n: int) -> float:
        return sum(x * np.log(x / n) for x in (hits, n - hits) if x > 0)

    if c * size <= cases * k:
        return 0.0
    return log_likelihood(c, k) + log_likelihood(cases - c, size - k) - log_likelihood(cases, size)


def brute_scan(places: np.ndarray, chosen: set[int], share: float) -> tuple[float, set[int]]:
    """The clearest circle by trying every centre and radius."""
    best, inside = 0.0, set()
    for centre in places:
        distance = np.hypot(*(places - centre).T)
        for radius in np.unique(distance):
            rows = np.flatnonzero(distance <= radius)
            if len(rows) <= share * len(places):
                value = ratio(sum(int(r) in chosen for r in rows), len(rows), len(chosen), len(places))
                if value > best + 1e-9:
                    best, inside = value, set(rows.tolist())
    return best, inside


@settings(max_examples=25)
@given(st.integers(2, 12), st.integers(0, 999), st.booleans())
def test_the_clearest_circle_is_the_one_that_trying_all_finds(n: int, seed: int, ties: bool) -> None:
    places = towns(50, seed % 3)
    if ties:
        places = np.round(places / 15_000) * 15_000  # many at one point and at equal distances
    rows = np.random.default_rng(seed).choice(50, n, replace=False)
    found = scan(places[rows], places, max_share=0.3, n_sims=0)
    located = set(atlas.universe(places).locate(places[rows]).tolist())
    best, _ = brute_scan(places, located, 0.3)
    assert (found.hotspots[0].llr if found.hotspots else 0.0) == pytest.approx(best, abs=1e-9)


@given(st.integers(1, 30), st.integers(2, 40))
def test_the_table_of_ratios_is_its_formula(largest: int, cases: int) -> None:
    table = bernoulli(cases, 60, largest)
    for k in range(1, largest + 1):
        for c in range(min(cases, k) + 1):
            if cases - c <= 60 - k:
                assert table[k - 1, c] == pytest.approx(ratio(c, k, cases, 60), abs=1e-9)
    assert (np.diff(np.where(table > 0, table, 0)[-1]) >= -1e-12).all() or cases < largest


def test_a_town_full_of_cases_is_found_and_described() -> None:
    found = scan(np.vstack([clustered(PLACES, 20), drawn(PLACES[200:], 10)]), PLACES, n_sims=199, seed=2)
    first = found.significant[0]
    assert first.p == pytest.approx(0.005)
    assert first.value == pytest.approx(first.observed / first.expected)
    assert first.expected == pytest.approx(30 / 300 * first.sites)
    assert len(first.members) == first.observed >= 18
    assert set(first.members) <= set(range(30))
    assert found.critical < first.llr
    circles = [set(one.members) for one in found.hotspots]
    assert all(not a & b for i, a in enumerate(circles) for b in circles[:i])


def test_limits_of_size_and_radius_hold() -> None:
    everywhere = atlas.universe(PLACES)
    circles = windows(everywhere, max_share=0.05, max_radius=3_000.0)
    assert circles.largest == 15
    assert circles.near.shape[1] <= 15
    radius = np.hypot(*(everywhere.points[0][circles.near] - everywhere.points[0][circles.near[:, :1]]).T).T
    assert radius[circles.ends].max() <= 3_000
    assert (np.diff(radius, axis=1) >= 0).all()
    with pytest.raises(atlas.CannotTellError, match="fewer than two"):
        windows(atlas.universe(PLACES), max_share=0.001)


def test_centres_lie_within_the_region() -> None:
    inside = PLACES[:, 0] < np.median(PLACES[:, 0])
    everywhere = atlas.universe(PLACES, inside=inside)
    circles = windows(everywhere)
    place = everywhere.points[0][circles.near]
    assert (place[:, 0, 0] < np.median(PLACES[:, 0])).all()
    assert (place[..., 0] > np.median(PLACES[:, 0])).any()


def test_numpy_counts_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for engine in ("auto", "numpy"):
        monkeypatch.setenv("LIFECLUSTER_ENGINE", engine)
        everywhere = atlas.universe(np.round(PLACES / 4_000) * 4_000)
        circles = windows(everywhere)
        table = bernoulli(40, 300, circles.largest)
        found.append(null_maxima(everywhere, circles, table, np.arange(40), 300, seed=1))
    assert found[0].tolist() == found[1].tolist()


@pytest.mark.parametrize("engine", ["auto", "numpy"])
@pytest.mark.parametrize("cell", [1.0, 6_000.0])
def test_few_cases_are_counted_as_many_are(engine: str, cell: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFECLUSTER_ENGINE", engine)
    everywhere = atlas.universe(np.round(PLACES / cell) * cell)
    circles = windows(everywhere, max_share=0.2, max_radius=30_000)
    table = bernoulli(12, 300, circles.largest)
    monkeypatch.setattr(backend.loops(), "FEW", 0.0)
    many = null_maxima(everywhere, circles, table, np.arange(12), 60, seed=1)
    monkeypatch.setattr(backend.loops(), "FEW", 1.0)
    assert null_maxima(everywhere, circles, table, np.arange(12), 60, seed=1) == pytest.approx(many)


@settings(max_examples=25)
@given(st.integers(0, 999), st.integers(2, 15), st.sampled_from([1.0, 8_000.0, 20_000.0]), st.booleans(), st.booleans())
def test_simulated_circles_are_those_that_trying_all_finds(
    seed: int, n: int, cell: float, border: bool, few: bool
) -> None:
    """Site by site, where the scan takes sites of one point together; with a buffer, and both ways of counting."""
    places = np.round(towns(60, seed % 3) / cell) * cell
    inside = np.arange(60) < 40 if border else np.ones(60, np.bool_)
    everywhere = atlas.universe(places, inside=inside if border else None)
    at = np.random.default_rng(seed).choice(60, n, replace=False)
    circles = windows(everywhere, max_share=0.4)
    with mock.patch.object(backend.loops(), "FEW", 1.0 if few else 0.0):
        found = null_maxima(everywhere, circles, bernoulli(n, 60, circles.largest), at, 3, seed)
    for draw, value in zip(everywhere.draws(at, 3, seed), found, strict=True):
        best = 0.0
        for centre in places[inside]:
            distance = np.hypot(*(places - centre).T)
            for radius in np.unique(distance):
                k = int((distance <= radius).sum())
                if k <= circles.largest:
                    best = max(best, ratio(int((distance[draw] <= radius).sum()), k, n, 60))
        assert value == pytest.approx(best, abs=1e-9)


def test_centres_are_thinned_evenly_where_there_would_be_very_many(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = windows(atlas.universe(PLACES))
    monkeypatch.setattr(module, "PLACES", 100 * 30)
    monkeypatch.setattr(module, "BLOCK", 7 * 30)  # blocks of several lengths are put together
    thin = windows(atlas.universe(PLACES))
    some = np.linspace(0, 299, 100).astype(int)
    assert len(thin.near) == 100
    assert np.array_equal(thin.near[thin.ends], whole.near[some][whole.ends[some]])
    assert np.array_equal(thin.sites[thin.ends], whole.sites[some][whole.ends[some]])


def test_bad_input_is_refused() -> None:
    with pytest.raises(atlas.CannotTellError, match="at least two"):
        scan(PLACES[:1], PLACES)
    with pytest.raises(atlas.CannotTellError, match="whole universe"):
        scan(PLACES, PLACES)
    with pytest.raises(atlas.AtlasError, match="outside"):
        scan(PLACES[:4] + 1, PLACES)
    assert scan(PLACES[:4], PLACES, n_sims=0).critical == np.inf


def test_random_cases_have_a_hot_spot_no_more_often_than_stated() -> None:
    """200 true nulls at 5 per cent; a binomial tail of 1e-4 is the tolerance."""
    everywhere = atlas.universe(PLACES)
    hits = sum(bool(scan(drawn(PLACES, 40, seed), everywhere, n_sims=39, seed=seed).significant) for seed in range(200))
    assert within_binomial(hits, 200, 0.05)
