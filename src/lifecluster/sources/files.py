"""Opening what people send: compressed or not, in whatever encoding, with a limit on how large it may unfold."""

from __future__ import annotations

import csv
import gzip
import io
import lzma
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, BinaryIO, Protocol, cast

from lifecluster.errors import InputError
from lifecluster.sources.extract import Snapshot

UNFOLD_RATIO = 200
"""A compressed file that unfolds to more than this many times its size (beyond 64 MiB) is taken for a bomb."""
UNFOLD_FLOOR = 64 << 20
HEAD_STEP = 4096
"""Bytes that are read at once for recognising a file."""
CELL_LIMIT = 100_000
"""Characters in one cell; a longer one rejects its row."""
DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file of a source: where it lies and the snapshot that is quoted as its origin.

    `at`: the day of the build, after which nothing in the file can have been observed; None where there is none.
    """

    path: Path
    snapshot: Snapshot
    at: date | None = None

    @property
    def name(self) -> str:
        """Name shown to people and kept in statements: no folders of anybody's machine."""
        return self.snapshot.file


class _Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class _Capped(io.RawIOBase):
    """A stream that refuses to give more than `limit` bytes."""

    def __init__(self, inner: _Readable, limit: int, name: str) -> None:
        self._inner, self._left, self._name = inner, limit, name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # the stub wants a wider buffer type
        with damage(self._name):
            data = self._inner.read(len(buffer))
        self._left -= len(data)
        if self._left < 0:
            raise InputError("unfolds to far more than its size: refused as a possible zip bomb", file=self._name)
        buffer[: len(data)] = data
        return len(data)


@contextmanager
def open_bytes(path: Path, *, name: str | None = None) -> Iterator[IO[bytes]]:
    """Open plain, gzip or single-member zip by content, not by ending; yields a buffered binary stream.

    Raises InputError for a missing or empty file, a damaged or truncated archive, one with several members, and a bomb.
    """
    name = name or path.name
    if not path.is_file():
        raise InputError("there is no such file", file=name)
    size = path.stat().st_size
    if size == 0:
        raise InputError("the file is empty", file=name)
    limit = max(UNFOLD_FLOOR, size * UNFOLD_RATIO)
    with ExitStack() as stack:
        plain = stack.enter_context(path.open("rb"))
        magic = plain.read(4)
        plain.seek(0)
        stream: IO[bytes] = plain
        if magic[:2] == b"\x1f\x8b":
            stream = _buffered(stack.enter_context(gzip.GzipFile(fileobj=plain)), limit, name)
        elif magic == b"PK\x03\x04" and not _is_office(path):
            with damage(name):
                archive = stack.enter_context(zipfile.ZipFile(plain))
                member = stack.enter_context(archive.open(_only_member(archive, name)))
            stream = _buffered(member, limit, name)
        yield stream


@contextmanager
def damage(name: str) -> Iterator[None]:
    """Turns whatever a broken, locked or unknown kind of archive raises into an InputError that names the file."""
    try:
        yield
    except InputError:
        raise
    except (EOFError, OSError, ValueError, LookupError, RuntimeError, zlib.error, lzma.LZMAError, struct.error,
            zipfile.BadZipFile) as error:  # fmt: skip
        raise InputError(f"the compressed file is damaged or cut short, or locked ({error})", file=name) from error


def _buffered(stream: _Readable, limit: int, name: str) -> BinaryIO:
    return cast("BinaryIO", io.BufferedReader(cast("io.RawIOBase", _Capped(stream, limit, name)), 1 << 20))


def _is_office(path: Path) -> bool:
    with damage(path.name), zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
    return "[Content_Types].xml" in names or "mimetype" in names


def _only_member(archive: zipfile.ZipFile, name: str) -> str:
    members = [m.filename for m in archive.infolist() if not m.is_dir()]
    if len(members) != 1:
        raise InputError(f"the archive holds {len(members)} files; one is expected", file=name)
    return members[0]


def members(path: Path) -> tuple[str, ...]:
    """Names of the files in a zip archive, sorted; none for any other file (an office document is one file)."""
    if not path.is_file() or not zipfile.is_zipfile(path) or _is_office(path):
        return ()
    with damage(path.name), zipfile.ZipFile(path) as archive:
        return tuple(sorted(m.filename for m in archive.infolist() if not m.is_dir()))


@contextmanager
def open_member(archive: zipfile.ZipFile, member: str, *, name: str) -> Iterator[IO[bytes]]:
    """One file of an archive of several, with the same limit on how large it may unfold as `open_bytes`."""
    limit = max(UNFOLD_FLOOR, archive.getinfo(member).compress_size * UNFOLD_RATIO)
    with ExitStack() as stack:
        with damage(name):
            stream = stack.enter_context(archive.open(member))
        yield _buffered(stream, limit, name)


def decode(data: bytes, *, name: str) -> tuple[str, str]:
    """Text and the name of its encoding: UTF-8 (BOM or not), UTF-16 with BOM, else Windows-1252.

    Raises InputError where the bytes are no text (NUL bytes, or bytes that Windows-1252 does not define).
    """
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        try:
            return data.decode("utf-16"), "utf-16"
        except UnicodeDecodeError as error:
            raise InputError("UTF-16 text that is damaged or cut short", file=name) from error
    if (nul := data.find(b"\x00", 0, 4096)) >= 0:
        told = "this is no text file" if nul < 4 else "holds NUL bytes: no text, or not in UTF-8"
        raise InputError(f"{told}; save it as CSV in UTF-8", file=name, row=_line(data, nul))
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError as utf8:
        try:
            return data.decode("cp1252"), "cp1252"
        except UnicodeDecodeError as error:
            raise InputError("neither UTF-8 nor Windows-1252 text", file=name, row=_line(data, utf8.start)) from error


def _line(data: bytes, at: int) -> int:
    """The line, from 1, that a byte stands on."""
    return data[:at].count(b"\n") + 1


def read_text(file: InputFile) -> tuple[str, str]:
    """Whole text of a file and its encoding; see `open_bytes` and `decode` for what is refused."""
    with open_bytes(file.path, name=file.name) as stream:
        return decode(stream.read(), name=file.name)


def head(path: Path, size: int = 65536) -> str:
    """The first `size` bytes as text, for recognising a file; undecodable bytes are replaced.

    Of a compressed file that is damaged further on, what comes before the damage: a cut register is still that
    register, to be refused by its reader, and not a file nobody knows. Raises InputError where nothing can be read.
    """
    data = b""
    with open_bytes(path) as opened:
        stream = cast("io.BufferedReader", opened)  # read1 asks for no more than it gives back, so nothing is lost
        try:
            while len(data) < size and (more := stream.read1(min(HEAD_STEP, size - len(data)))):
                data += more
        except InputError:
            if not data:
                raise
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", "replace")
    return data.decode("utf-8-sig", "replace")


def sniff(text: str) -> str:
    """The delimiter: whichever of `, ; tab |` gives most of the first lines the same number of columns, above one.

    Of two that do equally well the one with more columns is taken; comma if none gives any. Lines above the header,
    which have one cell only, do not count.
    """
    best, best_score = ",", (0, 0)
    for delimiter in DELIMITERS:
        widths = Counter(len(row) for row in _first_rows(text, delimiter, 30) if len(row) > 1)
        score = max(((count, width) for width, count in widths.items()), default=(0, 0))
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _first_rows(text: str, delimiter: str, count: int) -> list[list[str]]:
    lines = text[:65536].splitlines(keepends=True)[: count + 1]
    try:
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return []
    return rows[:count]
