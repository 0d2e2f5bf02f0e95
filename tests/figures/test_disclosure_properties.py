"""What must hold of every public table, whatever is in it: for a reader who solves it, and whoever wrote it down."""

from __future__ import annotations

from itertools import product

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.figures.disclosure import TOTAL, Table, intervals, primary, publish, secondary, tabulate
from lifecluster.policy.disclosure import Rule, registry

MEASURE = "member_employees"
RULE = registry().rule(MEASURE)
RECORDS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 14), st.integers(1, 400)), min_size=1, max_size=60
)


def table_of(records, by=("x", "y")) -> Table:
    rows = [{"x": f"x{x}", "y": f"y{y}", "o": f"o{o}", "v": v} for x, y, o, v in records]
    return tabulate(pl.DataFrame(rows), list(by), contributor="o", value="v")


@settings(max_examples=20)
@given(RECORDS)
def test_a_cell_that_is_shown_satisfies_the_rule_by_hand(records):
    """A twin that goes through the records of each cell and knows the rule in words."""
    shown = {tuple(r[d] for d in ("x", "y")): r["value"] for r in publish(table_of(records), MEASURE).rows()}
    assert len(shown) == len(table_of(records).cells)
    for (x, y), value in shown.items():
        mine = [r for r in records if x in {TOTAL, f"x{r[0]}"} and y in {TOTAL, f"y{r[1]}"}]
        if value is None or not mine:
            continue
        parts: dict[int, int] = {}
        for record in mine:
            parts[record[2]] = parts.get(record[2], 0) + record[3]
        total, largest = sum(parts.values()), sorted(parts.values(), reverse=True)
        assert len(mine) >= RULE.minimum
        assert len(parts) >= RULE.contributors
        assert largest[0] <= RULE.dominance * total
        assert sum(largest[:2]) <= RULE.top_two * total
        assert value == RULE.rounded(total)
        assert abs(value - total) <= RULE.rounding / 2


@settings(max_examples=10)
@given(RECORDS, st.randoms(use_true_random=False))
def test_what_is_hidden_depends_on_the_records_and_not_on_how_they_are_written_down(records, random):
    mixed = list(records)
    random.shuffle(mixed)
    before = publish(table_of(records), MEASURE)
    assert publish(table_of(mixed), MEASURE) == before
    turned = publish(table_of(mixed, ("y", "x")), MEASURE)
    assert primary(table_of(mixed, ("y", "x")), RULE) == {k[::-1] for k in primary(table_of(records), RULE)}
    for key, value in turned.values:
        other = dict(before.values)[key[::-1]]
        assert value is None or other is None or value == other, "a cell that is shown twice says the same"


@settings(max_examples=10)
@given(RECORDS)
def test_a_stricter_rule_hides_what_the_milder_one_hides(records):
    table = table_of(records)
    mild = Rule(minimum=2, contributors=2, dominance=0.95, top_two=1.0, rounding=1)
    strict = Rule(minimum=6, contributors=4, dominance=0.6, top_two=0.8, rounding=1)
    assert primary(table, mild) <= primary(table, strict)
    assert primary(table, strict) <= secondary(table, strict)


@settings(max_examples=20)
@given(RECORDS)
def test_hiding_more_never_narrows_what_a_reader_can_work_out(records):
    table = table_of(records)
    hidden = secondary(table, RULE)
    narrow = intervals(table, hidden)
    for key, cell in table.cells.items():
        if key in hidden:
            low, high = narrow[key]
            assert low - 1e-6 <= cell.value <= high + 1e-6, "the truth is always among what is possible"
    everything = intervals(table, frozenset(table.keys), of=hidden)
    for key in hidden:
        assert everything[key][0] <= narrow[key][0] + 1e-6
        assert everything[key][1] >= narrow[key][1] - 1e-6


@pytest.mark.parametrize(("x", "y"), list(product(range(2), range(2))))
def test_one_organisation_alone_is_hidden_wherever_it_stands(x, y):
    crowd = [(i % 2, j % 2, 20 + i * 40 + j, 50) for i in range(2) for j in range(40)]
    alone = [r for r in crowd if (r[0], r[1]) != (x, y)] + [(x, y, 1, 97)]
    shown = {tuple(r[d] for d in ("x", "y")): r["value"] for r in publish(table_of(alone), MEASURE).rows()}
    assert shown[f"x{x}", f"y{y}"] is None
    assert sum(value is None for value in shown.values()) >= 4, "one hidden cell alone is the total less the rest"
    assert "97" not in str(sorted(v for v in shown.values() if v is not None))
