from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.atlas.colocation import colocation
from lifecluster.atlas.points import AtlasError, CannotTellError
from tests.atlas.cases import towns, within_binomial


def brute(points: np.ndarray, kinds: np.ndarray, a: str, b: str) -> float:
    """The quotient by its definition; sites at one distance share the place of the nearest."""
    hits = 0.0
    for i in np.flatnonzero(kinds == a):
        distance = np.hypot(*(points - points[i]).T)
        distance[i] = np.inf
        nearest = kinds[distance <= distance.min() * (1 + 1e-12)]
        hits += np.mean(nearest == b)
    others = (kinds == b).sum() - (a == b)
    return hits / (kinds == a).sum() / (others / (len(points) - 1))


@settings(max_examples=20)
@given(st.integers(0, 999), st.booleans())
def test_the_quotient_is_its_definition(seed: int, ties: bool) -> None:
    points = towns(40, seed % 4)
    points = np.round(points / 10_000) * 10_000 if ties else points
    kinds = np.array(list("abc"))[np.random.default_rng(seed).integers(0, 3, 40)]
    found = colocation(points, kinds, n_sims=9)
    for (a, b), one in found.items():
        if one.can_tell:
            assert one.value == pytest.approx(brute(points, kinds, a, b))


def test_pairs_are_found_and_the_two_ways_differ() -> None:
    chance = np.random.default_rng(1)
    base = chance.uniform(0, 100_000, (40, 2))
    points = np.vstack([base, base[:20] + 5, chance.uniform(0, 100_000, (60, 2))])
    kinds = np.array(["lab"] * 40 + ["maker"] * 20 + ["other"] * 60)
    found = colocation(points, kinds, n_sims=199)
    assert found["maker", "lab"].value > 2
    assert found["maker", "lab"].p == pytest.approx(0.01)
    assert found["lab", "maker"].value - found["maker", "lab"].value > 0.3
    assert found["maker", "lab"].n == 20


def test_a_single_site_has_no_neighbour_of_its_kind() -> None:
    found = colocation([(0, 0), (1000, 0), (5000, 0)], ["a", "b", "b"], n_sims=19)
    assert found["a", "a"].value is None
    assert found["a", "a"].note.startswith("cannot tell")
    assert found["a", "b"].value == pytest.approx(1)


def test_bad_input_is_refused() -> None:
    with pytest.raises(CannotTellError):
        colocation([(0, 0), (1000, 0)], ["a", "b"])
    with pytest.raises(CannotTellError):
        colocation([(0, 0), (1000, 0), (2000, 0)], ["a", "a", "a"])
    with pytest.raises(AtlasError):
        colocation([(0, 0), (1000, 0), (2000, 0)], ["a", "b"])


def test_shuffled_kinds_are_called_colocated_no_more_often_than_stated() -> None:
    """200 true nulls at 5 per cent; a binomial tail of 1e-4 is the tolerance."""
    points = towns(120)
    hits = 0
    for seed in range(200):
        kinds = np.array(list("ab"))[np.random.default_rng(seed).integers(0, 2, 120)]
        hits += colocation(points, kinds, n_sims=39, seed=seed)["a", "b"].p <= 0.05
    assert within_binomial(hits, 200, 0.05)
