"""Taking out what must not be kept: a statement's words go, its hash stays as a tombstone.

The log says which statement, of which record and property. The value is removed from the record before anything else
is made of it, so that linkage, tables and reviews never see it; the package before has to be deleted by its owner.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from lifecluster.build.read import Reading
from lifecluster.register.entry import Entry
from lifecluster.register.statement import record_id
from lifecluster.sources.extract import COMPANIONS, Extract

TOMBSTONES = pl.Schema({
    "id": pl.String, "record": pl.String, "property": pl.String, "entry": pl.String, "at": pl.String, "why": pl.String,
})  # fmt: skip
"""`id` of the statement that was taken out, whose it was, and the log entry that ordered it."""
ACTION = "statement.redact"


def redact(reading: Reading, entries: Sequence[Entry]) -> tuple[Reading, pl.DataFrame]:
    """The reading without what the log orders to be taken out, and a frame of `TOMBSTONES`.

    All values that the record states of that property are removed, also those that a newer edition of the file would
    bring again.
    """
    ordered = [e for e in entries if e.action == ACTION]
    rows = [(e.subject, e.object, e.property, e.id, e.at, e.why) for e in ordered]
    tombstones = pl.DataFrame(rows, schema=TOMBSTONES, orient="row").unique("id", keep="first", maintain_order=True)
    if tombstones.is_empty():
        return reading, tombstones
    return replace(reading, extracts=tuple(_without(e, tombstones) for e in reading.extracts)), tombstones.sort("id")


def _without(extract: Extract, tombstones: pl.DataFrame) -> Extract:
    records, earlier = (
        {kind: _blank(frame, extract.spec.name, kind, tombstones) for kind, frame in frames.items()}
        for frames in (extract.records, extract.earlier)
    )
    return replace(extract, records=records, earlier=earlier)


def _blank(frame: pl.DataFrame, source: str, kind: str, tombstones: pl.DataFrame) -> pl.DataFrame:
    """The frame with the values that are to be taken out, and all that was said of them, set to null."""
    record = record_id(source, kind, pl.col("key"))
    changes = []
    for (prop,), mine in tombstones.group_by("property", maintain_order=True):
        hit = record.is_in(mine["record"].implode())
        columns = [c for c in (str(prop), *(f"{prop}__{c}" for c in COMPANIONS)) if c in frame.columns]
        changes += [pl.when(~hit).then(pl.col(c)).alias(c) for c in columns]
    return frame.with_columns(changes)
