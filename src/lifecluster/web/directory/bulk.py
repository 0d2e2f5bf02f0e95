"""Many rows at once: COPY on PostgreSQL, one prepared statement on SQLite. Both are far quicker than model objects."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django.db import connection, models, transaction

BATCH = 10_000
BREATH = 0.004
"""Seconds between batches: on SQLite there is one writer at a time, and who waits looks now and then, not at once."""


def insert(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]], *, batch: int = BATCH
) -> int:
    """Write rows of plain values (None, numbers, text, dates, lists and mappings for JSON) in the order of `columns`.

    Each batch is a transaction of its own unless the caller has one open. Returns how many were written.
    """
    fields = {field.name: field for field in model._meta.concrete_fields}
    names = [connection.ops.quote_name(str(fields[name].column)) for name in columns]
    packed = [i for i, name in enumerate(columns) if isinstance(fields[name], models.JSONField)]
    table = connection.ops.quote_name(model._meta.db_table)
    stream = iter(rows)
    total = 0
    while chunk := [_pack(row, packed) for row in islice(stream, batch)]:
        with transaction.atomic():
            (_copy if connection.vendor == "postgresql" else _many)(table, names, chunk)
        total += len(chunk)
        breathe()
    return total


def breathe() -> None:
    """Let others write, unless the caller holds the database anyway."""
    if not connection.in_atomic_block:
        time.sleep(BREATH)


def _pack(row: Sequence[Any], packed: list[int]) -> Sequence[Any]:
    if not packed:
        return row
    values = list(row)
    for i in packed:
        text = json.dumps(values[i], ensure_ascii=False, separators=(",", ":"), default=str)
        if "\\u0000" in text:  # PostgreSQL keeps no NUL
            text = json.dumps(_without_nul(values[i]), ensure_ascii=False, separators=(",", ":"), default=str)
        values[i] = text
    return values


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, dict):
        return {_without_nul(k): _without_nul(v) for k, v in value.items()}
    return [_without_nul(v) for v in value] if isinstance(value, list | tuple) else value


def _copy(table: str, names: list[str], rows: list[Sequence[Any]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([v.replace("\x00", "") if isinstance(v, str) else v for v in row])


def _many(table: str, names: list[str], rows: list[Sequence[Any]]) -> None:
    marks = ", ".join(["%s"] * len(names))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", rows)  # noqa: S608 - our names


def remove(model: type[models.Model], *, batch: int = 20_000, **where: Any) -> int:
    """Delete the rows that fit `where`, in batches, so that nobody waits long. Returns how many there were."""
    total = 0
    while True:
        keys = list(model._base_manager.filter(**where).order_by("pk").values_list("pk", flat=True)[:batch])
        if not keys:
            return total
        with transaction.atomic():
            chosen = model._base_manager.filter(pk__gte=min(keys), pk__lte=max(keys), **where)
            chosen._raw_delete(chosen.db)
        total += len(keys)
        breathe()


def analyse(models_: Iterable[type[models.Model]]) -> None:
    """Let the database count what was written: its plans for queries rest on it."""
    with connection.cursor() as cursor:
        for model in models_:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
