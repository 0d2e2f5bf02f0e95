"""One at a time, across processes and machines: a lock that its holder's death sets free."""

from __future__ import annotations

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from lifecluster.errors import LifeclusterError


class BusyError(LifeclusterError):
    """Somebody else is at it."""


@contextmanager
def exclusive(name: str, busy: str) -> Iterator[None]:
    """Hold the lock called `name` of this database; raises BusyError with the words `busy` if another holds it.

    PostgreSQL has advisory locks, which end with the connection; beside a SQLite file stands a file that is locked,
    which ends with the process.
    """
    if connection.vendor == "postgresql":
        with _advisory(name, busy):
            yield
    else:
        with _file(name, busy):
            yield


@contextmanager
def _advisory(name: str, busy: str) -> Iterator[None]:
    key = int.from_bytes(hashlib.sha256(f"lifecluster:{name}".encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        if not cursor.fetchone()[0]:
            raise BusyError(busy)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


@contextmanager
def _file(name: str, busy: str) -> Iterator[None]:
    path = Path(str(connection.settings_dict["NAME"]))
    passing = not path.is_absolute() or not path.parent.is_dir()  # a database in memory, which is this process's alone
    if passing:
        path = Path(tempfile.gettempdir()) / f"lifecluster-{os.getpid()}"
    with path.with_name(f"{path.name}.{name}.lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError(busy) from None
        try:
            yield
        finally:
            if passing:
                Path(handle.name).unlink(missing_ok=True)
