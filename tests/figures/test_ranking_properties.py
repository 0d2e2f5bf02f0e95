"""What must hold of every rank, whoever is ranked: more is never worse, and rivals never help."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.figures.ranking import Ranking, possible, rank_of
from lifecluster.figures.rows import THIS, Row
from lifecluster.figures.spread import Spread

ENDS = st.tuples(st.integers(0, 30), st.integers(0, 12)).map(lambda c: (c[0], c[0] + c[1]))
RIVALS = st.lists(ENDS, min_size=1, max_size=5)


def cell(group: str, low: int, high: int) -> Row:
    return Row(group, group, Fraction(low + high, 2), Fraction(low), Fraction(high))


def ranking(this: tuple[int, int], others: list[tuple[int, int]]) -> Ranking:
    rivals = {str(i): [cell(str(i), *ends)] for i, ends in enumerate(others)}
    mine = [cell(THIS, *this)]
    at = rank_of(Spread.of(mine), {name: Spread.of(rows) for name, rows in rivals.items()})
    return Ranking(at, *possible(mine, rivals))


@settings(max_examples=80)
@given(ENDS, RIVALS, st.integers(1, 20))
def test_more_is_never_a_worse_rank(this, others, more):
    before, after = ranking(this, others), ranking((this[0] + more, this[1] + more), others)
    for rank in range(1, len(others) + 2):
        assert after.at_most(rank) >= before.at_most(rank) - 1e-12
    assert (after.best, after.worst) <= (before.best, before.worst)


@settings(max_examples=80)
@given(ENDS, RIVALS, ENDS)
def test_one_more_rival_never_helps_and_costs_one_place_at_most(this, others, rival):
    before, after = ranking(this, others), ranking(this, [*others, rival])
    for rank in range(1, len(others) + 3):
        assert after.at_most(rank) <= before.at_most(rank) + 1e-12
        assert after.at_most(rank + 1) >= before.at_most(rank) - 1e-12


@settings(max_examples=60)
@given(ENDS, RIVALS, st.randoms(use_true_random=False))
def test_the_order_in_which_rivals_are_named_does_not_matter(this, others, random):
    mixed = list(others)
    random.shuffle(mixed)
    assert np.allclose(ranking(this, others).at, ranking(this, mixed).at, atol=1e-12)
    assert ranking(this, others).best == ranking(this, mixed).best


@settings(max_examples=80)
@given(ENDS, RIVALS)
def test_no_probability_where_the_bounds_leave_no_rank(this, others):
    found = ranking(this, others)
    for rank in range(1, len(others) + 2):
        if not found.best <= rank <= found.worst:
            assert found.exactly(rank) == pytest.approx(0, abs=1e-12)
    assert found.at_most(found.worst) == pytest.approx(1)
    assert 1 <= found.best <= found.worst <= len(others) + 1


@settings(max_examples=60)
@given(ENDS, st.lists(ENDS, min_size=1, max_size=4))
def test_the_best_and_the_worst_rank_are_those_of_the_ends_by_search(this, others):
    """All outcomes at the ends of the intervals: the extremes lie there, so their ranks do, too."""
    ranks = {1 + sum(other > mine for other in ends) for mine in this for ends in product(*others)}
    found = ranking(this, others)
    assert (found.best, found.worst) == (min(ranks), max(ranks))
