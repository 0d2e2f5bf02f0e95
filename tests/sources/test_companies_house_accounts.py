"""Accounts in XBRL and inline XBRL: current period, dimensions, scale and sign, unsafe files, archives."""

from __future__ import annotations

import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.sources.companies_house_accounts.instance import UnreadableError, parse
from lifecluster.sources.companies_house_accounts.numbers import shown
from lifecluster.sources.companies_house_accounts.reader import read, read_accounts
from lifecluster.sources.extract import Extract, Snapshot
from lifecluster.sources.files import InputFile
from lifecluster.sources.registry import recognise, sources

SPEC = sources()["companies-house-accounts"].spec
CONTEXTS = """
<xbrli:context id="now"><xbrli:entity><xbrli:identifier scheme="http://www.companieshouse.gov.uk/">09876543</xbrli:identifier>
</xbrli:entity><xbrli:period><xbrli:startDate>2023-04-01</xbrli:startDate><xbrli:endDate>2024-03-31</xbrli:endDate>
</xbrli:period></xbrli:context>
<xbrli:context id="then"><xbrli:entity><xbrli:identifier scheme="http://www.companieshouse.gov.uk/">09876543</xbrli:identifier>
</xbrli:entity><xbrli:period><xbrli:startDate>2022-04-01</xbrli:startDate><xbrli:endDate>2023-03-31</xbrli:endDate>
</xbrli:period></xbrli:context>
<xbrli:context id="day"><xbrli:entity><xbrli:identifier scheme="http://www.companieshouse.gov.uk/">09876543</xbrli:identifier>
</xbrli:entity><xbrli:period><xbrli:instant>2024-03-31</xbrli:instant></xbrli:period></xbrli:context>
<xbrli:context id="part"><xbrli:entity><xbrli:identifier scheme="http://www.companieshouse.gov.uk/">09876543</xbrli:identifier>
<xbrli:segment><xbrldi:explicitMember dimension="core:ActivitiesDimension">core:Discontinued</xbrldi:explicitMember>
</xbrli:segment></xbrli:entity><xbrli:period><xbrli:startDate>2023-04-01</xbrli:startDate><xbrli:endDate>2024-03-31
</xbrli:endDate></xbrli:period></xbrli:context>
<xbrli:unit id="GBP"><xbrli:measure>iso4217:GBP</xbrli:measure></xbrli:unit>
<xbrli:unit id="USD"><xbrli:measure>iso4217:USD</xbrli:measure></xbrli:unit>
<xbrli:unit id="pure"><xbrli:measure>xbrli:pure</xbrli:measure></xbrli:unit>"""
NUMBER = '<ix:nonNumeric name="bus:UKCompaniesHouseRegisteredNumber" contextRef="now">09876543</ix:nonNumeric>'
DAY = '<ix:nonNumeric name="bus:BalanceSheetDate" contextRef="day" format="ixt:x">31 March 2024</ix:nonNumeric>'
HEADS = "core:AverageNumberEmployeesDuringPeriod"
MONEY = "core:TurnoverRevenue"


def fraction(text: str, *, name: str = HEADS, context: str = "now", unit: str = "pure", **attributes: str) -> str:
    more = " ".join(f'{key.replace("__", ":")}="{value}"' for key, value in attributes.items())
    return f'<ix:nonFraction name="{name}" contextRef="{context}" unitRef="{unit}" {more}>{text}</ix:nonFraction>'


def page(*facts: str, hidden: str = NUMBER + DAY, version: str = "2013", head: str = '<?xml version="1.0"?>') -> bytes:
    """A document in the manner of FRS 102 and FRS 105 filings."""
    body = "".join(f"<p>{fact}</p>" for fact in facts)
    return f"""{head}<html xmlns="http://www.w3.org/1999/xhtml" xmlns:ix="http://www.xbrl.org/{version}/inlineXBRL"
 xmlns:xbrli="http://www.xbrl.org/2003/instance" xmlns:xbrldi="http://xbrl.org/2006/xbrldi"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:core="http://xbrl.frc.org.uk/fr/2023-01-01/core"
 xmlns:bus="http://xbrl.frc.org.uk/cd/2023-01-01/business" xmlns:ixt="http://www.xbrl.org/inlineXBRL/transformation/2010-04-20">
<head><title>Accounts</title></head><body><div style="display:none"><ix:header><ix:hidden>{hidden}</ix:hidden>
<ix:resources>{CONTEXTS}</ix:resources></ix:header></div>{body}</body></html>""".encode()


def test_head_count_and_turnover_of_the_current_period() -> None:
    accounts = parse(
        page(
            fraction("12"),
            fraction("9", context="then"),
            fraction("3", context="part"),
            fraction("1,234,567", name=MONEY, unit="GBP", format="ixt:numcommadot"),
            fraction("999", name=MONEY, unit="GBP", context="then"),
        )
    )
    assert (accounts.number, accounts.made_up_to) == ("09876543", date(2024, 3, 31))
    assert (accounts.employees, accounts.turnover) == (12, 1_234_567.0)
    assert accounts.turnover_text == "1,234,567"
    assert accounts.notes == []


@pytest.mark.parametrize("version", ["2008", "2013"])
def test_both_versions_of_inline_xbrl(version: str) -> None:
    assert parse(page(fraction("4"), version=version)).employees == 4


def test_a_fact_in_the_hidden_section_counts() -> None:
    assert parse(page("text", hidden=NUMBER + DAY + fraction("7"))).employees == 7


def test_scale_sign_and_nested_markup() -> None:
    text = fraction("<b>1.5</b><ix:exclude>page 3</ix:exclude>", name=MONEY, unit="GBP", scale="6")
    assert parse(page(text)).turnover == 1_500_000.0
    negative = parse(page(fraction("20", name=MONEY, unit="GBP", sign="-")))
    assert negative.turnover is None
    assert negative.notes[0][1] == "is no number that can be used"


def test_nil_is_not_stated_and_a_dash_is_nought() -> None:
    assert parse(page(fraction("", xsi__nil="true"), fraction("1", name=MONEY, unit="GBP"))).employees is None
    assert parse(page(fraction("-", format="ixt:numdash"))).employees == 0
    assert parse(page(fraction("Nil", format="ixt:numwordsen"))).employees == 0
    assert parse(page(fraction("nine", format="ixt:numwordsen"))).employees == 9


def test_breakdowns_by_dimension_do_not_count() -> None:
    assert parse(page(fraction("3", context="part"))).employees is None


def test_only_a_prior_period_is_a_note() -> None:
    accounts = parse(page(fraction("9", context="then")))
    assert accounts.employees is None
    assert "not for a period up to 2024-03-31" in accounts.notes[0][1]


def test_two_values_for_one_thing_give_none_and_a_note() -> None:
    accounts = parse(page(fraction("3"), fraction("5")))
    assert accounts.employees is None
    assert accounts.notes == [
        ("AverageNumberEmployeesDuringPeriod", "is stated with different values for one period", "3 and 5")
    ]
    assert parse(page(fraction("3"), fraction("3.0"))).employees == 3


def test_part_of_a_head_is_rounded_and_kept_as_text() -> None:
    accounts = parse(page(fraction("2.5")))
    assert (accounts.employees, accounts.employees_text) == (3, "2.5")


def test_turnover_in_dollars_is_not_turned_into_pounds() -> None:
    accounts = parse(page(fraction("100", name=MONEY, unit="USD")))
    assert accounts.turnover is None
    assert accounts.notes[0][1] == "is in USD, not in pounds"


@pytest.mark.parametrize(
    "text", ["2024-03-31", "31 March 2024", "31/03/2024", "31.03.24", "March 31, 2024", "31st March 2024"]
)
def test_balance_sheet_dates(text: str) -> None:
    stated = f'<ix:nonNumeric name="bus:BalanceSheetDate" contextRef="day">{text}</ix:nonNumeric>'
    assert parse(page(fraction("1"), hidden=stated)).made_up_to == date(2024, 3, 31)


def test_without_a_date_the_name_of_the_file_or_the_last_period_decides() -> None:
    assert parse(page(fraction("1"), hidden=NUMBER)).made_up_to == date(2024, 3, 31)
    assert parse(page(fraction("1", context="then"), hidden=NUMBER), made_up_to=date(2023, 3, 31)).employees == 1


def test_pages_with_html_entities_are_read() -> None:
    assert parse(page("a&nbsp;b", fraction("6"))).employees == 6


BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (page(fraction("1"), head=BOMB), "declares entities"),
        (b"<html><body>accounts</body></html>", "holds no XBRL fact"),
        (b"%PDF-1.7", "not well-formed"),
        (b"", "not well-formed"),
    ],
)
def test_unreadable_and_unsafe(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        parse(data)


def test_an_external_document_type_is_never_fetched() -> None:
    head = '<?xml version="1.0"?><!DOCTYPE html SYSTEM "http://192.0.2.1/x.dtd">'
    assert parse(page(fraction("2"), head=head)).employees == 2


@pytest.mark.parametrize(
    ("text", "keywords", "value"),
    [
        ("1,234", {}, "1234"),
        ("1.234,5", {"form": "numdotcomma"}, "1234.5"),
        ("1 234", {"form": "numspacedot"}, "1234"),
        ("-", {"form": "zerodash"}, "0"),
        ("5", {"scale": "3"}, "5000"),
        ("5", {"scale": "-2"}, "0.05"),
        ("5", {"sign": "-"}, "-5"),
        ("abc", {}, None),
        ("5", {"scale": "99"}, None),
        ("5", {"scale": "x"}, None),
        ("1,23,4.5", {}, None),
        ("£1,000", {}, "1000"),
        ("", {}, None),
        ("", {"form": "nocontent"}, "0"),
    ],
)
def test_numbers_as_shown(text: str, keywords: dict[str, str], value: str | None) -> None:
    assert shown(text, **keywords) == (None if value is None else Decimal(value))


@settings(deadline=None)
@given(st.integers(0, 10**12), st.integers(-3, 6), st.booleans())
def test_written_numbers_read_back(value: int, scale: int, negative: bool) -> None:
    text = f"{value:,}"
    read_back = shown(text, form="numcommadot", scale=str(scale), sign="-" if negative else "")
    assert read_back == Decimal(value).scaleb(scale) * (-1 if negative else 1)


def stored(folder: Path, name: str, data: bytes) -> InputFile:
    path = folder / name
    path.write_bytes(data)
    return InputFile(path, Snapshot.of(path))


def test_the_early_xbrl_instance(data_dir: Path) -> None:
    path = data_dir / "companies/ixbrl_sample_00003006_2009.xml"
    source = recognise(path)
    assert source is not None
    extract = source.read([InputFile(path, Snapshot.of(path))])
    assert isinstance(extract, Extract)
    row = extract.records["organisation"].row(0, named=True)
    assert (row["company_number"], row["accounts_made_up_to"]) == ("00003006", date(2009, 7, 31))
    assert row["key"] == "00003006:20090731"
    assert (row["employees"], row["turnover"]) == (None, None)
    told = " ".join(str(v) for v in row.values())
    assert "Esq" not in told


def test_plain_xbrl_with_old_concepts(tmp_path: Path) -> None:
    data = f"""<?xml version="1.0"?><xbrl xmlns="http://www.xbrl.org/2003/instance" xmlns:xbrli="http://www.xbrl.org/2003/instance"
 xmlns:xbrldi="http://xbrl.org/2006/xbrldi" xmlns:pt="http://www.xbrl.org/uk/fr/gaap/pt/2004-12-01"
 xmlns:ae="http://www.companieshouse.gov.uk/ef/xbrl/uk/fr/gaap/ae/2008-04-06" xmlns:gc="http://www.xbrl.org/uk/fr/gcd/2004-12-01">
{CONTEXTS}<ae:CompaniesHouseRegisteredNumber contextRef="now">9876543</ae:CompaniesHouseRegisteredNumber>
<gc:BalanceSheetDate contextRef="day">2024-03-31</gc:BalanceSheetDate>
<pt:TurnoverGrossOperatingRevenue contextRef="now" unitRef="GBP">250000</pt:TurnoverGrossOperatingRevenue>
<pt:EmployeesTotal contextRef="now" unitRef="pure">14</pt:EmployeesTotal></xbrl>""".encode()
    extract = read([stored(tmp_path, "x.xml", data)], SPEC)
    row = extract.records["organisation"].row(0, named=True)
    assert (row["company_number"], row["employees"], row["turnover"]) == ("09876543", 14, 250_000.0)
    assert row["turnover__original"] is None


def archive(folder: Path, members: dict[str, bytes], name: str = "Accounts_Bulk_Data-2024-04-02.zip") -> InputFile:
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for member, data in members.items():
            out.writestr(member, data)
    return InputFile(path, Snapshot.of(path))


def test_an_archive_accounts_for_each_file(tmp_path: Path) -> None:
    file = archive(
        tmp_path,
        {
            "Prod223_3001_09876543_20240331.html": page(fraction("12")),
            "Prod223_3001_00000011_20240331.html": page(fraction("5"), hidden=DAY),
            "Prod223_3001_00000012_20240331.xml": b"<broken",
            "readme.txt": b"hello",
        },
    )
    source = recognise(file.path)
    assert source is not None
    assert source.spec.name == "companies-house-accounts"
    extract = read([file], SPEC)
    assert (extract.read, extract.accepted, extract.rejected.height) == (4, 2, 2)
    numbers = dict(extract.records["organisation"].select("company_number", "employees").iter_rows())
    assert numbers == {"09876543": 12, "00000011": 5}
    assert extract.rejected["row"].to_list() == [2, 4]
    assert extract.problems["field"].to_list() == ["company_number"]


def test_the_number_in_the_name_is_taken_where_the_two_differ(tmp_path: Path) -> None:
    file = archive(tmp_path, {"Prod223_1_00000011_20240331.html": page(fraction("5")), "x.txt": b"x"})
    extract = read([file], SPEC)
    assert extract.records["organisation"]["company_number"].to_list() == ["00000011"]
    assert "states company number 09876543" in extract.problems["reason"][0]


def test_amended_accounts_replace_the_earlier_ones(tmp_path: Path) -> None:
    first = archive(tmp_path, {"Prod223_1_09876543_20240331.html": page(fraction("5"))}, "a.zip")
    second = archive(tmp_path, {"Prod223_2_09876543_20240331.html": page(fraction("6"))}, "b.zip")
    extract = read([second, first], SPEC)
    assert extract.records["organisation"]["employees"].to_list() == [6]
    assert (extract.read, extract.accepted) == (2, 1)
    assert "is replaced by a later filing: b.zip" in extract.rejected["reason"][0]


def test_only_companies_in_scope_are_opened(tmp_path: Path) -> None:
    file = archive(
        tmp_path,
        {"Prod223_1_09876543_20240331.html": page(fraction("5")), "Prod223_1_00000012_20240331.html": b"never opened"},
    )
    told: list[str] = []
    extract = read_accounts([file], SPEC, keep=frozenset({"09876543"}), progress=lambda name, count: told.append(name))
    assert extract.records["organisation"].height == 1
    assert (extract.read, extract.accepted) == (2, 2)
    assert "1 sets of accounts are out of scope" in extract.warnings[0]
    assert len(told) == 1


def test_a_bomb_in_an_archive_is_rejected_and_the_rest_read(tmp_path: Path) -> None:
    bomb = b"<html xmlns:ix='http://www.xbrl.org/2013/inlineXBRL'>" + b" " * (80 << 20) + b"</html>"
    file = archive(
        tmp_path, {"Prod223_1_00000012_20240331.html": bomb, "Prod223_1_09876543_20240331.html": page(fraction("5"))}
    )
    extract = read([file], SPEC)
    assert extract.accepted == 1
    assert "zip bomb" in extract.rejected["reason"][0] or "larger than" in extract.rejected["reason"][0]


def test_accounts_without_any_company_number_are_rejected(tmp_path: Path) -> None:
    data = page(fraction("5"), hidden=DAY).replace(b"09876543", b"A COMPANY")
    extract = read([stored(tmp_path, "x.html", data)], SPEC)
    assert extract.rejected.select("field", "reason").rows() == [("company_number", "a required value is missing")]
