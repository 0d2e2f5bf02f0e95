"""Tables of the database as Parquet, and back, value for value."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeAlias

from django.apps import apps
from django.db import connection, models

from lifecluster.errors import LifeclusterError

EXCLUDED = frozenset(
    {
        "sessions.session",
        "contenttypes.contenttype",
        "auth.permission",
        "admin.logentry",
        "usersessions.usersession",
        "socialaccount.socialapp",
        "socialaccount.socialtoken",
    }
)
"""Tables that an instance makes by itself, or that mean nothing elsewhere; a model says so by `EXPORTED = False`."""
CHUNK = 5_000
Model: TypeAlias = type[models.Model]
AnyField: TypeAlias = "models.Field[Any, Any]"


def exported() -> list[Model]:
    """All models whose rows are exported, those between two others included, by label."""
    found = [
        model for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and getattr(model, "EXPORTED", True)
        and model._meta.label_lower not in EXCLUDED
    ]  # fmt: skip
    return sorted(found, key=lambda model: model._meta.label_lower)


def fields_of(model: Model) -> list[AnyField]:
    """Columns of a model, in order."""
    return list(model._meta.concrete_fields)


def base(field: AnyField) -> AnyField:
    """The field whose values a column holds: that of the other table for a reference."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return field


def kind_of(field: AnyField) -> str:
    """Arrow type of a column, by name."""
    found = base(field)
    if isinstance(found, models.BooleanField):
        return "bool"
    if isinstance(found, models.IntegerField):  # the automatic keys are such fields too
        return "int64"
    if isinstance(found, models.FloatField):
        return "float64"
    if isinstance(found, models.DateTimeField):  # before DateField, of which it is a kind
        return "timestamp"
    if isinstance(found, models.DateField):
        return "date32"
    return "binary" if isinstance(found, models.BinaryField) else "string"


def _out(field: AnyField) -> Callable[[Any], Any]:
    """How a value of a column is written."""
    found = base(field)
    if isinstance(found, models.JSONField):
        return _json
    if kind_of(field) == "string" and not isinstance(found, (models.CharField, models.TextField)):
        return lambda value: None if value is None else str(value)
    if kind_of(field) == "binary":
        return lambda value: None if value is None else bytes(value)
    return lambda value: value


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def write(model: Model, path: Path) -> int:
    """Write the rows of a model, by primary key. Returns how many there are."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    fields = fields_of(model)
    types = {"timestamp": pa.timestamp("us", tz="UTC"), "date32": pa.date32(), "binary": pa.binary()}
    typed = [(f, types.get(kind_of(f)) or pa.type_for_alias(kind_of(f))) for f in fields]
    schema = pa.schema([pa.field(f.attname, kind, metadata={"field": type(f).__name__}) for f, kind in typed])
    makers = [_out(f) for f in fields]
    total = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        rows = model._base_manager.order_by("pk").values_list(*(f.attname for f in fields)).iterator(CHUNK)
        for chunk in chunks(rows):
            columns = [[make(row[i]) for row in chunk] for i, make in enumerate(makers)]
            arrays = [pa.array(values, schema.field(i).type) for i, values in enumerate(columns)]
            writer.write_table(pa.table(arrays, schema=schema))
            total += len(chunk)
    return total


def chunks(rows: Iterator[Any]) -> Iterator[list[Any]]:
    """Rows in lists of CHUNK."""
    found: list[Any] = []
    for row in rows:
        found.append(row)
        if len(found) == CHUNK:
            yield found
            found = []
    if found:
        yield found


def _in(field: AnyField) -> Callable[[Any], Any]:
    """How a stored value becomes what the database takes, without anything that saving a row would add."""
    found = base(field)
    if isinstance(found, models.JSONField):
        return lambda text: (
            field.get_db_prep_save(json.loads(text), connection) if text is not None else _no_json(field)
        )
    if isinstance(found, models.DateTimeField):
        return lambda value: field.get_db_prep_save(_aware(value), connection)
    if kind_of(field) in {"date32", "bool", "binary"} or not isinstance(
        found, (models.CharField, models.TextField, models.IntegerField, models.FloatField)
    ):
        return lambda value: None if value is None else field.get_db_prep_save(found.to_python(value), connection)
    return lambda value: value


def _no_json(field: AnyField) -> Any:
    """JSON's null in a column that cannot be empty, else nothing."""
    if field.null:
        return None
    null = models.Value(None, output_field=models.JSONField())
    return "null" if connection.vendor == "sqlite" else field.get_db_prep_save(null, connection)


def _aware(value: datetime | date | None) -> datetime | None:
    if value is None or not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def read(model: Model, path: Path) -> int:
    """Put the rows of a file into the empty table of a model. Returns how many.

    A column that the file lacks gets its default. Raises LifeclusterError for one that the table lacks.
    """
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        there = set(file.schema_arrow.names)
        known = {f.attname: f for f in fields_of(model)}
        if there - known.keys():
            names = ", ".join(sorted(there - known.keys()))
            raise LifeclusterError(
                f"{model._meta.label_lower} has no column {names}: the archive is of a newer version"
            )
        fields = list(known.values())
        makers = [_in(f) for f in fields]
        total = 0
        for batch in file.iter_batches(CHUNK):
            columns = {name: batch.column(name).to_pylist() for name in there}
            missing = {f.attname: [_default(f)] * batch.num_rows for f in fields if f.attname not in there}
            columns |= missing
            made = [[make(value) for value in columns[f.attname]] for f, make in zip(fields, makers, strict=True)]
            _insert(model, fields, list(zip(*made, strict=True)))
            total += batch.num_rows
    return total


def _default(field: AnyField) -> Any:
    value = field.get_default()
    return _json(value) if isinstance(base(field), models.JSONField) else value


def _insert(model: Model, fields: list[AnyField], rows: list[tuple[Any, ...]]) -> None:
    quote = connection.ops.quote_name
    names = ", ".join(quote(f.column) for f in fields if f.column)
    marks = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({marks})", rows)  # noqa: S608 - our own names
