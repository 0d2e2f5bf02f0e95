"""What one reader is shown: over frames and over few rows it is the same, whoever reads."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.policy.visibility import Visibility, labels_within
from lifecluster.reference.properties import vocabulary
from lifecluster.register.assembly import order, order_seen, table
from lifecluster.register.edits import SOURCE as EDITS
from lifecluster.register.seen import EVERY, as_seen
from lifecluster.register.shown import Line, leading, shown
from tests.register.test_assembly import AT, frame, said

PROPERTIES = ("postcode", "address", "town", "name", "employees", "status", "capability", "sic", "parent")
"""Shown together; of one value; of a rank of its own; of many; of many of the best source; a reference."""
HIDDEN = {"LCO-members": int(Visibility.MEMBERS), "LCO-desk": int(Visibility.DESK)}
READERS = [Visibility.PUBLIC, Visibility.MEMBERS, Visibility.DESK, Visibility.BROKER, Visibility.OWNER]


@st.composite
def statements(draw: st.DrawFn) -> pl.DataFrame:
    rows = []
    day = st.one_of(st.none(), st.dates(date(2024, 1, 1), date(2027, 12, 31)))
    for _ in range(draw(st.integers(1, 10))):
        edit = draw(st.integers(0, 4)) == 0
        record = f"{EDITS if edit else draw(st.sampled_from(['a', 'b']))}/organisation:{draw(st.integers(1, 2))}"
        prop = draw(st.sampled_from(PROPERTIES))
        refers = prop == "parent" and draw(st.booleans())
        value = draw(st.sampled_from(list(HIDDEN))) if refers else draw(st.sampled_from(["1", "2", *([""] * edit)]))
        rows.append(said(
            record, prop, value, original=draw(st.sampled_from([None, "a/organisation:9"])) if refers else None,
            rank="member" if edit else draw(st.sampled_from(["member", "official", "other"])), observed_on=draw(day),
            valid_from=draw(day), valid_to=draw(day), visibility=draw(st.sampled_from([v.label for v in Visibility])),
            aggregate_only=draw(st.integers(0, 5)) == 0,
        ))  # fmt: skip
    return frame(*rows)


def few(ordered: pl.DataFrame) -> set[str]:
    """Ids of the statements that the rule over few rows shows."""
    known = vocabulary()
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in ordered.sort("property", "place").to_dicts():
        rows.setdefault(row["property"], []).append(row)
    lines = {prop: [line(row) for row in mine] for prop, mine in rows.items()}
    found = set()
    for prop, mine in rows.items():
        group = known.group_of(prop)
        lead = leading(group, lines) if len(group) > 1 else None
        chosen = shown(known.properties[prop], lines[prop], lead=lead)
        found |= {row["id"] for row, one in zip(mine, chosen, strict=True) if one}
    return found


def line(row: dict[str, Any]) -> Line:
    over = bool((row["valid_to"] and row["valid_to"] < AT) or (row["valid_from"] and row["valid_from"] > AT))
    named = row["rank"] in vocabulary().properties[row["property"]].order
    return Line(row["value"], row["record"], row["source"] == EDITS, over, named)


@given(made=statements(), reader=st.sampled_from(READERS))
def test_frames_and_few_rows_show_the_same(made: pl.DataFrame, reader: Visibility) -> None:
    ordered = as_seen(made, reader, HIDDEN, at=AT)
    assert set(ordered.filter("shown")["id"]) == few(ordered)


@given(made=statements(), reader=st.sampled_from(READERS[:-1]))
def test_a_reader_comes_across_nothing_that_is_for_fewer_people(made: pl.DataFrame, reader: Visibility) -> None:
    ordered = as_seen(made, reader, HIDDEN, at=AT)
    assert set(ordered["visibility"]) <= set(labels_within(reader)) and not ordered["aggregate_only"].any()
    assert not {one for one, level in HIDDEN.items() if level > reader} & set(ordered["value"])


@given(made=statements())
def test_a_visitor_is_shown_what_the_tables_of_a_package_show(made: pl.DataFrame) -> None:
    public = made.filter(pl.col("property") != "parent")
    everybody = order(public, at=AT).filter("shown", ~pl.col("aggregate_only"))["id"]
    visitor = as_seen(public.filter(~pl.col("aggregate_only")), Visibility.PUBLIC, {}, at=AT).filter("shown")["id"]
    counted = public.filter(pl.col("aggregate_only"), visibility="public").height
    assert counted or set(everybody) == set(visitor)


def test_what_is_there_for_fewer_people_has_no_statement_for_others() -> None:
    rows = frame(said("a/organisation:1", "name", "Alpha"))
    assert as_seen(rows, Visibility.PUBLIC, {"o": int(Visibility.MEMBERS)}, at=AT).is_empty()
    assert as_seen(rows, Visibility.MEMBERS, {"o": int(Visibility.MEMBERS)}, at=AT)["shown"].to_list() == [True]


@pytest.mark.parametrize(
    ("reader", "value"), [(Visibility.PUBLIC, 10), (Visibility.MEMBERS, 12), (Visibility.DESK, 14)]
)
def test_the_newest_value_wins_among_those_that_the_reader_may_see(reader: Visibility, value: int) -> None:
    made = frame(*(said(f"{level}/organisation:1", "employees", str(10 + 2 * i), visibility=level, rank="member",
                        observed_on=date(2026, 1 + i, 1)) for i, level in enumerate(("public", "members", "desk"))))  # fmt: skip
    rows = table(as_seen(made, reader, {}, at=AT), "organisation", whose=EVERY)
    assert rows["employees"].to_list() == [value]
    assert set(as_seen(made, reader, {}, at=AT)["visibility"]) == set(labels_within(reader)), "levels stay"


def test_a_list_that_is_stated_to_be_unknown_shows_nothing_else() -> None:
    made = frame(said(f"{EDITS}/organisation:1", "capability", "", rank="member"),
                 said("b/organisation:1", "capability", "moulding"))  # fmt: skip
    ordered = order_seen(made, at=AT)
    assert ordered.filter("shown")["value"].to_list() == [""]
    assert table(ordered, "organisation")["capability"].to_list() == [None]
