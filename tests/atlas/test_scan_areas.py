from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.atlas.points import AtlasError, CannotTellError
from lifecluster.atlas.scan_areas import scan_areas
from tests.atlas.cases import towns, within_binomial

AREAS = towns(40)
PEOPLE = np.random.default_rng(1).lognormal(5, 1, 40)


def brute(counts: np.ndarray) -> float:
    total, best = counts.sum(), 0.0
    expected = total * PEOPLE / PEOPLE.sum()
    for centre in AREAS:
        distance = np.hypot(*(AREAS - centre).T)
        for radius in distance:
            rows = distance <= radius
            c, e = counts[rows].sum(), expected[rows].sum()
            if c > e and e <= total / 2:
                rest = (total - c) * np.log((total - c) / (total - e)) if c < total else 0.0
                best = max(best, c * np.log(c / e) + rest)
    return best


@settings(max_examples=20)
@given(st.integers(0, 999), st.integers(2, 200))
def test_the_clearest_circle_is_the_one_that_trying_all_finds(seed: int, total: int) -> None:
    counts = np.random.default_rng(seed).multinomial(total, np.full(40, 1 / 40))
    found = scan_areas(AREAS, counts, PEOPLE, n_sims=0)
    assert (found.hotspots[0].llr if found.hotspots else 0.0) == pytest.approx(brute(counts), abs=1e-8)


def test_a_hot_area_is_found_and_both_engines_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = np.rint(PEOPLE / 20).astype(int)
    counts[7] += 60
    runs = []
    for engine in ("auto", "numpy"):
        monkeypatch.setenv("LIFECLUSTER_ENGINE", engine)
        runs.append(scan_areas(AREAS, counts, PEOPLE, n_sims=99, seed=1))
    first = runs[0].significant[0]
    assert 7 in first.members
    assert (first.p, runs[0].model, runs[0].n) == (0.01, "Poisson", counts.sum())
    assert runs[1].critical == pytest.approx(runs[0].critical)


def test_bad_input_is_refused() -> None:
    with pytest.raises(AtlasError, match="whole numbers"):
        scan_areas(AREAS, np.full(40, 0.5), PEOPLE)
    with pytest.raises(CannotTellError, match="1 case"):
        scan_areas(AREAS, np.r_[1, np.zeros(39)], PEOPLE)
    with pytest.raises(CannotTellError, match="population are all zero"):
        scan_areas(AREAS, np.ones(40), np.zeros(40))


def test_even_risk_has_a_hot_spot_no_more_often_than_stated() -> None:
    """200 true nulls at 5 per cent; a binomial tail of 1e-4 is the tolerance."""
    chance = np.random.default_rng(4)
    hits = sum(bool(scan_areas(AREAS, chance.multinomial(100, PEOPLE / PEOPLE.sum()), PEOPLE, n_sims=39,
                               seed=i).significant) for i in range(200))  # fmt: skip
    assert within_binomial(hits, 200, 0.05)
