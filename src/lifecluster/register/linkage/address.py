"""Postcodes and addresses to what is compared."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from lifecluster.register.linkage.fold import fold
from lifecluster.register.linkage.words import words

_FULL = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})")
_IN_TEXT = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})\b")
_OUTWARD = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?")
#: Postcode areas in use (Royal Mail), and those whose districts may end in a letter.
AREAS = frozenset([
    "AB", "AL", "B", "BA", "BB", "BD", "BH", "BL", "BN", "BR", "BS", "BT", "CA", "CB", "CF", "CH", "CM", "CO",
    "CR", "CT", "CV", "CW", "DA", "DD", "DE", "DG", "DH", "DL", "DN", "DT", "DY", "E", "EC", "EH", "EN", "EX",
    "FK", "FY", "G", "GL", "GU", "GY", "HA", "HD", "HG", "HP", "HR", "HS", "HU", "HX", "IG", "IM", "IP", "IV",
    "JE", "KA", "KT", "KW", "KY", "L", "LA", "LD", "LE", "LL", "LN", "LS", "LU", "M", "ME", "MK", "ML", "N", "NE",
    "NG", "NN", "NP", "NR", "NW", "OL", "OX", "PA", "PE", "PH", "PL", "PO", "PR", "RG", "RH", "RM", "S", "SA",
    "SE", "SG", "SK", "SL", "SM", "SN", "SO", "SP", "SR", "SS", "ST", "SW", "SY", "TA", "TD", "TF", "TN", "TQ",
    "TR", "TS", "TW", "UB", "W", "WA", "WC", "WD", "WF", "WN", "WR", "WS", "WV", "YO", "ZE",
])  # fmt: skip
_LETTERED = frozenset(["E", "EC", "N", "NW", "SE", "SW", "W", "WC"])
_DIGIT_FOR = str.maketrans("OILSBZ", "011582")
_LETTER_FOR = str.maketrans("01582", "OISBZ")
_NUMBER = re.compile(r"\b(\d{1,4})\s?([a-z])?\b")


def _valid(code: str) -> bool:
    found = _FULL.fullmatch(code)
    if found is None:
        return False
    letters = area(code)
    return letters in AREAS and (not found[1][-1].isalpha() or letters in _LETTERED)


def clean_postcode(text: str | None) -> str:
    """The postcode without spaces, upper case; digits and letters put right by their place (``S1O 2TN`` to ``S102TN``).

    What cannot be a postcode comes back as bare characters (at most 8), so that a near miss can still be compared; an
    outward code alone comes back as it is; blank gives ``""``.
    """
    bare = re.sub(r"[^A-Z0-9]", "", (text or "").upper())[:8]
    if _valid(bare) or len(bare) < 5 or len(bare) > 7:
        return bare
    inward = bare[-3].translate(_DIGIT_FOR) + bare[-2:].translate(_LETTER_FOR)
    outward = bare[:-3]
    for letters in (2, 1):
        if len(outward) > letters:
            fixed = outward[:letters].translate(_LETTER_FOR) + outward[letters:].translate(_DIGIT_FOR)
            if _valid(fixed + inward):
                return fixed + inward
    return bare


@lru_cache(maxsize=500_000)
def outward(postcode: str) -> str:
    """Outward code of a cleaned postcode, or ``""``."""
    if _FULL.fullmatch(postcode):
        return postcode[:-3]
    return postcode if _OUTWARD.fullmatch(postcode) else ""


@lru_cache(maxsize=500_000)
def area(postcode: str) -> str:
    """Postcode area (the leading letters of a postcode that has a valid start), or ``""``."""
    found = re.match(r"[A-Z]{1,2}(?=\d)", postcode)
    return found[0] if found else ""


@dataclass(frozen=True, slots=True)
class Address:
    """What is compared of an address: cleaned postcode, first house number, street words (short forms), town."""

    postcode: str
    number: str
    street: str
    town: str


def read_address(postcode: str | None, address: str | None, town: str | None = None) -> Address:
    """Read one address. A postcode inside the address serves if the postcode field is blank; the last part of an
    address of several parts serves as town if the town is blank."""
    text = address or ""
    code = clean_postcode(postcode)
    if text:
        found = list(_IN_TEXT.finditer(text.upper()))
        if found:
            code = code or found[-1][1] + found[-1][2]
            text = text[: found[-1].start()] + text[found[-1].end() :]
    parts = [part for part in (fold(p) for p in text.split(",")) if part]
    place = fold(town) if town else ""
    if not place and len(parts) > 1 and not any(c.isdigit() for c in parts[-1]):
        place = parts[-1]
    if place and parts and parts[-1] == place:
        parts = parts[:-1]
    table = words().street
    line = " ".join(parts)
    found_number = _NUMBER.search(line)
    number = (found_number[1] + (found_number[2] or "")) if found_number else ""
    street = " ".join(table.get(t, t) for t in line.split() if not t.isdigit())
    return Address(code, number, street, place)
