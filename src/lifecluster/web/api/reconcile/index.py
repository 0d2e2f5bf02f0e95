"""The linkage index of the current package: made on the first query, kept in the workspace, mapped by every process.

It is made from the rows that the public sees, approved edits included. Its folder is named by a hash of those rows, so
an edit that touches no name and no address keeps the index.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from lifecluster.web.api.conditional import edition
from lifecluster.web.directory import reads
from lifecluster.web.directory.models import Organisation, Package
from lifecluster.web.directory.viewer import ANYBODY

if TYPE_CHECKING:
    import polars as pl

    from lifecluster.register.linkage.index import Index

KEPT = 2
"""Indexes kept on disk: that of the package shown, and of the one before, in case of a return to it."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An open index. `uids`: what its key (company number, else id) stands for."""

    edition: str
    index: Index
    uids: dict[str, str]


class _Holder:
    """The index of this process, renewed when the package changes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._opened: Opened | None = None

    def get(self, package: Package) -> Opened:
        """The index of `package`; other threads wait while it is made."""
        wanted = edition(package)
        opened = self._opened
        if opened is not None and opened.edition == wanted:
            return opened
        with self._lock:
            if self._opened is None or self._opened.edition != wanted:
                self._opened = _open(package)
            return self._opened


@cache
def _holder() -> _Holder:
    return _Holder()


def current() -> Opened:
    """The index of the package that is shown. Raises NoPackageError."""
    return _holder().get(reads.current())


def _folder() -> Path:
    return Path(settings.HOME) / "cache" / "reconcile"


def organisations(package: Package) -> pl.DataFrame:
    """Organisations as an index takes them, from the rows that everybody sees; the key is the number, else the id."""
    import polars as pl

    rows = Organisation.objects.visible_to(ANYBODY, package).order_by("uid").values_list("uid", "data")
    records = [_record(uid, data) for uid, data in rows.iterator(2000)]
    lists = {name: pl.List(pl.String) for name in ("previous_names", "trading_names")}
    names = ("id", "name", "status", "company_number", "postcode", "address", "town")
    frame = pl.DataFrame(records, schema={**dict.fromkeys(names, pl.String), **lists})
    return frame.unique("company_number", keep="first", maintain_order=True)


def _record(uid: str, data: dict[str, Any]) -> dict[str, Any]:
    def either(name: str) -> str | None:
        return data.get(name) or data.get(f"registered_{name}")

    return {
        "id": uid, "name": data.get("name"), "status": data.get("status"),
        "company_number": data.get("company_number") or uid, "postcode": either("postcode"),
        "address": either("address"), "town": either("town"), "previous_names": data.get("previous_name") or [],
        "trading_names": data.get("trading_name") or [],
    }  # fmt: skip


def _open(package: Package) -> Opened:
    """Make the index unless it lies there already; of several processes one does the work."""
    from lifecluster.register.linkage.index import LAYOUT, Index, build_index
    from lifecluster.register.linkage.scorer import shipped

    frame = organisations(package)
    digest = hashlib.sha256(f"{LAYOUT}".encode() + frame.write_ndjson().encode()).hexdigest()[:16]
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / digest
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (path / "index.json").is_file():
            build_index(frame, path)
        path.touch()
        _tidy(folder)
    shipped()  # loads the model, so that no query waits for it
    keys = dict(zip(_keys(frame), frame["id"], strict=True))
    return Opened(edition(package), Index.open(path), keys)


def _keys(frame: pl.DataFrame) -> list[str]:
    """Keys in the form in which an index gives them back."""
    from lifecluster.register.linkage.company_number import clean_company_number

    return [clean_company_number(key) or key.strip().upper() for key in frame["company_number"]]


def _tidy(folder: Path) -> None:
    """Remove all but the latest indexes; a process that has an old one mapped keeps its pages."""
    made = sorted((p for p in folder.iterdir() if p.is_dir()), key=lambda p: p.stat().st_mtime, reverse=True)
    for old in made[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
