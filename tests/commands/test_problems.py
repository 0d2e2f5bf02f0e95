"""`problems` tells of everything that was put aside, and agrees with the counts of the build."""

from __future__ import annotations

import openpyxl
import polars as pl
import pytest

from lifecluster.commands.problems import CELL, ENTRY, KEPT, ROW, WITH_ROW, Part, done, stood
from lifecluster.register.package import Package

from .tiny import MEMBERS, conforms, refused, run, write_inputs

COMPANIES = "BasicCompanyData-2026-10-01.csv"


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    """The tiny region with two rows without a name, one of too many cells, and a date that is none."""
    folder = tmp_path_factory.mktemp("broken")
    inputs = write_inputs(folder / "in")
    with (inputs / "members.csv").open("a") as file:
        file.write(",NG1 0AA,,no name\n,DE1 0AA,,none either\nToo,NG1 0AA,PHC,many,cells\n")
    companies = inputs / COMPANIES
    companies.write_text(companies.read_text("utf-8").replace("10/05/2019", "31/02/2019", 1), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIFECLUSTER_HOME", str(folder / "home"))
        ran = run("build", "--from", inputs, "--out", folder / "p", "--at", "2026-11-01", "--json")
    return folder / "p", ran.json


def test_all_of_it_stands_there(broken):
    packages, counts = broken
    found = run("problems", packages, "--json").json
    conforms(found, "problems")
    for source, told in counts["sources"].items():
        for what in ("rejected", "problems"):
            assert sum(row["source"] == source for row in found[what]) == told[what], (source, what)
            one = run("problems", packages, "--source", source, "--json").json
            assert one[what] == [row for row in found[what] if row["source"] == source]
            assert (one["source"], one["left"]) == (source, [])
    assert [row["file"] for row in found["left"]] == ["notes.txt"]
    assert len(found["rejected"]) == 3
    assert [row["field"] for row in found["problems"]] == ["IncorporationDate"]


def test_for_people_reasons_are_counted_with_the_first_rows(broken):
    told = run("problems", broken[0]).out
    assert "3 rows put aside" in told
    assert "2  tiny-members, column 'Name': a required value is missing (row put aside)" in told
    assert "      members.csv row 8: " in told
    assert " | NG1 0AA | | no name" in told
    assert "has 5 cells where 4 are expected" in told
    assert "1  companies-house, column 'IncorporationDate': cannot be read as date (cell put aside, row kept)" in told
    assert f"      {COMPANIES} row 2: 31/02/2019" in told
    assert "1 file not read\n  notes.txt: " in told


def test_what_is_asked_for_alone(broken):
    def alone(*more: str) -> tuple[int, int, int]:
        found = run("problems", broken[0], *more, "--json").json
        conforms(found, "problems")
        return len(found["rejected"]), len(found["problems"]), len(found["left"])

    assert alone("--of", "rows") == (3, 0, 0)
    assert alone("--of", "cells") == (0, 1, 0)
    assert alone("--of", "files") == (0, 0, 1)
    assert alone("--field", "incorporation") == (0, 1, 0)
    assert alone("--reason", "REQUIRED value") == (2, 0, 0)
    assert alone("--reason", "no source") == (0, 0, 1)
    assert run("problems", broken[0], "--of", "people").code == 2
    one_each = run("problems", broken[0], "--examples", "1", "--of", "rows").out
    assert one_each.count("members.csv row ") == 2
    assert "and 1 more" in run("problems", broken[0], "--examples", "1").out


def test_what_was_only_noted_is_not_said_to_be_lost(sample_package):
    found = run("problems", sample_package.path, "--json").json
    conforms(found, "problems")
    done = {row["reason"]: row["done"] for row in found["problems"]}
    assert done["no sponsor is named; the trial has no holder"] == "kept and noted"
    assert done["cannot be read as postcode"] == "cell put aside, row kept"
    assert {row["done"] for row in found["rejected"]} == {"row put aside"}


def test_a_package_of_an_earlier_version_does_not_say_what_became_of_its_cells():
    old = pl.DataFrame({"field": ["a", None]})
    assert done(old, Part.CELLS)["done"].unique().to_list() == ["row kept"]
    new = pl.DataFrame({"field": ["a", None, "b"], "kept": [False, False, True]})
    assert done(new, Part.CELLS)["done"].to_list() == [CELL, ENTRY, KEPT]
    assert done(old, Part.ROWS)["done"].unique().to_list() == [ROW]


@pytest.mark.parametrize(
    ("raw", "told"),
    [('"12 Mar"', "12 Mar"), ('["a", "", "b"]', "a | | b"), ('["", ""]', "(empty)"), ("null", "(empty)"),
     (None, "(empty)"), ('{"town": "X"}', "town: X"), ("0", "0"), ('"a\\n b"', "a b"), (f'"{"x" * 300}"', "x" * 160 + "…")],
)  # fmt: skip
def test_what_stood_there_is_told_in_a_line(raw, told):
    assert stood(raw) == told


def test_a_source_that_was_not_read_is_refused(broken):
    refused(run("problems", broken[0], "--source", "the-moon"), "'the-moon'", "tiny-members")


def test_nothing_is_wrong_with_the_current_package_of_the_workspace(tiny_packages, workspace):
    workspace.mkdir()
    (workspace / "packages").symlink_to(tiny_packages, target_is_directory=True)
    assert "0 rows put aside" in run("problems").out
    assert run("problems", "--json").json["package"] == Package(tiny_packages).name


def test_a_cell_of_a_row_put_aside_is_not_counted_among_rows_kept(tmp_path):
    """A workbook whose total row has a formula that was never calculated: the row is put aside, and the cell with it."""
    inputs = write_inputs(tmp_path / "in")
    (inputs / "members.csv").unlink()
    (inputs / "members.csv.mapping.yml").rename(inputs / "members.xlsx.mapping.yml")
    book = openpyxl.Workbook()
    for row in (*MEMBERS, ("Kept Formula Works", "NG1 0AA", "PHC", "=A1"), ("Total", "", "", "=COUNTA(A2:A9)")):
        book.active.append(row)
    book.save(inputs / "members.xlsx")
    assert run("build", "--from", inputs, "--out", tmp_path / "p", "--at", "2026-11-01").code == 0
    ask = ("problems", tmp_path / "p", "--source", "tiny-members")
    told = run(*ask).out
    assert (
        "1 row put aside\n" in told and "1 problem cell, its row kept\n  and one cell more of rows put aside\n" in told
    )
    found = run(*ask, "--json").json
    conforms(found, "problems")
    aside = {row["row"] for row in found["rejected"]}
    cells = {row["row"]: row["done"] for row in found["problems"]}
    assert len(cells) == 2 and {row for row, what in cells.items() if what == WITH_ROW} == aside
    alone = run(*ask, "--of", "cells", "--json").json  # also where the rows are not asked for
    assert alone["problems"] == found["problems"]
