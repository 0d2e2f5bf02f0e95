from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom

from lifecluster.atlas import concentration, specialisation
from lifecluster.atlas.plants import Plants, plants
from lifecluster.atlas.points import AtlasError, CannotTellError
from tests.atlas.cases import within_binomial

CODES = np.array([f"E0{i % 6}" for i in range(900)])


def random_plants(seed: int, n: int = 60, sizes: bool = True) -> Plants:
    """A segment of n plants anywhere, with very unequal sizes."""
    chance = np.random.default_rng(seed)
    member = np.zeros(900, bool)
    member[chance.choice(900, n, replace=False)] = True
    return plants(CODES, member, chance.lognormal(2, 1.3, 900) if sizes else None, vintage="2026")


def concentrated() -> Plants:
    member = np.zeros(900, bool)
    member[np.flatnonzero(CODES == "E00")[:50]] = True
    member[np.flatnonzero(CODES == "E03")[:10]] = True
    return plants(CODES, member)


def test_a_specialised_area_is_found_with_all_that_goes_with_it() -> None:
    first, second, *_ = specialisation.location_quotients(concentrated(), seed=3)
    assert first.value == pytest.approx(5.0)
    assert first.symmetric == pytest.approx(4 / 6)
    assert first.p == pytest.approx(hypergeom.sf(49, 900, 150, 60))
    assert first.q == pytest.approx(6 * first.p)
    assert first.interval.low < 5 < first.interval.high
    assert (first.n, first.seed, first.vintage, first.suppression) == (50, 3, None, None)
    assert second.value == 0
    assert second.p == 1


def test_an_area_without_anything_cannot_tell() -> None:
    made = plants(["a", "b", "b", "c"], [False, True, False, True], [0.0, 5, 5, 5])
    found = {one.name: one for one in specialisation.location_quotients(made, n_sims=19)}
    assert not found["a"].can_tell
    assert found["a"].note.startswith("cannot tell")
    assert found["b"].value == pytest.approx(0.75)
    assert concentration.concentration(made, "gini", n_sims=19).value is not None


@given(st.data())
def test_rounding_interval_holds_every_value_that_rounds_to_the_published_ones(data: st.DataObject) -> None:
    true = data.draw(st.tuples(*[st.floats(0, 400)] * 2))
    whole = data.draw(st.tuples(*[st.floats(500, 9_000)] * 2))
    a, c = min(true), whole[0]
    b, d = max(true) + 3, max(whole) + 500
    rounded = [5 * np.floor(v / 5 + 0.5) for v in (a, b, c, d)]
    (found,) = specialisation.quotients_from_totals({"x": rounded[0]}, {"x": rounded[1]}, rounding=5,
                                                    everywhere_segment=rounded[2], everywhere=rounded[3])  # fmt: skip
    if found.can_tell:
        assert found.interval.low - 1e-9 <= (a / b) * (d / c) <= found.interval.high + 1e-9
        assert found.interval.low <= found.value <= found.interval.high
        assert found.p is None


def test_totals_are_checked() -> None:
    with pytest.raises(AtlasError, match="one table only: y"):
        specialisation.quotients_from_totals({"x": 1}, {"x": 2, "y": 1}, everywhere_segment=1, everywhere=3)
    with pytest.raises(CannotTellError):
        specialisation.quotients_from_totals({"x": 1}, {"x": 2}, everywhere_segment=0, everywhere=3)
    with pytest.raises(AtlasError, match="negative"):
        specialisation.quotients_from_totals({"x": -1}, {"x": 2}, everywhere_segment=1, everywhere=3)
    (none,) = specialisation.quotients_from_totals({"x": 0}, {"x": 0}, everywhere_segment=1, everywhere=3)
    assert none.value is None


def test_two_geographies_are_asked_for() -> None:
    member = concentrated().member
    found = specialisation.by_geography(
        {"district": CODES, "half": np.where(CODES < "E03", "south", "north")},
        lambda codes: specialisation.location_quotients(plants(codes, member)),
    )
    assert [len(one) for one in found.values()] == [6, 2]
    assert specialisation.agreeing([found["district"][0], found["half"][1]]) is True
    assert specialisation.agreeing([found["district"][0], found["half"][0]]) is False
    assert specialisation.agreeing([]) is None
    with pytest.raises(AtlasError, match="at least two geographies"):
        specialisation.by_geography({"district": CODES}, plants)


@pytest.mark.parametrize("measure", list(concentration.MEASURES))
def test_a_concentrated_segment_is_found_by_every_index(measure: str) -> None:
    found = concentration.concentration(concentrated(), measure, n_sims=199)
    assert found.p == pytest.approx(0.005)
    assert found.interval.low <= found.value <= found.interval.high
    assert found.n == 60


@pytest.mark.parametrize("measure", list(concentration.MEASURES))
def test_random_plants_are_called_concentrated_no_more_often_than_stated(measure: str) -> None:
    """200 true nulls at 5 per cent; a binomial tail of 1e-4 is the tolerance."""
    hits = sum(concentration.concentration(random_plants(i), measure, n_sims=39, seed=i).p <= 0.05 for i in range(200))
    assert within_binomial(hits, 200, 0.05), hits


def test_quotients_of_random_plants_are_called_high_no_more_often_than_stated() -> None:
    """6 x 100 areas at 5 per cent, where a test that takes each job for itself rejects a third."""
    p = [one.p for i in range(100) for one in specialisation.location_quotients(random_plants(i), n_sims=39, seed=i)]
    assert within_binomial(sum(one <= 0.05 for one in p), 600, 0.05)


def test_coagglomeration_is_found_and_not_invented() -> None:
    first = concentrated()
    second = np.zeros(900, bool)
    second[np.flatnonzero(CODES == "E00")[60:100]] = True
    together = concentration.coagglomeration(first, plants(CODES, second), n_sims=199)
    assert together.value > 0.5
    assert together.p == pytest.approx(0.005)
    hits = sum(concentration.coagglomeration(first, random_plants(i, sizes=False), n_sims=39, seed=i).p <= 0.05
               for i in range(200))  # fmt: skip
    assert within_binomial(hits, 200, 0.05)
    with pytest.raises(AtlasError, match="one universe"):
        concentration.coagglomeration(first, plants(CODES[::-1], second))


def test_what_cannot_be_told_is_marked_or_refused() -> None:
    one = plants(["a", "b"], [True, False])
    assert concentration.concentration(one, "gini").note.startswith("cannot tell")
    lone = plants(["a", "b", "c"], [True, True, False], [1, 0, 5])
    assert "two plants" in concentration.concentration(lone, "ellison-glaeser").note
    with pytest.raises(AtlasError, match="choose one of"):
        concentration.concentration(concentrated(), "mean")
    for member, jobs in (([False, False], None), ([True, False], [0, 1]), ([True, True], None)):
        with pytest.raises(CannotTellError):
            plants(["a", "b"], member, jobs)
    with pytest.raises(AtlasError):
        plants(["a", "b"], [True])
