"""Several questions about one thing, asked of the database as one and answered as JSON.

    gathered.rows(("parts", viewer.sees, package.pk), lambda uid: {"ties": …values_list("thing", "role")}, uid)

The database writes JSON faster than rows can be fetched from it one by one, and each question more is a turn at the
interpreter more. Columns of floating point are not for this: SQLite writes fewer digits of them than there are.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Mapping
from datetime import date
from functools import lru_cache
from threading import Lock
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections, models

Row = list[Any]
Questions = Mapping[str, models.QuerySet[Any, Any]]
MOST_KEPT = 200
VALUE = "\x00value"
"""Stands where the value will: no text of the register has its first character."""
ARRAYS = {"sqlite": ("json_group_array", "json_array", ""), "postgresql": ("json_agg", "json_build_array", "::text")}
"""How a database calls a list of rows and a row, and what makes text of it."""


class _Written(NamedTuple):
    """The SQL of some questions, its parameters, and what makes Python's values of the columns of each."""

    sql: str
    parameters: tuple[Any, ...]
    readers: Mapping[str, tuple[tuple[int, Callable[[Any], Any]], ...]]


class Answer(NamedTuple):
    """The rows of a question as JSON has them, and where in them which function makes Python's value."""

    raw: list[Row]
    readers: tuple[tuple[int, Callable[[Any], Any]], ...]

    def read(self, row: Row) -> Row:
        """A row with Python's values."""
        row = row.copy()
        for at, reader in self.readers:
            if row[at] is not None:
                row[at] = reader(row[at])
        return row

    @property
    def rows(self) -> list[Row]:
        """All rows, read."""
        return [self.read(row) for row in self.raw]


_written: dict[Hashable, _Written] = {}
_lock = Lock()
_day = lru_cache(8192)(date.fromisoformat)


def rows(key: Hashable, make: Callable[[str], Questions], value: str) -> dict[str, Answer]:
    """What the query sets of `make` (values_list of named columns) find for a value, by their names.

    Their SQL is written once for each key, which tells apart all that it depends on but the value. The order of rows is
    the database's own.
    """
    database: Any = connections[DEFAULT_DB_ALIAS]
    whole = (database.vendor, key)
    written = _written.get(whole)
    if written is None:
        written = _compiled(database, make(VALUE))
        with _lock:
            if len(_written) >= MOST_KEPT:
                _written.clear()
            _written[whole] = written
    with database.cursor() as cursor:
        cursor.execute(written.sql, [value if one == VALUE else one for one in written.parameters])
        found = cursor.fetchone()
    texts = zip(written.readers.items(), found, strict=True)
    return {name: Answer(json.loads(text) if text else [], readers) for (name, readers), text in texts}


def _compiled(database: Any, questions: Questions) -> _Written:
    every, row, text = ARRAYS[database.vendor]
    parts: list[str] = []
    parameters: list[Any] = []
    readers = {}
    for name, question in questions.items():
        compiler: Any = question.query.get_compiler(database.alias)
        sql, given = compiler.as_sql()
        fields = [expression.output_field for expression, _, _ in compiler.select]
        names = [database.ops.quote_name(alias) for _, _, alias in compiler.select]
        columns = ", ".join(map(_column, [database.vendor] * len(names), names, fields))
        parts.append(f"(SELECT {every}({row}({columns})){text} FROM ({sql}) q)")  # noqa: S608 - names of columns
        parameters += given
        known = [(at, _reader(field)) for at, field in enumerate(fields)]
        readers[name] = tuple((at, reader) for at, reader in known if reader is not None)
    return _Written(f"SELECT {', '.join(parts)}", tuple(parameters), readers)


def _column(vendor: str, name: str, field: Any) -> str:
    """A column as it is put into JSON. Raises TypeError for one of floating point."""
    if isinstance(field, models.FloatField):
        raise TypeError(f"{name} would lose digits")
    return f"json(q.{name})" if vendor == "sqlite" and isinstance(field, models.JSONField) else f"q.{name}"


def _reader(field: Any) -> Callable[[Any], Any] | None:
    if isinstance(field, models.DateField):
        return _day
    return bool if isinstance(field, models.BooleanField) else None
