"""Company numbers as the register writes them: eight characters, lost leading zeros put back."""

from __future__ import annotations

import re

import polars as pl

GOOD = r"^(?:[0-9]{8}|[A-Z]{2}[0-9]{6}|R[0-9]{7}|[A-Z]{2}[0-9]{5}[A-Z]|[A-Z]{2}[0-9]{4}[A-Z]{2})$"
"""Shapes in use: plain, with a prefix of nation or legal form, and the suffixed ones of registered societies."""
NOUGHT = "00000000"
PREFIXES = frozenset([
    "AC", "BR", "CE", "CS", "CU", "ES", "FC", "FE", "GE", "GN", "GS", "IC", "IP", "JE", "LP", "NA", "NC",
    "NF", "NI", "NL", "NO", "NP", "NR", "NV", "OC", "OE", "PC", "R0", "RC", "RS", "SA", "SC", "SE", "SF",
    "SG", "SI", "SL", "SO", "SP", "SR", "SZ", "ZC",
])  # fmt: skip
"""Prefixes in use, from the Companies House URI guide (registers of England and Wales, Scotland, Northern Ireland)."""


def tidy_number(text: str) -> str | None:
    """The number in its eight characters, or None where `text` is no company number.

    Blanks, hyphens and case are ignored; `4142000` becomes `04142000`, `SC12345` becomes `SC012345`. Nine digits are
    refused: a number that is too long cannot be repaired by guessing which digit is wrong. Zeros are put back after a
    prefix in use alone: `ZZ999` lost none, for no register has numbers that begin so.
    """
    squeezed = re.sub(r"[\s\-.]", "", text).upper()
    if re.fullmatch(r"[0-9]{1,8}", squeezed):
        squeezed = squeezed.zfill(8)
    elif (match := re.fullmatch(r"([A-Z]{2})([0-9]{1,6})", squeezed)) and match[1] in PREFIXES:
        squeezed = match[1] + match[2].zfill(6)
    elif match := re.fullmatch(r"R([0-9]{1,7})", squeezed):
        squeezed = "R" + match[1].zfill(7)
    return squeezed if re.fullmatch(GOOD, squeezed) and squeezed != NOUGHT else None


def tidy_numbers(text: pl.Series) -> pl.Series:
    """`tidy_number` for a whole column; only values that are not yet in shape are looked at one by one."""
    odd = (~text.str.contains(GOOD) | (text == NOUGHT)).fill_null(False)
    if not odd.any():
        return text
    where = odd.arg_true()
    mended = [tidy_number(value) for value in text.gather(where)]
    return text.clone().scatter(where, pl.Series(mended, dtype=pl.String))
