"""The clock of a build over rows that carry a day of their own: what speaks of a later day is put aside, and what tells
of a past that is still to come is noted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import polars as pl

from lifecluster.sources.extract import PUBLIC, Extract
from lifecluster.sources.tray import Tray

PLACE = ("file", "row")
PAST = ("incorporated_on", "opened_on", "closed_on", "dissolved_on", "accounts_made_up_to")
"""Dates of what has happened. (A licence may end and an award begin at a later day.)"""


def not_after(extract: Extract, at: date) -> Extract:
    """The extract without rows whose `dated_by` (see `SourceSpec`) lies after `at`, which are rejected with the reason.

    A file that speaks of a later day as a whole is left out before it is read; this is the same rule for its rows. All
    that a row gave goes with it.
    """
    day = extract.spec.dated_by
    frames = [f for part in (extract.records, extract.earlier) if (f := part.get(extract.spec.kind)) is not None]
    frames = [frame for frame in frames if day in frame.columns]
    if day is None or not frames:
        return extract
    late = pl.concat([frame.filter(pl.col(day) > at).select(*PLACE, "key", day) for frame in frames])
    late = late.unique(PLACE, keep="first", maintain_order=True).sort(PLACE)
    if late.is_empty():
        return extract
    tray = Tray(public=extract.spec.visibility == PUBLIC)
    for file, row, key, said in late.iter_rows():
        tray.add(file, row, day, f"speaks of {said}, which lies after {at}, the day of the build", key)
    rows = late.select(PLACE)
    return replace(
        extract, records=_without(extract.records, rows), earlier=_without(extract.earlier, rows),
        rejected=pl.concat([extract.rejected, tray.frame()]), accepted=extract.accepted - late.height,
    )  # fmt: skip


def noting_later(extract: Extract, at: date) -> Extract:
    """The extract with a problem for every date of `PAST` that lies after `at`, the day of the build.

    It may be a slip or a plan, so the value stays.
    """
    tray = Tray(public=extract.spec.visibility == PUBLIC)
    names = {column.property: name for name, column in extract.spec.columns.items()}
    seen: set[tuple[str, int, str]] = set()
    for frame in (*extract.records.values(), *extract.earlier.values()):
        for day in [d for d in PAST if d in frame.columns and frame[d].dtype == pl.Date]:
            for file, row, said in frame.filter(pl.col(day) > at).select(*PLACE, day).iter_rows():
                if (file, row, day) not in seen:
                    seen.add((file, row, day))
                    reason = f"lies after {at}, the day of the build"
                    tray.add(file, row, names.get(day, day), reason, said.isoformat(), kept=True)
    if not len(tray):
        return extract
    return replace(extract, problems=pl.concat([extract.problems, tray.noted()], how="diagonal"))


def _without(kinds: Mapping[str, pl.DataFrame], rows: pl.DataFrame) -> dict[str, pl.DataFrame]:
    return {kind: frame.join(rows, on=PLACE, how="anti", maintain_order="left") for kind, frame in kinds.items()}
