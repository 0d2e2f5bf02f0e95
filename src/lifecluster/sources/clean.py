"""A stream of bytes made fit for a parser that wants clean UTF-8: one odd byte must not cost the file."""

from __future__ import annotations

import codecs
import io
from typing import IO

import pyarrow as pa

_FALLBACK = "lifecluster-windows-1252"


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """What UTF-8 cannot read is read as Windows-1252, byte by byte; bytes that it does not define are replaced."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(_FALLBACK, _as_windows)


class Cleaned(io.RawIOBase):
    """The bytes of `inner` as UTF-8 without NUL: blocks that are clean go through as they are, at the cost of a scan.

    `recoded`: bytes that are no UTF-8 were read as Windows-1252. `nul`: NUL bytes were read as blanks.
    """

    def __init__(self, inner: IO[bytes]) -> None:
        self._inner, self._left, self._tail = inner, b"", b""
        self._end = self.recoded = self.nul = False

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1) -> bytes:
        """`size` bytes, or up to three fewer; all that is left where `size` is negative; empty at the end.

        A parser takes each answer for a block, and a row may not lie in three of them: so none is short but the last.
        """
        while not self._end and (size < 0 or len(self._left) < max(1, size - 3)):
            # No more than there is room for: what is left over would have to be copied with every later block.
            room = max(1, size - len(self._left) - len(self._tail))
            self._left += self._next(room if size >= 0 else -1)
        out, self._left = (self._left, b"") if size < 0 else (self._left[:size], self._left[size:])
        return out

    def _next(self, size: int) -> bytes:
        """More clean bytes; a character that their end cuts in two is kept for those after."""
        data = self._inner.read(size)
        self._end = not data or size < 0
        data = self._tail + data
        cut = len(data) if self._end else len(data) - _unfinished(data)
        data, self._tail = data[:cut], data[cut:]
        return self._clean(data)

    def _clean(self, data: bytes) -> bytes:
        if b"\x00" in data:
            self.nul = True
            data = data.replace(b"\x00", b" ")
        if data.isascii() or _is_utf8(data):
            return data
        self.recoded = True
        return data.decode("utf-8", _FALLBACK).encode("utf-8")


def _is_utf8(data: bytes) -> bool:
    """Whether all of it is UTF-8, checked by Arrow: ten times as fast as decoding."""
    try:
        pa.array([data], pa.binary()).cast(pa.string())
    except pa.ArrowInvalid:
        return False
    return True


def _unfinished(data: bytes) -> int:
    """How many bytes at the end begin a character of UTF-8 that is not all there."""
    for back in range(1, min(3, len(data)) + 1):
        byte = data[-back]
        if byte >= 0xC0:  # leads a character of two, three or four bytes
            return back if back < (2 if byte < 0xE0 else 3 if byte < 0xF0 else 4) else 0
        if byte < 0x80:
            return 0
    return 0
