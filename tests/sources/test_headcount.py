"""Head counts as people write them: one number with words about it is read, a range is not made into one."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.sources.headcount import is_range, single

from .test_values import cell

ABOUT = (
    "c. ",
    "c.",
    "ca. ",
    "circa ",
    "about ",
    "About ",
    "around ",
    "approx. ",
    "approximately ",
    "~",
    "≈ ",
    "est. ",
    "",
)
AFTER = ("", " (approx.)", " approx", " est.", " staff", " employees", " FTE", " people")
BETWEEN = ("-", " - ", "–", " — ", " to ", " and ")
BOUND = ("under ", "over ", "less than ", "more than ", "up to ", "at least ", "<", "> ", "<=", "≥")
COUNTS = st.integers(0, 99_999)
RANGE = "is a range or a bound, not one number"


@settings(max_examples=40)
@given(COUNTS, st.sampled_from(ABOUT), st.sampled_from(AFTER), st.booleans())
def test_one_number_is_read_and_the_words_are_kept(number, before, after, comma):
    digits = f"{number:,}" if comma else str(number)
    written = f"{before}{digits}{after}"
    values, why, original = cell("employees", written)
    assert (values, why) == ([number], [])
    assert original == (None if written == str(number) else [written])


@settings(max_examples=40)
@given(COUNTS, COUNTS, st.sampled_from(BETWEEN), st.sampled_from(("", " staff")))
def test_of_a_range_no_number_is_made_up(low, high, between, after):
    written = (f"{low}{between}{high}{after}", f"{low:,}{between}{high:,}")
    assert cell("jobs", *written) == ([None] * 2, [RANGE] * 2, None)


@settings(max_examples=40)
@given(COUNTS, st.sampled_from(BOUND))
def test_of_a_bound_neither(number, before):
    written = (f"{before}{number}", f"{before}{number} employees", f"{number}+", f"{number} or more", f"{number} plus")
    assert cell("employees", *written) == ([None] * 5, [RANGE] * 5, None)


@pytest.mark.parametrize(
    "written", ["many", "12/03/2024", "n/a", "2.5", "-3", "1.2E+3", "c.", "20 sites", "12 34", "c20x"]
)
def test_what_is_neither_is_told_as_before(written):
    assert not is_range(written)
    values, why, _ = cell("employees", written)
    assert values == [None]
    assert "range" not in why[0]


@settings(max_examples=40)
@given(st.text(max_size=30))
def test_any_text_stays_or_becomes_a_number(written):
    found = single(pl.Series([written])).item()
    assert found == pl.Series([written]).str.strip_chars().item() or found.replace(",", "").replace(" ", "").isdigit()


def test_other_numbers_are_not_read_so():
    assert cell("turnover", "c. 20", "15-20")[:2] == ([None, None], ["cannot be read as money"] * 2)
