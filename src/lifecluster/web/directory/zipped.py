"""Pages compressed: their long pieces that come again, such as the ground of a map, are compressed once for all pages.

A piece stands in the stream as blocks of its own (RFC 1951) between two full flushes, so that nothing before or behind
it refers into it; the whole is one ordinary gzip file (RFC 1952).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from functools import lru_cache

from django.http import HttpResponse

LEVEL, LEVEL_ONCE = 2, 4
HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
PIECES = "_pieces"
LEAST = 2000
"""Characters from which a piece is worth the flushes around it."""


def with_pieces(response: HttpResponse, *pieces: str) -> HttpResponse:
    """Tell which long pieces of an answer come again in others; each may be in it or not."""
    setattr(response, PIECES, tuple(piece for piece in pieces if len(piece) >= LEAST))
    return response


def zipped(body: bytes, pieces: Iterable[str] = ()) -> bytes:
    """A body as a gzip file."""
    stream = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    parts, at = [HEAD], 0
    for place, length, piece in sorted(_found(body, pieces)):
        if place < at:
            continue  # inside the one before
        parts += [stream.compress(body[at:place]), stream.flush(zlib.Z_FULL_FLUSH), piece]
        at = place + length
    parts += [stream.compress(body[at:]), stream.flush(), struct.pack("<II", zlib.crc32(body), len(body) & 0xFFFFFFFF)]
    return b"".join(parts)


def _found(body: bytes, pieces: Iterable[str]) -> Iterable[tuple[int, int, bytes]]:
    for piece in pieces:
        plain, compressed = _piece(piece)
        if (place := body.find(plain)) >= 0:
            yield place, len(plain), compressed


@lru_cache(256)
def _piece(text: str) -> tuple[bytes, bytes]:
    """A piece in bytes, and as blocks that end on a whole byte and refer to nothing outside."""
    plain = text.encode()
    stream = zlib.compressobj(LEVEL_ONCE, zlib.DEFLATED, -zlib.MAX_WBITS)
    return plain, stream.compress(plain) + stream.flush(zlib.Z_FULL_FLUSH)
