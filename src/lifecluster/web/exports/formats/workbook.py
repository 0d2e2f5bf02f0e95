"""XLSX: one sheet a table, and one with sources and what their licences ask to be said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from lifecluster.web.exports.columns import TABLES, Column, cell
from lifecluster.web.exports.guard import NOTE, neutralised
from lifecluster.web.exports.selection import Row, Selection

SHEETS = ("organisations", "sites", "things", "sources")
LONGEST = 32_767
CUT = "… (cut: a cell holds no more; it is whole in the CSV)"
MOST_ROWS = 1_048_575
FIRST = date(1900, 3, 1)
"""The first day that all spreadsheets number alike: they count a 29 February 1900 that never was."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def write(selection: Selection, table: str, path: Path) -> None:
    """The workbook."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    about = book.create_sheet("about")
    for line in about_lines(selection):
        about.append([_text(part) for part in line])
    for name in SHEETS:
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        columns = TABLES[name]
        sheet.append([column.name for column in columns])
        for row in _within(selection.rows(name)):
            sheet.append([_cell(row, column) for column in columns])
    book.save(path)


def about_lines(selection: Selection) -> Iterator[tuple[str, str]]:
    """What the file is, in two columns."""
    package = selection.package
    yield "what", f"Export of the register, package {package.name}"
    yield "region", str(package.region.get("title", ""))
    yield "as of", str(package.at)
    yield "query", selection.query.encode() or "everything"
    yield "sample", "yes: all or part of this is invented data" if selection.sample else "no"
    yield "cells", NOTE
    yield "licences", "Each row names its sources and, in the same order, their licences and what these ask to be said."
    yield "advice", "Indicative, not advice."


def _within(rows: Iterator[Row]) -> Iterator[Row]:
    for number, row in enumerate(rows):
        if number == MOST_ROWS:
            raise ValueError(f"a sheet holds {MOST_ROWS:,} rows; export this as CSV or Parquet")
        yield row


def _cell(row: Row, column: Column) -> Any:
    value = row.get(column.name)
    if column.type == "date":
        return _day(value)
    found = cell(value)
    return _text(found) if isinstance(found, str) else found


def _day(value: Any) -> Any:
    """A day as a date of the sheet. What is no day stays text, and so do those that a sheet's calendar has not."""
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return _text(value)
    return _text(str(value)) if isinstance(value, date) and value < FIRST else value


def _text(text: str) -> str:
    safe = _CONTROL.sub("\ufffd", neutralised(text))
    return safe if len(safe) <= LONGEST else safe[: LONGEST - len(CUT)] + CUT
