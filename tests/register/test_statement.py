"""Statements say where each value stands and keep their ids; assembly shows one value and keeps the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.policy.visibility import Visibility, may_see
from lifecluster.reference.properties import vocabulary
from lifecluster.register import assembly, statement
from lifecluster.sources.extract import Extract, Snapshot, no_rejected
from lifecluster.sources.registry import sources

BOOLEAN = {"aggregate_only": pl.Boolean}
OLD, NEW = date(2020, 1, 1), date(2026, 1, 1)


def extract(frame: pl.DataFrame, kind: str = "organisation", *, rank: str = "official", name: str = "a-source",
            observed: date = date(2026, 1, 1), sample: bool = False) -> Extract:  # fmt: skip
    spec = sources()["nhs-trusts"].spec.model_copy(update={"name": name, "rank": rank})
    snapshot = Snapshot("f.csv", 10, "0" * 64, observed, sample)
    return Extract(spec, (snapshot,), {kind: frame}, no_rejected(), frame.height, frame.height)


def records(**columns: list[object]) -> pl.DataFrame:
    count = len(next(iter(columns.values())))
    start = {"key": [f"k{i}" for i in range(count)], "file": ["f.csv"] * count, "row": list(range(1, count + 1))}
    return pl.DataFrame({**start, **columns}, strict=False)


def test_each_value_of_each_row_is_one_statement_with_its_place():
    frame = records(name=["Alpha", "Beta"], sic=[["72110", "21100"], None], employees=[12, None],
                    incorporated_on=[date(2001, 2, 3), None],
                    incorporated_on__original=["03/02/2001", None])  # fmt: skip
    got = statement.from_extract(extract(frame, sample=True), "organisation")
    assert dict(got.schema) == {c: t() for c, t in statement.SCHEMA.items()}
    rows = {(r["record"], r["property"], r["value"]): r for r in got.iter_rows(named=True)}
    assert len(rows) == got.height == 6
    day = rows["a-source/organisation:k0", "incorporated_on", "2001-02-03"]
    assert (day["original"], day["locator"], day["sample"]) == ("03/02/2001", "f.csv#1", True)
    assert day["observed_on"] == date(2026, 1, 1)
    assert ("a-source/organisation:k0", "employees", "12") in rows
    assert set(got["personal"]) == {"none"}
    assert set(got["visibility"]) == {"public"}


def test_what_a_source_says_of_single_values_stays_with_them():
    frame = records(
        capability=[["a", "b"]], capability__observed_on=[[NEW, OLD]], capability__visibility=[[None, "desk"]]
    )
    got = statement.from_extract(extract(frame), "organisation")
    assert got.select("value", "observed_on", "visibility").rows() == [("a", NEW, "public"), ("b", OLD, "desk")]


def test_a_record_may_date_its_other_values():
    frame = records(employees=[4, 5], accounts_made_up_to=[OLD, None])
    dated = extract(frame)
    dated = replace(dated, spec=dated.spec.model_copy(update={"dated_by": "accounts_made_up_to"}))
    got = statement.from_extract(dated, "organisation").filter(pl.col("property") == "employees")
    assert got["observed_on"].to_list() == [OLD, NEW]


def test_a_source_with_a_value_a_row_says_where_each_value_stands():
    frame = records(capability=[["a", "b"]], capability__file=[["f.csv", "f.csv"]], capability__row=[[7, 9]])
    got = statement.from_extract(extract(frame), "organisation")
    assert got["locator"].to_list() == ["f.csv#7", "f.csv#9"]


def test_references_point_to_records_of_the_same_source():
    frame = records(title=["Trial of something"], holder=[["organisation:k9"]])
    got = statement.from_extract(extract(frame, "trial"), "trial")
    assert got.filter(pl.col("property") == "holder")["value"].to_list() == ["a-source/organisation:k9"]


@given(st.permutations(range(4)))
def test_ids_do_not_depend_on_the_order_of_rows(order):
    frame = records(name=list("ABCD"), employees=[1, 2, 3, 4])
    whole = statement.from_extract(extract(frame), "organisation")
    mixed = statement.from_extract(extract(frame[list(order)]), "organisation")
    assert sorted(whole["id"]) == sorted(mixed["id"])
    assert whole["id"].n_unique() == whole.height


def test_an_id_changes_with_what_is_said_and_not_with_whom_it_is_said_of():
    frame = records(name=["Alpha"])
    one = statement.from_extract(extract(frame), "organisation")
    other = statement.from_extract(extract(frame, observed=date(2025, 1, 1)), "organisation")
    assert one["id"][0] != other["id"][0]
    linked = statement.with_ids(one.with_columns(subject=pl.lit("LCO-1")))
    assert linked["id"][0] == one["id"][0]


def test_gathering_keeps_each_statement_once():
    one = statement.from_extract(extract(records(name=["A", "B"])), "organisation")
    assert statement.gather([one, one, one.clear()]).equals(one)
    assert statement.gather([]).is_empty()


def said(*rows: tuple[str, str, str, str, date | None]) -> pl.DataFrame:
    """Statements of one subject: (property, value, rank, source, observed)."""
    blank = dict.fromkeys(statement.SCHEMA)
    made = [
        {**blank, "subject": "S", "kind": "organisation", "property": p, "value": v, "rank": r, "source": s,
         "record": f"{s}/organisation:1", "observed_on": d, "sample": False}
        for p, v, r, s, d in rows
    ]  # fmt: skip
    return statement.with_ids(pl.DataFrame(made, schema=statement.SCHEMA))


def shown(frame: pl.DataFrame, prop: str) -> object:
    return assembly.table(assembly.order(frame), "organisation")[prop].to_list()[0]


@pytest.mark.parametrize(
    ("prop", "rows", "expected"),
    [
        ("employees", [("40", "official", OLD), ("55", "member", OLD), ("70", "other", NEW)], 55),
        ("employees", [("40", "official", OLD), ("70", "other", NEW)], 40),
        ("employees", [("40", "official", OLD), ("41", "official", NEW)], 41),
        ("status", [("active", "member", NEW), ("dissolved", "official", OLD)], "dissolved"),
        ("name", [("Brand", "member", NEW), ("LEGAL LIMITED", "official", OLD)], "LEGAL LIMITED"),
        ("employees", [("3", "other", None), ("4", "other", OLD)], 4),
    ],
)
def test_the_declared_order_decides_whatever_the_order_of_arrival(prop, rows, expected):
    for mixed in permutations(rows):
        frame = said(*[(prop, v, r, f"src-{r}-{v}", d) for v, r, d in mixed])
        assert shown(frame, prop) == expected
        assert assembly.order(frame).height == len(rows), "other values are kept"


def test_values_that_hold_together_are_all_shown_but_sic_only_of_the_best_source():
    frame = said(
        ("trading_name", "One", "other", "x", OLD), ("trading_name", "Two", "member", "y", NEW),
        ("sic", "72110", "official", "new", NEW), ("sic", "21200", "official", "new", NEW),
        ("sic", "96090", "official", "old", OLD),
    )  # fmt: skip
    assert shown(frame, "trading_name") == ["One", "Two"]
    assert shown(frame, "sic") == ["21200", "72110"]


def test_an_ended_value_gives_way_to_one_that_holds():
    frame = said(
        ("website", "https://old.example", "member", "a", NEW), ("website", "https://x.example", "other", "b", OLD)
    )
    ended = frame.with_columns(valid_to=pl.when(pl.col("rank") == "member").then(pl.lit(NEW)))
    assert shown(ended, "website") == "https://x.example"


def test_what_is_not_public_is_in_no_table_and_keeps_its_place():
    frame = said(("employees", "50", "member", "a", NEW), ("employees", "40", "official", "b", OLD))
    closed = frame.with_columns(
        visibility=pl.when(pl.col("rank") == "member").then(pl.lit("desk")).otherwise(pl.lit("public"))
    )
    assert shown(closed, "employees") == 40
    ordered = assembly.order(closed)
    assert ordered.select("value", "place", "shown").rows() == [("50", 0, False), ("40", 1, True)]
    counted = frame.with_columns(visibility=pl.lit("public"), aggregate_only=pl.col("rank") == "member")
    assert shown(counted, "employees") == 40
    assert assembly.table(assembly.order(frame.with_columns(visibility=pl.lit("owner"))), "organisation").is_empty()


@given(st.sampled_from([v for v in Visibility if v is not Visibility.OWNER]), st.sampled_from(list(Visibility)),
       st.sampled_from([True, False, None]))  # fmt: skip
def test_of_statements_those_are_seen_that_the_policy_lets_see(clearance, level, counted):
    frame = pl.DataFrame({"visibility": [level.label], "aggregate_only": [counted]}, schema_overrides=BOOLEAN)
    assert frame.filter(statement.may_see(clearance)).height == may_see(clearance, level, aggregate_only=bool(counted))
    assert frame.filter(statement.may_see(Visibility.OWNER)).height == 1, "whoever has the whole package has all of it"


def test_values_come_back_in_their_type():
    frame = said(("incorporated_on", "2001-02-03", "official", "x", OLD), ("turnover", "1.5", "official", "x", OLD),
                 ("employees", "not a number", "official", "x", OLD))  # fmt: skip
    row = assembly.table(assembly.order(frame), "organisation").row(0, named=True)
    assert (row["incorporated_on"], row["turnover"], row["employees"]) == (date(2001, 2, 3), 1.5, None)


def test_a_table_has_every_property_of_its_kind_and_marks_sample_rows():
    frame = said(("name", "A", "official", "x", OLD)).with_columns(sample=pl.lit(value=True))
    table = assembly.table(assembly.order(frame), "organisation")
    assert table.columns == ["id", *vocabulary().of("organisation"), "sample"]
    assert table["sample"].to_list() == [True]
    assert assembly.table(assembly.order(frame), "site").is_empty()
