"""Head counts as people write them: about a number, or between two.

A number that is said to be about right is read, and the words stay beside it as what was written. A range or a bound
("15-20", "20+", "under 10") is no number, and none is made up for it: the cell is a problem that says so.
"""

from __future__ import annotations

import re

import polars as pl

COUNTS = frozenset({"employees", "jobs"})
"""Properties that count heads."""
NUMBER = r"[0-9]+(?:[, ][0-9]{3})*"
ABOUT = rf"(?i)^(?:c\.?|ca\.?|circa|about|around|approx\.?|approximately|roughly|est\.?|estimated|[~≈])?\s*({NUMBER})"
REST = r"\s*(?:\(?(?:approx\.?|approximately|est\.?|estimated)\)?)?\s*(?:staff|employees|people|fte|ftes|jobs)?$"
SINGLE = ABOUT + REST
UNIT = r"(?:\s*(?:staff|employees|people|ftes?|jobs))?"
RANGE = re.compile(
    rf"(?:between\s+|from\s+)?{NUMBER}{UNIT}\s*(?:-|–|—|to|and)\s*{NUMBER}{UNIT}"
    rf"|{NUMBER}\s*(?:\+|plus|or (?:more|over|fewer|less|under)){UNIT}"
    rf"|(?:under|below|over|above|less than|fewer than|more than|up to|at least|at most|[<>≤≥]=?)\s*{NUMBER}{UNIT}",
    re.IGNORECASE,
)
"""The whole of a cell that gives bounds."""


def single(text: pl.Series) -> pl.Series:
    """The text with the number alone where a cell gives one number with words that say about or of what."""
    return text.str.strip_chars().str.replace(SINGLE, "$1")


def is_range(text: str) -> bool:
    """Whether a cell gives a range or a bound."""
    return RANGE.fullmatch(text.strip()) is not None
