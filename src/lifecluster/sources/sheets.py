"""Tables as grids of text: delimited files, XLSX and ODS workbooks, opened for a person who only sees cells."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from lifecluster.errors import InputError
from lifecluster.sources.extract import Snapshot
from lifecluster.sources.files import InputFile, damage, open_bytes, read_text, sniff
from lifecluster.sources.tabular import csv_grid
from lifecluster.sources.walk import shown

WORKBOOK_LIMIT = 64 << 20
"""Bytes that a workbook may unfold to; a larger list should come as CSV."""
CELL_COUNT_LIMIT = 5_000_000
NO_VALUE = "\x00formula without a stored value"
"""Stands in a cell whose formula was never calculated; such a cell is a problem, never a value."""


@dataclass(frozen=True)
class Grid:
    """One table: `rows` of cells as text, in the order of the sheet with empty rows kept, so that row numbers hold.

    `sheet` is None for a delimited file; `hidden` sheets are listed but never chosen by themselves; `lines` as in
    `tabular.Table`.
    """

    file: str
    sheet: str | None
    rows: list[list[str]]
    hidden: bool = False
    warnings: list[str] = field(default_factory=list)
    lines: dict[int, int] = field(default_factory=dict)


def read_grids(path: Path, *, name: str | None = None) -> list[Grid]:
    """All sheets of a workbook, or the one table of a delimited file; told apart by content, not by ending.

    `name`: what to call the file (default: its name without folders).

    Raises InputError for old `.xls` and other files that are no table, for damaged workbooks, and for bombs.
    """
    name = name or shown((path.name,))
    with open_bytes(path, name=name) as stream:
        magic = stream.read(8)
    if magic.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError("an old or encrypted Excel file; save it as XLSX without a password", file=name)
    if magic.startswith(b"%PDF"):
        raise InputError("a PDF, not a table; ask for the spreadsheet behind it", file=name)
    if magic.startswith(b"PK\x03\x04") and zipfile.is_zipfile(path):
        with damage(name), zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "[Content_Types].xml" in names or "mimetype" in names:
                _check_size(archive, name)
                return _ods(archive, name) if "content.xml" in names else _xlsx(path, name)
    return [_delimited(path, name)]


def _check_size(archive: zipfile.ZipFile, name: str) -> None:
    total = sum(member.file_size for member in archive.infolist())
    if total > WORKBOOK_LIMIT:
        raise InputError(
            f"unfolds to {total >> 20} MiB: refused as a possible zip bomb; save a list that large as CSV", file=name
        )


def _delimited(path: Path, name: str) -> Grid:
    text, encoding = read_text(InputFile(path, Snapshot(name, 0, "")))
    warnings = [] if encoding == "utf-8" else [f"{name}: read as {encoding}"]
    lines: dict[int, int] = {}
    return Grid(name, None, csv_grid(text, sniff(text), name, lines), warnings=warnings, lines=lines)


def _xlsx(path: Path, name: str) -> list[Grid]:
    import openpyxl

    try:
        values = openpyxl.load_workbook(path, data_only=True)
        formulas = openpyxl.load_workbook(path, data_only=False)
    except DefusedXmlException as error:
        raise InputError("the workbook holds XML entities: refused", file=name) from error
    except Exception as error:  # openpyxl raises whatever a broken workbook makes its parts raise
        raise InputError(f"the workbook is damaged ({type(error).__name__})", file=name) from error
    grids = []
    for sheet in values.worksheets:
        if sheet.max_row * sheet.max_column > CELL_COUNT_LIMIT:
            raise InputError(f"sheet {sheet.title!r} claims {sheet.max_row:,} rows of {sheet.max_column:,} cells: "
                             "too large for a list", file=name)  # fmt: skip
        twin = formulas[sheet.title]
        rows = [
            [_xlsx_cell(value, twin.cell(r, c).value) for c, value in enumerate(row, 1)]
            for r, row in enumerate(sheet.iter_rows(values_only=True), 1)
        ]
        merged = [(m.min_row, m.max_row, m.min_col, m.max_col) for m in sheet.merged_cells.ranges]
        _fill_merged(rows, merged)
        grids.append(Grid(name, sheet.title, _trim(rows), sheet.sheet_state != "visible"))
    values.close()
    formulas.close()
    return grids


def _xlsx_cell(value: Any, formula: Any) -> str:
    is_formula = isinstance(formula, str) and formula.startswith("=")
    if value is None:
        return NO_VALUE if is_formula or (formula is not None and not isinstance(formula, str)) else ""
    return cell_text(value)


def cell_text(value: Any) -> str:
    """A cell as a person would type it: whole numbers without `.0`, dates as YYYY-MM-DD, errors such as #REF! empty."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    text = str(value)
    return "" if text in {"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"} else text


def _fill_merged(rows: list[list[str]], merged: list[tuple[int, int, int, int]]) -> None:
    """A value merged over several rows holds for each of them; one merged over columns stays in the first."""
    for top, bottom, left, _ in merged:
        for r in range(top, min(bottom, len(rows))):
            rows[r][left - 1] = rows[top - 1][left - 1]


def _trim(rows: list[list[str]]) -> list[list[str]]:
    """Without the empty rows and columns after the last cell that holds anything."""
    width = max((i + 1 for row in rows for i, cell in enumerate(row) if cell.strip()), default=0)
    height = max((i + 1 for i, row in enumerate(rows) if any(cell.strip() for cell in row)), default=0)
    return [row[:width] + [""] * (width - len(row)) for row in rows[:height]]


_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"


def _ods(archive: zipfile.ZipFile, name: str) -> list[Grid]:
    """Sheets of an OpenDocument workbook, read from its content.xml. Source: OASIS OpenDocument 1.3, part 3."""
    try:
        root = ElementTree.fromstring(archive.read("content.xml"))
    except DefusedXmlException as error:
        raise InputError("the workbook holds XML entities: refused", file=name) from error
    except ElementTree.ParseError as error:
        raise InputError(f"the workbook is damaged ({type(error).__name__})", file=name) from error
    hidden = {
        style.get(f"{_STYLE}name")
        for style in root.iter(f"{_STYLE}style")
        for shown in style.iter(f"{_STYLE}table-properties")
        if shown.get(f"{_TABLE}display") == "false"
    }
    grids = []
    for table in root.iter(f"{_TABLE}table"):
        rows = _trim(_ods_rows(table, name))
        grids.append(Grid(name, table.get(f"{_TABLE}name"), rows, table.get(f"{_TABLE}style-name") in hidden))
    return grids


def _ods_rows(table: Element, name: str) -> list[list[str]]:
    rows: list[list[str]] = []
    empty = 0
    merged: list[tuple[int, int, int, int]] = []
    for row in table.iter(f"{_TABLE}table-row"):
        cells = list(_ods_cells(row, len(rows) + empty + 1, merged))
        times = _times(row, "rows")
        if not any(cells):
            empty += times  # the last row of a sheet repeats a million times
            continue
        if (len(rows) + empty + times) * max(len(cells), 1) > CELL_COUNT_LIMIT:
            raise InputError(f"sheet {table.get(f'{_TABLE}name')!r} is too large for a list", file=name)
        rows += [[] for _ in range(empty)]
        empty = 0
        rows += [list(cells) for _ in range(times)]
    width = max((len(row) for row in rows), default=0)
    rows = [row + [""] * (width - len(row)) for row in rows]
    _fill_merged(rows, merged)
    return rows


def _times(element: Element, what: str) -> int:
    stated = element.get(f"{_TABLE}number-{what}-repeated") or "1"
    return int(stated) if stated.isdigit() else 1


def _ods_cells(row: Element, number: int, merged: list[tuple[int, int, int, int]]) -> Iterator[str]:
    empty = column = 0
    for cell in row:
        if cell.tag not in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
            continue
        text, times = _ods_cell(cell), _times(cell, "columns")
        span = int(cell.get(f"{_TABLE}number-rows-spanned") or 1)
        column += 1
        if text and span > 1:
            merged.append((number, number + span - 1, column, column))
        column += times - 1
        if not text:
            empty += times
            continue
        yield from [""] * min(empty, 20_000)
        empty = 0
        yield from [text] * min(times, 20_000)


def _ods_cell(cell: Element) -> str:
    kind = cell.get(f"{_OFFICE}value-type")
    if kind is None and cell.get(f"{_TABLE}formula") is not None:
        return NO_VALUE
    if kind in {"float", "percentage", "currency"}:
        return cell_text(float(cell.get(f"{_OFFICE}value") or "nan"))
    if kind == "date":
        return (cell.get(f"{_OFFICE}date-value") or "").removesuffix("T00:00:00")
    return cell_text("\n".join("".join(p.itertext()) for p in cell.iter(f"{_TEXT}p")))
