"""Statements: one value of one property of one record, with where it came from. The atom of the register.

A statement is never changed. Its id is a hash of what it says and where it stands, not of the organisation that the
record was linked to, so links may come and go while statements keep their ids.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import polars as pl

from lifecluster.policy.visibility import Visibility, labels_within
from lifecluster.reference.properties import vocabulary
from lifecluster.sources.extract import COMPANIONS, RECORD_COLUMNS, Extract

SCHEMA: dict[str, type[pl.DataType]] = {
    "id": pl.String,
    "subject": pl.String,
    "kind": pl.String,
    "property": pl.String,
    "value": pl.String,
    "original": pl.String,
    "source": pl.String,
    "rank": pl.String,
    "record": pl.String,
    "locator": pl.String,
    "snapshot": pl.String,
    "licence": pl.String,
    "observed_on": pl.Date,
    "valid_from": pl.Date,
    "valid_to": pl.Date,
    "verified_on": pl.Date,
    "visibility": pl.String,
    "aggregate_only": pl.Boolean,
    "owner": pl.String,
    "consent": pl.String,
    "personal": pl.String,
    "sample": pl.Boolean,
}
"""`subject` is the id of the thing spoken of; `record` the source's own record (`source/kind:key`); `rank` what kind of
source speaks (member, official, other); `original` the text as it stood where reading changed it; `locator` file and
row; `personal` is always `none`: data about persons has no place in statements."""

HASHED = ("record", "property", "value", "original", "source", "locator", "snapshot", "observed_on", "valid_from",
          "valid_to", "verified_on", "visibility", "owner")  # fmt: skip
"""What the id is a hash of."""

SAID = tuple(c for c in COMPANIONS if c in SCHEMA)
"""What a source may say of a single value and a statement keeps as such."""
PERSONAL_CLASSES = ("none",)
ID_DIGITS = 32


def may_see(clearance: Visibility) -> pl.Expr:
    """Of statements: whether readers of a clearance may see them; see `policy.visibility.may_see`.

    What is only to be counted is for its owner's eyes alone; OWNER is whoever has the whole package.
    """
    if clearance is Visibility.OWNER:
        return pl.lit(value=True)
    return pl.col("visibility").is_in(labels_within(clearance)) & ~pl.col("aggregate_only").fill_null(value=False)


def record_id(source: str, kind: str, key: pl.Expr) -> pl.Expr:
    """`source/kind:key` for each key."""
    return pl.concat_str(pl.lit(f"{source}/{kind}:"), key)


def locator(file: str, row: str) -> pl.Expr:
    """`file#row` of two columns."""
    return pl.concat_str(file, pl.lit("#"), pl.col(row).cast(pl.String))


def from_extract(extract: Extract, kind: str, *, keep: pl.Series | None = None) -> pl.DataFrame:
    """Statements of all records of one kind, in order of rows and vocabulary; `subject` is the record itself.

    Parameters: `keep` keys of the records wanted (all if None).
    Returns a frame of `SCHEMA`. `ref` values become record ids of the same source.
    """
    frame = extract.everything(kind)
    if keep is not None:
        frame = frame.filter(pl.col("key").is_in(keep.implode()))
    frame = frame.with_columns(
        record=record_id(extract.spec.name, kind, pl.col("key")),
        locator=locator("file", "row"),
    ).with_row_index("_order")
    known = vocabulary().of(kind)
    if extract.spec.dated_by in frame.columns:
        frame = frame.with_columns(_dated=pl.col(str(extract.spec.dated_by)))
    columns = [c for c in frame.columns if c in known and c not in RECORD_COLUMNS]
    parts = [_column(frame, name, known[name].type == "ref", extract) for name in columns]
    if not parts:
        return pl.DataFrame(schema=SCHEMA)
    rank = {name: i for i, name in enumerate(known)}
    long = pl.concat(parts).with_columns(_property=pl.col("property").replace_strict(rank, return_dtype=pl.Int32))
    long = long.sort("_order", "_property", "value", maintain_order=True)
    return complete(_with_snapshot(long, extract), extract, kind)


def _column(frame: pl.DataFrame, name: str, is_ref: bool, extract: Extract) -> pl.DataFrame:
    """One property of all records as rows of text, with what its companion columns say of each value."""
    said = {c: pl.col(f"{name}__{c}") for c in COMPANIONS if f"{name}__{c}" in frame.columns}
    dated = pl.col("_dated") if "_dated" in frame.columns else pl.lit(None, pl.Date)
    base = {"file": pl.col("file"), "value": pl.col(name), "dated": dated}
    long = frame.select("_order", "record", "locator", **{**base, **said})
    lists = [c for c in ("value", *said) if isinstance(long[c].dtype, pl.List)]
    if lists:
        long = long.explode(lists)
    long = long.drop_nulls("value").with_columns(property=pl.lit(name), value=_text("value", long["value"].dtype))
    missing = {c: pl.lit(None, SCHEMA[c]) for c in SAID if c not in said}
    long = long.with_columns(**missing).with_columns(observed_on=pl.coalesce("observed_on", "dated")).drop("dated")
    if "row" in said:
        long = long.with_columns(locator=locator("file", "row"))
    if is_ref:
        long = long.with_columns(value=pl.concat_str(pl.lit(f"{extract.spec.name}/"), "value"))
    long = long.with_columns(original=pl.when(pl.col("original") != pl.col("value")).then("original"))
    return long.select("_order", "record", "file", "locator", "property", "value", *SAID)


def _text(column: str, dtype: pl.DataType) -> pl.Expr:
    """Canonical text of a value: whole floats without `.0`, dates ISO, booleans lower case."""
    if dtype.is_float():
        whole = pl.col(column) == pl.col(column).floor()
        return pl.when(whole).then(pl.col(column).cast(pl.Int64, strict=False).cast(pl.String)).otherwise(
            pl.col(column).cast(pl.String))  # fmt: skip
    if dtype == pl.Boolean:
        return pl.col(column).cast(pl.String).str.to_lowercase()
    return pl.col(column).cast(pl.String)


def _with_snapshot(long: pl.DataFrame, extract: Extract) -> pl.DataFrame:
    snapshots = pl.DataFrame(
        [(s.file, s.sha256, s.observed_on, s.sample) for s in extract.snapshots],
        schema={"file": pl.String, "snapshot": pl.String, "_seen": pl.Date, "sample": pl.Boolean},
        orient="row",
    )
    joined = long.join(snapshots, on="file", how="left", maintain_order="left")
    return joined.with_columns(
        observed_on=pl.coalesce("observed_on", "_seen"), visibility=pl.col("visibility").fill_null("public")
    )


def complete(long: pl.DataFrame, extract: Extract, kind: str) -> pl.DataFrame:
    """Fill what is the same for a whole source and give each statement its id."""
    full = long.with_columns(
        subject=pl.col("record"), kind=pl.lit(kind), source=pl.lit(extract.spec.name), rank=pl.lit(extract.spec.rank),
        licence=pl.lit(extract.spec.licence.id), aggregate_only=pl.lit(False),
        personal=pl.lit("none"),
    )  # fmt: skip
    missing = {c: pl.lit(None, t) for c, t in SCHEMA.items() if c not in full.columns}
    return with_ids(full.with_columns(**missing).select(list(SCHEMA)))


def with_ids(statements: pl.DataFrame) -> pl.DataFrame:
    """The same statements with `id` computed from `HASHED`."""
    text = statements.select(
        pl.concat_str([pl.col(c).cast(pl.String).fill_null("\x00") for c in HASHED], separator="\x1f").alias("t")
    )["t"]
    ids = [hashlib.sha256(t.encode()).hexdigest()[:ID_DIGITS] for t in text]
    return statements.with_columns(pl.Series("id", ids, dtype=pl.String))


def gather(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """All statements in one frame, each once (the same value of the same row is the same statement)."""
    frames = [f for f in frames if f.height]
    if not frames:
        return pl.DataFrame(schema=SCHEMA)
    return pl.concat(frames).unique("id", keep="first", maintain_order=True)
