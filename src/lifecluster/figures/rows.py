"""The rows behind a figure: one cell of a table or one organisation each, with what is uncertain about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

THIS, REST, NOW, BEFORE = "this", "rest", "now", "before"
"""Groups of rows: the place asked about, the rest of the whole, and the two ends of a growth."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row behind a figure.

    `group`: which part of the measure it belongs to (`this`, `rest`, `now`, `before`, or a competing region's code).
    `key`: what it is, the same from one computation to the next. `label`: class under the definition (a SIC code).
    `value`: what is counted, None where unknown. `low`, `high`: what rounding leaves open, both inclusive; `high` None
    without a bound. `sd`: sampling error (normal). `shift`: expected number of those that were missed, with `sd` as its
    error (log-normal).
    `chance`: probability that the row counts at all (then `value` is 0 or 1, and low and high are not used).
    """

    group: str
    key: str
    value: Fraction | None
    low: Fraction
    high: Fraction | None
    label: str = ""
    vintage: str = ""
    sd: float = 0.0
    shift: float = 0.0
    chance: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """As plain values; exact numbers as text (`1/3`, `12`), so that nothing is lost."""
        return {
            "group": self.group, "key": self.key, "value": _text(self.value), "low": _text(self.low),
            "high": _text(self.high), "label": self.label, "vintage": self.vintage, "sd": self.sd, "shift": self.shift,
            "chance": self.chance,
        }  # fmt: skip

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Row:
        """Back from plain values."""
        exact = {name: _exact(stored[name]) for name in ("value", "low", "high")}
        low = exact["low"]
        return cls(
            stored["group"], stored["key"], exact["value"], Fraction(0) if low is None else low, exact["high"],
            stored["label"], stored["vintage"], stored["sd"], stored["shift"], stored["chance"],
        )  # fmt: skip


def _text(number: Fraction | None) -> str | None:
    return None if number is None else str(number)


def _exact(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def grouped(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Rows by group, in the order in which the groups first appear."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.group, []).append(row)
    return found


def total(rows: Iterable[Row]) -> Fraction | None:
    """Sum of the values, exact; None where one is unknown."""
    added = Fraction(0)
    for row in rows:
        if row.value is None:
            return None
        added += row.value
    return added


def exact(number: float | int) -> Fraction:
    """A printed number as an exact one: 3.6 is 36/10, not the nearest binary fraction."""
    return Fraction(str(number))
