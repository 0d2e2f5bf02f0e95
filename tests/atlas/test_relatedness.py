from __future__ import annotations

import numpy as np
import pytest

from lifecluster.atlas.complexity import complexity, scores
from lifecluster.atlas.points import AtlasError, CannotTellError
from lifecluster.atlas.relatedness import density, presence, proximity, relatedness
from tests.atlas.cases import within_binomial


def random_sites(seed: int, n: int = 400) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    return (np.array([f"area {i}" for i in range(8)])[chance.integers(0, 8, n)],
            np.array([f"kind {i}" for i in range(5)])[chance.integers(0, 5, n)])  # fmt: skip


def test_known_proximities_and_densities() -> None:
    present = np.array([[1, 1, 0], [1, 1, 0], [1, 0, 1]], bool)
    near = proximity(present)
    assert near[0].tolist() == pytest.approx([0, 2 / 3, 1 / 3])
    assert near[1, 2] == 0
    assert (near == near.T).all()
    assert density(present, near)[0].tolist() == pytest.approx([2 / 3, 1, 1])
    assert np.isnan(density(present, np.zeros((3, 3)))).all()


def test_presence_is_a_quotient_of_at_least_one_among_those_with_enough_sites() -> None:
    area = ["a"] * 30 + ["b"] * 30 + ["tiny"] * 2
    segment = ["x"] * 25 + ["y"] * 5 + ["x"] * 5 + ["y"] * 25 + ["rare"] * 2
    there = presence(area, segment)
    assert there.present.tolist() == [[True, False], [False, True]]
    assert there.left_out == ("rare", "tiny")
    assert there.counts.sum() == 60
    with pytest.raises(CannotTellError, match="fewer than two"):
        presence(area, segment, minimum=31)
    with pytest.raises(AtlasError):
        presence(area, segment[1:])


def test_segments_that_go_together_are_found() -> None:
    area, segment = random_sites(1, 2_000)
    together = np.isin(area, ["area 0", "area 1"]) & (np.random.default_rng(2).random(2_000) < 0.6)
    segment[together] = np.array(["kind 0", "kind 1"])[np.arange(together.sum()) % 2]
    found = relatedness(area, segment, n_sims=199)
    assert found.proximity[0, 1] == 1.0
    assert found.p[0, 1] <= 0.05
    assert found.density[0, 1] > found.density[4, 1] or np.isnan(found.density[4, 1])
    assert np.isnan(np.diagonal(found.q)).all()
    assert (found.q[np.triu_indices(5, 1)] >= found.p[np.triu_indices(5, 1)]).all()
    assert (found.n, found.n_sims, found.seed) == (2_000, 199, 0)


def test_unrelated_segments_are_called_related_no_more_often_than_stated() -> None:
    """One pair in each of 200 true nulls at 5 per cent; a binomial tail of 1e-4 is the tolerance."""
    hits = sum(relatedness(*random_sites(i), n_sims=39, seed=i).p[0, 1] <= 0.05 for i in range(200))
    assert within_binomial(int(hits), 200, 0.05)


def test_complexity_is_the_eigenvector_and_ranks_a_nested_table() -> None:
    table = np.tril(np.ones((5, 5), bool))  # area 4 has all, area 0 only what all have
    area, segment = scores(table)
    assert (np.diff(area) > 0).all()
    assert (np.diff(segment) > 0).all()
    assert (area.mean(), area.std()) == pytest.approx((0, 1))
    m = table.astype(float)
    walk = (m / m.sum(axis=1)[:, None]) @ (m / m.sum(axis=0)).T
    moved = walk @ area
    assert abs(np.corrcoef(moved, area)[0, 1]) == pytest.approx(1)  # an eigenvector keeps its direction


def test_tiny_areas_get_no_score() -> None:
    area, segment = random_sites(3, 900)
    found = complexity(presence(np.r_[area, ["heard island"]], np.r_[segment, ["kind 4"]]))
    assert "heard island" not in found.areas
    assert "heard island" in found.left_out
    assert set(found.areas) <= {f"area {i}" for i in range(8)}


def test_no_common_scale_is_said() -> None:
    with pytest.raises(CannotTellError, match="same segments"):
        scores(np.ones((3, 3), bool))
    with pytest.raises(CannotTellError, match="falls apart"):
        scores(np.eye(3, dtype=bool))
