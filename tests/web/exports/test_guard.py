"""Cells that no spreadsheet runs, and back."""

from __future__ import annotations

import csv
import io
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.web.exports import guard
from lifecluster.web.exports.columns import Column, cell
from lifecluster.web.exports.formats import delimited
from lifecluster.web.feeds.calendar import escaped, folded
from lifecluster.web.feeds.xml import element

SIGNS = "=+-@\t\r\n＝＋－＠'"
dangerous = st.text(alphabet=st.one_of(st.sampled_from(SIGNS), st.characters(codec="utf-8")), max_size=30)


@given(dangerous)
def test_neutralised_text_begins_with_no_sign_and_comes_back(text: str) -> None:
    safe = guard.neutralised(text)
    assert not safe or safe[0] not in guard.RUN.replace("\\", "")
    assert guard.restored(safe) == text


@pytest.mark.parametrize("text", ["plain", "a=b", "O'Neill", "'quoted'", "", " =1", "'", "''", "1-2"])
def test_harmless_text_is_left_alone(text: str) -> None:
    assert guard.neutralised(text) == text


@pytest.mark.parametrize(
    ("text", "safe"), [("=1+1", "'=1+1"), ("-5", "'-5"), ("'=1", "''=1"), ("\t=1", "'\t=1"), ("@x", "'@x")]
)
def test_signs(text: str, safe: str) -> None:
    assert guard.neutralised(text) == safe


def test_numbers_stay_numbers() -> None:
    columns = (Column("n", "number"), Column("t", "text"), Column("b", "bool"))
    lines = b"".join(delimited.lines(columns, [{"n": -5, "t": "-5", "b": True}, {"n": None, "t": "", "b": None}]))
    assert lines.decode().splitlines() == ["n,t,b", "-5,'-5,true", ",,"]


@given(st.lists(dangerous, max_size=4))
def test_csv_gives_back_what_went_in(values: list[str]) -> None:
    columns = (Column("a", "text"), Column("b", "list"))
    text = values[0].replace("\x00", "") if values else ""
    body = b"".join(delimited.lines(columns, [{"a": text, "b": values}])).decode()
    header, row = list(csv.reader(io.StringIO(body, newline="")))
    assert header == ["a", "b"]
    assert guard.restored(row[0]) == text
    assert guard.restored(row[1]) == str(cell(values)).replace("\x00", "\ufffd")


@given(st.text())
def test_any_text_is_good_xml(text: str) -> None:
    tree = ElementTree.fromstring(element("a", text, b=text))
    assert (tree.text or "").replace("\r", "\n") == guard.xml_text(text).replace("\r\n", "\n").replace("\r", "\n")


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_calendar_lines_are_short_and_come_back(text: str) -> None:
    line = f"SUMMARY:{escaped(text)}"
    pieces = folded(line).split("\r\n")
    assert all(len(p.encode()) <= 75 for p in pieces)
    assert "".join([pieces[0], *(p[1:] for p in pieces[1:])]) == line
    assert "\n" not in escaped(text)
