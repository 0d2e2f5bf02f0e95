"""Whether a value that somebody proposes fits its property, in words for who proposed it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from lifecluster.reference.properties import Property, vocabulary
from lifecluster.register.entry import Json

LONGEST: Final = 5000
"""Characters of a value."""
MOST: Final = 10**15
"""Numbers below this one are stored."""
WEB: Final = re.compile(r"https?://[^\s/@\"<>\\]+\.[^\s\"<>\\]+", re.IGNORECASE)
POSTCODE: Final = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})")
NUMBERS: Final = frozenset({"int", "number", "money"})


def check(prop: str, kind: str, value: Json) -> str | None:
    """What is wrong with a value proposed for a property of a thing of this kind; None if it will do."""
    known = vocabulary().properties.get(prop)
    if known is None or kind not in known.levels:
        return f"{prop!r} is nothing that a {kind} has"
    if isinstance(value, list | tuple) and not known.many:
        return f"{prop!r} holds one value"
    values = value if isinstance(value, list | tuple) else [value]
    wrong = (_wrong(known, one) for one in values if one is not None)
    words = next((found for found in wrong if found), "")
    return f"{prop!r} {words}" if words else None


def postcode(text: str) -> str | None:
    """A postcode in its one form, upper case with a space before the last three characters; None if it is none."""
    found = POSTCODE.fullmatch(re.sub(r"[^A-Z0-9]", "", text.upper()))
    return f"{found[1]} {found[2]}" if found else None


SHAPES: Final[Mapping[str, tuple[Callable[[str], object], str]]] = {
    "postcode": (lambda text: postcode(text) == text, "is one postcode, as LE11 3TU"),
    "url": (WEB.fullmatch, "is a web address that begins with https:// or http://"),
}
"""Types whose text has a shape: what tells it, and the words where it has not."""


def _wrong(known: Property, value: Json) -> str:
    """What is wrong with one value; "" if it will do."""
    if known.type in NUMBERS:
        return _number(value, whole=known.type == "int")
    if known.type == "date":
        return "" if _date(value) else "is a date, YYYY-MM-DD"
    if known.type == "bool":
        return "" if isinstance(value, bool) else "is yes or no"
    fits, words = SHAPES.get(known.type, (str, ""))
    if words and not (isinstance(value, str) and fits(value)):
        return words
    if isinstance(value, str) and (len(value) > LONGEST or not _writable(value)):
        return f"has at most {LONGEST:,} characters, all of which can be written"
    return ""


def _number(value: Json, *, whole: bool) -> str:
    words = f"is a {'whole ' if whole else ''}number"
    if not isinstance(value, int | float) or isinstance(value, bool):
        return words
    if not 0 <= value < MOST:
        return f"is a number from 0 to {MOST:,}"
    return words if whole and value != int(value) else ""


def _writable(text: str) -> bool:
    return not any(c not in "\r\n\t" and unicodedata.category(c) in {"Cc", "Cs"} for c in text)


def _date(value: Json) -> bool:
    try:
        return isinstance(value, str) and len(value) == 10 and bool(date.fromisoformat(value))
    except ValueError:
        return False
