"""Numbers as inline XBRL shows them: the text on the page, its format, scale and sign."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

WORDS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
NONE_WORDS = {"no", "none", "nil"}
DASHES = {"", "-", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2212"}
ZERO = {"zerodash", "numdash", "fixed-zero", "fixedzero", "nocontent", "fixed-empty"}
COMMA_DECIMAL = {
    "numdotcomma",
    "numcomma",
    "numspacecomma",
    "numcommadecimal",
    "num-comma-decimal",
    "num-comma-decimal-apos",
}
MAX_SCALE = 12


def shown(text: str, *, form: str = "", scale: str = "", sign: str = "") -> Decimal | None:
    """The value of a number on a page, or None where it cannot be read.

    `form`: local name of the transformation (`numcommadot`, `num-dot-decimal`, `zerodash`, `numwordsen`, …; empty: a
    plain decimal, with commas between thousands tolerated). `scale`: power of ten as text. `sign`: `-` or empty.
    Source: XBRL International, Inline XBRL 1.1 and the transformation rules registries 1 to 5.
    """
    form, plain = form.lower(), " ".join(text.split())
    if form in ZERO or (plain in DASHES and plain):
        return Decimal(0)
    value = _words(plain) if form.startswith("numword") else _digits(plain, comma=form in COMMA_DECIMAL)
    try:
        power = int(scale or 0)
    except ValueError:
        return None
    if value is None or abs(power) > MAX_SCALE or sign not in {"", "-"}:
        return None
    value = value.scaleb(power)
    return -value if sign == "-" else value


def _digits(text: str, *, comma: bool) -> Decimal | None:
    squeezed = re.sub(r"[\s\u00a0£']", "", text)
    if comma:
        squeezed = squeezed.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?\d{1,3}(,\d{2,3})+(\.\d*)?", squeezed):
        squeezed = squeezed.replace(",", "")
    if not re.fullmatch(r"-?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?", squeezed):
        return None
    try:
        return Decimal(squeezed)
    except InvalidOperation:
        return None


def _words(text: str) -> Decimal | None:
    word = text.casefold().strip(" .")
    if word in NONE_WORDS:
        return Decimal(0)
    return Decimal(WORDS.index(word)) if word in WORDS else _digits(text, comma=False)
