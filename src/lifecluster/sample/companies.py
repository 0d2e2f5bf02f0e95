"""Companies in the official layout of the basic company data: 55 columns, stray blanks in the header."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date, timedelta

from lifecluster.sample.model import AS_OF, Company
from lifecluster.sample.words import sic_titles

HEADER = (
    "CompanyName, CompanyNumber,RegAddress.CareOf,RegAddress.POBox,RegAddress.AddressLine1, RegAddress.AddressLine2,"
    "RegAddress.PostTown,RegAddress.County,RegAddress.Country,RegAddress.PostCode,CompanyCategory,CompanyStatus,"
    "CountryOfOrigin,DissolutionDate,IncorporationDate,Accounts.AccountRefDay,Accounts.AccountRefMonth,"
    "Accounts.NextDueDate,Accounts.LastMadeUpDate,Accounts.AccountCategory,Returns.NextDueDate,Returns.LastMadeUpDate,"
    "Mortgages.NumMortCharges,Mortgages.NumMortOutstanding,Mortgages.NumMortPartSatisfied,Mortgages.NumMortSatisfied,"
    "SICCode.SicText_1,SICCode.SicText_2,SICCode.SicText_3,SICCode.SicText_4,LimitedPartnerships.NumGenPartners,"
    "LimitedPartnerships.NumLimPartners,URI,"
    + ",".join(f"{' ' * (i == 2)}PreviousName_{i}.CONDATE, PreviousName_{i}.CompanyName" for i in range(1, 11))
    + ",ConfStmtNextDueDate, ConfStmtLastMadeUpDate"
)
"""The header line as the registrar writes it."""
_YEAR = timedelta(days=365)


def company_csv(companies: Iterable[Company]) -> bytes:
    """The file: header unquoted, every cell quoted, sorted by name then number, CRLF as in the official product."""
    out = io.StringIO(newline="")
    out.write(HEADER + "\r\n")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows(_row(c) for c in sorted(companies, key=lambda c: (c.name, c.number)))
    return out.getvalue().encode()


def _row(company: Company) -> list[str]:
    made_up = _made_up(company)
    codes = [_sic(code) for code in company.sic]
    previous = [cell for changed, name in company.previous for cell in (_day(changed), name)]
    due = _day(made_up + timedelta(days=639)) if made_up else ""
    confirmed = _anniversary(company.incorporated)
    return [
        company.name, company.number, "", "", company.line, "", company.postal.town, "", "ENGLAND",
        company.postal.postcode, company.category, company.status, company.origin, _day(company.dissolved),
        _day(company.incorporated), str(min(28, company.incorporated.day)), str(company.incorporated.month), due,
        _day(made_up), company.accounts if made_up else "NO ACCOUNTS FILED", "", "", "0", "0", "0", "0",
        *codes, *[""] * (4 - len(codes)), "0", "0", f"https://company.example/{company.number}",
        *previous, *[""] * (20 - len(previous)), _day(confirmed + _YEAR), _day(confirmed),
    ]  # fmt: skip


def _sic(code: str) -> str:
    return f"{code} - {sic_titles()[code]}" if code else "None Supplied"


def _day(day: date | None) -> str:
    return day.strftime("%d/%m/%Y") if day else ""


def _anniversary(start: date) -> date:
    """The last anniversary of `start` up to the sample's date (the 28th at the latest)."""
    this = date(AS_OF.year, start.month, min(start.day, 28))
    return this if this <= AS_OF else this.replace(year=AS_OF.year - 1)


def _made_up(company: Company) -> date | None:
    """The last balance-sheet day: none for firms younger than a year and nine months."""
    if (AS_OF - company.incorporated).days < 639:
        return None
    last = _anniversary(company.incorporated)
    return last if (AS_OF - last).days > 273 else last.replace(year=last.year - 1)
