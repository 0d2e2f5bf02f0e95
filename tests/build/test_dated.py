"""Rows that speak of a day after that of the build are put aside, with all that they gave, and counted."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.build.dated import not_after, noting_later
from lifecluster.build.read import read_inputs
from lifecluster.region import load_region
from lifecluster.sources.extract import Extract, Snapshot, no_rejected
from tests.commands.tiny import write_inputs
from tests.sources.kit import spec

AT = date(2026, 11, 1)
DAYS = st.lists(st.none() | st.integers(-3, 3).map(lambda n: AT + timedelta(n)), max_size=12)


def extract(days, *, visibility="public", earlier=False, **more) -> Extract:
    rows = {"key": [f"k{i}" for i in range(len(days))], "file": ["a.csv"] * len(days), "row": range(1, len(days) + 1)}
    seen = {"name__visibility": ["members"] * len(days), "accounts_made_up_to__visibility": ["members"] * len(days)}
    frame = pl.DataFrame(
        rows | {"name": ["N"] * len(days), "accounts_made_up_to": days} | (seen if visibility != "public" else {}),
        schema_overrides={"row": pl.UInt32, "accounts_made_up_to": pl.Date, "key": pl.String, "file": pl.String, "name": pl.String},
    )  # fmt: skip
    site = pl.DataFrame({**rows, "holder": [[f"organisation:{k}"] for k in rows["key"]]},
                        schema={"key": pl.String, "file": pl.String, "row": pl.UInt32, "holder": pl.List(pl.String)})  # fmt: skip
    kinds = {"organisation": frame} if visibility != "public" else {"organisation": frame, "site": site}
    return Extract(spec(dated_by="accounts_made_up_to", visibility=visibility), (Snapshot("a.csv", 1, "0"),), kinds,
                   no_rejected(), len(days), len(days), earlier={"organisation": frame} if earlier else {}, **more)  # fmt: skip


@given(days=DAYS, earlier=st.booleans())
def test_a_slow_twin(days, earlier):
    found = not_after(extract(days, earlier=earlier), AT)
    late = [i for i, day in enumerate(days, 1) if day is not None and day > AT]
    assert found.rejected["row"].to_list() == late
    assert (found.read, found.accepted) == (len(days), len(days) - len(late))
    rest = [i for i in range(1, len(days) + 1) if i not in late]
    for frame in (*found.records.values(), *found.earlier.values()):
        assert frame["row"].to_list() == rest, "what a row gave goes with it"
    for row in found.rejected.to_dicts():
        said = days[row["row"] - 1]
        assert row["reason"] == f"speaks of {said}, which lies after 2026-11-01, the day of the build"
        assert (row["field"], json.loads(row["raw"])) == ("accounts_made_up_to", f"k{row['row'] - 1}")


def test_what_has_no_day_of_its_own_stays_as_it_is():
    whole = extract([AT + timedelta(1)])
    undated = replace(whole, spec=whole.spec.model_copy(update={"dated_by": None}))
    assert not_after(undated, AT) is undated
    on_the_day = extract([AT, None])
    assert not_after(on_the_day, AT) is on_the_day


def test_of_a_source_that_is_not_public_no_key_is_shown():
    found = not_after(extract([AT + timedelta(1)], visibility="members"), AT)
    assert json.loads(found.rejected["raw"].item()) == "(not public)"


@given(days=DAYS)
def test_a_past_that_is_still_to_come_is_noted_and_kept(days):
    whole = replace(extract(days), spec=spec(visibility="public"))
    found = noting_later(whole, AT)
    late = [(i, day) for i, day in enumerate(days, 1) if day is not None and day > AT]
    assert found.records == whole.records
    assert [(row["row"], json.loads(row["raw"])) for row in found.problems.to_dicts()] == [(i, str(d)) for i, d in late]
    for row in found.problems.to_dicts():
        assert row["kept"]
        assert row["reason"] == "lies after 2026-11-01, the day of the build"
    closed = noting_later(extract(days, visibility="members"), AT)
    assert {json.loads(raw) for raw in closed.problems["raw"]} <= {"(not public)"}
    assert closed.problems.height == len(late)


def test_a_date_to_come_in_a_list_is_told_with_its_column(tmp_path):
    inputs = write_inputs(tmp_path / "in")
    lines = (inputs / "members.csv").read_text("utf-8").splitlines()
    founded = ["Founded", "2027-01-15", "2026-11-01", *[""] * (len(lines) - 3)]
    (inputs / "members.csv").write_text("".join(f"{a},{b}\n" for a, b in zip(lines, founded, strict=True)), "utf-8")
    kept = inputs / "members.csv.mapping.yml"
    kept.write_text(kept.read_text("utf-8") + "  Founded: {property: incorporated_on}\n", "utf-8")
    reading = read_inputs(inputs, region=load_region("midlands"), progress=lambda _: None, at=AT)
    found = pl.concat([e.problems for e in reading.extracts if e.spec.name == "tiny-members"])
    assert found.select("row", "field", "raw", "kept").rows() == [(2, "Founded", '"2027-01-15"', True)]
