"""Pages put together from pieces that were compressed before are ordinary gzip files of the same page."""

from __future__ import annotations

import gzip
import zlib

import pytest
from django.http import HttpResponse
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.web.directory.zipped import LEAST, PIECES, with_pieces, zipped

pytestmark = pytest.mark.one_database

TEXTS = st.text(max_size=300).map(lambda text: text * 9)


@given(st.lists(TEXTS, max_size=5), st.lists(TEXTS, max_size=3))
def test_it_is_the_body_whatever_the_pieces(parts: list[str], others: list[str]) -> None:
    body = "".join(parts).encode()
    packed = zipped(body, [*parts[::2], *others])
    assert gzip.decompress(packed) == body
    stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
    assert stream.decompress(packed) == body
    assert stream.eof
    assert not stream.unused_data  # one member: browsers read no second


def test_pieces_that_overlap_or_come_twice_are_taken_once() -> None:
    piece = "".join(f"M{i} {i * 7 % 311}" for i in range(900))
    for body in (piece * 2, f"a{piece}b", piece[10:] + piece[:10]):
        assert gzip.decompress(zipped(body.encode(), [piece, piece[5:800], piece])) == body.encode()


def test_the_same_page_is_the_same_file() -> None:
    piece = "ground " * 1000
    assert zipped(f"<p>{piece}".encode(), [piece]) == zipped(f"<p>{piece}".encode(), [piece])


def test_short_pieces_are_not_worth_it() -> None:
    response = with_pieces(HttpResponse("x"), "s" * (LEAST - 1), "l" * LEAST)
    assert [len(piece) for piece in getattr(response, PIECES)] == [LEAST]
