"""Questions whose SQL is written once: Django writes it anew for every page, which takes longer than the answer.

    prepared.records(Site, ("sites", viewer, package.pk), lambda given: visible.filter(organisation=given[0]), [uid])

The key tells apart everything that the SQL depends on but the values given: who asks, and of which package. How many
values are given is part of it too, in steps: the last one is given again until a step is full, so that organisations
with 40 and with 41 licences share their SQL. `make` must therefore not mind a value that comes twice.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.base import ModelState

M = TypeVar("M", bound=models.Model)
Convert = Callable[[tuple[Any, ...]], tuple[Any, ...]]
MOST_VALUES, MOST_KEPT = 256, 1000
_written: dict[Hashable, _Written] = {}
_lock = Lock()


@dataclass(frozen=True, slots=True)
class _Written:
    """The SQL of a question, its parameters, and what makes Python's values of the database's."""

    sql: str
    parameters: tuple[Any, ...]
    converters: Mapping[int, tuple[list[Any], Any]]


class _Place(str):
    """Stands in the parameters where a value will: of its own type, so that no value can be taken for it."""

    __slots__ = ("number",)
    number: int


def rows(
    key: Hashable, make: Callable[[Sequence[str]], models.QuerySet[Any, Any]], values: Sequence[str]
) -> list[tuple[Any, ...]]:
    """The columns that the query set of `make` selects, as Django gives them, for these values."""
    found, converted = raw(key, make, values)
    return [converted(row) for row in found]


def raw(
    key: Hashable, make: Callable[[Sequence[str]], models.QuerySet[Any, Any]], values: Sequence[str]
) -> tuple[list[tuple[Any, ...]], Convert]:
    """The same as the database gives them, and the function that makes Django's values of such a row."""
    database: Any = connections[DEFAULT_DB_ALIAS]
    given = _filled(values)
    written = _written_for(database, key, make, len(given))
    with database.cursor() as cursor:
        cursor.execute(written.sql, [given[at.number] if type(at) is _Place else at for at in written.parameters])
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found, _converter(written.converters, database) if written.converters else _as_it_is


def _filled(values: Sequence[str]) -> Sequence[str]:
    """As many values as the next step has: a power of two, as far as SQL is kept."""
    count = len(values)
    step = 1 << (count - 1).bit_length() if count else 0
    return [*values, *[values[-1]] * (step - count)] if count < step <= MOST_VALUES else values


def _as_it_is(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return row


def _converter(converters: Mapping[int, tuple[list[Any], Any]], database: Any) -> Convert:
    """Values of the database as Python's, by the functions that Django names for their columns."""
    steps = [(at, function, expression) for at, (functions, expression) in converters.items() for function in functions]

    def converted(row: tuple[Any, ...]) -> tuple[Any, ...]:
        made = list(row)
        for at, function, expression in steps:
            if made[at] is not None:
                made[at] = function(made[at], expression, database)
        return tuple(made)

    return converted


def records(
    model: type[M], key: Hashable, make: Callable[[Sequence[str]], models.QuerySet[M]], values: Sequence[str]
) -> list[M]:
    """The records, with all columns, that the query set of `make` finds for these values.

    Made of their columns at once: Django's own way goes through every field and tells listeners, of which there are
    none.
    """
    names = [column.attname for column in model._meta.concrete_fields]
    return [made(model, zip(names, row, strict=True)) for row in rows(key, make, values)]


def made(model: type[M], columns: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> M:
    """A record of the database out of its columns by name; those of another record make a copy of it."""
    one = model.__new__(model)
    state = ModelState()
    state.adding, state.db = False, DEFAULT_DB_ALIAS
    one.__dict__.update(columns, _state=state)
    return one


def _written_for(
    database: Any, key: Hashable, make: Callable[[Sequence[str]], models.QuerySet[Any, Any]], count: int
) -> _Written:
    whole = (database.vendor, key, count)
    found = _written.get(whole)
    if found is None:
        found = _compiled(database, make, count)
        if count <= MOST_VALUES:
            with _lock:
                if len(_written) >= MOST_KEPT:
                    _written.clear()
                _written[whole] = found
    return found


def _compiled(database: Any, make: Callable[[Sequence[str]], models.QuerySet[Any, Any]], count: int) -> _Written:
    places = []
    for number in range(count):
        place = _Place(f"value {number}")
        place.number = number
        places.append(place)
    compiler: Any = make(places).query.get_compiler(database.alias)
    sql, parameters = compiler.as_sql()
    return _Written(sql, tuple(parameters), compiler.get_converters([one[0] for one in compiler.select]))
