"""What an interval is of: one name for each kind of uncertainty, used by commands, JSON, pages and the glossary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lifecluster.figures.completeness.chao import around
from lifecluster.figures.rows import Row
from lifecluster.register.segments.classify import CERTAIN
from lifecluster.register.segments.sums import expected

CLASSIFICATION, MISSING = "classification", "missing organisations"
KINDS: Mapping[str, str] = {
    CLASSIFICATION: "some may be wrongly in or out",
    MISSING: "some stand in no source",
    "rounding": "printed figures are rounded",
    "sampling": "a survey asks a sample",
    "coverage": "the source leaves some out",
}
"""Kind -> why it leaves a figure open."""


@dataclass(frozen=True, slots=True)
class Share:
    """What one kind of uncertainty does by itself: the number expected of it, and its 95 % interval.

    Of `classification` the number of those that belong; of `missing organisations` the number of those missing.
    """

    of: str
    expected: float
    low: float
    high: float

    def to_dict(self) -> dict[str, Any]:
        """As plain values."""
        return {"of": self.of, "expected": self.expected, "low": self.low, "high": self.high}


def kinds(source: str, rows: Sequence[Row], *, coverage: bool) -> tuple[str, ...]:
    """The kinds that the interval of a figure takes in, in the order of KINDS. A list of schools is classified."""
    ranged = any(row.chance is None and row.shift <= 0 and (row.high is None or row.low < row.high) for row in rows)
    listed = source == "medical-schools"
    found = {
        CLASSIFICATION: any(row.chance is not None for row in rows) or (ranged and listed),
        MISSING: any(row.shift > 0 for row in rows),
        "rounding": ranged and not listed,
        "sampling": any(row.sd > 0 and row.shift <= 0 for row in rows),
        "coverage": coverage,
    }
    return tuple(kind for kind in KINDS if found[kind])


def shares(rows: Sequence[Row]) -> tuple[Share, ...]:
    """Of a register's rows: what classification and what missing organisations do, each by itself."""
    chances = [row.chance for row in rows if row.chance is not None]
    found = [Share(CLASSIFICATION, *expected(chances))] if chances else []
    found += [Share(MISSING, row.shift, *around(0, row.shift, row.sd**2)) for row in rows if row.shift > 0]
    return tuple(found)


def certain(rows: Sequence[Row]) -> int:
    """Rows that count with a probability of 0.95 or more."""
    return sum(row.chance >= CERTAIN for row in rows if row.chance is not None)


def open_(rows: Sequence[Row]) -> int:
    """Rows that are not ruled out: all but those with a probability of 0.05 or less."""
    return sum(row.chance > 1 - CERTAIN for row in rows if row.chance is not None)
