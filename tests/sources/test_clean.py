"""Bytes made fit for a parser: nothing clean is changed, nothing odd ends the reading, whatever the blocks."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.sources import stream
from lifecluster.sources.clean import Cleaned
from lifecluster.sources.stream import stream_groups


def cleaned(data: bytes, size: int) -> tuple[bytes, Cleaned]:
    source = Cleaned(io.BytesIO(data))
    out = []
    while block := source.read(size):
        assert len(block) <= size
        out.append(block)
    assert all(len(block) >= size - 3 for block in out[:-1])
    return b"".join(out), source


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), st.integers(1, 9))
def test_clean_text_goes_through_unchanged(text, size):
    out, source = cleaned(text.encode(), size)
    assert out.decode() == text
    assert not source.recoded and not source.nul


@given(st.binary(max_size=60), st.integers(1, 9))
def test_any_bytes_become_text_of_the_same_lines_and_the_blocks_do_not_matter(data, size):
    out, source = cleaned(data, size)
    out.decode("utf-8")
    assert b"\x00" not in out
    assert out.count(b"\n") == data.count(b"\n") and out.count(b",") == data.count(b",")
    assert source.nul == (b"\x00" in data)
    assert out == cleaned(data, 1000)[0]


@pytest.mark.parametrize(
    ("data", "text"), [(b"caf\xe9", "café"), ("café".encode(), "café"), (b"\x80 5", "€ 5"), (b"a\x81b", "a\ufffdb")]
)
def test_odd_bytes_are_windows_1252(data, text):
    assert cleaned(data, 4)[0].decode() == text


def test_all_at_once():
    assert Cleaned(io.BytesIO(b"a\xe9b")).read() == "aéb".encode()


row = st.lists(st.binary(max_size=5).map(lambda b: b.translate(None, b'",\r\n')), min_size=1, max_size=4)


@given(st.lists(row, max_size=60), st.integers(200, 400))
def test_every_row_of_any_bytes_is_read_or_misshapen_under_its_number(rows, block):
    """Quoted cells, so that a row of one empty cell is a row; blocks small enough that rows are cut by them."""
    data = b"".join(b",".join(b'"' + c + b'"' for c in cells) + b"\n" for cells in [[b"a", b"b"], *rows])
    before, stream.BLOCK = stream.BLOCK, block
    try:
        found = list(stream_groups(io.BytesIO(data), ["a", "b"], name="f"))
    finally:
        stream.BLOCK = before
    good = [n for group in found for n in group.cells["row"]]
    bad = [m.row for group in found for m in group.misshapen]
    assert good == [n for n, cells in enumerate(rows, 2) if len(cells) == 2]
    assert bad == [n for n, cells in enumerate(rows, 2) if len(cells) != 2]
