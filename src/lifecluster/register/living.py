"""Whether an organisation still exists: no end before a date, and no status that says it ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl

DEAD = ("dissolved", "closed", "removed", "converted-closed")
"""Statuses that say an organisation ended."""
ENDS = ("dissolved_on", "closed_on")
"""Properties that say when it did."""


def is_live(frame: pl.DataFrame, *, at: date) -> pl.Series:
    """Whether each row speaks of an organisation that exists at a date.

    Parameters: `frame` columns `status` (text), `dissolved_on`, `closed_on` (dates); what is null says nothing.
    """
    ended = pl.any_horizontal(pl.col(ENDS) <= at).fill_null(value=False)
    dead = pl.col("status").str.to_lowercase().is_in(DEAD).fill_null(value=False)
    return frame.select(live=~(ended | dead))["live"]


def row_is_live(row: Mapping[str, object], *, at: str) -> bool:
    """The same for one row of plain values (dates as ISO text; what is unknown left out) at an ISO date.

    Without a date (""), any end counts.
    """
    ended = any(row.get(end) and (not at or str(row[end]) <= at) for end in ENDS)
    return not ended and str(row.get("status") or "").lower() not in DEAD
