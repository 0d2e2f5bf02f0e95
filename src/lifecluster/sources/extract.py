"""What a reader returns: accepted records, rejected rows, and the proof that nothing else came in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from lifecluster.errors import LifeclusterError
from lifecluster.policy.visibility import Visibility
from lifecluster.reference.properties import vocabulary
from lifecluster.sources.spec import SourceSpec

REJECTED_SCHEMA = {"file": pl.String, "row": pl.UInt32, "field": pl.String, "reason": pl.String, "raw": pl.String}
"""Rejected rows: file name, row of the sheet, column (null = whole row), reason in words, the row as JSON text.

The number of a row is the one that a person sees who opens the file in a spreadsheet program: the header line, lines
above it and blank lines count. Of a file without columns (JSON lines) it is the line, of a list of things its place."""


PROBLEMS_SCHEMA = {**REJECTED_SCHEMA, "kept": pl.Boolean}
"""Cells with a problem: as rejected rows, and whether what stood there was used all the same (else it was put aside;
the row stays either way)."""


def no_rejected() -> pl.DataFrame:
    """An empty frame of rejected rows."""
    return pl.DataFrame(schema=REJECTED_SCHEMA)


PUBLIC = Visibility.PUBLIC.label
RECORD_COLUMNS = ("key", "file", "row")
"""Every frame of records starts with these: key (unique within source and kind), file name, row of the sheet."""

COMPANIONS = ("original", "observed_on", "valid_from", "valid_to", "visibility", "file", "row")
"""What a column `<property>__<companion>` may add to each value; a list beside the values of a `many` property.
`file` and `row` are for sources that have a value a row: they say where this value stands."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One input file as it was read: name below the inputs, bytes, SHA-256, and the date its content speaks of."""

    file: str
    bytes: int
    sha256: str
    observed_on: date | None = None
    sample: bool = False

    @classmethod
    def of(
        cls, path: Path, *, name: str | None = None, observed_on: date | None = None, sample: bool = False
    ) -> Snapshot:
        """Hash `path` in blocks of 1 MiB. `name`: what to call it (default: its name without folders)."""
        digest = hashlib.sha256()
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
        return cls(name or path.name, path.stat().st_size, digest.hexdigest(), observed_on, sample)


@dataclass(frozen=True)
class Extract:
    """All that one source gave in one build.

    `records`: kind -> frame with `key`, `file`, `row`, then one column per property of the vocabulary
    (text as String, `int` as Int64, `number`/`money` as Float64, `date` as Date, `many` as List of these);
    where parsing changed a value, a column `<property>__original` keeps the text as it stood.
    A source whose values differ in date or visibility adds the other columns of `COMPANIONS` (see `exchange`).
    `ref` values are `kind:key` of a record of the same source. A row may give records of several kinds.
    `earlier`: kind -> further values of these records, of the same columns, where keys may repeat: older values of
    properties that hold one, and values for other eyes. Every one becomes a statement; nothing else is made of them.
    Where the source is not public, every value says who may see it (`restrict` does that; checked here).
    `problems`: cells that could not be read, whose rows stay without that value, and such as are only noted: columns
    of `PROBLEMS_SCHEMA` (without `kept`: none of them was used).
    `lines`: file -> row -> line of the file that the row begins on, where cells above it hold line breaks.
    `read` = `accepted` + rows of `rejected`, always (checked here).
    """

    spec: SourceSpec
    snapshots: tuple[Snapshot, ...]
    records: Mapping[str, pl.DataFrame]
    rejected: pl.DataFrame
    read: int
    accepted: int
    warnings: tuple[str, ...] = ()
    problems: pl.DataFrame = field(default_factory=no_rejected)
    earlier: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    lines: Mapping[str, Mapping[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_counts(self)
        _check_names(self)
        for kind, frame in self.records.items():
            self._check_kind(kind, frame)
            if frame["key"].n_unique() != frame.height:
                raise LifeclusterError(f"{self.spec.name}: keys of {kind} repeat")
        for kind, frame in self.earlier.items():
            self._check_kind(kind, frame)

    def everything(self, kind: str) -> pl.DataFrame:
        """The records of `kind` and below them their further values: one statement a value, none left out."""
        frame = self.records[kind]
        return frame if kind not in self.earlier else pl.concat([frame, self.earlier[kind]], how="diagonal")

    def _check_kind(self, kind: str, frame: pl.DataFrame) -> None:
        if tuple(frame.columns[:3]) != RECORD_COLUMNS:
            raise LifeclusterError(f"{self.spec.name}: records of {kind} start with {frame.columns[:3]}")
        bearable = vocabulary().of(kind)
        for column in frame.columns[3:]:
            name, _, companion = column.partition("__")
            if name not in bearable or (companion and companion not in COMPANIONS):
                raise LifeclusterError(f"{self.spec.name}: {column!r} is no property of {kind}")
            seen_by = f"{name}__visibility"
            if not companion and self.spec.visibility != PUBLIC and seen_by not in frame.columns:
                raise LifeclusterError(f"{self.spec.name}: {column!r} of {kind} does not say who may see it")


@dataclass(frozen=True)
class ReferenceExtract:
    """All that a source of reference tables gave: no subjects and no statements, but tables to look things up in.

    `tables`: name -> frame, whose columns the reader documents. `read` = `accepted` + rows of `rejected`, always.
    """

    spec: SourceSpec
    snapshots: tuple[Snapshot, ...]
    tables: Mapping[str, pl.DataFrame]
    rejected: pl.DataFrame
    read: int
    accepted: int
    warnings: tuple[str, ...] = ()
    problems: pl.DataFrame = field(default_factory=no_rejected)

    def __post_init__(self) -> None:
        _check_counts(self)


def restrict(frame: pl.DataFrame, spec: SourceSpec) -> pl.DataFrame:
    """Records of a source that is not public: each value without a word of its own is for whom the source is."""
    if spec.visibility == PUBLIC:
        return frame
    said = []
    for name in frame.columns:
        if name in RECORD_COLUMNS or "__" in name or name.startswith("_") or f"{name}__visibility" in frame.columns:
            continue
        level = pl.lit(spec.visibility)
        if isinstance(frame[name].dtype, pl.List):
            level = pl.when(pl.col(name).is_not_null()).then(level.repeat_by(pl.col(name).list.len()))
        said.append(level.alias(f"{name}__visibility"))
    return frame.with_columns(said)


def _check_names(extract: Extract) -> None:
    names = [snapshot.file for snapshot in extract.snapshots]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise LifeclusterError(f"{extract.spec.name}: several files are called {twice[0]}; name them by their folders")


def _check_counts(extract: Extract | ReferenceExtract) -> None:
    name = extract.spec.name
    if extract.read != extract.accepted + extract.rejected.height:
        raise LifeclusterError(
            f"{name}: {extract.read} rows in, {extract.accepted} accepted and "
            f"{extract.rejected.height} rejected: rows are not accounted for"
        )
    if list(extract.rejected.columns) != list(REJECTED_SCHEMA):
        raise LifeclusterError(f"{name}: rejected rows have columns {extract.rejected.columns}")
