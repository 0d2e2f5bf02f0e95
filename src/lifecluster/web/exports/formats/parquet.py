"""Parquet: typed columns, lists as lists; the file's own metadata hold licences and attribution."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lifecluster.web.exports.columns import TABLES, Column
from lifecluster.web.exports.selection import Row, Selection

if TYPE_CHECKING:
    import pyarrow as pa

GROUP = 20_000


def schema_of(columns: tuple[Column, ...], metadata: dict[str, str]) -> pa.Schema:
    """The Arrow schema of a table."""
    import pyarrow as pa

    types = {"text": pa.string(), "int": pa.int64(), "number": pa.float64(), "bool": pa.bool_(), "date": pa.date32(),
             "list": pa.list_(pa.string())}  # fmt: skip
    fields = [pa.field(c.name, types[c.type], metadata={"description": c.words} if c.words else None) for c in columns]
    return pa.schema(fields, metadata=metadata)


def write(selection: Selection, table: str, path: Path) -> None:
    """One table as a Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sources = [{k: str(v) for k, v in row.items() if v is not None} for row in selection.sources()]
    metadata = {"package": selection.package.name, "sample": str(selection.sample).lower(),
                "query": selection.query.encode(), "sources": json.dumps(sources, ensure_ascii=False)}  # fmt: skip
    columns = TABLES[table]
    schema = schema_of(columns, metadata)
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for rows in grouped(selection.rows(table)):
            data = {
                c.name: pa.array([typed(row.get(c.name), c) for row in rows], schema.field(c.name).type)
                for c in columns
            }
            writer.write_table(pa.table(data, schema=schema))


def grouped(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows in groups of GROUP."""
    group: list[Row] = []
    for row in rows:
        group.append(row)
        if len(group) == GROUP:
            yield group
            group = []
    if group:
        yield group


def typed(value: Any, column: Column) -> Any:
    """A value as its column's type; what does not fit is unknown, never text in a column of numbers."""
    if value is None or value == "":
        return "" if column.type == "text" and value == "" else None
    if column.type == "list":
        return [str(v) for v in value] if isinstance(value, (list, tuple)) else [str(value)]
    try:
        return _converted(value, column)
    except (TypeError, ValueError):
        return None


def _converted(value: Any, column: Column) -> Any:
    if column.type == "int":
        return int(value)
    if column.type == "number":
        return float(value)
    if column.type == "bool":
        return value if isinstance(value, bool) else str(value).lower() == "true"
    if column.type == "date":
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    return str(value).encode("utf-8", "replace").decode()
