"""Plain text and phrases."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.register.segments.text import find_phrases, patterns, plain_text

from .twin import holds, plain


def as_plain(text: str) -> str:
    return pl.select(plain_text(pl.lit(text))).item()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gene's Café", " gene cafe "),
        ("A&B (Wound-Care) LTD.", " a and b wound care ltd "),
        ("O'NEILL’S", " oneill "),
        ("  ", "  "),
        ("ÅNGSTRÖM-4", " angstrom 4 "),
        ("s's", " s "),
    ],
)
def test_plain_text(text, expected):
    assert as_plain(text) == expected


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("abSs'’`&-é ü1.(İß"), max_size=12))
def test_plain_text_is_that_of_the_twin_and_stays(text):
    once = as_plain(text)
    assert once == plain(text)
    assert as_plain(once) == once


def table(*names: str) -> pl.DataFrame:
    rows = {"row": list(range(len(names))), "name": list(names)}
    blank = [
        pl.lit(None, dtype=pl.List(pl.String)).alias("other_names"),
        pl.lit(None, dtype=pl.String).alias("description"),
    ]
    return pl.DataFrame(rows, schema={"row": pl.UInt32, "name": pl.String}).with_columns(blank)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text(alphabet="ab c", max_size=8), min_size=1, max_size=4),
    st.lists(st.sampled_from(["ab", "a b", "*ab", "ab*", "*ba*", "ca b"]), max_size=4),
)
def test_phrases_are_found_as_a_plain_search_finds_them(names, phrases):
    found = {(row, phrase) for row, _, phrase in find_phrases(table(*names), phrases).rows()}
    expected = {(i, p) for i, name in enumerate(names) for p in phrases if holds(plain(name), p)}
    assert found == expected


def test_whole_words_stems_and_endings():
    found = find_phrases(
        table("Biopharma", "Pharma Ltd", "Pharmacy", "Condition Monitoring"), ["pharma", "pharma*", "*pharma"]
    )
    by_name: dict[int, set[str]] = {}
    for row, _, phrase in found.rows():
        by_name.setdefault(row, set()).add(phrase)
    assert by_name == {0: {"*pharma"}, 1: {"pharma", "pharma*", "*pharma"}, 2: {"pharma*"}}


def test_no_phrases_find_nothing():
    assert find_phrases(table("Anything"), []).is_empty()
    assert patterns(["*medical"])["pattern"].to_list() == ["medical "]
