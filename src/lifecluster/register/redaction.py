"""Ordering that a statement be taken out: an entry in the log that the next build obeys."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from lifecluster.errors import LifeclusterError
from lifecluster.register.entry import Draft, Entry
from lifecluster.register.log import FileLog
from lifecluster.register.package import Package


def redact_in(package: Package, log: Path, statement: str, *, actor: str, why: str, at: str) -> Entry:
    """Order that the statement whose id begins with `statement` be taken out of the next build, and every later one.

    The order keeps the statement's hash, record and property, and not what it said.
    Raises LifeclusterError if no statement of the package, or more than one, has an id that begins so.
    """
    found = package.scan("statements").filter(pl.col("id").str.starts_with(statement)).collect()
    if found.height != 1:
        raise LifeclusterError(f"{statement!r} is the beginning of {found.height} statements of {package.name}")
    row = found.row(0, named=True)
    log.parent.mkdir(parents=True, exist_ok=True)
    draft = Draft(action="statement.redact", subject=row["id"], object=row["record"], property=row["property"],
                  actor=actor, why=why, at=at)  # fmt: skip
    return FileLog(log).append(draft)
