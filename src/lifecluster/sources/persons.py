"""What must not come in: e-mail addresses, telephone numbers and names of persons, found in text and taken out."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

E_MAIL_REMOVED, TELEPHONE_REMOVED = "[e-mail removed]", "[telephone removed]"
_MAIL = (
    r"[^\s@＠<>\"',;:()\[\]]+[@＠][^\s@＠<>\"',;:()\[\]]+\.[A-Za-z]{2,}"
    r"|[\w.+-]+\s*[\[({]\s*(?i:at)\s*[\])}]\s*[\w.-]+(?:\s*[\[({]\s*(?i:dot)\s*[\])}]\s*\w+)*"
    r"|[\w+-]+\.[\w.+-]+\s{1,3}(?i:at)\s{1,3}[\w-]+(?:\.[\w-]+)+"
)
_NUMBER = (
    r"(^|[^\w.+-])(?:"
    r"\+\d{1,3}(?:[\s().-]{0,3}\d){7,12}"
    r"|00\d{1,3}(?:[\s().-]{0,3}\d){7,12}"
    r"|0\d{9,10}"
    r"|\(?0\d{2,5}\)?[\s.-]{1,2}\d{3,7}(?:[\s.-]\d{2,4}){0,2}"
    r"|\(?0\d{2,5}\)?[\s.-]{1,2}\d{2}(?:[\s.-]\d{2,3}){2,3}"
    r"|0\d{2,5}/\s?\d{5,8}"
    r"|\(0\d{2,5}\)\d{5,8}"
    r")\b"
)
"""International with +, 00 or in one piece of ten or eleven digits, or an area code of the United Kingdom and groups.
One pattern for both engines of regular expressions, so without lookbehind: group 1 is what stands before."""
EMAIL = re.compile(_MAIL)
LONG = 1000
"""Characters from which a text is searched by the engine of columns, which takes steps in proportion to them."""
TELEPHONE = re.compile(_NUMBER)
_NOTHING_ELSE = r"^(?:\W*\[(?:e-mail|telephone) removed\])+\W*$"
TITLES = {"dr", "mr", "mrs", "ms", "miss", "mx", "prof", "professor", "sir", "dame", "lord", "lady", "rev", "cllr"}
"""Words before the name of a person."""


def mask_text(text: str) -> str:
    """`text` with e-mail addresses and telephone numbers replaced; in time in proportion to its length."""
    if len(text) > LONG:  # the engine of columns never goes back: no cell can hold it up
        column = pl.Series([text], dtype=pl.String).str.replace_all(_MAIL, E_MAIL_REMOVED)
        return str(column.str.replace_all(_NUMBER, f"${{1}}{TELEPHONE_REMOVED}")[0])
    text = EMAIL.sub(E_MAIL_REMOVED, text)
    return TELEPHONE.sub(rf"\1{TELEPHONE_REMOVED}", text) if "0" in text or "+" in text else text


def mask_value(text: str) -> str | None:
    """The same; None where nothing is left but the marks of what was taken out."""
    masked = mask_text(text)
    left = masked.replace(E_MAIL_REMOVED, "").replace(TELEPHONE_REMOVED, "")
    return None if masked != text and not re.search(r"\w", left) else masked


def mask(text: pl.Series, *, telephones: bool = True) -> pl.Series:
    """The same for a column of text; a cell that held nothing else becomes null.

    `telephones`: False for columns of codes, whose digits are their own.
    """
    spots = has_contact(text, telephones=telephones)
    if not spots.any():
        return text
    held = text.filter(spots).str.replace_all(_MAIL, E_MAIL_REMOVED)
    if telephones:
        held = held.str.replace_all(_NUMBER, f"${{1}}{TELEPHONE_REMOVED}")
    held = held.set(held.str.contains(_NOTHING_ELSE), None)
    return text.clone().scatter(spots.arg_true(), held)


def has_contact(text: pl.Series, *, telephones: bool = True) -> pl.Series:
    """Whether cells of a column hold an e-mail address or a telephone number; False for nulls."""
    pattern = f"(?:{_MAIL})|(?:{_NUMBER})" if telephones else _MAIL
    return text.str.contains(pattern).fill_null(False)


def nothing_else(text: pl.Expr) -> pl.Expr:
    """Whether nothing is left of a text but the marks of what was taken out."""
    return text.str.contains(_NOTHING_ELSE)


def looks_like_a_person(cell: str, given: frozenset[str]) -> bool:
    """Whether a cell is a name of a person: with a title, or two to four words of which the first is a given name.

    `given`: given names in lower case. `Example, Ada` counts as `Ada Example`.
    """
    last, comma, first = cell.partition(",")
    words = (f"{first} {last}" if comma and first.strip() and " " not in last.strip() else cell).split()
    plain = [w.strip(".,()").casefold() for w in words]
    if len(plain) > 1 and plain[0] in TITLES:
        return True
    shaped = all(re.fullmatch(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*\.?", w) and w[0].isupper() for w in words)
    return 2 <= len(words) <= 4 and shaped and plain[0] in given


def share_of_persons(cells: Sequence[str], given: frozenset[str]) -> float:
    """Share of the cells that look like names of persons; 0 of none."""
    return sum(looks_like_a_person(c, given) for c in cells) / len(cells) if cells else 0.0
