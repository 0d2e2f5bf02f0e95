"""Ranks as probabilities: against counting all outcomes, and against chance."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.figures.ranking import Ranking, bounds, possible, rank_of
from lifecluster.figures.rows import THIS, Row
from lifecluster.figures.spread import Spread

ENDS = st.tuples(st.integers(0, 12), st.integers(0, 5)).map(lambda c: (c[0], c[0] + c[1]))


def cell(group: str, low: int, high: int) -> Row:
    return Row(group, group, Fraction(low + high, 2), Fraction(low), Fraction(high))


@settings(max_examples=60)
@given(ENDS, st.lists(ENDS, min_size=1, max_size=3))
def test_ranks_are_those_of_a_count_of_all_outcomes(this, others):
    spreads = {str(i): Spread.of([cell(str(i), *ends)]) for i, ends in enumerate(others)}
    found = rank_of(Spread.of([cell(THIS, *this)]), spreads)
    wanted = np.zeros(len(others) + 1)
    ranges = [range(low, high + 1) for low, high in (this, *others)]
    for outcome in product(*ranges):
        wanted[sum(other > outcome[0] for other in outcome[1:])] += 1
    assert np.allclose(found, wanted / wanted.sum(), atol=1e-12)
    assert sum(found) == pytest.approx(1)
    best, worst = possible([cell(THIS, *this)], {str(i): [cell(str(i), *e)] for i, e in enumerate(others)})
    places = [i + 1 for i, n in enumerate(wanted) if n]
    assert best <= min(places)
    assert worst >= max(places)


def test_ranks_agree_with_a_simulation_of_rounding_and_sampling():
    rng = np.random.default_rng(11)
    sizes, sd, count = [800, 760, 700, 1000], [60.0, 80.0, 30.0, 150.0], 200_000
    rows = [
        Row(str(i), str(i), Fraction(s), Fraction(s - 50), Fraction(s + 50), sd=e)
        for i, (s, e) in enumerate(zip(sizes, sd, strict=True))
    ]
    draws = np.array(
        [rng.integers(s - 50, s + 51, count) + rng.normal(0, e, count) for s, e in zip(sizes, sd, strict=True)]
    )
    for place in range(4):
        found = rank_of(Spread.of([rows[place]]), {r.key: Spread.of([r]) for r in rows if r.key != str(place)})
        ranks = (draws > draws[place]).sum(axis=0)
        simulated = np.bincount(ranks, minlength=4) / count
        assert np.allclose(found, simulated, atol=0.006)


def test_every_region_has_one_rank_and_every_rank_is_taken_once_where_nobody_is_level():
    rows = {str(i): Spread.of([cell(str(i), 100 * i, 100 * i + 250)]) for i in range(5)}
    table = np.array([rank_of(rows[k], {j: s for j, s in rows.items() if j != k}) for k in rows])
    assert np.allclose(table.sum(axis=1), 1)
    assert np.allclose(table.sum(axis=0), 1, atol=0.05)  # being level shares a rank


def test_level_regions_share_the_better_rank():
    same = Spread.of([cell("a", 7, 7)])
    assert rank_of(same, {"b": same, "c": same}) == (1.0, 0.0, 0.0)


def test_grids_must_agree():
    with pytest.raises(ValueError, match="different grids"):
        rank_of(Spread.of([cell("a", 1, 2)]), {"b": Spread.of([cell("b", 1, 2)], Fraction(1, 10))})


def test_reading_a_ranking():
    ranking = Ranking((0.2, 0.5, 0.3), 1, 3)
    assert ranking.at_most(2) == pytest.approx(0.7)
    assert (ranking.at_most(0), ranking.at_most(9)) == (0, 1.0)
    assert (ranking.exactly(2), ranking.exactly(4), ranking.exactly(0)) == (0.5, 0.0, 0.0)


def test_bounds_without_an_upper_end():
    open_row = Row("a", "x", None, Fraction(3), None)
    assert bounds([open_row, cell("a", 1, 2)]) == (4, None)
    assert possible([cell(THIS, 5, 6)], {"b": [open_row]}) == (1, 2)
    assert possible([open_row], {"b": [cell("b", 1, 2)]}) == (1, 1)
