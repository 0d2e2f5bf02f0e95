"""Suppression: what may not be shown is hidden, and cannot be worked out; checked by solving and by search."""

from __future__ import annotations

import random
from itertools import product

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.errors import LifeclusterError
from lifecluster.figures.disclosure import (
    CONFIDENTIAL,
    TOTAL,
    Cell,
    Table,
    intervals,
    primary,
    publish,
    secondary,
    tabulate,
    unprotected,
)  # fmt: skip
from lifecluster.figures.disclosure.intervals import needed
from lifecluster.policy.disclosure import Rule, registry

RULE = Rule(minimum=5, contributors=3, dominance=0.75, top_two=0.9, rounding=1)


def counts(grid: list[list[int]]) -> Table:
    """A table of counts, each counted thing a contributor of its own."""
    records = [{"x": f"x{i}", "y": f"y{j}", "o": f"{i}.{j}.{k}"} for i, line in enumerate(grid)
               for j, n in enumerate(line) for k in range(n)]  # fmt: skip
    return tabulate(pl.DataFrame(records), ["x", "y"], contributor="o")


def amounts(seed: int, rows: int, columns: int, size: int) -> Table:
    rng = random.Random(seed)
    records = [{"x": f"x{rng.randrange(rows)}", "y": f"y{rng.randrange(columns)}", "o": f"o{rng.randrange(size)}",
                "v": round(rng.lognormvariate(3, 1.2))} for _ in range(size)]  # fmt: skip
    return tabulate(pl.DataFrame(records), ["x", "y"], contributor="o", value="v")


def test_a_table_adds_up_and_knows_its_contributors():
    frame = pl.DataFrame({"x": ["a", "a", "b"], "y": ["c", "d", "c"], "o": ["p", "p", "q"], "v": [3.0, 4.0, 5.0]})
    table = tabulate(frame, ["x", "y"], contributor="o", value="v")
    assert table.cells["a", TOTAL] == Cell(7.0, (7.0,), 1, "p")
    assert table.cells[TOTAL, TOTAL].value == 12
    assert table.cells["b", "d"] == Cell(0, (), 0, None)
    assert len(table.sums) == 6
    for whole, parts in table.sums:
        assert table.cells[whole].value == sum(table.cells[part].value for part in parts)
    bare = tabulate(frame, ["x"], contributor="o", totals=False)
    assert bare.sums == ()
    assert bare.cells["a",].count == 2
    assert bare.cells["a",].contributions == (2.0,)


@pytest.mark.parametrize("bad", [{"v": [-1.0]}, {"v": [None]}, {"x": [TOTAL]}])
def test_a_table_that_cannot_be_protected_is_refused(bad):
    frame = pl.DataFrame(
        {"x": ["a"], "o": ["p"], "v": [1.0], **bad}, schema={"x": pl.String, "o": pl.String, "v": pl.Float64}
    )
    with pytest.raises(LifeclusterError):
        tabulate(frame, ["x"], contributor="o", value="v")
    with pytest.raises(LifeclusterError, match="one dimension"):
        tabulate(frame, [], contributor="o")


def test_primary_suppression_by_number_contributors_and_dominance():
    small = Cell(4, (1.0, 1, 1, 1), 4)
    two = Cell(50, (30.0, 20), 50)
    one_large = Cell(100, (80.0, *[2.0] * 10), 11)
    pair = Cell(100, (50.0, 45.0, *[0.5] * 10), 12)
    good = Cell(100, tuple([10.0] * 10), 10)
    cells = {("a",): small, ("b",): two, ("c",): one_large, ("d",): pair, ("e",): good, ("f",): Cell(0, (), 0)}
    assert primary(Table(("x",), cells, ()), RULE) == {("a",), ("b",), ("c",), ("d",)}


def test_one_hidden_cell_is_the_total_less_the_rest():
    table = counts([[3, 20], [30, 40]])
    key = ("x0", "y0")
    assert primary(table, RULE) == {key}
    assert intervals(table, [key]) == {key: (pytest.approx(3), pytest.approx(3))}
    assert unprotected(table, frozenset([key]), [key], RULE) == (key,)
    hidden = secondary(table, RULE)
    assert len(hidden) == 4  # a rectangle is the least that hides one cell of two by two
    low, high = intervals(table, hidden)[key]
    assert low <= 0 + 1e-6
    assert high >= 8 - 1e-6


def brute(table: Table, hidden, most: int) -> dict:
    """All ways to fill the hidden cells with whole numbers up to `most` that keep every sum."""
    keys, found = sorted(hidden), {key: set() for key in hidden}
    for values in product(range(most + 1), repeat=len(keys)):
        filled = {**{k: c.value for k, c in table.cells.items()}, **dict(zip(keys, values, strict=True))}
        if all(filled[w] == sum(filled[p] for p in parts) for w, parts in table.sums):
            for key, value in zip(keys, values, strict=True):
                found[key].add(value)
    return {key: (min(v), max(v)) for key, v in found.items()}


@settings(max_examples=15)
@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=2, max_size=2), st.data())
def test_intervals_are_those_of_a_search_through_all_tables(grid, data):
    grid[0][0] += 1
    table = counts(grid)
    inner = [key for key in table.keys if TOTAL not in key]
    hidden = data.draw(st.lists(st.sampled_from(inner), unique=True, min_size=1, max_size=4))
    wanted = brute(table, hidden, 18)
    for key, (low, high) in intervals(table, hidden).items():
        assert (low, high) == (pytest.approx(wanted[key][0], abs=1e-6), pytest.approx(wanted[key][1], abs=1e-6))


@settings(max_examples=15)
@given(st.lists(st.lists(st.integers(0, 12), min_size=4, max_size=4), min_size=3, max_size=3))
def test_no_hidden_count_can_be_recovered(grid):
    grid[0][0] += 1
    grid = [[n + 3 * (i == 2) for n in line] for i, line in enumerate(grid)]
    table = counts(grid)
    sensitive = primary(table, RULE)
    hidden = secondary(table, RULE)
    assert sensitive <= hidden
    found = intervals(table, hidden, of=sensitive)
    for key, (low, high) in found.items():
        down, up = needed(table.cells[key], RULE)
        assert low <= table.cells[key].value - down + 1e-5
        assert high >= table.cells[key].value + up - 1e-5
        assert high - low >= RULE.minimum
    assert unprotected(table, hidden, sensitive, RULE) == ()


@pytest.mark.parametrize("seed", range(4))
def test_no_hidden_amount_can_be_recovered_not_even_by_a_neighbour(seed):
    table = amounts(seed, 4, 4, 60)
    sensitive = primary(table, RULE)
    hidden = secondary(table, RULE)
    assert sensitive
    assert unprotected(table, hidden, sensitive, RULE) == ()
    for key, (low, high) in intervals(table, hidden, of=sensitive).items():
        assert high - low >= 0.15 * table.cells[key].value


def test_a_neighbour_who_knows_his_own_cell_learns_nothing():
    """Two single contributors hidden in one row: each could take his own from what both are together."""
    records = [("x0", "y0", "p", 10.0), ("x0", "y1", "q", 20.0)]
    records += [
        (f"x{i}", f"y{j}", f"{i}{j}{k}", 10.0)
        for i in range(3)
        for j in range(4)
        for k in range(6)
        if (i, j) not in {(0, 0), (0, 1)}
    ]
    table = tabulate(
        pl.DataFrame(records, schema=["x", "y", "o", "v"], orient="row"), ["x", "y"], contributor="o", value="v"
    )
    p, q = ("x0", "y0"), ("x0", "y1")
    pair = frozenset([p, q, ("x1", "y0"), ("x1", "y1")])
    assert intervals(table, pair, of=[q], known=[p])[q] == (pytest.approx(20), pytest.approx(20))
    assert set(unprotected(table, pair, [p, q], RULE)) == {p, q}
    hidden = secondary(table, RULE)
    low, high = intervals(table, hidden, of=[q], known=[p])[q]
    assert low < 20 - 2
    assert high > 20 + 2


def test_three_dimensions():
    rng = random.Random(1)
    frame = pl.DataFrame([{"x": f"x{rng.randrange(2)}", "y": f"y{rng.randrange(3)}", "z": f"z{rng.randrange(2)}", "o": str(i)}
                          for i in range(70)])  # fmt: skip
    table = tabulate(frame, ["x", "y", "z"], contributor="o")
    sensitive = primary(table, RULE)
    assert sensitive
    assert unprotected(table, secondary(table, RULE), sensitive, RULE) == ()


def test_nothing_is_hidden_that_no_protection_needs():
    table = counts([[3, 20, 30], [30, 40, 50], [25, 35, 45]])
    hidden = secondary(table, RULE)
    assert len(hidden) == 4
    for key in hidden - primary(table, RULE):
        assert unprotected(table, hidden - {key}, primary(table, RULE), RULE)
    assert secondary(counts([[20, 30], [40, 50]]), RULE) == frozenset()


def test_a_table_as_the_public_sees_it():
    rng = random.Random(3)
    records = [
        {"area": f"a{i % 4}", "kind": f"k{i % 3}", "o": str(i), "jobs": rng.randrange(10, 90)} for i in range(160)
    ]
    records += [{"area": "a0", "kind": "k3", "o": "alone", "jobs": 777}]
    table = tabulate(pl.DataFrame(records), ["area", "kind"], contributor="o", value="jobs")
    public = publish(table, "member_employees")
    rows = {(r["area"], r["kind"]): r for r in public.rows()}
    assert rows["a0", "k3"] == {"area": "a0", "kind": "k3", "value": None, "shown": CONFIDENTIAL}
    assert public.withheld >= 4
    assert all(r["value"] % 5 == 0 for r in public.rows() if r["value"] is not None)
    assert public.frame().height == len(table.cells)
    assert public.frame().filter(pl.col("shown") == CONFIDENTIAL)["value"].null_count() == public.withheld
    assert "rounded to 5" in public.note()
    assert "777" not in repr(public)
    assert rows["a1", "k3"]["value"] in {0, None}  # nobody is there: a true nought needs no hiding


def test_a_table_with_nothing_to_hide_says_so():
    table = counts([[20, 30], [40, 50]])
    public = publish(table, "survey_count")
    assert public.withheld == 0
    assert public.note() == "nothing is withheld; figures are rounded to 5"


def test_a_table_of_one_contributor_hides_everything_of_his():
    table = tabulate(pl.DataFrame({"x": ["a", "b"], "o": ["p", "p"]}), ["x"], contributor="o")
    hidden = secondary(table, registry().default)
    assert hidden == set(table.keys)
