"""Postcodes as text."""

from __future__ import annotations

import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.places.postcodes import SHAPE, area, issuable, outward, tidy, tidy_one

PARTS = st.tuples(
    st.from_regex(r"[A-Z]{1,2}[0-9][A-Z0-9]?", fullmatch=True), st.from_regex(r"[0-9][A-Z]{2}", fullmatch=True)
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("s119pa", "S11 9PA"),
        ("S11  9PA", "S11 9PA"),
        (" sw1a1aa.", "SW1A 1AA"),
        ("S1\u00a02HE", "S1 2HE"),
        ("S11", None),
        ("90210", None),
        ("", None),
        ("S119PA EXTRA", None),
        ("1AA S11", None),
        ("M60 9EAX", None),
    ],
)
def test_tidy(text: str, expected: str | None) -> None:
    assert tidy_one(text) == expected


def test_null_stays_null() -> None:
    assert tidy(pl.Series([None, "S1 2HE"], dtype=pl.String)).to_list() == [None, "S1 2HE"]


@settings(deadline=None)
@given(PARTS, st.sampled_from(["", " ", "  ", "-"]), st.booleans())
def test_any_spelling_comes_out_tidy_and_stays(parts: tuple[str, str], gap: str, lower: bool) -> None:
    text = gap.join(parts)
    found = tidy_one(text.lower() if lower else text)
    assert found == " ".join(parts)
    assert re.fullmatch(SHAPE, found)
    assert tidy_one(found) == found


def test_parts() -> None:
    frame = pl.DataFrame({"p": ["S11 9PA", "SW1A 1AA", None]})
    assert frame.select(outward(pl.col("p"))).to_series().to_list() == ["S11", "SW1A", None]
    assert frame.select(area(pl.col("p"))).to_series().to_list() == ["S", "SW", None]


def test_letters_that_no_inward_part_has() -> None:
    frame = pl.DataFrame({"p": ["S11 9PA", "S11 9CV", "S11 9AO"]})
    assert frame.select(issuable(pl.col("p"))).to_series().to_list() == [True, False, False]
