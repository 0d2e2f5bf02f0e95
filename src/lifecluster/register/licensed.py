"""Licences that organisations hold, each with the day on which that was last checked. A stale one is no plain "yes"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from lifecluster.reference.freshness import freshness
from lifecluster.register.package import Package
from lifecluster.register.seen import day_of, rows, statements_of

OVER = ("expired", "surrendered", "revoked", "withdrawn", "suspended", "terminated", "lapsed")
"""States of a licence that no longer holds."""
TYPE = "licence_type"
"""The property whose age is that of a licence: that there is one of this type is what the register says."""


@dataclass(frozen=True, slots=True)
class Held:
    """A licence by its id: `checked_on` the day it was last seen or verified, None where no source says; `stale`
    whether that is too long ago."""

    id: str
    licence_type: str
    checked_on: date | None
    stale: bool

    def said(self) -> str:
        """The type, and how old it is where that matters."""
        return f"{self.licence_type} (stale: last checked {self.checked_on})" if self.stale else self.licence_type


def held(package: Package) -> pl.DataFrame:
    """Licences that hold on the day of the package: not ended, and of no state that says they do not."""
    over = (pl.col("ends_on") < day_of(package)).fill_null(value=False)
    over |= pl.col("state").is_in(OVER).fill_null(value=False)
    return rows(package, "licences").filter(~over)


def checked(package: Package, organisations: Iterable[str], *, at: date) -> dict[str, list[Held]]:
    """The licences that each organisation holds, by type, last checked first; `at` the day on which one is stale."""
    long = held(package).select("id", TYPE, holder="holder").explode("holder").drop_nulls([TYPE, "holder"])
    mine = long.filter(pl.col("holder").is_in(list(organisations)))
    told = statements_of(package, mine["id"].unique()).filter("shown", pl.col("property") == TYPE)
    seen = told.sort("place", descending=True).select("subject", "observed_on", "verified_on")
    dates = {subject: (observed, verified) for subject, observed, verified in seen.iter_rows()}
    found: dict[str, list[Held]] = {}
    for one, kind, holder in mine.select("id", TYPE, "holder").iter_rows():
        observed, verified = dates.get(one, (None, None))
        age = freshness(TYPE, observed_on=observed, verified_on=verified, at=at)
        found.setdefault(holder, []).append(Held(one, kind, age.since, age.stale))
    return {holder: sorted(mine, key=_order) for holder, mine in found.items()}


def best(licences: Iterable[Held]) -> list[Held]:
    """Of each type the licence that was checked last."""
    found: dict[str, Held] = {}
    for one in sorted(licences, key=_order):
        found.setdefault(one.licence_type, one)
    return list(found.values())


def _order(one: Held) -> tuple[str, bool, int, str]:
    return one.licence_type, one.checked_on is None, -(one.checked_on or date.min).toordinal(), one.id
