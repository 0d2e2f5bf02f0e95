"""Files as people bring them, read in a process of their own: what is taken, what is left out, what is refused."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import date
from typing import Any

import pytest

from lifecluster.web.uploads import reading
from lifecluster.web.uploads.purposes import PURPOSES
from lifecluster.web.uploads.reading import UnreadableError, called, read
from tests.web.uploads.making import bomb, ods, text, with_part, workbook

pytestmark = pytest.mark.one_database

SITES = [["Site name", "Town", "Post code", "Staff"], ["North works", "Derby", "DE1 1AA", 12]]
READ = [{"number": 2, "cells": {"name": "North works", "town": "Derby", "postcode": "DE1 1AA", "jobs": "12"}}]


def of(content: bytes, name: str = "list.xlsx", purpose: str = "sites") -> dict[str, Any]:
    return read(content, name, PURPOSES[purpose])


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (workbook(SITES), "sites.xlsx"),
        (ods(SITES), "sites.ods"),
        (text(SITES), "sites.csv"),
        (text(SITES, ";"), "sites.csv"),
        (text(SITES, "\t", "utf-16"), "sites.csv"),
        (b"\xef\xbb\xbf" + text(SITES), "sites.csv"),
    ],
    ids=["xlsx", "ods", "comma", "semicolon", "utf-16", "bom"],
)
def test_the_same_list_in_every_form(content: bytes, name: str) -> None:
    found = of(content, name)
    assert found["rows"] == READ
    assert [c["property"] for c in found["columns"]] == ["name", "town", "postcode", "jobs"]


def test_a_messy_workbook() -> None:
    rows = [["Our sites, spring 2026"], [], ["Last changed by the office"], SITES[0] + ["Contact", "Colour", "Opened"],
            ["North works", "Derby", "DE1 1AA", 12, "Jane Smith", "red", date(2020, 5, 1)],
            ["South works", None, "LE1 9ZZ", "=2+3", "John Brown", "blue", "1/6/2021"], [],
            SITES[0] + ["Contact", "Colour", "Opened"], ["Total", None, None, 17]]  # fmt: skip

    def change(book: Any) -> None:
        book.active.merge_cells("B5:B6")
        book["Old"].sheet_state = "hidden"

    found = of(workbook(rows, change=change, Old=[["Site name"], ["Gone"]], More=[["Site name"], ["x"]]))
    assert found["header_row"] == 4
    cells = {row["number"]: row["cells"] for row in found["rows"]}
    assert cells.keys() == {5, 6}
    assert (cells[5]["opened_on"], cells[6]["town"], cells[6]["opened_on"]) == ("2020-05-01", "Derby", "1/6/2021")
    assert cells[6]["jobs"] == "\x00", "a formula that was never calculated is no value"
    assert {row["number"] for row in found["left"]} == {8, 9}
    said = " ".join(found["notes"])
    assert "2 rows above" in said
    assert "hidden" in said
    assert "'More'" in said
    left_out = {c["heading"]: c["reason"] for c in found["columns"] if c["reason"]}
    assert left_out.keys() == {"Contact", "Colour"}
    assert "Smith" not in str(found)


def test_a_name_that_belies_its_content_is_said() -> None:
    assert "its name ends in .csv, and it is a workbook" in of(workbook(SITES), "sites.csv")["notes"]
    assert "its name ends in .xlsx, and it is a table in plain text" in of(text(SITES), "sites.xlsx")["notes"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"x" * (reading.SIZE_LIMIT + 1), "at most 5 MB"),
        (bomb(), "zip bomb"),
        (with_part(workbook(SITES), "xl/vbaProject.bin", b"x"), "macros"),
        (workbook(SITES)[:2000], "damaged|cannot|no row"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 600, "old or encrypted"),
        (b"%PDF-1.7 ...", "PDF"),
        (text([["a", "b"], [1, 2]]), "headings that are known"),
        (text(SITES).replace(b"Derby", b"De\x00rby"), "NUL|null|binary|zero|cannot"),
        (text([["Site name"], *[[f"Site {n}"] for n in range(2100)]]), "2,000"),
    ],
    ids=["empty", "large", "bomb", "macros", "torn", "xls", "pdf", "unknown", "nul", "long"],
)
def test_what_is_refused_says_why(content: bytes, words: str) -> None:
    with pytest.raises(UnreadableError, match=words):
        of(content)


def test_a_file_that_hangs_stops_the_reader_and_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "TIME", 0.05)
    begun = time.monotonic()
    with pytest.raises(UnreadableError, match="too long"):
        of(workbook(SITES))
    assert time.monotonic() - begun < 30


def test_the_reader_gets_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}

    def run(*args: Any, **more: Any) -> Any:
        seen.update(more["env"])
        return subprocess.CompletedProcess(args, 0, stdout=b"{}")

    monkeypatch.setitem(os.environ, "LIFECLUSTER_SECRET_KEY", "hush")
    monkeypatch.setattr(subprocess, "run", run)
    of(workbook(SITES))
    assert "LIFECLUSTER_SECRET_KEY" not in seen


def test_names_of_files_are_only_names() -> None:
    assert called("../../etc/passwd") == "passwd"
    assert called("C:\\lists\\a\x00b.csv") == "ab.csv"
    assert called("--help") == "help"
    assert called("/") == "list"


def test_pages_of_uploads_import_no_polars() -> None:
    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'lifecluster.web.settings.test'; import django;"
        "django.setup(); import lifecluster.web.uploads.views; print('polars' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
