"""All records of organisations in one frame, whatever their source: what linkage, scope and identity work on."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from lifecluster.places.postcodes import placed
from lifecluster.policy.visibility import Visibility
from lifecluster.register.statement import record_id
from lifecluster.sources.extract import Extract

SCHEMA: dict[str, pl.DataType] = {
    "record": pl.String(), "source": pl.String(), "rank": pl.String(), "anchor": pl.Int32(), "always": pl.Boolean(),
    "address_is": pl.String(), "key": pl.String(), "name": pl.String(), "previous_name": pl.List(pl.String()),
    "trading_name": pl.List(pl.String()), "company_number": pl.String(), "ods_code": pl.String(), "ukprn": pl.String(),
    "org_id": pl.List(pl.String()), "status": pl.String(), "postcode": pl.String(), "address": pl.String(),
    "town": pl.String(), "country": pl.String(), "easting": pl.Int64(), "northing": pl.Int64(), "lad": pl.String(),
    "sic": pl.List(pl.String()), "description": pl.String(), "organisation_type": pl.List(pl.String()),
    "segment": pl.List(pl.String()),
    "visibility": pl.String(),
    "accounts_category": pl.String(), "incorporated_on": pl.Date(), "dissolved_on": pl.Date(), "closed_on": pl.Date(),
    "sample": pl.Boolean(),
}  # fmt: skip
"""One row per record of an organisation. `anchor` is null for sources that others are not linked to; `postcode`,
`address`, `town` are the working or contact ones where there are any, else the registered ones, and a postcode that
stands for no place is none; `always` tells that
being in the source is enough to be in the register; `visibility` is the strictest of what the row says of itself."""

REGISTERED = {"postcode": "registered_postcode", "address": "registered_address", "town": "registered_town"}
TELLING = ("name", "address", "postcode", "town")
"""What a row says of itself to whoever judges it."""


def organisations(extracts: Iterable[Extract]) -> pl.DataFrame:
    """All organisation records, sorted by record id."""
    frames = [_of(extract) for extract in extracts if "organisation" in extract.records]
    if not frames:
        return pl.DataFrame(schema=SCHEMA)
    return pl.concat(frames).sort("record")


def _of(extract: Extract) -> pl.DataFrame:
    frame = extract.records["organisation"]
    spec = extract.spec
    samples = [s.file for s in extract.snapshots if s.sample]
    columns = {
        "record": record_id(spec.name, "organisation", pl.col("key")),
        "source": pl.lit(spec.name),
        "rank": pl.lit(spec.rank),
        "anchor": pl.lit(spec.anchor, pl.Int32),
        "always": pl.lit(spec.scope == "always"),
        "address_is": pl.lit(spec.address_is),
        "key": pl.col("key"),
        "sample": pl.col("file").is_in(samples),
        "visibility": _strictest(frame),
    }
    for name, dtype in SCHEMA.items():
        if name not in columns:
            choices = [c for c in (name, REGISTERED.get(name)) if c is not None and c in frame.columns]
            values = [placed(pl.col(c)) if name == "postcode" else pl.col(c) for c in choices]
            columns[name] = pl.coalesce(values) if values else pl.lit(None, dtype)
    return frame.select(**{name: columns[name].cast(dtype) for name, dtype in SCHEMA.items()})


def _strictest(frame: pl.DataFrame) -> pl.Expr:
    """The most restricted level among the names and places of each row; public where nothing is said."""
    said = [c for c in frame.columns if c.partition("__")[2] == "visibility" and frame[c].dtype == pl.String]
    levels = {level.label: int(level) for level in Visibility}
    numbers = [pl.col(c).replace_strict(levels, default=int(Visibility.PUBLIC), return_dtype=pl.Int8) for c in said
               if c.partition("__")[0] in TELLING]  # fmt: skip
    names = {number: label for label, number in levels.items()}
    if not numbers:
        return pl.lit(Visibility.PUBLIC.label)
    return pl.max_horizontal(numbers).replace_strict(names, return_dtype=pl.String)


def hard_ids(records: pl.DataFrame) -> pl.Series:
    """Identifiers of each record that decide by themselves, with their scheme (`GB-COH-…`, `GB-NHS-…`)."""
    schemes = [("GB-COH-", "company_number"), ("GB-NHS-", "ods_code"), ("GB-UKPRN-", "ukprn")]
    parts = [pl.concat_list(pl.concat_str(pl.lit(scheme), column)) for scheme, column in schemes]
    others = pl.col("org_id").fill_null(pl.lit([], pl.List(pl.String())))
    joined = pl.concat_list(*parts, others).list.drop_nulls().list.unique().list.sort()
    return records.select(ids=joined)["ids"]
