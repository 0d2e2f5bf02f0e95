"""One set of accounts: contexts and facts of an XBRL or inline XBRL document, and what they say of the company."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from lxml import etree

from lifecluster.sources.companies_house.number import tidy_number
from lifecluster.sources.companies_house_accounts.numbers import shown

NUMBER = ("UKCompaniesHouseRegisteredNumber", "CompaniesHouseRegisteredNumber")
BALANCE_DATE = ("BalanceSheetDate", "EndDateForPeriodCoveredByReport", "DateEndPeriodCoveredByReport")
EMPLOYEES = ("AverageNumberEmployeesDuringPeriod", "EmployeesTotal", "AverageNumberEmployees",
             "AverageNumberPersonsEmployed", "TotalAverageNumberEmployees")  # fmt: skip
TURNOVER = (
    "TurnoverRevenue",
    "TurnoverGrossOperatingRevenue",
    "Turnover",
    "Revenue",
    "RevenueFromContractsWithCustomers",
)
"""Local names of the concepts in the taxonomies since 2004 (UK GAAP, FRS 101, 102 and 105, IFRS), best first.
Source: Financial Reporting Council, UK taxonomy suite."""
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"


class UnreadableError(Exception):
    """A document that is no set of accounts, or one that is not safe to read; the message is the reason."""


@dataclass(frozen=True)
class Context:
    """Period of a fact (`start` None for an instant) and whether it speaks of a part only (a dimension)."""

    start: date | None
    end: date
    dimensional: bool
    entity: str


@dataclass(frozen=True)
class Fact:
    """One tagged value: local name of its concept, context, text as shown, and how to read it."""

    name: str
    context: str
    text: str
    form: str = ""
    scale: str = ""
    sign: str = ""
    unit: str = ""


@dataclass
class Accounts:
    """What is taken from a set of accounts; `notes`: (concept, reason, text) of values that could not be used."""

    number: str | None = None
    made_up_to: date | None = None
    employees: int | None = None
    employees_text: str | None = None
    turnover: float | None = None
    turnover_text: str | None = None
    notes: list[tuple[str, str, str]] = field(default_factory=list)


def parse(data: bytes, *, made_up_to: date | None = None) -> Accounts:
    """Read one document; `made_up_to` is the balance sheet date to take where it states none.

    Only facts of the whole entity and of the period that ends on the balance sheet date count; prior periods and
    breakdowns by dimension do not. Two different values for one thing give none, and a note.
    Raises UnreadableError for a document with entities, one that is no XML, or one without a single tagged value.
    """
    root = _root(data)
    contexts, units, facts = _contexts(root), _units(root), list(_facts(root))
    if not facts:
        raise UnreadableError("holds no XBRL fact")
    whole = [f for f in facts if f.context in contexts and not contexts[f.context].dimensional]
    accounts = Accounts(number=_number(whole, contexts))
    accounts.made_up_to = _balance_date(whole, contexts) or made_up_to or _last(contexts)
    if accounts.made_up_to is None:
        return accounts
    heads = _current(whole, EMPLOYEES, contexts, accounts)
    if heads is not None:
        accounts.employees, accounts.employees_text = int(heads[0].quantize(Decimal(1), ROUND_HALF_UP)), heads[1].text
    money = _current(whole, TURNOVER, contexts, accounts)
    if money is not None:
        currency = units.get(money[1].unit, "")
        if currency in {"", "GBP"}:
            accounts.turnover, accounts.turnover_text = float(money[0]), money[1].text
        else:
            accounts.notes.append((money[1].name, f"is in {currency}, not in pounds", money[1].text))
    return accounts


def _root(data: bytes) -> Any:
    if b"<!ENTITY" in data:
        raise UnreadableError("declares entities: refused as unsafe")
    options = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
    try:
        root = etree.fromstring(data, etree.XMLParser(**options))
    except etree.XMLSyntaxError as error:
        # Pages with &nbsp; and no document type are common; what can be read of them is read.
        root = etree.fromstring(data, etree.XMLParser(recover=True, **options)) if b"inlineXBRL" in data else None
        if root is None:
            raise UnreadableError(f"is not well-formed XML ({error.msg})") from error
    return root


def _local(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _contexts(root: Any) -> dict[str, Context]:
    found = {}
    for element in root.iter("{http://www.xbrl.org/2003/instance}context"):
        parts = {_local(e): e for e in element.iter()}
        end = _day(_text(parts.get("endDate", parts.get("instant"))))
        if end is None:
            continue
        inner = [parts[name] for name in ("segment", "scenario") if name in parts]
        entity = _text(parts.get("identifier"))
        found[element.get("id", "")] = Context(
            _day(_text(parts.get("startDate"))), end, any(len(e) for e in inner), entity
        )
    return found


def _units(root: Any) -> dict[str, str]:
    """Unit id -> currency (or other measure) without prefix."""
    found = {}
    for element in root.iter("{http://www.xbrl.org/2003/instance}unit"):
        measures = [_text(e).rpartition(":")[2] for e in element.iter() if _local(e) == "measure"]
        found[element.get("id", "")] = "/".join(measures)
    return found


def _facts(root: Any) -> Iterator[Fact]:
    for element in root.iter(etree.Element):
        context = element.get("contextRef")
        if context is None or element.get(NIL) in {"true", "1"}:
            continue
        local = _local(element)
        if "inlineXBRL" not in element.tag:
            yield Fact(local, context, _text(element), unit=element.get("unitRef", ""))
        elif local in {"nonFraction", "nonNumeric"}:
            name = element.get("name", "").rpartition(":")[2]
            form = element.get("format", "").rpartition(":")[2]
            yield Fact(name, context, _text(element), form, element.get("scale", ""), element.get("sign", ""),
                       element.get("unitRef", ""))  # fmt: skip


def _text(element: Any) -> str:
    """All text inside, without parts that are marked as excluded."""
    if element is None:
        return ""
    out = [element.text or ""]
    for child in element:
        if _local(child) != "exclude":
            out.append(_text(child) if isinstance(child.tag, str) else "")
        out.append(child.tail or "")
    return "".join(out).strip()


def _day(text: str) -> date | None:
    """A date: 2024-03-31, 31/03/2024, 31.3.24, 31 March 2024, March 31, 2024."""
    text = text.strip().casefold()
    if match := re.match(r"(\d{4})-(\d{1,2})-(\d{1,2})", text):
        parts = (int(match[1]), int(match[2]), int(match[3]))
    elif match := re.match(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})$", text):
        parts = (int(match[3]) + (2000 if len(match[3]) == 2 else 0), int(match[2]), int(match[1]))  # two-digit year
    elif match := re.match(r"(\d{1,2})(?:st|nd|rd|th)?\s+([a-z]{3})[a-z]*,?\s+(\d{4})$", text):
        parts = (int(match[3]), _month(match[2]), int(match[1]))
    elif match := re.match(r"([a-z]{3})[a-z]*\s+(\d{1,2}),?\s+(\d{4})$", text):
        parts = (int(match[3]), _month(match[1]), int(match[2]))
    else:
        return None
    try:
        return date(*parts)
    except ValueError:
        return None


def _month(name: str) -> int:
    return MONTHS.index(name) + 1 if name in MONTHS else 0


def _number(facts: Sequence[Fact], contexts: dict[str, Context]) -> str | None:
    stated = [f.text for name in NUMBER for f in facts if f.name == name] + [c.entity for c in contexts.values()]
    return next((number for text in stated if (number := tidy_number(text)) is not None), None)


def _balance_date(facts: Sequence[Fact], contexts: dict[str, Context]) -> date | None:
    """The latest stated date; a prior year's may be tagged as well."""
    for name in BALANCE_DATE:
        days = [day for f in facts if f.name == name and (day := _day(f.text)) is not None]
        days += [contexts[f.context].end for f in facts if f.name == name and _day(f.text) is None]
        if days:
            return max(days)
    return None


def _last(contexts: dict[str, Context]) -> date | None:
    return max((c.end for c in contexts.values() if not c.dimensional), default=None)


def _current(
    facts: Sequence[Fact], names: Sequence[str], contexts: dict[str, Context], accounts: Accounts
) -> tuple[Decimal, Fact] | None:
    """The value of the first concept that is stated for the current period, with the fact that states it."""
    for name in names:
        stated = [f for f in facts if f.name == name]
        now = [f for f in stated if contexts[f.context].end == accounts.made_up_to]
        if stated and not now:
            accounts.notes.append(
                (name, f"is stated, but not for a period up to {accounts.made_up_to}", stated[0].text)
            )
        # Of several periods that end on the day the longest is the financial year.
        longest = max((_days(contexts[f.context]) for f in now), default=0)
        read = [(shown(f.text, form=f.form, scale=f.scale, sign=f.sign), f) for f in now
                if _days(contexts[f.context]) == longest]  # fmt: skip
        good = [(value, fact) for value, fact in read if value is not None and value >= 0]
        accounts.notes += [
            (name, "is no number that can be used", f.text) for value, f in read if value is None or value < 0
        ]
        if len({value for value, _ in good}) > 1:
            told = " and ".join(dict.fromkeys(f.text for _, f in good))
            accounts.notes.append((name, "is stated with different values for one period", told))
        elif good:
            return good[0]
    return None


def _days(context: Context) -> int:
    return 0 if context.start is None else (context.end - context.start).days
