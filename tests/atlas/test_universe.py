"""Chance that keeps classes and borders: each case at sites of its own class, centres within the region."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster import atlas
from lifecluster.atlas import AtlasError, CannotTellError, backend, neighbours
from lifecluster.atlas.scan import scan
from lifecluster.atlas.windows import windows
from tests.atlas.cases import towns, within_binomial

PLACES = towns(240)
RADII = np.arange(2, 42, 4) * 1000.0
CLASS = np.array(["small", "large", "none"])[np.arange(240) % 3]


@settings(max_examples=25)
@given(st.integers(0, 999), st.integers(2, 60), st.booleans())
def test_every_draw_has_as_many_of_each_class_and_side(seed: int, n: int, border: bool) -> None:
    inside = np.arange(240) < 150 if border else None
    everywhere = atlas.universe(PLACES, strata=CLASS, inside=inside)
    at = np.random.default_rng(seed).choice(240, n, replace=False)
    draws = everywhere.draws(at, 5, seed)
    assert draws.shape == (5, n)
    for draw in draws:
        assert len(set(draw.tolist())) == n
        assert sorted(CLASS[draw]) == sorted(CLASS[at])
        if inside is not None:
            centres = int(inside[at].sum())
            assert inside[draw[:centres]].all()
            assert not inside[draw[centres:]].any()


def test_without_classes_draws_are_as_before() -> None:
    everywhere = atlas.universe(PLACES)
    assert np.array_equal(everywhere.draws(np.arange(9), 4, 1), backend.draw_sites(240, 9, 4, 1))
    assert everywhere.even
    assert not atlas.universe(PLACES, strata=CLASS).even


@pytest.mark.parametrize("run", [atlas.kd, atlas.m_function], ids=["kd", "m"])
def test_the_type_i_error_with_classes_is_as_stated(run) -> None:
    everywhere = atlas.universe(PLACES, strata=CLASS)
    chance = np.random.default_rng(7)
    hits = trials = 0
    for trial in range(120):
        rows = np.concatenate([chance.choice(np.flatnonzero(one == CLASS), n, replace=False)
                               for one, n in (("small", 12), ("large", 5))])  # fmt: skip
        hits += run(PLACES[rows], everywhere, RADII, n_sims=39, seed=trial).p <= 0.05
        trials += 1
    assert within_binomial(hits, trials, 0.05)


def test_the_type_i_error_of_the_scan_with_classes() -> None:
    everywhere = atlas.universe(PLACES, strata=CLASS)
    chance, hits = np.random.default_rng(8), 0
    for trial in range(100):
        rows = chance.choice(np.flatnonzero(CLASS == "large"), 15, replace=False)
        found = scan(PLACES[rows], everywhere, max_share=0.3, n_sims=39, seed=trial)
        hits += bool(found.significant)
    assert within_binomial(hits, 100, 0.05)


def test_classes_that_explain_everything_leave_nothing() -> None:
    """Cases are the sites of one class: against all they cluster, against their own class there is nothing to tell."""
    west = np.where(PLACES[:, 0] < np.quantile(PLACES[:, 0], 0.2), "west", "east")
    cases = PLACES[west == "west"]
    assert atlas.kd(cases, atlas.universe(PLACES), RADII, n_sims=39).p <= 0.05
    with pytest.raises(CannotTellError, match="no class has a site that is not a case"):
        atlas.kd(cases, atlas.universe(PLACES, strata=west), RADII, n_sims=39)


def test_what_classes_cannot_do_is_refused() -> None:
    everywhere = atlas.universe(PLACES, strata=CLASS)
    with pytest.raises(AtlasError, match="needs simulations"):
        atlas.kd(PLACES[:9], everywhere, RADII)
    with pytest.raises(AtlasError, match="classes"):
        atlas.m_function(PLACES[:9], everywhere, RADII)
    with pytest.raises(AtlasError, match="cannot be kept at once"):
        atlas.kd(PLACES[:9], everywhere, RADII, weights=np.ones(9), n_sims=19)
    with pytest.raises(AtlasError, match="strata: 240 values"):
        atlas.universe(PLACES, strata=["a"])


@settings(max_examples=20)
@given(st.integers(1, 30), st.integers(0, 99))
def test_sites_that_share_points_are_counted_as_one_by_one(points: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    distinct = chance.uniform(1_000, 60_000, (points, 2)).round()
    xy = distinct[chance.integers(0, points, 80)]
    weights = chance.integers(0, 5, 80).astype(float)
    everywhere, table = atlas.universe(xy), neighbours.search(RADII)
    rows = chance.choice(80, 40, replace=False)
    together = neighbours.around(everywhere, weights, rows, table)
    assert together == pytest.approx(neighbours.sums(xy, weights, rows, table))
    places, of = everywhere.points
    assert np.array_equal(places[of], xy)


def test_windows_cut_from_larger_ones_are_the_same() -> None:
    one, other = atlas.universe(PLACES), atlas.universe(PLACES)
    windows(one, max_share=0.4)
    cut, made = windows(one, max_share=0.1), windows(other, max_share=0.1)
    assert np.array_equal(cut.ends, made.ends)
    for name in ("near", "sites"):
        assert np.array_equal(getattr(cut, name)[cut.ends], getattr(made, name)[cut.ends])
