"""How old a value is: seen or verified, and when that begins to matter. A date of editing never counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from lifecluster.reference.properties import vocabulary

Age = Literal["fresh", "ageing", "stale", "ageless", "undated"]
AGEING = 2 / 3
"""The share of its time after which a value is on its way to be stale."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """`since` the day it was last seen or verified, whichever is later; `stale_on` the first day on which it is stale.

    `days` since then. A property that does not age is `ageless`, one without any date `undated`.
    """

    state: Age
    since: date | None = None
    stale_on: date | None = None
    days: int | None = None

    @property
    def stale(self) -> bool:
        """Whether it is past its date."""
        return self.state == "stale"


def freshness(prop: str, *, observed_on: date | None, verified_on: date | None, at: date) -> Freshness:
    """The age of a value of property `prop` on the day `at`."""
    since = max((day for day in (observed_on, verified_on) if day is not None), default=None)
    known = vocabulary().properties.get(prop)
    days = None if since is None else (at - since).days
    if known is None or known.stale_after is None:
        return Freshness("ageless" if since else "undated", since, None, days)
    if since is None or days is None:
        return Freshness("undated")
    stale_on = since + timedelta(days=known.stale_after + 1)
    state: Age = "stale" if days > known.stale_after else "ageing" if days > known.stale_after * AGEING else "fresh"
    return Freshness(state, since, stale_on, days)
