"""Values in the long layout, between instances and from people's edits."""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.errors import InputError
from lifecluster.reference.properties import vocabulary
from lifecluster.register.statement import from_extract
from lifecluster.sources.extract import Snapshot
from lifecluster.sources.files import InputFile
from lifecluster.sources.registry import recognise, sources
from tests.sources.kit import everything, read_as, reasons, same, write

HEADER = "kind,key,property,value,observed_on,original,visibility,valid_from,valid_to"


def exchange(tmp_path, *rows: str, header: str = HEADER):
    path = write(tmp_path / "x.csv", header, *rows)
    assert recognise(path).spec.name == "exchange"
    extract = read_as("exchange", path)
    assert extract.read == extract.accepted + extract.rejected.height == len(rows)
    return extract


def test_values_of_several_kinds_with_dates_and_visibility_of_their_own(tmp_path):
    extract = exchange(
        tmp_path,
        "organisation,a,name,Acme Ltd,2024-01-01,,,,",
        'organisation,a,employees,"1,200",2024-01-01,,members,2023-01-01,2023-12-31',
        "organisation,a,segment,medtech,2024-01-01,,,,",
        "organisation,a,segment,biopharma,2024-02-01,,desk,,",
        "organisation,a,postcode,DN1 3BU,2024-01-01,dn13bu,,,",
        "site,s,holder,organisation:a,,,,,",
        "award,w,holder,organisation:a,,,,,",
        "award,w,amount,1000.50,,,,,",
    )
    assert extract.rejected.height == 0
    row = extract.records["organisation"].row(0, named=True)
    assert (row["employees"], row["employees__original"], row["employees__visibility"]) == (1200, "1,200", "members")
    assert row["employees__valid_to"] == date(2023, 12, 31)
    assert row["segment"] == ["medtech", "biopharma"]
    assert row["segment__observed_on"] == [date(2024, 1, 1), date(2024, 2, 1)]
    assert row["segment__visibility"] == [None, "desk"]
    assert (row["postcode"], row["postcode__original"]) == ("DN1 3BU", "dn13bu")
    assert "name__visibility" not in row
    assert extract.records["award"]["amount"].to_list() == [1000.5]
    assert extract.records["site"]["holder"].to_list() == [["organisation:a"]]


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        ("thing,a,name,x,,,,,", "kind", "there is no kind thing"),
        ("organisation,a,colour,x,,,,,", "property", "there is no property colour"),
        ("award,a,sic,x,,,,,", "property", "sic is no property of award"),
        (",a,name,x,,,,,", "kind", "is empty"),
        ("organisation,,name,x,,,,,", "key", "is empty"),
        ("organisation,a,name,  ,,,,,", "value", "is empty"),
        ("organisation,a,name,x,01/02/2024,,,,", "observed_on", "01/02/2024 is no date (YYYY-MM-DD)"),
        ("organisation,a,name,x,,,,2024-02-30,", "valid_from", "2024-02-30 is no date (YYYY-MM-DD)"),
        ("organisation,a,name,x,,,,2024-02-02,2024-02-01", "valid_to", "is before valid_from"),
        ("organisation,a,name,x,,,secret,,", "visibility", "is none of public, members, desk, broker, owner"),
        ("organisation,a,employees,many,,,,,", "value", "cannot be read as int"),
        ("organisation,a,postcode,nowhere,,,,,", "value", "cannot be read as postcode"),
        (
            "organisation,a,company_number,2.4E+11,,,,,",
            "value",
            "a number in exponent notation: its last digits are lost, take it from the source again",
        ),
        ("award,a,holder,organisation:b,,,,,", "value", "there are no rows for organisation:b"),
        ("award,a,holder,Acme,,,,,", "value", "there are no rows for Acme"),
    ],
)
def test_rows_that_cannot_be_used(tmp_path, row, field, reason):
    extract = exchange(tmp_path, row, "organisation,ok,name,Acme,,,,,")
    assert reasons(extract.rejected) == [(2, field, reason)]
    assert extract.records["organisation"]["key"].to_list() == ["ok"]


def statements(extract, kind: str = "organisation") -> pl.DataFrame:
    return from_extract(extract, kind).select("property", "value", "observed_on", "visibility", "locator")


def test_older_values_become_further_statements_and_none_is_rejected(tmp_path):
    rows = [
        "organisation,a,employees,9,2023-01-01,,,,",
        "organisation,a,employees,12,2024-01-01,,,,",
        "organisation,a,employees,12,2025-01-01,,,,",
        "organisation,a,employees,7,,,,,",
        "organisation,a,sic,21100,2020-01-01,,,,",
        "organisation,a,sic,21100,2021-01-01,,,,",
        "organisation,a,sic,72110,2021-01-01,,,,",
    ]
    extract = exchange(tmp_path, *rows)
    assert (extract.accepted, extract.rejected.height) == (7, 0)
    row = extract.records["organisation"].row(0, named=True)
    assert (row["employees"], row["sic"]) == (12, ["21100", "72110"])
    assert row["employees__observed_on"] == date(2025, 1, 1)
    found = statements(extract)
    assert sorted(found.select("property", "value", "observed_on").rows(), key=str) == sorted(
        [
            ("employees", "9", date(2023, 1, 1)),
            ("employees", "12", date(2024, 1, 1)),
            ("employees", "12", date(2025, 1, 1)),
            ("employees", "7", None),
            ("sic", "21100", date(2020, 1, 1)),
            ("sic", "21100", date(2021, 1, 1)),
            ("sic", "72110", date(2021, 1, 1)),
        ],
        key=str,
    )
    assert sorted(found["locator"]) == [f"x.csv#{n}" for n in range(2, 9)]


def test_values_for_several_eyes_stand_side_by_side_and_records_have_the_most_public(tmp_path):
    rows = [
        "organisation,a,employees,100,2023-01-01,,,,",
        "organisation,a,employees,120,2024-01-01,,members,,",
        "organisation,a,employees,130,2025-01-01,,Owner,,",
        "organisation,a,turnover,5,2024-01-01,,desk,,",
        "organisation,a,activity,pumps,2024-01-01,,broker,,",
        "organisation,a,activity,pumps,2023-01-01,,,,",
    ]
    extract = exchange(tmp_path, *rows)
    assert extract.rejected.height == 0
    row = extract.records["organisation"].row(0, named=True)
    assert (row["employees"], row.get("employees__visibility")) == (100, None)
    assert (row["turnover"], row["turnover__visibility"]) == (5, "desk")
    assert (row["activity"], row["activity__visibility"]) == (["pumps"], [None])
    assert set(statements(extract).select("value", "visibility").rows()) == {
        ("100", "public"), ("120", "members"), ("130", "owner"), ("5", "desk"), ("pumps", "broker"), ("pumps", "public"),
    }  # fmt: skip


def test_of_equal_visibility_a_value_that_holds_still_goes_before_one_that_ended(tmp_path):
    rows = [
        "organisation,a,employees,9,2025-01-01,,,2024-01-01,2024-12-31",
        "organisation,a,employees,12,2024-01-01,,,2024-01-01,",
    ]
    assert exchange(tmp_path, *rows).records["organisation"]["employees"].to_list() == [12]


def test_only_a_repetition_in_every_respect_is_rejected(tmp_path):
    row = "organisation,a,employees,9,2025-01-01,,{},{},"
    rows = [row.format("", ""), row.format("public", ""), row.format("members", ""), row.format("", "2024-01-01")]
    extract = exchange(tmp_path, *rows)
    assert reasons(extract.rejected) == [(3, "value", "repeats the value of row 2")]
    assert statements(extract).height == 3


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ("visiblity", "x.csv, column 'visiblity': there is no such column in exchange: did you mean 'visibility'?"),
        ("Visibility", "x.csv, column 'Visibility': there is no such column in exchange: did you mean 'visibility'?"),
        ("who may see it", "x.csv, column 'who may see it': there is no such column in exchange; there are kind, key"),
        ("", "there is no such column in exchange"),
    ],
)
def test_a_misspelt_column_is_refused_by_name(tmp_path, column, message):
    path = write(tmp_path / "x.csv", HEADER.replace("visibility", column), "organisation,a,employees,4321,,,owner,,")
    with pytest.raises(InputError) as caught:
        read_as("exchange", path)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "row",
    [
        "organisation,a,employees,4321,2024-01-01,,owner,,,4321",
        "organisation,a,employees,4321,2024-01-01,owner",
        "organisation,a,4321,employees,2024-01-01,,owner,,",
        "4321,a,employees,x,2024-01-01,,owner,,",
        "organisation,a,employees,1,4321,,owner,,",
        "organisation,a,employees,x4321,2024-01-01,4321,membres,,",
        "organisation,a,employees,2,2024-01-01,,4321,,",
        "organisation,a,description," + "4321" * 30_000 + ",,,desk,,",
        "award,w,holder,organisation:s4321,2024-01-01,,members,,",
    ],
)
def test_what_is_not_public_stays_out_of_rejected_rows_of_any_shape(tmp_path, row):
    extract = exchange(tmp_path, row, "organisation,ok,name,Acme,,,,,")
    assert extract.rejected["row"].to_list() == [2]
    assert "4321" not in everything(extract)


def test_a_value_observed_after_the_day_of_the_build_is_rejected(tmp_path):
    path = write(tmp_path / "x.csv", HEADER, *(f"organisation,a{i},name,Acme,2026-0{i}-01,,,," for i in (1, 2, 3)))
    file = InputFile(path, Snapshot.of(path), at=date(2026, 2, 1))
    extract = sources()["exchange"].read([file])
    assert reasons(extract.rejected) == [(4, "observed_on", "lies after 2026-02-01, the day of the build")]


def test_contacts_are_taken_out_of_values_originals_and_keys(tmp_path):
    rows = [
        "organisation,ada@private.example,name,Acme (ada@private.example),,ada@private.example,,,",
        "organisation,b,description,ring 01632 960123,,,,,",
        "organisation,c,name,ada@private.example,,,,,",
        "award,w,holder,organisation:ada@private.example,,,,,",
    ]
    extract = exchange(tmp_path, *rows)
    assert reasons(extract.rejected) == [(4, "value", "holds nothing but contact details")]
    text = everything(extract)
    assert "private" not in text and "960123" not in text
    holder = extract.records["award"]["holder"].item().to_list()
    assert holder == [f"organisation:{extract.records['organisation']['key'][0]}"]
    assert [w for w in extract.warnings if "taken out of values: 2" in w]


def test_reasons_of_two_files_are_not_mixed(tmp_path):
    one = write(tmp_path / "a.csv", HEADER, "organisation,a,employees,many,,,,,")
    two = write(tmp_path / "b.csv", HEADER, "organisation,a,employees,-4,,,,,")
    found = read_as("exchange", one, two).rejected.select("file", "reason").rows()
    assert found == [("a.csv", "cannot be read as int"), ("b.csv", "is below zero")]


def test_a_subject_that_vanishes_takes_its_references_along(tmp_path):
    rows = ["award,w,partner,award:v,,,,,", "award,v,partner,award:u,,,,,", "organisation,a,name,Acme,,,,,"]
    extract = exchange(tmp_path, *rows)
    assert [r[0] for r in reasons(extract.rejected)] == [2, 3]
    assert list(extract.records) == ["organisation"]


def test_subjects_may_refer_to_each_other(tmp_path):
    extract = exchange(
        tmp_path, "organisation,a,parent,organisation:b,,,,,", "organisation,b,parent,organisation:a,,,,,"
    )
    assert extract.rejected.height == 0


def test_values_that_are_not_public_stay_out_of_the_rejected_rows(tmp_path):
    extract = exchange(
        tmp_path,
        "organisation,a,employees,perhaps 4321,,,owner,,",
        "award,w,holder,organisation:s4321,,,desk,,",
        "organisation,a,name,Acme,,,,,",
    )
    assert extract.rejected.height == 2 and "4321" not in everything(extract)


def test_only_the_five_first_columns_are_needed(tmp_path):
    extract = exchange(tmp_path, "organisation,a,name,Acme,2024-01-01", header="kind,key,property,value,observed_on")
    columns = extract.records["organisation"].columns
    assert columns == ["key", "file", "row", "name", "name__observed_on", "name__file", "name__row"]


def test_order_of_rows_does_not_matter_and_reading_twice_is_the_same(tmp_path):
    rows = [f"organisation,o{i},name,Firm {i},2024-01-0{i},,,," for i in range(1, 9)]
    rows += [f"organisation,o{i},employees,{i},2024-01-01,,,," for i in range(1, 9)]
    one, two = exchange(tmp_path, *rows), exchange(tmp_path, *rows)
    assert same(one, two)
    back = exchange(tmp_path, *reversed(rows))
    content = pl.exclude("file", "row", "^.*__row$")
    left, right = (e.records["organisation"].select(content).sort("key") for e in (one, back))
    assert left.equals(right.select(left.columns))


def test_several_files_are_one_space_of_subjects(tmp_path):
    one = write(tmp_path / "a.csv", HEADER, "award,w,holder,organisation:a,,,,,")
    two = write(tmp_path / "b.csv", HEADER, "organisation,a,name,Acme,,,,,")
    extract = read_as("exchange", one, two)
    assert extract.rejected.height == 0 and extract.accepted == 2


known = vocabulary()
words = st.sampled_from(
    ["", "a", "b", "organisation:a", "award:b", "12", "1.5", "2024-01-01", "DN1 3BU", "x.com", "öß"]
)
rows = st.lists(
    st.tuples(
        st.sampled_from([*known.kinds, "thing"]),
        words,
        st.sampled_from([*known.properties, "colour"]),
        words | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=6),
        st.sampled_from(["", "2024-01-01", "2023-05-05", "x"]),
        words,
        st.sampled_from(["", "public", "desk", "x"]),
    ),
    max_size=25,
)


@settings(max_examples=80, deadline=None)
@given(rows)
def test_any_rows_are_accepted_or_rejected_and_each_accepted_value_is_there(rows):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerows([HEADER.split(",")[:7], *rows])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        path.write_text(out.getvalue(), "utf-8", newline="")
        extract = read_as("exchange", path)
    assert extract.read == len(rows) == extract.accepted + extract.rejected.height
    held = 0
    for frame in [*extract.records.values(), *extract.earlier.values()]:
        for name in frame.columns[3:]:
            if "__" not in name:
                column = frame[name].drop_nulls()
                held += int(column.list.len().sum()) if column.dtype == pl.List else column.len()
    assert held == extract.accepted
    assert held == sum(from_extract(extract, kind).height for kind in extract.records)
    public = {(r[0], r[1], r[2]) for r in rows if r[6] in {"", "public"}}
    for kind, frame in extract.records.items():
        for name in (c for c in frame.columns[3:] if "__" not in c):
            said = frame[f"{name}__visibility"] if f"{name}__visibility" in frame.columns else None
            for i, key in enumerate(frame["key"]):
                if frame[name][i] is not None and (said is None or said[i] is None):
                    assert (kind, key, name) in public
