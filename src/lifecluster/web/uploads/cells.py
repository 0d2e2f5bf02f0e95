"""What a cell of a list means: text to the value of a property, or in words what is wrong and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Final
from urllib.parse import urlsplit

from lifecluster.reference import facilities
from lifecluster.reference.properties import vocabulary
from lifecluster.register import fitting
from lifecluster.register.entry import Json
from lifecluster.sources.uploaded import NOT_CALCULATED

DAYS: Final = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %B %Y", "%d %b %Y", "%d/%m/%y", "%d-%b-%Y",
               "%d-%b-%y", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d")  # fmt: skip
YES: Final = frozenset({"yes", "y", "true", "x", "1", "✓"})
NO: Final = frozenset({"no", "n", "false", "0", "-"})
NOTHING: Final = frozenset({"", "-", "n/a", "na", "none", "nil", "unknown", "?", "tbc", "tba", "not known"})
UNITS: Final = re.compile(r"\s*(?:m2|m²|sqm|sq\.? ?m|kw|kva)\s*$", re.IGNORECASE)
SQUARE_FEET: Final = re.compile(r"(?:sq\.? ?ft|ft2|ft²|square feet)\s*$", re.IGNORECASE)
LONGEST: Final = 500
MANY: Final = 40


class CellError(ValueError):
    """A cell that cannot be understood; the message says how to mend it."""


def value_of(prop: str, text: str) -> Json:
    """The value that a cell means; None for one that says nothing. Raises CellError."""
    value = _meant(prop, text)
    if wrong := fitting.check(prop, min(vocabulary().properties[prop].levels), value):
        raise CellError(wrong)
    return value


def _meant(prop: str, text: str) -> Json:
    if text == NOT_CALCULATED:
        raise CellError("a formula that was never calculated: write the value itself")
    plain = " ".join(text.split())
    if plain.casefold() in NOTHING and not (vocabulary().properties[prop].type == "bool" and plain in {"-"}):
        return None
    known = vocabulary().properties[prop]
    if prop in facilities.CODED:
        return _coded(prop, plain)
    if known.many:
        return _several(prop, text)
    return _READERS.get(known.type, _text)(plain)


def _text(text: str) -> Json:
    if len(text) > LONGEST:
        raise CellError(f"{len(text):,} characters: at most {LONGEST} are taken")
    return text


def _number(text: str) -> float:
    if SQUARE_FEET.search(text):
        raise CellError("square feet: write square metres (one square foot is 0.0929)")
    bare = UNITS.sub("", text).replace("\u00a0", "").replace(" ", "")
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", bare):
        bare = bare.replace(",", "")
    if not re.fullmatch(r"\d+(?:\.\d+)?", bare) or len(bare) > 12:
        raise CellError(f"“{text[:40]}” is no number: write one number alone, as 120")
    return float(bare)


def _amount(text: str) -> Json:
    number = _number(text)
    return int(number) if number.is_integer() else number


def _whole(text: str) -> Json:
    number = _number(text)
    if not number.is_integer():
        raise CellError(f"“{text[:40]}” is no whole number: write one, as 25")
    return int(number)


def _day(text: str) -> Json:
    if re.fullmatch(r"\d{5}(?:\.0)?", text):
        raise CellError(
            "a number where a date is expected: set the column to the format of a date, or write 2027-01-31"
        )
    for form in DAYS:
        try:
            found = datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        if date(1900, 1, 1) <= found <= date(2100, 1, 1):
            return found.isoformat()
    raise CellError(f"“{text[:40]}” is no date that is understood: write it as 2027-01-31")


def _yes_or_no(text: str) -> Json:
    if text.casefold() in YES:
        return True
    if text.casefold() in NO:
        return False
    raise CellError(f"“{text[:40]}” is neither yes nor no")


def postcode_of(text: str) -> Json:
    """A postcode in its one form. Raises CellError."""
    found = fitting.postcode(text)
    if found is None:
        raise CellError(f"“{text[:20]}” is no postcode: write one alone, as LE11 3TU")
    return found


def _web(text: str) -> Json:
    whole = text if "://" in text else f"https://{text}"
    parts = urlsplit(whole)
    if parts.scheme not in {"http", "https"} or "." not in parts.netloc or " " in whole or "@" in parts.netloc:
        raise CellError(f"“{text[:60]}” is no address of a page: write it as https://example.org")
    return whole


def _coded(prop: str, text: str) -> Json:
    code = facilities.code_of(prop, text)
    if code is None:
        raise CellError(f"“{text[:40]}” is not one of: {_titles(prop)}")
    return code


def _titles(prop: str) -> str:
    return ", ".join(one.title for one in facilities.declared().codes[prop].values())


def _several(prop: str, text: str) -> Json:
    parts = [
        " ".join(one.split()) for one in re.split(r"[;|\n\r]+" if ";" in text or "|" in text else r"[,\n\r]+", text)
    ]
    coded = vocabulary().properties[prop].type == "code"
    found = [slug(one) if coded else one for one in parts if one.casefold() not in NOTHING]
    found = [one for one in dict.fromkeys(found) if one]
    if len(found) > MANY or any(len(one) > 80 for one in found):
        raise CellError("too much for a list of words: write short words with ; between")
    return found or None


def slug(text: str) -> str:
    """Words as a code."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")


_READERS: Final[dict[str, Callable[[str], Json]]] = {
    "int": _whole, "number": _amount, "money": _amount, "date": _day, "bool": _yes_or_no, "postcode": postcode_of,
    "url": _web,
}  # fmt: skip
