"""`mapping guess` on the headings that people write, with examples to check by and the sheets it did not take."""

from __future__ import annotations

import openpyxl
import pytest

from lifecluster.sources.columns import CONTACTS, by_header
from lifecluster.sources.mapping import load_mapping, look, mapping_path

from .tiny import conforms, run

HEADS = {
    "company_number": ("Co. No.", "Co No", "CRN", "Reg no", "Reg. No.", "Company reg. no.", "Companies House No."),
    "postcode": ("Post code", "Post-code", "Postcode", "P/code"), "website": ("Web site", "Web address", "www", "URL"),
    "name": ("Org name", "Organisation / Company", "Name of firm"), "employees": ("No. of staff", "Staff nos", "Total staff"),
    "address": ("Add1", "Addr.", "HQ address"), "sic": ("SIC2007", "SIC Code(s)"), "turnover": ("Turnover", "Turnover (£)"),
}  # fmt: skip
CASES = [(head, prop) for prop, heads in HEADS.items() for head in heads]


@pytest.mark.parametrize(("head", "prop"), CASES)
def test_headings_that_people_write_are_known(head, prop):
    verdict = by_header(head)
    assert verdict is not None and verdict.property == prop


@pytest.mark.parametrize("head", ["Tel", "Tel.", "Tel no.", "Ph", "Mob.", "Main contact", "E-mail"])
def test_contacts_are_left_out_by_their_heading(head):
    verdict = by_header(head)
    assert verdict is not None and (verdict.property, verdict.reason, verdict.personal) == (None, CONTACTS, True)


@pytest.mark.parametrize("head", ["Turnover (£m)", "Revenue (£ million)", "Sales ('000s)", "Turnover ($)"])
def test_money_that_is_not_in_pounds_is_not_read_as_pounds(head):
    verdict = by_header(head)
    assert verdict is not None and verdict.property is None and "pounds" in str(verdict.reason)


def members(path):
    book = openpyxl.Workbook()
    book.active.title = "Members 2026"
    rows = [["Organisation", "Co. No.", "Tel", "Ref", "Joined by", "About us"]]
    rows += [[f"{n} Assays Ltd", f"123456{i}", f"0115 22233{i}", f"M-{i}", way, "Makes tests for the press"]
             for i, (n, way) in enumerate(zip(("Corvane", "Thessil", "Wendlow", "Marl"), ("web", "fair", "web", "post"), strict=True))]  # fmt: skip
    for row in rows:
        book.active.append(row)
    book.create_sheet("Past members").append(["Name"])
    book.create_sheet("Empty")
    book.create_sheet("Hidden").append(["Name"])
    book["Hidden"].sheet_state = "hidden"
    book.save(path)
    return path


def test_examples_of_columns_that_are_left_out_are_shown_and_not_kept(tmp_path):
    path = members(tmp_path / "m.xlsx")
    told = run("mapping", "guess", path)
    assert told.code == 0 and "M-0 · M-1 · M-2" in told.out and "web · fair · post" in told.out
    assert "22233" not in told.out and "for the press" not in told.out
    kept = mapping_path(path)
    assert "M-0" not in kept.read_text("utf-8") and "fair" not in kept.read_text("utf-8")
    assert load_mapping(kept).columns["Co. No."].property == "company_number"


def test_other_sheets_are_named_with_the_way_to_take_one(tmp_path):
    path = members(tmp_path / "m.xlsx")
    assert look(path).others == ("Past members",)
    told = run("mapping", "guess", path).out
    assert "sheet 'Members 2026' was taken; others hold something too: 'Past members'" in told
    assert f"lifecluster mapping guess {path} --sheet 'Past members'" in told
    answer = run("mapping", "guess", path, "--sheet", "Members 2026", "--json").json
    conforms(answer, "mapping-guess")
