"""What a column of anybody's list is, from its header and from its cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from lifecluster.sources.persons import EMAIL, LONG, TELEPHONE, share_of_persons
from lifecluster.yaml_files import read_yaml

POSTCODE = re.compile(r"^[A-Z]{1,2}[0-9][A-Z0-9]?\s*[0-9][A-Z]{2}$", re.IGNORECASE)
COMPANY = re.compile(r"^([0-9]{8}|(SC|NI|OC|SO|NC|FC|GE|IP|RC|SL|LP|NL)[0-9]{6})$", re.IGNORECASE)
WEB = re.compile(
    r"^(https?://|www\.)\S+$|^[a-z0-9-]+(\.[a-z0-9-]+)*\.(com|co\.uk|org|org\.uk|ac\.uk|net|eu|uk|io|nhs\.uk)(/\S*)?$",
    re.I,
)
PHONE = re.compile(
    r"^(?:(?:t|tel|m|mob|f|fax|phone)[.:]?\s*)?(?:\+\d{1,3}|\(?0)[\d\s().-]{8,17}(?:\s*(?:x|ext\.?)\s*\d+)?$",
    re.IGNORECASE,
)
DATE = re.compile(
    r"^(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{1,2}[ -][A-Za-z]{3,9}[ -]\d{2,4})([ T].*)?$"
)
NUMBER = re.compile(r"^[£$€]?\s*-?[\d,. ]+%?$")
SHAPED = ("postcode", "website", "country", "company_number")
"""Properties that cells show by themselves."""
SAMPLE = 400
"""Cells of a column that are looked at."""
SCALED = re.compile(r"[£$€]\s*(?:m|mn|k|bn)\b|\b(?:million|thousand)s?\b|(?<![0-9])'?000s?\b|[$€]", re.IGNORECASE)
"""A header of money that is not in whole pounds."""
IN_OTHER_UNITS = "not in whole pounds; bring it in pounds"
CONTACTS = "contact details of persons are not read"
MAILS = "holds e-mail addresses, which are not read"
TELEPHONES = "holds telephone numbers, which are not read"
PERSONS = "looks like names of persons, which are not read"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a column is taken for: a `property`, or None with the reason to leave it out; confidence 0 to 1."""

    property: str | None
    reason: str | None
    confidence: float
    personal: bool = False


@cache
def words() -> dict[str, Any]:
    """The word lists of `organisation_list/words.yml`."""
    loaded: dict[str, Any] = read_yaml(resources.files("lifecluster.sources.organisation_list").joinpath("words.yml"))
    return loaded


def plain(header: str) -> str:
    """A header in lower case, words apart, without punctuation and bracketed remarks."""
    text = re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", header)
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    return re.sub(r"[\W_]+", " ", text).strip().casefold()


def _known(text: str, patterns: Iterable[str]) -> bool:
    return any(re.fullmatch(re.escape(str(p)).replace(r"\*", ".*").replace(r"\ ", " "), text) for p in patterns)


def personal(header: str, cells: Sequence[str] = (), *, names: bool = True) -> str | None:
    """What a column holds of persons, in words: told by its header, or by the shape of its cells; None of nothing.

    `names`: whether cells that look like names of persons count (organisations may be called like their founder).
    """
    if _known(plain(header), words()["personal"]):
        return CONTACTS
    filled = _filled(cells)
    if _share(filled, lambda c: EMAIL.search(c[:LONG]) is not None) > 0.3:
        return MAILS
    if _share(filled, lambda c: PHONE.match(c) is not None and not COMPANY.match(c)) > 0.5 or (
        _share(filled, lambda c: TELEPHONE.search(c[:LONG]) is not None) > 0.5
    ):
        return TELEPHONES
    return PERSONS if names and share_of_persons(filled, given_names()) > 0.4 else None


def is_personal(header: str, cells: Sequence[str] = ()) -> bool:
    """Whether a column holds contact details of persons: by its header, or because its cells are mail or telephone."""
    return personal(header, cells, names=False) is not None


@cache
def given_names() -> frozenset[str]:
    """Common given names in lower case."""
    return frozenset(str(words()["given_names"]).split())


def by_header(header: str) -> Verdict | None:
    """What the words of a header say; None if they are not known."""
    text = plain(header)
    if not text:
        return None
    if _known(text, words()["personal"]):
        return Verdict(None, CONTACTS, 1.0, personal=True)
    for name, patterns in words()["properties"].items():
        if _known(text, patterns):
            if name == "turnover" and SCALED.search(header):
                return Verdict(None, IN_OTHER_UNITS, 0.8)
            return Verdict(name, None, 0.9)
    for reason, patterns in words()["ignore"].items():
        if _known(text, patterns):
            return Verdict(None, reason, 0.8)
    return None


def by_cells(cells: Sequence[str]) -> Verdict | None:
    """What the cells of a column look like; None if they look like nothing in particular."""
    filled = _filled(cells)
    if not filled:
        return Verdict(None, "empty", 1.0)
    if (reason := personal("", filled)) is not None:
        return Verdict(None, reason, 1.0, personal=True)
    known = words()
    codes = set(known["country_codes"].split())
    tests: list[tuple[str, Any, float]] = [
        ("postcode", POSTCODE.match, 0.6),
        ("website", WEB.match, 0.6),
        ("company_number", COMPANY.match, 0.7),
        ("country", lambda c: plain(c) in known["countries"] or c.strip() in codes, 0.7),
    ]
    for name, test, least in tests:
        share = _share(filled, test)
        if share >= least:
            return Verdict(name, None, round(0.9 * share, 2))
    if _share(filled, DATE.match) > 0.7:
        return Verdict(None, "dates, of what is not said", 0.6)
    if _share(filled, NUMBER.match) > 0.8:
        return Verdict(None, "numbers, of what is not said", 0.6)
    return _by_prose(filled)


def _by_prose(filled: list[str]) -> Verdict | None:
    forms = set(words()["legal_forms"])
    distinct = len(set(filled)) / len(filled)
    firm = _share(filled, lambda c: forms & set(plain(c).split()))
    comma = _share(filled, lambda c: "," in c or any(ch.isdigit() for ch in c))
    length = sum(map(len, filled)) / len(filled)
    if firm > 0.25 and length < 80 and distinct > 0.5 and comma < 0.8:
        return Verdict("name", None, round(min(0.8, 0.4 + firm / 2), 2))
    if comma > 0.6 and 15 < length < 200 and distinct > 0.4:
        return Verdict("address", None, 0.6)
    if length > 120:
        return Verdict("description", None, 0.4)
    return None


def judge(header: str, cells: Sequence[str]) -> Verdict:
    """Header first, checked against the cells: personal content wins; a header that its cells belie counts for less."""
    if (reason := personal(header, cells)) is not None:
        return Verdict(None, reason, 1.0, personal=True)
    said, seen = by_header(header), by_cells(cells)
    if said is None:
        return seen or Verdict(None, "not known; say what it is, or leave it out", 0.3)
    if said.property is None or seen is None:
        return said
    confidence = 1.0 if seen.property == said.property else 0.6 if said.property in SHAPED else said.confidence
    belied = said.property == "name" and seen.property in SHAPED
    return Verdict(seen.property, None, 0.5) if belied else Verdict(said.property, None, confidence)


def likeliest_name(columns: Mapping[str, Sequence[str]]) -> str | None:
    """The column of words that differ most from row to row, where no column has the marks of names; None if none."""
    best, best_share = None, 0.7
    for name, cells in columns.items():
        filled = _filled(cells)
        words_only = _share(filled, lambda c: len(c) < 100 and sum(ch.isalpha() for ch in c) > len(c) / 2)
        distinct = len(set(filled)) / len(filled) if filled else 0.0
        if words_only > 0.8 and distinct > best_share:
            best, best_share = name, distinct
    return best


def _filled(cells: Sequence[str]) -> list[str]:
    return [c.strip()[:500] for c in cells[:SAMPLE] if c.strip()]


def _share(filled: Sequence[str], test: Any) -> float:
    return sum(1 for c in filled if test(c)) / len(filled) if filled else 0.0
