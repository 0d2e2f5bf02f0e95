"""Rows given as mappings, written in bulk."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models

from lifecluster.web.directory import bulk
from lifecluster.web.directory.loading.register import Row


def columns_of(model: type[models.Model]) -> tuple[str, ...]:
    """Columns that are written, without the key that the database gives."""
    return tuple(f.name for f in model._meta.concrete_fields if not isinstance(f, models.BigAutoField))


def write_rows(model: type[models.Model], package: int, rows: Iterable[Row]) -> int:
    """Write rows given as mappings; columns that a row leaves out get the field's default."""
    names = [name for name in columns_of(model) if name != "package"]
    defaults = {name: _default(model, name) for name in names}
    stream = ([package, *(row.get(name, defaults[name]) for name in names)] for row in rows)
    return bulk.insert(model, ("package", *names), stream)


def _default(model: type[models.Model], name: str) -> Any:
    field = model._meta.get_field(name)
    return field.get_default() if isinstance(field, models.Field) and field.has_default() else None
