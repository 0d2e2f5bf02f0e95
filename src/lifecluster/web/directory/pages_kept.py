"""Pages kept in files, so that all server processes share them and a restart begins with them.

`<folder>/<state>/<page>`: one folder for each state of the register, the day and the code, one file for each page: a
line of JSON (its type and the tag of its content), then its compressed body. Anything may be thrown away at any time.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import NamedTuple

MOST = 10_000
"""Pages of one state that a process writes: a crawler that asks for everything fills no disk."""


class Body(NamedTuple):
    """A page: its type, the tag of its content, its body compressed."""

    kind: str
    tag: str
    body: bytes


class Files:
    """Pages in a folder. Where the disk refuses, pages are simply not kept."""

    def __init__(self, folder: Path, *, most: int = MOST) -> None:
        self._folder, self._most = folder, most
        self._state = ""
        self._written = 0
        self._lock = Lock()

    def get(self, key: tuple[object, ...], state: tuple[object, ...]) -> Body | None:
        """The page, if it was kept for this state; a file that is not whole counts as none."""
        try:
            with open(self._path(key, state), "rb") as file:  # noqa: PTH123 - as below
                head, _, body = file.read().partition(b"\n")
            said = json.loads(head)
            return Body(said["kind"], said["tag"], body) if said["bytes"] == len(body) else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, key: tuple[object, ...], state: tuple[object, ...], page: Body) -> None:
        """Keep a page; the first of a new state clears those of others away."""
        path = self._path(key, state)
        folder = path.rpartition("/")[0]
        with self._lock:
            if folder != self._state:
                self._state, self._written = folder, 0
                self._clear_others()
            self._written += 1
            if self._written > self._most:
                return
        head = json.dumps({"kind": page.kind, "tag": page.tag, "bytes": len(page.body)}).encode()
        with contextlib.suppress(OSError):
            try:
                _write(path, head + b"\n" + page.body)
            except FileNotFoundError:  # the folder is new, or somebody cleared it away
                Path(folder).mkdir(parents=True, exist_ok=True)
                _write(path, head + b"\n" + page.body)

    def _path(self, key: tuple[object, ...], state: tuple[object, ...]) -> str:
        return f"{self._folder}/{_folder_of(code(), state)}/{_name(*key)}"

    def _clear_others(self) -> None:
        for other in self._others():
            shutil.rmtree(other, ignore_errors=True)

    def _others(self) -> Iterator[Path]:
        if self._folder.is_dir():
            yield from (path for path in self._folder.iterdir() if str(path) != self._state)


def _write(path: str, content: bytes) -> None:
    """A new file that its owner alone may read, in as few steps as there are: every page that is made waits for it.

    It says how long it is, so that nobody takes it for whole before it is. Whoever comes second leaves it to the first.
    """
    file = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    try:
        os.write(file, content)
    finally:
        os.close(file)


@lru_cache(8)
def _folder_of(made_by: str, state: tuple[object, ...]) -> str:
    return _name(made_by, *state)


def _name(*parts: object) -> str:
    return hashlib.sha256("\x00".join(map(str, parts)).encode()).hexdigest()[:40]


@cache
def code() -> str:
    """The state of the code that makes pages: a new version of a template must not show old pages."""
    root = Path(__file__).resolve().parents[2]
    found = sorted((str(path.relative_to(root)), path.stat().st_mtime_ns) for path in root.rglob("*") if path.is_file()
                   and path.suffix in {".py", ".html", ".css", ".js", ".svg", ".yml", ".csv"})  # fmt: skip
    return _name(*found)
