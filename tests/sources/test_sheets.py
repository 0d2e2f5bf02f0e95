"""Workbooks as grids of text, with all that people do to them."""

from __future__ import annotations

import re
import zipfile
from datetime import date, datetime

import pytest

from lifecluster.errors import InputError
from lifecluster.sources import sheets
from lifecluster.sources.sheets import NO_VALUE, cell_text, read_grids
from tests.sources.books import ods, ods_cell, ods_row, xlsx

MIDNIGHT = datetime(2020, 1, 2)  # noqa: DTZ001  # workbooks know no time zones


def test_cells_are_text_as_a_person_would_type_it():
    assert [cell_text(v) for v in (1.0, 1.5, 7964699, True, date(2020, 1, 2), MIDNIGHT, "#REF!", 2.41392e11)] == [
        "1",
        "1.5",
        "7964699",
        "TRUE",
        "2020-01-02",
        "2020-01-02",
        "",
        "241392000000",
    ]


def test_xlsx_sheets_hidden_ones_and_trailing_emptiness(tmp_path):
    def change(book):
        book.create_sheet("Notes").append(["note"])
        book.create_sheet("Old").append(["old"])
        book["Old"].sheet_state = "hidden"
        book["Members"]["A9"] = " "

    path = xlsx(tmp_path / "m.xlsx", [["Name", "Town"], [None, None], ["Acme", "Leeds", None]], change)
    grids = read_grids(path)
    assert [(g.sheet, g.hidden) for g in grids] == [("Members", False), ("Notes", False), ("Old", True)]
    assert grids[0].rows == [["Name", "Town"], ["", ""], ["Acme", "Leeds"]]


def test_xlsx_formulas_without_a_value_and_merged_cells(tmp_path):
    def change(book):
        sheet = book["Members"]
        sheet["C2"] = "=1+1"
        sheet.merge_cells("A2:A3")
        sheet.merge_cells("B4:C4")

    rows = [["Country", "Name", "Staff"], ["Wales", "Acme", None], [None, "Bolt", 3], ["England", "Cog", None]]
    grid = read_grids(xlsx(tmp_path / "m.xlsx", rows, change))[0]
    assert grid.rows == [
        ["Country", "Name", "Staff"],
        ["Wales", "Acme", NO_VALUE],
        ["Wales", "Bolt", "3"],
        ["England", "Cog", ""],
    ]


def test_xlsx_formulas_with_a_value_are_their_value(tmp_path):
    path = xlsx(tmp_path / "m.xlsx", [["Name", "Staff"], ["Acme", 0]], lambda b: b["Members"].__setitem__("B2", "=1+1"))
    parts = {}
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = re.sub(rb"<f>1\+1</f><v ?/>|<f>1\+1</f><v></v>", b"<f>1+1</f><v>2</v>", parts[name])
    with zipfile.ZipFile(path, "w") as archive:
        for part, data in parts.items():
            archive.writestr(part, data)
    assert read_grids(path)[0].rows == [["Name", "Staff"], ["Acme", "2"]]


def test_ods_repeats_merges_dates_formulas_and_hidden_sheets(tmp_path):
    when = (
        '<table:table-cell office:value-type="date" office:date-value="2020-01-02T00:00:00"><text:p>2 Jan</text:p>'
        "</table:table-cell>"
    )
    lost = '<table:table-cell table:formula="of:=1+1"/>'
    rows = (
        ods_row("Country", "Name", "Staff", "Since", "Sum")
        + ods_row(ods_cell("Wales", number_rows_spanned=2), "Acme", 3, when, lost)
        + ods_row("<table:covered-table-cell/>", "Bolt", 1.5, None)
        + ods_row(None, repeat=2)
        + ods_row(ods_cell("x", number_columns_repeated=3))
        + ods_row(ods_cell(None, number_columns_repeated=16384), repeat=1048570)
    )
    grids = read_grids(ods(tmp_path / "m.ods", {"Members": rows, "Old": ods_row("old")}, hidden=["Old"]))
    assert [(g.sheet, g.hidden) for g in grids] == [("Members", False), ("Old", True)]
    assert grids[0].rows == [
        ["Country", "Name", "Staff", "Since", "Sum"],
        ["Wales", "Acme", "3", "2020-01-02", NO_VALUE],
        ["Wales", "Bolt", "1.5", "", ""],
        [""] * 5,
        [""] * 5,
        ["x", "x", "x", "", ""],
    ]


def test_ods_that_repeats_a_filled_row_a_million_times_is_refused(tmp_path):
    path = ods(tmp_path / "m.ods", {"Members": ods_row("a", "b", "c", "d", "e", "f", repeat=1_000_000)})
    with pytest.raises(InputError, match=r"m\.ods: sheet 'Members' is too large for a list"):
        read_grids(path)


def test_entities_are_refused(tmp_path):
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    path = ods(tmp_path / "m.ods", {"Members": ods_row("Name")}, lead=laughs)
    with pytest.raises(InputError, match="XML entities: refused"):
        read_grids(path)
    book = xlsx(tmp_path / "m.xlsx", [["Name"], ["Acme"]])
    parts = {}
    with zipfile.ZipFile(book) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = b"<?xml version='1.0'?>" + laughs.encode() + sheet[sheet.index(b"<worksheet") :]
    with zipfile.ZipFile(book, "w") as archive:
        for part, data in parts.items():
            archive.writestr(part, data)
    with pytest.raises(InputError, match=r"m\.xlsx: the workbook"):
        read_grids(book)


def test_bombs_and_sheets_that_claim_to_be_huge_are_refused(tmp_path, monkeypatch):
    path = xlsx(tmp_path / "m.xlsx", [["Name"], ["Acme"]])
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/a.bin", b"0" * (80 << 20))
    with pytest.raises(InputError, match=r"m\.xlsx: unfolds to 80 MiB: refused"):
        read_grids(path)
    monkeypatch.setattr(sheets, "CELL_COUNT_LIMIT", 10)
    far = xlsx(tmp_path / "n.xlsx", [["Name"], ["Acme"]], lambda b: b["Members"].__setitem__("Z90", "x"))
    with pytest.raises(InputError, match="claims 90 rows of 26 cells"):
        read_grids(far)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 100, "save it as XLSX"),
        (b"%PDF-1.7 ...", "a PDF, not a table"),
        (b"", "the file is empty"),
    ],
)
def test_files_that_are_no_table_say_what_to_do(tmp_path, data, message):
    path = tmp_path / "m.xls"
    path.write_bytes(data)
    with pytest.raises(InputError, match=message):
        read_grids(path)


@pytest.mark.parametrize("name", ["m.xlsx", "m.ods"])
def test_damaged_workbooks_are_input_errors(tmp_path, name):
    path = tmp_path / name
    whole = (
        xlsx(path, [["Name", "Town"], ["Acme", "Leeds"]])
        if name == "m.xlsx"
        else ods(path, {"M": ods_row("Name", "Town")})
    ).read_bytes()
    for at in range(0, len(whole), max(1, len(whole) // 40)):
        damaged = bytearray(whole)
        damaged[at : at + 7] = b"\xff\x00\xff\x00\xff\x00\xff"
        path.write_bytes(damaged[: -at or None] if at % 2 else damaged)
        try:
            read_grids(path)
        except InputError as error:
            assert name in str(error)
