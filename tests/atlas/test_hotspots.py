from __future__ import annotations

import numpy as np
import pytest

from lifecluster.atlas.character import character, corrected, effective
from lifecluster.atlas.hotspots import hotspots, hull
from lifecluster.atlas.points import AtlasError, CannotTellError
from tests.atlas.cases import clustered, drawn, towns, within_binomial

PLACES = towns(400)
CASES = np.unique(np.vstack([clustered(PLACES, 25), drawn(PLACES, 20)]), axis=0)


def test_a_real_cluster_has_a_shape_and_is_stable() -> None:
    first, *_ = hotspots(CASES, PLACES, n_sims=99, position_error=200.0, jitters=3)
    assert first.hotspot.p == pytest.approx(0.01)
    assert first.stability == 1.0
    assert first.variants == 5
    assert first.by == "density"
    assert len(set(first.members) & set(first.hotspot.members)) > len(first.members) / 2
    assert len(first.shape) >= 3
    low, high = CASES[list(first.members)].min(axis=0), CASES[list(first.members)].max(axis=0)
    assert (first.shape.min(axis=0) == low).all()
    assert (first.shape.max(axis=0) == high).all()


def test_noise_gets_no_shape_although_density_would_draw_some() -> None:
    from sklearn.cluster import HDBSCAN

    noise = [drawn(PLACES, 60, seed) for seed in range(10)]
    drawn_anyway = sum(HDBSCAN(min_cluster_size=5, copy=True).fit_predict(one).max() >= 0 for one in noise)
    called = sum(bool(hotspots(one, PLACES, n_sims=39, seed=i)) for i, one in enumerate(noise))
    assert drawn_anyway >= 8
    assert within_binomial(called, 10, 0.05)


def test_hulls_of_few_points_are_the_points() -> None:
    assert hull(np.array([[1.0, 2], [1, 2]])).tolist() == [[1, 2]]
    assert len(hull(np.array([[0.0, 0], [1, 1], [2, 2]]))) == 2
    assert len(hull(np.array([[0.0, 0], [0, 4], [4, 0], [1, 1], [4, 4]]))) == 4


def test_the_character_follows_from_the_tests() -> None:
    chance = np.random.default_rng(1)
    segments = np.array(list("abcdefgh"))[chance.integers(0, 8, 200)]
    members = list(range(40))
    segments[:30] = "a"
    links = [(i, j) for i in range(10) for j in range(i)]
    found = character(members, segments.tolist(), links, n_sims=199)
    assert found.kinds == ("specialised", "collaborating")
    assert {one.name for one in found.specialised if one.q <= 0.05} == {"a"}
    assert found.collaboration.value > 10
    assert found.diversity.p > 0.9
    mixed = np.array(["a"] * 160 + list("bcdefgha") * 5)
    diverse = character(range(160, 200), mixed.tolist(), n_sims=199)
    assert "diverse" in diverse.kinds
    assert diverse.diversity.value == pytest.approx(8)
    assert diverse.collaboration is None


def test_effective_number_is_the_number_where_all_are_alike() -> None:
    assert effective(np.array([[3.0, 3, 3, 0], [9, 0, 0, 0]])) == pytest.approx([3, 1])


def test_clusters_of_random_members_have_a_character_no_more_often_than_stated() -> None:
    """150 true nulls of three tests at 5 per cent; a binomial tail of 1e-4 is the tolerance."""
    chance = np.random.default_rng(5)
    segments = np.array(list("abcde"))[chance.integers(0, 5, 120)].tolist()
    links = chance.integers(0, 120, (150, 2)).tolist()
    found = [character(chance.choice(120, 30, replace=False), segments, links, n_sims=39, seed=i) for i in range(150)]
    for kind in ("specialised", "diverse", "collaborating"):
        assert within_binomial(sum(kind in one.kinds for one in found), 150, 0.05), kind


def test_clusters_judged_together_are_called_by_q_over_all_of_them() -> None:
    """40 clusters of random members: alone each has its two words in 20, together hardly one has any."""
    chance = np.random.default_rng(7)
    segments = np.array(list("abcde"))[chance.integers(0, 5, 200)].tolist()
    links = chance.integers(0, 200, (300, 2)).tolist()
    alone = [character(chance.choice(200, 30, replace=False), segments, links, n_sims=99, seed=i) for i in range(40)]
    real = character([i for i, one in enumerate(segments) if one == "a"], segments, links, n_sims=99)
    *noise, last = corrected([*alone, real])
    assert "specialised" in last.kinds
    assert sum(len(one.kinds) for one in noise) < sum(len(one.kinds) for one in alone)
    for before, after in zip(alone, noise, strict=True):
        assert [one.p for one in after.specialised] == [one.p for one in before.specialised]
        assert after.diversity.q >= after.diversity.p
    assert corrected([]) == []


def test_bad_input_is_refused() -> None:
    with pytest.raises(CannotTellError, match="at least two"):
        character([1], ["a", "b", "c"])
    with pytest.raises(CannotTellError, match="not all"):
        character([0, 1, 2], ["a", "b", "c"])
    with pytest.raises(AtlasError, match="rows of the 3"):
        character([1, 3], ["a", "b", "c"])
    with pytest.raises(AtlasError, match="links"):
        character([0, 1], ["a", "b", "c"], [(0, 9)])
