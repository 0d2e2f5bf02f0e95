"""The company register: the official layout, a plausible background, hubs."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest

from lifecluster.sample.background import COMPANIES, background
from lifecluster.sample.companies import HEADER, company_csv
from lifecluster.sample.model import AS_OF, Company, Postal, World
from lifecluster.sample.names import squeeze
from lifecluster.sample.places import outwards
from lifecluster.sample.words import sic_titles


def test_the_header_is_the_official_one(data_dir: Path) -> None:
    path = data_dir / "companies" / "companies_house_basic_2020-06_sample87.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        assert stream.readline().rstrip("\r\n") == HEADER


def test_the_header_has_55_columns_and_their_stray_blanks() -> None:
    names = next(csv.reader([HEADER]))
    assert len(names) == 55
    assert names[1] == " CompanyNumber"
    assert len({name.strip() for name in names}) == 55


def test_rows_are_complete_and_numbers_unique(rows: list[dict[str, str]]) -> None:
    assert len(rows) == COMPANIES + 1150
    assert len({row["CompanyNumber"] for row in rows}) == len(rows)
    assert all(row["CompanyName"] and row["RegAddress.PostCode"] and row["CompanyStatus"] for row in rows)
    names = [row["CompanyName"] for row in rows]
    assert names == sorted(names)


def test_names_repeat_only_on_purpose(rows: list[dict[str, str]]) -> None:
    repeats = [n for n in Counter(squeeze(row["CompanyName"]) for row in rows).values() if n > 1]
    assert repeats == [2, 2, 2, 2]


def test_titles_stand_behind_their_codes(rows: list[dict[str, str]]) -> None:
    for row in rows:
        first = row["SICCode.SicText_1"]
        if first != "None Supplied":
            code, title = first.split(" - ", 1)
            assert sic_titles()[code] == title
    missing = sum(row["SICCode.SicText_1"] == "None Supplied" for row in rows)
    assert 0.004 < missing / len(rows) < 0.03
    assert 0.1 < np.mean([bool(row["SICCode.SicText_2"]) for row in rows]) < 0.25


def test_dates_are_in_order(rows: list[dict[str, str]]) -> None:
    def day(text: str) -> date | None:
        return datetime.strptime(text, "%d/%m/%Y").date() if text else None  # noqa: DTZ007 - a date without a clock

    for row in rows[::7]:
        born, made_up = day(row["IncorporationDate"]), day(row["Accounts.LastMadeUpDate"])
        assert born is not None
        assert born <= AS_OF
        assert made_up is None or born < made_up <= AS_OF
        assert (made_up is None) == (row["Accounts.AccountCategory"] == "NO ACCOUNTS FILED")


def test_two_addresses_are_hubs(rows: list[dict[str, str]], world: World) -> None:
    at = Counter((row["RegAddress.PostCode"], row["RegAddress.AddressLine1"].split(" ")[0]) for row in rows)
    hubs = {key for key, n in at.items() if n > 50}
    assert hubs == {(postal.postcode, line.split(" ")[0]) for line, postal in world.hubs}


def test_the_background_follows_the_population(world: World) -> None:
    ordinary = background(world)
    count = Counter(company.postal.postcode.split(" ")[0] for company in ordinary)
    codes = list(outwards())
    assert np.corrcoef([outwards()[c].n for c in codes], [count[c] for c in codes])[0, 1] > 0.95
    assert not any(company.postal.park for company in ordinary)
    per_postcode = Counter(company.postal.postcode for company in ordinary)
    assert 2 < np.mean(list(per_postcode.values())) < 6


def test_few_ordinary_firms_state_a_life_science_code(world: World) -> None:
    core = ("211", "212", "266", "325", "7211")
    stated = sum(any(code.startswith(core) for code in company.sic) for company in background(world))
    assert 10 < stated < 150


def test_a_quote_in_a_name_survives() -> None:
    place = Postal("LE1 0CC", "LEICESTER", "X ROAD", 458000, 304000, "E06000016")
    company = Company("ZZ000001", 'THE "OSIER" CO LTD', "1 X ROAD", place, "Private Limited Company", "Active",
                      date(2020, 2, 29), ("",))  # fmt: skip
    lines = company_csv([company]).decode().split("\r\n")
    assert next(csv.reader([lines[1]]))[0] == 'THE "OSIER" CO LTD'
    assert "29/02/2020" in lines[1]


@pytest.mark.parametrize(
    ("born", "filed"), [(date(2026, 1, 5), False), (date(2010, 9, 29), True), (date(2010, 10, 5), True)]
)
def test_young_firms_have_filed_no_accounts(world: World, born: date, filed: bool) -> None:
    company = Company(
        "ZZ000001", "A LTD", "1 X", world.postals[0], "Private Limited Company", "Active", born, ("62012",)
    )
    row = next(csv.reader([company_csv([company]).decode().split("\r\n")[1]]))
    assert bool(row[18]) is filed
