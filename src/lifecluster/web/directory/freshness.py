"""How old a value is on the day that counts as today in the web app; the rule itself is the library's."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.conf import settings

from lifecluster import clock
from lifecluster.reference.freshness import Freshness
from lifecluster.reference.freshness import freshness as on_a_day


def today() -> date:
    """The day that counts as today: the setting LIFECLUSTER_AT (a date or its ISO text), else the library's clock."""
    stated = getattr(settings, "LIFECLUSTER_AT", None)
    if isinstance(stated, date):
        return stated
    return date.fromisoformat(stated) if stated else clock.today()


def freshness(prop: str, *, observed_on: date | None, verified_on: date | None, at: date | None = None) -> Freshness:
    """The age of a value of property `prop` on the day `at` (default: today)."""
    return _on_a_day(prop, observed_on, verified_on, at or today())


@lru_cache(8192)
def _on_a_day(prop: str, observed_on: date | None, verified_on: date | None, at: date) -> Freshness:
    """The rule, remembered: a list has the same few dates a thousand times."""
    return on_a_day(prop, observed_on=observed_on, verified_on=verified_on, at=at)
