"""Lists as people send them, through `build`: the message names file, row and column, and there is no half package."""

from __future__ import annotations

import gzip
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import yaml

from lifecluster.register.package import Package

from .tiny import COMPANY_COLUMNS, company_rows, conforms, refused, run, table

HEADER = "Name;Post code;Company no;Staff;Founded"
PROPERTIES = ("name", "postcode", "company_number", "employees", "opened_on")
GOOD = ("Quarndale Therapeutics;NG1 0AA;09100001;12;2001-02-03", "Vellmoor Imaging;DE1 0AA;;5;03/02/2001")
AT = "2026-11-01"


def text(*rows: str, encoding: str = "utf-8", end: str = "\n") -> bytes:
    return "".join(row + end for row in (HEADER, *rows)).encode(encoding)


def mapped(path: Path, name: str = "own", **changes: object) -> Path:
    """A confirmed mapping beside a list."""
    columns = {c: {"property": p} for c, p in zip(HEADER.split(";"), PROPERTIES, strict=True)}
    said = {
        "list": path.name, "name": name, "title": "Own", "publisher": "Nobody", "visibility": "public",
        "licence": {"id": "CC0-1.0", "title": "CC0"}, "scope": "always", "confirmed": True, "columns": columns, **changes,
    }  # fmt: skip
    path.with_name(f"{path.name}.mapping.yml").write_text(yaml.safe_dump(said, sort_keys=False), "utf-8")
    return path


def folder(tmp_path: Path, name: str, data: bytes | Callable[[Path], object], **changes: object) -> Path:
    """Inputs with the companies of the tiny region and one list."""
    inputs = tmp_path / "in"
    inputs.mkdir()
    (inputs / "companies.csv").write_text(table(COMPANY_COLUMNS, *company_rows()), "utf-8")
    path = inputs / name
    if isinstance(data, bytes):
        path.write_bytes(data)
    else:
        data(path)
    mapped(path, **changes)
    return inputs


def built(tmp_path: Path, inputs: Path) -> Package:
    ran = run("build", "--from", inputs, "--out", tmp_path / "out", "--at", AT)
    assert ran.code == 0, ran.err
    return Package(tmp_path / "out")


def told(package: Package, table_name: str) -> set[tuple[int, str | None, str]]:
    """Row, column and reason of what was put aside of the list."""
    rows = package.whole.table(table_name).filter(source="own")
    return {(row["row"], row["field"], row["reason"].partition(";")[0]) for row in rows.to_dicts()}


def names(package: Package) -> set[str]:
    said = package.table("statements").filter(source="own", property="name")
    return set(said["value"])


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (text("Café Assays;NG1 0AA;;3;", encoding="cp1252"), "Café Assays"),
        (b"\xef\xbb\xbf" + text("Café Assays;NG1 0AA;;3;"), "Café Assays"),
        (text("Café Assays;NG1 0AA;;3;", encoding="utf-16"), "Café Assays"),
        (text("Café Assays;NG1 0AA;;3;", end="\r"), "Café Assays"),
        (text("Café Assays;NG1 0AA;;3;").replace(b";", b"\t"), "Café Assays"),
        (gzip.compress(text("Café Assays;NG1 0AA;;3;")), "Café Assays"),
    ],
    ids=["windows-1252", "byte order mark", "utf-16", "carriage returns", "tabs", "gzip"],
)
def test_a_list_in_whatever_dress_is_read(tmp_path, data, name):
    assert names(built(tmp_path, folder(tmp_path, "m.csv", data))) == {name}


def zip_bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("m.csv", HEADER.encode() + b"\n" + b"A" * (80 << 20))


def workbook_bomb(path: Path) -> None:
    openpyxl.Workbook().save(path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/x.bin", b"0" * (80 << 20))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (text(*GOOD) + b"\x81\x8d\xff;NG1 0AA;;;\n", ("m.bin, row 4", "neither UTF-8 nor Windows-1252")),
        (text(*GOOD) + b"N\x00ul;NG1 0AA;;;\n", ("m.bin, row 4", "NUL bytes")),
        (text(*GOOD, encoding="utf-16-le"), ("m.bin, row 1", "save it as CSV in UTF-8")),
        (b"Name;Post code;Staff\nA Ltd;NG1 0AA;3\n", ("m.bin, row 1, column 'Company no'", "the header has Name, Post")),
        (b"", ("m.bin", "the file is empty")),
        (gzip.compress(text(*(f"Firm {i};NG1 0AA;;{i};" for i in range(4000))))[:4000], ("m.bin", "cut short")),
        (zip_bomb, ("m.bin", "possible zip bomb")),
        (workbook_bomb, ("m.bin", "possible zip bomb")),
        (b"%PDF-1.7 x", ("m.bin", "a PDF")),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99, ("m.bin", "save it as XLSX")),
    ],
    ids=["bytes", "nul", "no mark", "missing", "empty", "truncated", "bomb", "workbook bomb", "pdf", "xls"],
)  # fmt: skip
def test_a_list_that_cannot_be_read_ends_the_build_and_leaves_nothing(tmp_path, data, words):
    inputs = folder(tmp_path, "m.bin", data)
    refused(run("build", "--from", inputs, "--out", tmp_path / "out", "--at", AT), *words)
    assert not (tmp_path / "out").exists() or not any((tmp_path / "out").iterdir())


def test_rows_and_cells_that_cannot_be_used_are_named_by_their_row_in_the_sheet(tmp_path):
    rows = [
        "A Ltd;NG1 0AA;;3", '"B\nLtd";NG1 0AA;2.4E+11;x;', "", ";NG1 0AA;;5;", "Total;;;15;", "Midlands total;;;15;",
        "Total Implants Ltd;NG1 0AA;;7;31/02/2001", f"{'X' * 10_000_000};NG1 0AA;;;", "Wend Ltd;ZZ99 3VZ;99999999;2;",
    ]  # fmt: skip
    package = built(tmp_path, folder(tmp_path, "m.csv", text(*rows)))
    total = "a total of other rows, not a thing of its own"
    assert told(package, "rejected") == {
        (2, None, "has 4 cells where 5 are expected"), (5, "Name", "a required value is missing"), (6, None, total),
        (7, None, total), (9, "Name", "a cell of 10,000,000 characters"),
    }  # fmt: skip
    assert told(package, "problems") == {
        (3, "Company no", "a number in exponent notation: its last digits are lost, take it from the source again"),
        (3, "Staff", "cannot be read as int"), (8, "Founded", "cannot be read as date"),
        (10, "Post code", "stands for no place: nothing is placed or linked by it"),
        (10, "Company no", "is a placeholder, not the number of a company: nothing is linked by it"),
    }  # fmt: skip
    assert names(package) == {"B\nLtd", "Total Implants Ltd"}
    lines = {row["row"]: row["line"] for row in package.table("rejected").to_dicts()}
    assert lines == {2: None, 5: 6, 6: 7, 7: 8, 9: 10}
    shown = run("problems", tmp_path / "out", "--source", "own").out
    assert "m.csv row 6 (line 7): Total" in shown and "m.csv row 2: A Ltd" in shown


def test_a_placeholder_places_nothing_and_makes_nobody_the_same(tmp_path):
    rows = ["Orrel Optics;NG1 0AA;99999999;1;", "Marl Medical;DE1 0AA;99999999;1;", "Far Firm;ZZ99 9ZZ;;1;"]
    package = built(tmp_path, folder(tmp_path, "m.csv", text(*rows), address_is="working"))
    linked = package.whole.table("linked_records").filter(source="own")
    ids = {row["name"]: row["organisation"] for row in linked.to_dicts()}
    assert None not in {ids["Orrel Optics"], ids["Marl Medical"]} and ids["Orrel Optics"] != ids["Marl Medical"]
    assert "Far Firm" not in names(package), "no place of the region"
    assert not package.table("statements").filter(property="company_number", value="99999999").height
    assert package.table("problems").filter(source="own", field="Post code")["kept"].to_list() == [True]


def test_dates_in_six_styles_are_one_day(tmp_path):
    styles = ("2001-02-03", "03/02/2001", "3 February 2001", "3 Feb 2001", "03.02.2001", "03-02-2001")
    rows = [f"Firm {name};NG1 0AA;;;{day}" for name, day in zip("ABCDEF", styles, strict=True)]
    package = built(tmp_path, folder(tmp_path, "m.csv", text(*rows)))
    assert (
        package.table("statements").filter(source="own", property="opened_on")["value"].to_list() == ["2001-02-03"] * 6
    )


def test_a_formula_without_a_value_is_a_cell_and_as_a_name_a_row_put_aside(tmp_path):
    def book(path: Path) -> None:
        made = openpyxl.Workbook()
        for row in (HEADER.split(";"), [], ["A Ltd", "NG1 0AA", None, "=1+2", None], ["=A3", "NG1 0AA", None, 4, None]):
            made.active.append(row)
        made.save(path)

    package = built(tmp_path, folder(tmp_path, "m.xlsx", book))
    assert told(package, "problems") == {(3, "Staff", "a formula without a stored value")}
    assert told(package, "rejected") == {(4, "Name", "a formula without a stored value")}


def test_the_same_file_twice_a_second_column_and_a_list_without_rows_are_said(tmp_path):
    inputs = folder(tmp_path, "m.csv", text(*GOOD))
    shutil.copy(inputs / "m.csv", inputs / "n.csv")
    mapped(inputs / "n.csv", "other")
    (inputs / "o.csv").write_text(f"{HEADER};Staff\nA Ltd;NG1 0AA;;3;;4\n", "utf-8")
    mapped(inputs / "o.csv", "third")
    (inputs / "p.csv").write_text(f"{HEADER}\n", "utf-8")
    mapped(inputs / "p.csv", "fourth")
    ran = run("build", "--from", inputs, "--out", tmp_path / "out", "--at", AT)
    assert ran.code == 0
    assert "not read: n.csv: the same file as m.csv: read once" in ran.out
    assert "warning: third: o.csv: column 'Staff (2)' is not in the mapping and was left out" in ran.out
    assert "warning: fourth: p.csv: there is no row below the header" in ran.out


def test_a_quotation_mark_that_is_never_closed_is_guessed(tmp_path):
    package = built(tmp_path, folder(tmp_path, "m.csv", text('"A Ltd;NG1 0AA;;3;', *GOOD)))
    (row,) = package.table("rejected").filter(source="own").to_dicts()
    assert (row["row"], row["reason"]) == (
        2, "has 1 cell where 5 are expected; 3 line breaks inside: is a quote not closed?"
    )  # fmt: skip


@pytest.mark.parametrize("level", ["members", "desk"])
def test_problems_of_a_closed_list_are_told_to_those_it_is_for(tmp_path, level):
    inputs = folder(tmp_path, "m.csv", text(*GOOD, ";NG1 0AA;;;", "Orrel Optics;DE1 0AA;;many;"), visibility=level)
    built(tmp_path, inputs)
    asked = ("problems", tmp_path / "out")
    shut = run(*asked, "--json").json
    conforms(shut, "problems")
    assert (shut["rejected"], shut["problems"], shut["withheld"]) == ([], [], 2)
    told = run(*asked).out
    assert "Staff" not in told and "2 more are not for public eyes: --for says who asks" in told
    below = run(*asked, "--json", "--for", "members").json
    assert below["withheld"] == (0 if level == "members" else 2)
    open_ = run(*asked, "--json", "--for", level, "--source", "own").json
    conforms(open_, "problems")
    assert [row["row"] for row in open_["rejected"] + open_["problems"]] == [4, 5] and open_["withheld"] == 0
    assert run(*asked, "--for", "everyone").code == 1
