"""What changed and why: the reasons add up, whatever the rows and the measure."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.figures.change import ORDER, WORDS, State, added, change
from lifecluster.figures.compute import state
from lifecluster.figures.measure import value_of
from lifecluster.figures.rows import Row

from .kit import basis, run

KEYS = [f"k{i}" for i in range(6)]
GROUPS = {"total": ["this"], "share": ["this", "rest"], "growth": ["now", "before"], "rank": ["this", "a", "b"]}


@st.composite
def states(draw, kind: str, definition: str):
    rows = []
    for group in GROUPS[kind]:
        anchor = Row(group, "anchor", Fraction(1), Fraction(1), Fraction(1), "x", "2020")
        rows.append(anchor)
        for key in draw(st.lists(st.sampled_from(KEYS), unique=True, max_size=6)):
            value = Fraction(draw(st.integers(0, 30)))
            label, year = draw(st.sampled_from("xyz")), draw(st.sampled_from(["2019", "2020"]))
            chance = draw(st.sampled_from([None, None, 0.7]))
            rows.append(Row(group, key, value, value, value, label, year, chance=chance))
    classes = tuple(draw(st.lists(st.sampled_from("xyz"), unique=True)))
    return State(kind, tuple(rows), classes, definition, "bres", "2020")


@settings(max_examples=200)
@given(st.data())
def test_reasons_add_up_exactly(data):
    kind = data.draw(st.sampled_from(sorted(GROUPS)))
    before = data.draw(states(kind, "d1"))
    after = data.draw(states(kind, data.draw(st.sampled_from(["d1", "d2"]))))
    found = change(before, after)
    assert found.refused is None
    assert (found.before, found.after) == (value_of(kind, before.rows), value_of(kind, after.rows))
    assert added(found.reasons) == found.after - found.before  # fractions: no rounding anywhere
    assert [r.reason for r in found.reasons] == [r for r in ORDER if r in {x.reason for x in found.reasons}]
    assert sum(r.rows for r in found.reasons) == sum(
        1 for key in {(r.group, r.key) for r in (*before.rows, *after.rows)} if _value(before, key) != _value(after, key))  # fmt: skip
    told = found.to_dict()
    assert sum(r["difference"] for r in told["reasons"]) == pytest.approx(told["difference"], abs=1e-9)


def _value(state, key):
    return next(((r.value,) for r in state.rows if (r.group, r.key) == key), None)


def one(value: int, key: str = "k", label: str = "x", vintage: str = "2020", chance: float | None = None) -> Row:
    return Row("this", key, Fraction(value), Fraction(value), Fraction(value), label, vintage, chance=chance)


def made(*rows: Row, classes: str = "x", definition: str = "d") -> State:
    return State("total", (one(1, "anchor"), *rows), tuple(classes), definition, "bres", "2020")


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [(made(one(5)), made(one(7)), "revised"),
     (made(one(5)), made(one(7, vintage="2021")), "vintage"),
     (made(one(5)), made(one(7, label="y")), "reclassified"),
     (made(one(0, chance=0.3)), made(one(1, chance=0.8)), "reclassified"),
     (made(one(0, chance=0.3)), made(one(1, chance=0.8), definition="e"), "definition"),
     (made(), made(one(7)), "new rows"),
     (made(one(7)), made(), "gone"),
     (made(), made(one(7, label="y"), classes="xy", definition="e"), "definition"),
     (made(one(7, label="y"), classes="xy"), made(definition="e"), "definition"),
     (made(), made(one(7), definition="e"), "new rows")],
)  # fmt: skip
def test_each_reason_by_itself(before, after, reason):
    (found,) = change(before, after).reasons
    assert found.reason == reason
    assert found.difference == value_of("total", after.rows) - value_of("total", before.rows)
    assert WORDS[reason]


def test_nothing_changed():
    assert change(made(one(5)), made(one(5))).reasons == ()


def test_two_releases_across_the_break_are_not_compared():
    before = replace(made(one(5)), source="sector-figures", vintage="2021/22")
    found = change(before, replace(before, vintage="2023/24", rows=(one(9),)))
    assert "not comparable" in found.refused
    assert found.to_dict()["difference"] is None
    assert found.reasons == ()


def test_another_source_or_an_unknown_figure_is_not_compared():
    assert change(made(one(5)), replace(made(one(5)), source="register")).refused
    unknown = replace(made(one(5)), rows=(Row("this", "k", None, Fraction(0), None),))
    assert "unknown" in change(made(one(5)), unknown).refused


@pytest.mark.parametrize("claim", ["jobs", "share-of-gb-jobs", "second-largest-employer"])
def test_from_one_real_year_to_the_next_it_is_the_vintage(claim):
    old, new = run(claim, "midlands", year="2019"), run(claim, "midlands", year="2020")
    label = "bres/dbt-sic/jobs"
    found = change(state(basis(old, label), old.claim), state(basis(new, label), new.claim))
    assert {r.reason for r in found.reasons} == {"vintage"}
    assert added(found.reasons) == basis(new, label).figure.value - basis(old, label).figure.value


def test_a_wider_definition_is_told_from_a_later_year():
    result, later = run("jobs", "midlands", year="2019"), run("jobs", "midlands", year="2020")
    narrow = state(basis(result, "bres/dbt-sic/jobs"), result.claim)
    wide = state(basis(later, "bres/scottish-sic/jobs"), later.claim)
    found = {r.reason: r for r in change(narrow, wide).reasons}
    assert set(found) == {"definition", "vintage"}
    added_rows = [r for r in wide.rows if r.label == "72190"]
    assert found["definition"].difference == sum(r.value for r in added_rows)
    assert found["vintage"].difference == 7645 - 10190
