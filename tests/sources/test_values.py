"""Single values: numbers, codes, postcodes, addresses of the web, broken text."""

from __future__ import annotations

import json

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.reference.properties import vocabulary
from lifecluster.sources.persons import mask_text
from lifecluster.sources.repair import rejoin_lines, repair_address, repair_text, unmojibake
from lifecluster.sources.spec import Column
from lifecluster.sources.tray import Tray, shown_row
from lifecluster.sources.values import (
    parse_column,
    tidy_company_numbers,
    tidy_numbers,
    tidy_postcodes,
    tidy_ukprns,
    tidy_urls,
)


def one(function, text, **kwargs):
    return function(pl.Series([text], dtype=pl.String), **kwargs).item()


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("04142000", "04142000"),
        ("4142000", "04142000"),
        ("158718", "00158718"),
        ("SC9292", "SC009292"),
        ("sc 009292", "SC009292"),
        ("OC325346", "OC325346"),
        (" 0SC374831", "SC374831"),
        ("123456789", None),
        ("2,41392E+11", None),
        ("00000000", None),
        ("12", None),
        ("", None),
        (None, None),
        ("IP12345R", "IP12345R"),
        ("ZZ 999", None),
        ("ZZ000999", "ZZ000999"),
    ],
)
def test_company_numbers(written, number):
    assert one(tidy_company_numbers, written) == number


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("dn13bu", "DN1 3BU"),
        ("NN11ED", "NN1 1ED"),
        ("EC1V 2NX", "EC1V 2NX"),
        ("W1A-1AA", "W1A 1AA"),
        ("SE1", None),
        ("12345", None),
        ("S11 9PA x", None),
        (None, None),
    ],
)
def test_postcodes(written, code):
    assert one(tidy_postcodes, written) == code


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1,200", 1200.0),
        ("£1,200.50", 1200.5),
        ("1 200", 1200.0),
        ("-3", -3.0),
        ("1,5", None),
        ("2,41392E+11", None),
        ("12,34,567", None),
        ("NaN", None),
        ("inf", None),
        ("many", None),
        ("", None),
        (None, None),
    ],
)
def test_numbers(written, value):
    assert one(tidy_numbers, written) == value


def test_whole_numbers_refuse_fractions():
    assert tidy_numbers(pl.Series(["3", "3.0", "3.5"]), whole=True).to_list() == [3, 3, None]


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("acme.co.uk", "https://acme.co.uk"),
        ("http://acme.com/a?b=c", "http://acme.com/a?b=c"),
        ("n/a", None),
        ("https//acme.co.uk", None),
        ("see our page", None),
        ("https://user@acme.com", None),
        ("javascript:alert(1)", None),
        ("www.acme.com:8080/x", "https://www.acme.com:8080/x"),
        (None, None),
    ],
)
def test_web_addresses(written, url):
    assert one(tidy_urls, written) == url


def test_ukprns():
    assert tidy_ukprns(pl.Series(["10007160", "7964699", ' London"', None])).to_list() == ["10007160", None, None, None]


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("â€œquotedâ€\x9d", "“quoted”"),
        ("Â£93,000", "£93,000"),
        ("KÃ¤se", "Käse"),
        ("donâ€™t", "don’t"),
        ("framework.â€¯ The", "framework.\u202f The"),
        ("5Âµm", "5µm"),
        ("Ã‚Â£5", "£5"),
        ("Münster Å", "Münster Å"),
        ("Grupo Oncológico", "Grupo Oncológico"),
        ("AÇÃO", "AÇÃO"),
    ],
)
def test_mojibake(broken, whole):
    assert unmojibake(broken) == whole
    assert repair_text(pl.Series([broken])).item() == whole


@given(st.text(st.characters(max_codepoint=0x2FF, exclude_categories=["Cc", "Cs"])))
def test_mojibake_of_any_text_is_undone(text):
    if unmojibake(text) != text:
        return  # text that looks broken itself cannot be told from broken text
    broken = "".join(_cp1252(byte) for byte in text.encode("utf-8"))
    assert unmojibake(broken) == text


def _cp1252(byte):
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


@pytest.mark.parametrize(
    ("joined", "lines"),
    [
        ("124 City RoadrnLondonrnEC1V 2NX", "124 City Road, London, EC1V 2NX"),
        ("Northcote House, rnThe Queen's DrivernExeter EX4 4QJ", "Northcote House, The Queen's Drive, Exeter EX4 4QJ"),
        (
            "135 CHERRYWOOD ROADnBORDESLEY GREENnBIRMINGHAMnB9 4XE",
            "135 CHERRYWOOD ROAD, BORDESLEY GREEN, BIRMINGHAM, B9 4XE",
        ),
        ("Dedham Roadn        Ardleighn        Essex", "Dedham Road, Ardleigh, Essex"),
        ("1 High Strnrn York", "1 High St, York"),
        ("1 High St\r\nYork", "1 High St, York"),
        ("1 Barn Lane, LondonSE1 9LQ", "1 Barn Lane, LondonSE1 9LQ"),
        ("Southern House, Northern Rd", "Southern House, Northern Rd"),
        ("Barn 2, Cairn Rd", "Barn 2, Cairn Rd"),
    ],
)
def test_lost_line_breaks(joined, lines):
    assert rejoin_lines(joined) == lines
    assert repair_address(pl.Series([joined, None])).to_list() == [lines, None]


def test_masks_take_out_mail_and_telephone_only():
    assert mask_text("ask jo.b+x@example.co.uk, ref 00975677") == "ask [e-mail removed], ref 00975677"
    assert mask_text("call +44 (0)1632 960 000 or 01632 960001") == "call [telephone removed] or [telephone removed]"
    assert mask_text("GB-COH-04142000 2024-01-02 10007160") == "GB-COH-04142000 2024-01-02 10007160"


def test_a_long_cell_is_cut_after_it_was_made_safe():
    tray = Tray()
    tray.add("a.csv", 2, None, "why", shown_row(["x" * 500, "y" * 190 + " jo@example.co.uk z"], [True, True]))
    plain, masked = json.loads(tray.frame()["raw"][0])
    assert plain == "x" * 200 and masked == "y" * 190 + " [e-mail r"


@given(st.integers(0, 12), st.integers(0, 60))
def test_no_address_is_shown_half_wherever_the_cut_falls(many, blanks):
    cell = (
        "; ".join(["contact.of.the.laboratory@department.example"] * many)
        + " " * (blanks + 1)
        + "jo.oyelaran@firm.example"
    )
    tray = Tray()
    tray.add("a.csv", 2, None, "why", shown_row([cell], [True]))
    (told,) = json.loads(tray.frame()["raw"][0])
    assert "@" not in told and "jo" not in told and "contact" not in told


def cell(prop: str, *texts: str) -> tuple[list, list[str], list | None]:
    """Values of a column of texts, reasons of those that could not be read, and originals."""
    tray = Tray()
    frame = pl.DataFrame(
        {"file": "f", "row": list(range(1, len(texts) + 1)), "c": texts}, schema_overrides={"row": pl.UInt32}
    )
    read = parse_column(frame, "c", Column(property=prop), vocabulary().properties[prop], tray)
    return (
        read.values.to_list(),
        tray.frame()["reason"].to_list(),
        None if read.original is None else read.original.to_list(),
    )


@pytest.mark.parametrize("prop", ["employees", "jobs"])
def test_staff_below_zero_are_none(prop):
    assert cell(prop, "-3", "0", "-1,200") == ([None, 0, None], ["is below zero", "is below zero"], None)


@pytest.mark.parametrize(
    ("prop", "text", "limit"),
    [
        ("turnover", "1000000000000001", "1,000,000,000,000,000"),
        ("amount", "£9,999,999,999,999,999,999,999", "1,000,000,000,000,000"),
        ("amount", "-9999999999999999999", "1,000,000,000,000,000"),
        ("employees", "99999999999999999999", "1,000,000,000"),
        ("employees", "1000000001", "1,000,000,000"),
    ],
)
def test_numbers_too_large_to_be_true_are_none(prop, text, limit):
    assert cell(prop, text) == ([None], [f"is too large to be true (over {limit})"], None)


def test_money_may_be_lost_and_may_be_large():
    assert cell("turnover", "-5", "1e3", "1000000000000000")[:2] == ([-5.0, None, 1e15], ["cannot be read as money"])


def test_codes_of_the_nhs_are_in_capitals_and_keep_what_was_written():
    assert cell("ods_code", "rx1", "RX2", "r a 3") == (["RX1", "RX2", "RA3"], [], ["rx1", None, "r a 3"])


@given(st.integers(-(10**25), 10**25))
def test_any_whole_number_is_read_as_itself_or_refused(number):
    staff, why, _ = cell("employees", str(number))
    assert staff == ([number] if 0 <= number <= 10**9 else [None])
    assert len(why) == (0 if 0 <= number <= 10**9 else 1)
    money, _, _ = cell("turnover", str(number))
    assert money == ([float(number)] if abs(number) <= 10**15 else [None])
