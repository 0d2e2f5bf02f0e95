"""The same answer for a frame and for one row of plain values."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.register.living import DEAD, is_live, row_is_live

DATES = st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
SCHEMA = {"status": pl.String, "dissolved_on": pl.Date, "closed_on": pl.Date}
ROWS = st.fixed_dictionaries({
    "status": st.one_of(st.none(), st.sampled_from(["active", "Dissolved", *DEAD])), "dissolved_on": DATES, "closed_on": DATES,
})  # fmt: skip


@given(row=ROWS, at=st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_a_frame_and_a_row_say_the_same(row: dict[str, Any], at: date) -> None:
    known = {k: v.isoformat() if isinstance(v, date) else v for k, v in row.items() if v is not None}
    said = is_live(pl.DataFrame([row], schema=SCHEMA), at=at).item()
    assert row_is_live(known, at=at.isoformat()) == said
    ends = [end for end in (row["dissolved_on"], row["closed_on"]) if end is not None]
    assert said == (all(end > at for end in ends) and (row["status"] or "").lower() not in DEAD)


def test_without_a_date_any_end_counts() -> None:
    assert not row_is_live({"closed_on": "2031-01-01"}, at="")
    assert row_is_live({"closed_on": "2031-01-01"}, at="2026-01-01")
