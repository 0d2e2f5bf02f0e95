"""Numbers and dates as they are written."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.web.kit import formats

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (formats.number(33400), "33,400"),
        (formats.number(-1234.56, 1), "−1,234.6"),
        (formats.number(None), "unknown"),
        (formats.number(0), "0"),
        (formats.money(248000), "£248,000"),
        (formats.money(18_400_000), "£18.4\u00a0m"),
        (formats.money(None), "unknown"),
        (formats.day(date(2026, 11, 7)), "7\u00a0Nov\u00a02026"),
        (formats.day(date(2026, 5, 17), long=True), "17\u00a0May\u00a02026"),
        (formats.day("September 2025"), "September 2025"),
        (formats.day(None), "not known"),
        (formats.span(1214, 1331), "1,214 to 1,331"),
        (formats.span(None, 3), ""),
        (formats.dashed(1214, 1331), "1,214–1,331"),
        (formats.plural(1, "site"), "1\u00a0site"),
        (formats.plural(1871, "site"), "1,871\u00a0sites"),
        (formats.plural(2, "company", "companies"), "2\u00a0companies"),
    ],
)
def test_words(made: str, expected: str) -> None:
    assert made == expected


@pytest.mark.parametrize(
    ("value", "word"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"), (21, "21st"),
     (112, "112th"), (122, "122nd")],
)  # fmt: skip
def test_ordinals(value: int, word: str) -> None:
    assert formats.ordinal(value) == word


@given(st.integers(-(10**12), 10**12))
def test_a_number_can_be_read_back(value: int) -> None:
    assert int(formats.number(value).replace(",", "").replace(formats.MINUS, "-")) == value
