"""No differencing: against a twin that solves for every small combination of organisations."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.figures.disclosure.auditor import LIMIT, Auditor, discloses
from lifecluster.policy.disclosure import Rule, registry

RULE = Rule(minimum=3, contributors=3, dominance=1.0, top_two=1.0, rounding=1)
ALL = {f"o{i}": 10.0 + i for i in range(10)}


def some(*numbers: int) -> dict[str, float]:
    return {f"o{i}": ALL[f"o{i}"] for i in numbers}


def ask(auditor: Auditor, *numbers: int) -> Auditor:
    decision = auditor.ask(some(*numbers))
    assert decision.allowed, decision.reason
    return decision.auditor


def test_two_filters_that_differ_by_one():
    auditor = ask(Auditor(RULE), *range(10))
    decision = auditor.ask(some(*range(9)))
    assert not decision.allowed
    assert "earlier answer" in decision.reason
    assert decision.auditor is auditor
    assert "o9" not in decision.reason


def test_a_complement_of_few_is_refused_and_of_enough_is_told():
    auditor = ask(Auditor(RULE), *range(10))
    assert not auditor.ask(some(*range(8))).allowed
    assert auditor.ask(some(*range(7))).allowed


def test_three_answers_that_leave_one():
    """a+b+c, c+d+e and so on: overlaps in a ring give a single value only when the last is asked."""
    auditor = Auditor(Rule(minimum=2, contributors=2, dominance=1.0, top_two=1.0, rounding=1))
    auditor = ask(auditor, 0, 1)
    auditor = ask(auditor, 1, 2)
    assert not auditor.ask(some(0, 2)).allowed  # (ab + ac - bc) / 2 = a
    assert auditor.ask(some(0, 3)).allowed


def test_too_few_too_large_and_nobody():
    assert not Auditor(RULE).ask(some(0, 1)).allowed
    heavy = Rule(minimum=3, contributors=3, dominance=0.5, top_two=0.9, rounding=1)
    assert not Auditor(heavy).ask({"a": 100.0, "b": 1.0, "c": 1.0, "d": 1.0}).allowed
    empty = Auditor(RULE).ask({})
    assert empty.allowed
    assert empty.auditor.answered == ()


def test_the_difference_of_two_answers_may_not_be_dominated_either():
    heavy = Rule(minimum=3, contributors=3, dominance=0.6, top_two=0.95, rounding=1)
    base = {f"b{i}": 10.0 for i in range(20)}
    auditor = Auditor(heavy).ask(base).auditor
    assert not auditor.ask({**base, "x": 90.0, "y": 1.0, "z": 1.0}).allowed
    assert auditor.ask({**base, "x": 9.0, "y": 8.0, "z": 8.0}).allowed


def test_the_same_question_may_be_asked_again():
    auditor = ask(Auditor(RULE), *range(6))
    again = auditor.ask(some(*range(6)))
    assert again.allowed
    assert again.auditor is auditor


def test_there_is_an_end_to_questions():
    rule = Rule(minimum=1, contributors=1, dominance=1.0, top_two=1.0, rounding=1)
    auditor = Auditor(rule, tuple(frozenset([f"s{i}"]) for i in range(LIMIT)))
    assert "too many questions" in auditor.ask({"new": 1.0}).reason


def test_what_was_answered_is_kept_as_plain_values():
    auditor = ask(Auditor(RULE), *range(10))
    stored = auditor.to_list()
    back = Auditor.of(RULE, stored)
    assert back == auditor
    assert not back.ask(some(*range(9))).allowed


def twin(sets: list[frozenset[str]], fewest: int) -> bool:
    """Whether some vector with fewer than `fewest` entries that are not nought is a combination of the sets."""
    people = sorted(frozenset().union(*sets))
    matrix = np.array([[p in s for p in people] for s in sets], dtype=float)
    rank = np.linalg.matrix_rank(matrix)
    for count in range(1, fewest):
        for group in combinations(range(len(people)), count):
            rest = [i for i in range(len(people)) if i not in group]
            if np.linalg.matrix_rank(matrix[:, rest]) < rank if rest else rank > 0:
                return True
    return False


SETS = st.lists(st.frozensets(st.sampled_from([f"o{i}" for i in range(9)]), min_size=1), min_size=1, max_size=6)


@settings(max_examples=150)
@given(SETS, st.integers(2, 4))
def test_discloses_just_where_the_twin_does(sets, fewest):
    assert discloses(sets, fewest=fewest) == twin(sets, fewest)


@settings(max_examples=40)
@given(st.lists(st.frozensets(st.integers(0, 9), min_size=0), min_size=1, max_size=12))
def test_whatever_is_asked_no_two_organisations_come_out(questions):
    auditor = Auditor(RULE)
    for question in questions:
        auditor = auditor.ask(some(*question)).auditor
    if auditor.answered:
        assert not twin(list(auditor.answered), RULE.contributors)
        matrix = np.array([[f"o{i}" in s for i in range(10)] for s in auditor.answered], dtype=float)
        truth = np.array(list(ALL.values()))
        for i in range(10):  # another table of values gives the same answers and differs for this organisation
            _, singular, right = np.linalg.svd(matrix)
            null = right[(singular > 1e-9).sum() :]
            moved = truth + null.T @ null[:, i]
            assert np.allclose(matrix @ moved, matrix @ truth)
            assert not np.isclose(moved[i], truth[i])


@pytest.mark.parametrize("measure", ["capacity", "suppliers", "member_employees"])
def test_the_rules_of_the_registry(measure):
    rule = registry().rule(measure)
    people = {f"p{i}": 10.0 for i in range(40)}
    auditor = Auditor(rule).ask(people).auditor
    fewer = dict(list(people.items())[:-1])
    assert not auditor.ask(fewer).allowed
    half = dict(list(people.items())[:20])
    assert auditor.ask(half).allowed


def test_a_question_that_needs_too_many_checks_is_refused():
    many = [frozenset(f"o{i}" for i in range(120) if (i >> b) & 1) for b in range(7)]
    assert discloses(many, fewest=5)  # 120 organisations, each told apart: too many combinations of four
    assert not discloses(many[:1], fewest=5)


def test_large_sets_are_told_apart_in_batches():
    """As many atoms of one organisation as fit below the limit, and only one small combination gives way."""
    people = [f"o{i}" for i in range(60)]
    sets = [frozenset(people[i : i + 30]) for i in range(0, 31, 3)]
    assert discloses(sets, fewest=3) == twin(sets, 3)
