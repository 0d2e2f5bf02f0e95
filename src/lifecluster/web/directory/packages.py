"""The package that is shown, in the words of the frame."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from functools import cache
from typing import Any, ClassVar

from django.db import DatabaseError, connection
from django.db.models import F

from lifecluster.errors import LifeclusterError
from lifecluster.web.directory import prepared
from lifecluster.web.directory.models import Package, State
from lifecluster.web.shell.packages import PackageInfo


class NoPackageError(LifeclusterError):
    """Nothing has been loaded yet."""


class _Last:
    """The package that was shown last, beside its row: as long as the row is the same, so is the package."""

    found: ClassVar[tuple[tuple[Any, ...], Package] | None] = None


_held: ContextVar[Package | None] = ContextVar("the package of this page", default=None)


@contextmanager
def held(package: Package) -> Iterator[None]:
    """Within this, `package` is the one that is shown: a page asks once which it is, and shows one package throughout,
    whatever is loaded meanwhile. Nothing that changes the package may happen within."""
    token = _held.set(package)
    try:
        yield
    finally:
        _held.reset(token)


@contextmanager
def held_once() -> Iterator[None]:
    """Within this, the package that is shown now; without one, nothing is held."""
    try:
        package = current()
    except (NoPackageError, DatabaseError):
        package = None
    with held(package) if package else nullcontext():
        yield


@cache
def _query() -> str:
    columns = ", ".join(str(column.column) for column in Package._meta.concrete_fields)
    return f"SELECT {columns} FROM {Package._meta.db_table} WHERE state = %s"  # noqa: S608 - names of the model


def _row() -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(_query(), [State.CURRENT.value])
        found = cursor.fetchone()
    return (connection.settings_dict["NAME"], *found) if found else None


def _shown() -> Package | None:
    """The package that is shown; to be copied by whoever may change it. Every page asks several times, and a model is
    dear to make."""
    row = _row()
    if row is None:
        return None
    last = _Last.found
    if last is not None and last[0] == row:
        return last[1]
    package = Package.objects.filter(state=State.CURRENT).first()
    if package is not None and _row() == row:
        _Last.found = (row, package)
    return package


def current() -> Package:
    """The package that is shown; raises NoPackageError where there is none."""
    held_ = _held.get()
    if held_ is not None:
        return held_
    found = _shown()
    if found is None:
        raise NoPackageError("no package is loaded yet: run `lifecluster load`")
    return prepared.made(Package, found.__dict__)


def changed() -> None:
    """Let pages that are kept for everybody be made anew: a room has changed what it shows on them. Within the
    transaction of that change."""
    Package.objects.update(told=F("told") + 1)


def info() -> PackageInfo:
    """The package that is shown, for the footer; empty where there is none, or no table yet."""
    try:
        found = _held.get() or _shown()
    except DatabaseError:
        return PackageInfo()
    if found is None:
        return PackageInfo()
    return PackageInfo(found.region.get("title", found.title), found.name, found.at, found.sample, tuple(found.credits))
