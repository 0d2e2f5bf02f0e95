"""The append-only log and its homes: a file beside a package, or memory; the web app has it in its database.

A log is only ever appended to. `FileLog` is JSON Lines under an exclusive lock, on disk before `append` returns.
"""

from __future__ import annotations

import fcntl
import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import BinaryIO, Final, Protocol, TypeAlias

from lifecluster.register.entry import (
    CORE_ACTIONS,
    START,
    Actions,
    Draft,
    Entry,
    LogDamagedError,
    check_next,
    from_json,
    verify_chain,
)

Guard: TypeAlias = Callable[[Sequence[Entry]], None]
"""Called with all entries so far while nobody else can append; it raises to refuse the draft.

It must not call the log itself: the log is locked."""


class TornLineWarning(UserWarning):
    """The end of a log file is a line that was never wholly written: the process or the machine stopped in between."""


class Log(Protocol):
    """What every home of the log offers."""

    def entries(self, after: int = 0) -> Sequence[Entry]:
        """The entries whose number is above `after`, oldest first; raises `LogDamagedError` if the chain is broken."""

    def append(self, draft: Draft, *, guard: Guard | None = None) -> Entry:
        """Write one entry for good. `guard` sees the log as it is at that moment and may raise to refuse."""

    def head(self) -> str:
        """The id of the last entry, or `START`; a package's manifest keeps it to see later that nothing was cut off."""


class MemoryLog:
    """A log that lives as long as the process: for tests, previews and what-if."""

    def __init__(self, *, actions: Actions = CORE_ACTIONS) -> None:
        self._actions = actions
        self._entries: list[Entry] = []
        self._lock = RLock()

    def entries(self, after: int = 0) -> Sequence[Entry]:
        """See `Log.entries`."""
        return self._entries[after:]

    def append(self, draft: Draft, *, guard: Guard | None = None) -> Entry:
        """See `Log.append`."""
        self._actions.check(draft)
        with self._lock:
            if guard:
                guard(self._entries)
            entry = Entry.seal(draft, seq=len(self._entries) + 1, previous=self.head())
            self._entries.append(entry)
            return entry

    def head(self) -> str:
        """See `Log.head`."""
        return self._entries[-1].id if self._entries else START


class FileLog:
    """A log in one JSON Lines file.

    Beside `log.jsonl` stand `log.jsonl.head` (number and id of the last entry: a file cut at the end is seen) and, only
    after a crash, `log.jsonl.torn` (what was half written; the next append moves it there, and reading warns of it).
    Several processes and threads may append at once. Not for network file systems, whose locks are not dependable.
    """

    def __init__(self, path: Path, *, actions: Actions = CORE_ACTIONS) -> None:
        self.path: Final = path
        self._actions = actions
        self._entries: list[Entry] = []
        self._size = 0  # bytes of the file that were read and found good
        self._lock = RLock()

    @property
    def _head_path(self) -> Path:
        return self.path.with_name(self.path.name + ".head")

    @property
    def torn_path(self) -> Path:
        """Where half-written lines are kept."""
        return self.path.with_name(self.path.name + ".torn")

    def entries(self, after: int = 0) -> Sequence[Entry]:
        """See `Log.entries`. Warns with `TornLineWarning` if the last line is half written."""
        with self._lock:
            if not self.path.exists():
                if self._size:
                    raise LogDamagedError(f"{self.path} is gone; it had {len(self._entries)} entries")
                self._check_head()
                return []
            with _locked(self.path, write=False) as handle:
                torn = self._catch_up(handle)
            if torn:
                warnings.warn(f"{self.path} ends in a half-written line of {len(torn)} bytes", TornLineWarning, 2)
            return self._entries[after:]

    def append(self, draft: Draft, *, guard: Guard | None = None) -> Entry:
        """See `Log.append`. Raises `LogDamagedError` rather than add to a broken chain; `OSError` if no space."""
        self._actions.check(draft)
        with self._lock, _locked(self.path, write=True) as handle:
            torn = self._catch_up(handle)
            if torn:
                self._set_aside(handle, torn)
            if guard:
                guard(self._entries)
            previous = self._entries[-1].id if self._entries else START
            entry = Entry.seal(draft, seq=len(self._entries) + 1, previous=previous)
            line = entry.to_json().encode() + b"\n"
            try:
                handle.seek(self._size)
                handle.write(line)
                _sync(handle)
            except OSError:
                handle.truncate(self._size)
                raise
            self._entries.append(entry)
            self._size += len(line)
            self._note_head(entry)
            return entry

    def head(self) -> str:
        """See `Log.head`."""
        entries = self.entries()
        return entries[-1].id if entries else START

    def verify(self, *, head: str | None = None) -> int:
        """Read the whole file afresh and check every entry; returns their number. See `verify_chain`."""
        return verify_chain(FileLog(self.path, actions=self._actions).entries(), head=head)

    def _catch_up(self, handle: BinaryIO) -> bytes:
        """Read what was added since last time; returns the bytes of a torn last line, if there is one."""
        size = handle.seek(0, os.SEEK_END)
        if size < self._size:
            raise LogDamagedError(f"{self.path} was cut: it had {self._size} bytes and has {size}")
        handle.seek(self._size)
        lines = _lines(handle.read())
        torn = b""
        for number, line in enumerate(lines, start=1):
            entry = self._read(line, last=number == len(lines))
            if entry is None:
                torn = line
                break
            previous = self._entries[-1].id if self._entries else START
            try:
                check_next(entry, seq=len(self._entries) + 1, previous=previous)
            except LogDamagedError as error:
                raise LogDamagedError(f"{self.path}: {error}") from error
            self._entries.append(entry)
            self._size += len(line)
        self._check_head()
        return torn

    def _read(self, line: bytes, *, last: bool) -> Entry | None:
        """The entry of a line; None if it is the last one and was never wholly written."""
        if last and not line.endswith(b"\n"):
            return None
        try:
            return from_json(line)
        except LogDamagedError as error:
            # Blocks of a line may reach the disk in any order, so a torn line can have its end and not its middle. It
            # was not yet promised to anybody, or the head would know of it: `_check_head` tells the two apart.
            if last:
                return None
            raise LogDamagedError(f"{self.path}, line {len(self._entries) + 1}: {error}") from error

    def _check_head(self) -> None:
        try:
            seq_text, _, head = self._head_path.read_text().strip().partition(" ")
            seq = int(seq_text)
        except (FileNotFoundError, ValueError):
            return  # never written, or lost in a crash: it is a witness, not the record
        known = self._entries[seq - 1].id if 0 < seq <= len(self._entries) else None
        if known != head:
            raise LogDamagedError(
                f"{self.path} was cut or changed: of {len(self._entries)} good entries, number {seq} should be {head}"
            )

    def _note_head(self, entry: Entry) -> None:
        # Written after the entry is safe, and not synced itself: a head that lags behind does no harm.
        fresh = self._head_path.with_name(self._head_path.name + ".new")
        fresh.write_text(f"{entry.seq} {entry.id}\n")
        fresh.replace(self._head_path)

    def _set_aside(self, handle: BinaryIO, torn: bytes) -> None:
        with self.torn_path.open("ab") as aside:
            aside.write(torn if torn.endswith(b"\n") else torn + b"\n")
            _sync(aside)
        handle.truncate(self._size)
        _sync(handle)
        warnings.warn(f"a half-written line of {self.path} was moved to {self.torn_path}", TornLineWarning, 3)


def _lines(content: bytes) -> list[bytes]:
    # Not splitlines(): that also splits at a bare carriage return, which damage may leave inside a line.
    parts = content.split(b"\n")
    return [part + b"\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])


def _sync(handle: BinaryIO) -> None:
    handle.flush()
    os.fsync(handle.fileno())


@contextmanager
def _locked(path: Path, *, write: bool) -> Iterator[BinaryIO]:
    created = write and not path.exists()
    if write:
        path.parent.mkdir(parents=True, exist_ok=True)
    # Opened for appending only to be created if it is not there; r+b after that, as appending ignores seek.
    if created:
        path.open("ab").close()
    with path.open("r+b" if write else "rb") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX if write else fcntl.LOCK_SH)
        if created:
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        yield handle
