"""What the two rows of a pair say of themselves, for whoever may know of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from lifecluster.policy.visibility import Visibility, labels_within
from lifecluster.register.package import Package

PLACES = {"postcode": "registered_postcode", "address": "registered_address", "town": "registered_town"}
SAID = ("name", *PLACES, *PLACES.values(), "company_number", "website", "activity", "capability", "status", "sic",
        "trading_name", "previous_name", "incorporated_on", "dissolved_on", "organisation_type")  # fmt: skip
"""Properties that a person judges by."""
SEVERAL = 4
"""Values shown of a property that has many."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a source: its place there, and its words.

    `level` of who may know of it; `open` whether its words are public; `words` by property, those that readers of the
    level may know; `observed` the day of its source.
    """

    record: str
    level: Visibility
    open: bool
    title: str = ""
    locator: str | None = None
    observed: str | None = None
    organisation: str | None = None
    words: dict[str, list[str]] = field(default_factory=dict)

    @property
    def name(self) -> str | None:
        """What it is called."""
        return next(iter(self.words.get("name", ())), None)

    @property
    def where(self) -> str:
        """Source and row, in words."""
        _, _, row = (self.locator or "").rpartition("#")
        return f"{self.title}, row {row}" if row.isdigit() else self.title

    def said(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "record": self.record, "open": self.open, "title": self.title, "locator": self.locator,
            "observed": self.observed, "organisation": self.organisation, "words": self.words,
        }  # fmt: skip


def read_rows(package: Package, records: Iterable[str]) -> dict[str, Row]:
    """The rows of a package (opened whole) by record; companies that are only of the background, too."""
    wanted = sorted(set(records))
    told = package.scan("linked_records").filter(pl.col("record").is_in(wanted)).collect()
    sources = _sources(package)
    said = _said(package, wanted)
    out: dict[str, Row] = {}
    near = package.scan("universe").filter(pl.col("record").is_in(wanted)).collect()
    background = {row["record"]: row for row in near.iter_rows(named=True)}
    for row in told.iter_rows(named=True):
        level = Visibility.parse(row["visibility"])
        is_open = level is Visibility.PUBLIC
        # What a row says at a level above its own is for fewer than may know of it: nobody at the desk is asked by it.
        shown = labels_within(max(level, Visibility.DESK) if level < Visibility.BROKER else level)
        words = _merged(row if is_open else {}, background.get(row["record"], {}), said.get(row["record"], []), shown)
        title, observed = sources.get(row["source"], (row["source"], None))
        out[row["record"]] = Row(row["record"], level, is_open, title, row.get("locator"), observed,
                                 row["organisation"], words)  # fmt: skip
    for record, row in background.items():
        if record not in out:
            source = record.partition("/")[0]
            title, observed = sources.get(source, (source, None))
            words = _merged({}, row, said.get(record, []), labels_within(Visibility.DESK))
            out[record] = Row(record, Visibility.PUBLIC, True, title, None, observed, row["organisation"], words)
    return out


def _sources(package: Package) -> dict[str, tuple[str, str | None]]:
    """Title and newest day of each source."""
    rows = (
        package.scan("sources").select("source", "title", "observed_on").collect().sort("observed_on", nulls_last=False)
    )
    return {source: (title, day and day.isoformat()) for source, title, day in rows.iter_rows()}


def _said(package: Package, wanted: list[str]) -> dict[str, list[tuple[str, str, str]]]:
    """(property, value, visibility) of what each record states, the newest first; nothing that may only be counted."""
    rows = package.scan("statements").filter(
        pl.col("record").is_in(wanted), pl.col("kind") == "organisation", pl.col("property").is_in(SAID),
        ~pl.col("aggregate_only"), pl.col("value").is_not_null(),
    ).select("record", "property", "value", "visibility", "observed_on", "place").collect()  # fmt: skip
    order = ("record", "property", "observed_on", "place", "value")
    rows = rows.sort(order, descending=[name == "observed_on" for name in order], nulls_last=True)
    out: dict[str, list[tuple[str, str, str]]] = {}
    for record, prop, value, visibility, *_ in rows.iter_rows():
        out.setdefault(record, []).append((prop, value, visibility))
    return out


def _merged(row: dict[str, Any], company: dict[str, Any], said: list[tuple[str, str, str]],
            shown: tuple[str, ...]) -> dict[str, list[str]]:  # fmt: skip
    """Values by property: those of the row itself, then the background's, then those of its statements."""
    words: dict[str, list[str]] = {}
    for source in (row, company):
        for prop in ("name", *PLACES, "company_number", "status", "sic", "incorporated_on"):
            value = source.get(prop)
            if value and prop not in words:
                words[prop] = [str(one) for one in value][:SEVERAL] if isinstance(value, list) else [str(value)]
    own = frozenset(words)
    for prop, value, visibility in said:
        found = words.setdefault(prop, []) if prop not in own else words[prop]
        if visibility in shown and prop not in own and value not in found and len(found) < SEVERAL:
            found.append(value)
    for prop, instead in PLACES.items():
        if not words.get(prop) and words.get(instead):
            words[prop] = words[instead]
    return {prop: values for prop, values in sorted(words.items()) if values and prop not in PLACES.values()}
