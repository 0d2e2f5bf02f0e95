"""CSV: RFC 4180, UTF-8 with the mark by which Excel knows it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from lifecluster.web.exports.columns import TABLES, Column, cell
from lifecluster.web.exports.guard import neutralised
from lifecluster.web.exports.selection import Row, Selection

PIECE = 64 * 1024
MARK = "\ufeff"


def stream(selection: Selection, table: str) -> Iterator[bytes]:
    """One table as CSV."""
    yield MARK.encode()
    yield from lines(TABLES[table], selection.rows(table))


def lines(columns: tuple[Column, ...], rows: Iterable[Row]) -> Iterator[bytes]:
    """Header and rows, in pieces."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([column.name for column in columns])
    for row in rows:
        writer.writerow([_written(row.get(column.name)) for column in columns])
        if buffer.tell() > PIECE:
            yield buffer.getvalue().encode("utf-8", "replace")
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode("utf-8", "replace")


def _written(value: object) -> object:
    found = cell(value)
    if isinstance(found, bool):
        return "true" if found else "false"
    return neutralised(found.replace("\x00", "\ufffd")) if isinstance(found, str) else found
