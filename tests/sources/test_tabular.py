"""Delimited files: every row accounted for, every complaint with its file, row and column."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.errors import InputError
from lifecluster.sources.spec import SourceSpec
from lifecluster.sources.tabular import csv_rows, fingerprint, read_table
from lifecluster.sources.values import ONE_BY_ONE
from tests.sources.kit import everything, input_file, reasons, spec, write

HEADER = "name,number,opened,staff"


def test_a_plain_file_is_read_with_types_and_originals(tmp_path):
    path = write(tmp_path / "a.csv", HEADER, 'Acme Ltd,4142000,03/02/2001,"1,200"')
    extract = read_table([input_file(path)], spec())
    row = extract.records["organisation"].row(0, named=True)
    assert (row["name"], row["company_number"], row["employees"]) == ("Acme Ltd", "04142000", 1200)
    assert row["opened_on"].isoformat() == "2001-02-03"
    assert (row["company_number__original"], row["employees__original"]) == ("4142000", "1,200")
    assert (extract.read, extract.accepted) == (1, 1)


def test_values_that_did_not_change_have_no_original(tmp_path):
    path = write(tmp_path / "a.csv", HEADER, "Acme Ltd,04142000,2001-02-03,1200", "Bolt Ltd,SC000001,2001-02-03,3")
    columns = read_table([input_file(path)], spec()).records["organisation"].columns
    assert not [c for c in columns if c.endswith("__original")]


@pytest.mark.parametrize(
    ("encoding", "note"),
    [("utf-8", None), ("utf-8-sig", None), ("cp1252", "cp1252"), ("utf-16", "utf-16")],
)
def test_encodings_and_bom(tmp_path, encoding, note):
    path = write(tmp_path / "a.csv", HEADER, "Müller & Söhne,,,", encoding=encoding)
    extract = read_table([input_file(path)], spec())
    assert extract.records["organisation"]["name"].to_list() == ["Müller & Söhne"]
    assert extract.warnings == (() if note is None else (f"a.csv: read as {note}",))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters(tmp_path, delimiter):
    lines = [HEADER.replace(",", delimiter), delimiter.join(["Acme, Bolt & Co", "4142000", "1.2.2001", "3"])]
    text = [line if delimiter != "," else line.replace("Acme, Bolt & Co", '"Acme, Bolt & Co"') for line in lines]
    extract = read_table([input_file(write(tmp_path / "a.csv", *text))], spec())
    assert extract.records["organisation"]["name"].to_list() == ["Acme, Bolt & Co"]


def test_dates_in_four_styles(tmp_path):
    written = ["2001-02-03", "03/02/2001", "03.02.2001", "3 February 2001", "03-Feb-2001", "20010203"]
    path = write(tmp_path / "a.csv", HEADER, *(f"Firm {i},,{d}," for i, d in enumerate(written)))
    dates = read_table([input_file(path)], spec()).records["organisation"]["opened_on"].to_list()
    assert {d.isoformat() for d in dates} == {"2001-02-03"}


def test_cells_that_cannot_be_read_are_problems_and_their_rows_stay(tmp_path):
    path = write(tmp_path / "a.csv", HEADER, "Acme,2.41392E+11,31/02/2001,many", 'Bolt,"2,41392E+11",,1.5')
    extract = read_table([input_file(path)], spec())
    assert extract.accepted == 2
    assert reasons(extract.problems) == [
        (2, "number", "a number in exponent notation: its last digits are lost, take it from the source again"),
        (3, "number", "a number in exponent notation: its last digits are lost, take it from the source again"),
        (2, "opened", "cannot be read as date"),
        (2, "staff", "cannot be read as int"),
        (3, "staff", "cannot be read as int"),
    ]


def test_rows_that_cannot_be_used_are_rejected_with_reason_and_cells(tmp_path):
    lines = ["Acme,,,", ",,,", "Bolt,,", "acme ,,,", "Cog," + "x" * 100_001 + ",,"]
    extract = read_table([input_file(write(tmp_path / "a.csv", HEADER, *lines))], spec())
    assert (extract.read, extract.accepted) == (5, 1)
    found = dict(zip(extract.rejected["row"], extract.rejected["reason"], strict=True))
    assert found[3] == "a required value is missing"
    assert found[4] == "has 3 cells where 4 are expected"
    assert found[5].startswith("repeats the key ") and found[5].endswith(" of row 2")
    assert found[6] == "a cell of 100,001 characters"
    assert extract.rejected.filter(row=6)["field"].item() == "number"


def test_a_cell_of_ten_million_characters_is_no_end(tmp_path):
    path = write(tmp_path / "a.csv", HEADER, "Acme," + "9" * 10_000_000 + ",,", "Bolt,,,")
    extract = read_table([input_file(path)], spec())
    assert (extract.read, extract.accepted) == (2, 1)
    assert extract.rejected.row(0, named=True)["reason"] == "a cell of 10,000,000 characters"
    assert len(extract.rejected.row(0, named=True)["raw"]) < 2_000


def test_a_quotation_mark_never_closed_is_reported(tmp_path):
    path = write(tmp_path / "a.csv", HEADER, 'Acme,,,"oops', *(f"Firm {i},,," for i in range(300)))
    extract = read_table([input_file(path)], spec())
    assert extract.read == 1
    assert extract.warnings == ("a.csv: row 2 spans over 100 lines: a quotation mark never closed?",)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("name,number,opened", "a.csv, column 'staff': columns are missing: staff"),
        ("name,name,number,opened,staff", "a.csv, column 'name': column names repeat: name"),
        ("", "a.csv, column 'name': columns are missing: name, number, opened, staff"),
    ],
)
def test_headers_that_end_the_reading(tmp_path, header, message):
    with pytest.raises(InputError) as caught:
        read_table([input_file(write(tmp_path / "a.csv", header, "Acme,,,"))], spec())
    if header:
        assert str(caught.value) == message


def test_unknown_columns_warn_and_may_be_called_anything(tmp_path):
    path = write(tmp_path / "a.csv", HEADER + ",file,row,_raw,key,", "Acme,,,,1,2,3,4,5")
    extract = read_table([input_file(path)], spec())
    assert extract.records["organisation"]["file"].to_list() == ["a.csv"]
    assert len(extract.warnings) == 5
    assert extract.warnings[0] == "a.csv: column 'file' is not known to a-test and was left out"


def test_contact_details_leave_no_trace_even_in_rejected_rows(tmp_path):
    lines = [
        "Acme,,,,jo@example.org",
        ",,,,jo@example.org",
        "Acme,,,,jo@example.org",
        "Bolt,,,,jo@example.org,x",
        "mail ada@example.org or 01632 960001,,nonsense 01632 960 002,,",
    ]
    extract = read_table([input_file(write(tmp_path / "a.csv", HEADER + ",mail", *lines))], spec())
    text = everything(extract)
    assert extract.rejected.height == 3
    for secret in ("jo@example", "960002", "960 002"):
        assert secret not in text


def test_keys_do_not_depend_on_the_order_of_rows(tmp_path):
    lines = [f"Firm {i},{i + 1000},2001-02-0{i % 9 + 1},{i}" for i in range(50)]
    one = read_table([input_file(write(tmp_path / "a.csv", HEADER, *lines))], spec())
    two = read_table([input_file(write(tmp_path / "b.csv", HEADER, *reversed(lines)))], spec())
    drop = ["file", "row"]
    left, right = (e.records["organisation"].drop(drop).sort("key") for e in (one, two))
    assert left.equals(right)


def test_reading_twice_gives_equal_frames_and_two_files_share_one_space_of_keys(tmp_path):
    path = write(tmp_path / "a.csv", HEADER, "Acme,,,")
    once, again = (read_table([input_file(path)], spec()) for _ in range(2))
    assert once.records["organisation"].equals(again.records["organisation"])
    other = write(tmp_path / "b.csv", HEADER, "Acme,,,")
    both = read_table([input_file(path), input_file(other)], spec())
    assert reasons(both.rejected) == [
        (2, None, f"repeats the key {fingerprint(['acme', '', '', ''])!r} of row 2 of a.csv")
    ]


def test_ends_before_start_is_kept_with_a_note(tmp_path):
    award = spec(
        kind="award",
        key="reference",
        columns={"ref": {"property": "reference"}, "from": {"property": "starts_on"}, "to": {"property": "ends_on"}},
    )
    path = write(
        tmp_path / "a.csv", "ref,from,to", "A,2020-01-01,2020-01-01", "B,2020-01-02,2020-01-01", "C,2020-01-01,"
    )
    extract = read_table([input_file(path)], award)
    assert extract.accepted == 3
    assert [r[2].partition(";")[0] for r in reasons(extract.problems)] == [
        "ends on the day it starts",
        "ends before it starts",
    ]


def test_several_columns_of_one_property(tmp_path):
    several = spec(
        columns={
            "name": {"property": "name"},
            "a1": {"property": "address"},
            "a2": {"property": "address"},
            "s1": {"property": "sic"},
            "s2": {"property": "sic", "none": ["None Supplied"]},
            "w1": {"property": "website"},
            "w2": {"property": "website"},
        }
    )
    lines = ["Acme,1 High St,Leeds,21100,62012,,acme.co.uk", "Bolt,,Leeds,21100,none supplied,bolt.com,x"]
    path = write(tmp_path / "a.csv", "name,a1,a2,s1,s2,w1,w2", *lines)
    frame = read_table([input_file(path)], several).records["organisation"]
    assert frame["address"].to_list() == ["1 High St, Leeds", "Leeds"]
    assert frame["sic"].to_list() == [["21100", "62012"], ["21100"]]
    assert frame["website"].to_list() == ["https://acme.co.uk", "https://bolt.com"]
    assert frame["website__original"].to_list() == ["acme.co.uk", "bolt.com"]


def test_headerless_files_are_named_by_the_specification(tmp_path):
    path = write(tmp_path / "a.csv", "Acme,,,1", "Bolt,,,2")
    columns = {n: c for n, c in spec().columns.items() if n != "mail"}
    extract = read_table([input_file(path)], spec(header=False, columns=columns))
    assert extract.records["organisation"]["name"].to_list() == ["Acme", "Bolt"]


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
tables = st.lists(st.lists(cells, min_size=1, max_size=6), max_size=12)


def _csv(rows: list[list[str]], delimiter: str) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    return out.getvalue().encode("utf-8")


@settings(max_examples=120, deadline=None)
@given(tables, st.sampled_from(",;|\t"))
def test_any_table_rows_in_are_accepted_or_rejected(rows, delimiter):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(_csv([HEADER.split(","), *rows], delimiter))
        extract = read_table([input_file(path)], spec(delimiter=delimiter))
        assert extract.read == len(rows)
        assert extract.read == extract.accepted + extract.rejected.height
        assert extract.records["organisation"].height == extract.accepted


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_give_a_table_or_an_input_error(data):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(HEADER.encode() + b"\n" + data)
        try:
            extract = read_table([input_file(path)], spec())
        except InputError as error:
            assert "a.csv" in str(error)
        else:
            assert extract.read == extract.accepted + extract.rejected.height


def test_text_that_is_no_table_is_an_input_error():
    assert list(csv_rows("a,b\n\nc,d\n", ",", "x")) == [(1, ["a", "b"]), (3, ["c", "d"])]


def test_a_personal_column_cannot_become_a_property():
    with pytest.raises(ValueError, match="contact details"):
        SourceSpec.model_validate(spec().model_dump() | {"columns": {"mail": {"property": "name", "personal": True}}})


@pytest.mark.parametrize("count", [ONE_BY_ONE, ONE_BY_ONE + 1, 300])
def test_a_file_of_one_day_periods_says_so_once(tmp_path, count):
    columns = {"ref": {"property": "reference"}, "from": {"property": "starts_on"}, "to": {"property": "ends_on"}}
    rows = [f"A{i},2020-01-01,2020-01-01" for i in range(count)] + [
        "Z,2020-01-02,2020-01-01",
        "Y,2020-01-02,2020-02-01",
    ]
    path = write(tmp_path / "a.csv", "ref,from,to", *rows)
    extract = read_table([input_file(path)], spec(kind="award", key="reference", columns=columns))
    assert extract.read == extract.accepted == count + 2
    told = [note for note in extract.warnings if "end on the day they start" in note]
    if count <= ONE_BY_ONE:
        assert told == [] and extract.problems.height == count + 1
    else:
        first = "2 (2020-01-01), 3 (2020-01-01), 4 (2020-01-01)"
        of = f"a.csv: {count} of {count + 2} records with an end date end on the day they start"
        assert told == [f"{of}, rows {first} and so on; the dates are kept as they are"]
        assert reasons(extract.problems) == [(count + 2, "ends_on", "ends before it starts")]
