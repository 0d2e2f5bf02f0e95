"""What a theme gives: values in the exchange layout, files of its own, and what the names in them truly mean."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from lifecluster.sample.model import AS_OF

HEADER = ("kind", "key", "property", "value", "observed_on")
"""Columns of the exchange layout."""
FIRST_SEEN = date(2023, 1, 1)


@dataclass(frozen=True, slots=True)
class Truth:
    """Who a name in a file truly is: `organisation` is its key, None for one that the register does not have; `row` as
    a spreadsheet numbers it, the header being one."""

    file: str
    row: int
    written: str
    noise: str
    organisation: str | None


@dataclass(frozen=True, slots=True)
class File:
    """A file of the sample: bytes, `source` (None: a list with a mapping), date of its content, data rows (None: not
    stated), `note` why it is no input by itself."""

    name: str
    content: bytes
    source: str | None
    observed_on: date
    rows: int | None
    note: str | None = None


class Sheet:
    """Collects values for the exchange layout."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, str, str, str]] = []

    def add(self, kind: str, key: str, observed: date, **values: object) -> None:
        """One row for each value that is not None; a list or tuple gives one row an item."""
        for name, value in values.items():
            for item in value if isinstance(value, list | tuple) else (value,):
                if item is not None and item != "":
                    self.rows.append((kind, key, name, _text(item), min(observed, AS_OF).isoformat()))


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def organisation(key: str) -> str:
    """Reference to an organisation of the exchange file."""
    return f"organisation:{key}"


def organisations(keys: Iterable[str]) -> list[str]:
    """References to several."""
    return [organisation(key) for key in keys]


@dataclass
class Output:
    """All that one theme gives."""

    sheet: Sheet = field(default_factory=Sheet)
    files: list[File] = field(default_factory=list)
    truth: list[Truth] = field(default_factory=list)
