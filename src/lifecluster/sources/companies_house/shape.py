"""Rows of the official layout to typed properties, a whole group of rows at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
import polars as pl
import pyarrow as pa

from lifecluster.places.areas import code_history
from lifecluster.places.grid import EAST, NORTH
from lifecluster.places.postcodes import tidy
from lifecluster.sources.companies_house.number import tidy_numbers
from lifecluster.sources.extract import REJECTED_SCHEMA, no_rejected
from lifecluster.sources.spec import SourceSpec
from lifecluster.sources.tray import safe_json
from lifecluster.sources.values import DATE_FORMATS

STATUS = {
    "active": "active",
    "active - proposal to strike off": "active-proposal-to-strike-off",
    "liquidation": "liquidation",
    "in administration": "administration",
    "administration order": "administration",
    "in administration/administrative receiver": "administration",
    "in administration/receiver manager": "administration",
    "administrative receiver": "receivership",
    "receivership": "receivership",
    "receiver manager / administrative receiver": "receivership",
    "live but receiver manager on at least one charge": "receivership",
    "voluntary arrangement": "voluntary-arrangement",
    "voluntary arrangement / administrative receiver": "voluntary-arrangement",
    "voluntary arrangement / receiver manager": "voluntary-arrangement",
    "insolvency proceedings": "insolvency-proceedings",
    "dissolved": "dissolved",
    "converted/closed": "converted-closed",
    "converted / closed": "converted-closed",
    "closed": "closed",
    "open": "open",
    "registered": "registered",
    "removed": "removed",
}
"""What the register writes -> our code (those of its public API where it has one); the text itself is kept too."""
GONE = frozenset({"dissolved", "converted-closed", "closed", "removed"})
"""Codes of companies that live no more; all others are live companies in the sense of linkage."""
NARROW = ("name", "company_number", "registered_postcode", "status", "incorporated_on", "sic")
"""Properties of the narrow frame."""


class Cells:
    """One group of rows: `frame` has `key, file, row` and the text columns by header; `spec` says what they mean.

    `problems` collects the cells that could not be read.
    """

    def __init__(self, frame: pl.DataFrame, spec: SourceSpec) -> None:
        self.frame, self.spec = frame, spec
        self.problems: list[pl.DataFrame] = []

    def names(self, prop: str) -> list[str]:
        """Columns that give `prop`, in the order of source.yml, as far as the file has them."""
        return [n for n, c in self.spec.columns.items() if c.property == prop and n in self.frame.columns]

    def text(self, name: str) -> pl.Series:
        """The cells of a column: trimmed, null where empty or where source.yml says that it means nothing."""
        none = pl.col(name).str.to_lowercase().is_in([t.casefold() for t in self.spec.columns[name].none])
        empty = pl.col(name) == ""
        return (
            self.frame.select(pl.col(name).str.strip_chars())
            .select(pl.when(empty | none if self.spec.columns[name].none else empty).then(None).otherwise(pl.col(name)))
            .to_series()
            .alias(name)
        )

    def report(self, field: str, text: pl.Series, bad: pl.Series, reason: str) -> None:
        """Note the cells where `bad` holds."""
        if bad.any():
            raw = [safe_json(value) for value in text.filter(bad)]
            rows = self.frame.select("file", "row").filter(bad)
            self.problems.append(
                rows.with_columns(
                    field=pl.lit(field), reason=pl.lit(reason), raw=pl.Series(raw, dtype=pl.String)
                ).select([pl.col(c).cast(t) for c, t in REJECTED_SCHEMA.items()])
            )

    def problem_frame(self) -> pl.DataFrame:
        """All cells noted so far."""
        return pl.concat([no_rejected(), *self.problems])


def kept(prop: str, values: pl.Series, text: pl.Series) -> list[pl.Series]:
    """The values, and beside them the text as it stood where reading changed it (null elsewhere)."""
    changed = (values.cast(pl.String) != text) | (values.is_null() & text.is_not_null())
    original = text.to_frame("t").select(pl.when(changed).then("t")).to_series()
    return [values.alias(prop), original.alias(f"{prop}__original")]


def narrow(cells: Cells, props: Sequence[str] = NARROW) -> pl.DataFrame:
    """`key, file, row` and the properties `props`, by default name, number, postcode, status, day of incorporation
    and SIC codes: what scope and segments need. What the file lacks is null.
    """
    parts = [cells.frame.select("key", "file", "row")]
    for prop in props:
        names = cells.names(prop)
        if not names:
            types: dict[str, pl.DataType] = {"sic": pl.List(pl.String), "incorporated_on": pl.Date()}
            dtype = types.get(prop, pl.String())
            parts.append(pl.DataFrame({prop: pl.repeat(None, cells.frame.height, dtype=dtype, eager=True)}))
        else:
            parts.append(pl.DataFrame(_READ[prop](cells, prop, names)))
    return pl.concat(parts, how="horizontal")


def wide(cells: Cells) -> pl.DataFrame:
    """All other properties of source.yml, without `key, file, row`."""
    used = {str(c.property) for c in cells.spec.columns.values() if c.property is not None} - set(NARROW)
    ordered = [p for p in dict.fromkeys(str(c.property) for c in cells.spec.columns.values()) if p in used]
    series = [
        s for prop in ordered if cells.names(prop) for s in _READ.get(prop, _plain)(cells, prop, cells.names(prop))
    ]
    return pl.DataFrame(series)


def _plain(cells: Cells, prop: str, names: Sequence[str]) -> list[pl.Series]:
    return [cells.text(names[0]).alias(prop)]


def _number(cells: Cells, prop: str, names: Sequence[str]) -> list[pl.Series]:
    text = cells.text(names[0])
    return kept(prop, tidy_numbers(text), text)


def _postcode(cells: Cells, prop: str, names: Sequence[str]) -> list[pl.Series]:
    text = cells.text(names[0])
    values = tidy(text)
    cells.report(names[0], text, values.is_null() & text.is_not_null(), "is no postcode of the United Kingdom")
    return kept(prop, values, text)


def _status(cells: Cells, prop: str, names: Sequence[str]) -> list[pl.Series]:
    text = cells.text(names[0])
    values = (
        text.str.to_lowercase()
        .str.replace_all(r"\s+", " ")
        .replace_strict(STATUS, default=None, return_dtype=pl.String)
    )
    cells.report(names[0], text, values.is_null() & text.is_not_null(), "is a status that is not known here")
    return [values.alias(prop), text.alias(f"{prop}__original")]


def _date(cells: Cells, prop: str, names: Sequence[str]) -> list[pl.Series]:
    text = cells.text(names[0])
    values = text.str.strptime(pl.Date, "%d/%m/%Y", strict=False)
    odd = values.is_null() & text.is_not_null()
    if odd.any():
        tries = [pl.col("t").str.strptime(pl.Date, form, strict=False) for form in DATE_FORMATS]
        other = text.filter(odd).to_frame("t").select(pl.coalesce(tries)).to_series()
        values = values.scatter(odd.arg_true(), other)
    values = values.set(values.dt.year() < 1200, None)
    cells.report(names[0], text, values.is_null() & text.is_not_null(), "cannot be read as date")
    return [values.alias(prop), text.alias(f"{prop}__original")]


def _sic(cells: Cells, prop: str, names: Sequence[str]) -> list[pl.Series]:
    """Codes of SIC 2007 (five digits); four digits are a code of SIC 2003 and are noted, not guessed at.

    There are fewer than a thousand different texts: each is read once.
    """
    codes, texts = [], []
    for name in names:
        text = cells.text(name)
        known = (
            text.drop_nulls()
            .unique()
            .to_frame("text")
            .with_columns(
                code=pl.col("text").str.extract(r"^([0-9]{5})(?:[^0-9]|$)"),
                old=pl.col("text").str.contains(r"^[0-9]{4}(?:[^0-9]|$)"),
            )
        )
        code = text.replace_strict(known["text"], known["code"], default=None, return_dtype=pl.String)
        bad = code.is_null() & text.is_not_null()
        if bad.any():
            old = text.is_in(known.filter("old")["text"].implode()).fill_null(False)
            cells.report(name, text, bad & old, "is a code of SIC 2003, not of SIC 2007")
            cells.report(name, text, bad & ~old, "is no SIC code")
        codes.append(code)
        texts.append(text.set(bad, None))
    return [_list(codes).alias(prop), _list(texts).alias(f"{prop}__original")]


def _names(cells: Cells, prop: str, names: Sequence[str]) -> list[pl.Series]:
    return [_list([cells.text(name) for name in names]).alias(prop)]


def _list(columns: Sequence[pl.Series]) -> pl.Series:
    """Several columns to one of lists without nulls and repeats; null where nothing is left.

    The list is laid out by hand (values in row order, offsets beside them): five times as fast as joining lists.
    """
    used = [s for s in columns if s.null_count() < len(s)]
    if not used:
        return pl.repeat(None, len(columns[0]), dtype=pl.List(pl.String), eager=True)
    for j in range(1, len(used)):
        for earlier in used[:j]:
            used[j] = used[j].set((used[j] == earlier).fill_null(False), None)
    there = np.column_stack([s.is_not_null().to_numpy() for s in used])
    # Row-major order of the cells that hold something: column index * rows + row index into the stacked values.
    row, column = np.nonzero(there)
    values = pl.concat([s.rename("v") for s in used]).gather(column * len(used[0]) + row)
    count = there.sum(axis=1)
    offsets = np.concatenate(([0], np.cumsum(count)))
    lists = pa.LargeListArray.from_arrays(pa.array(offsets, pa.int64()), values.to_arrow(), mask=pa.array(count == 0))
    return cast("pl.Series", pl.from_arrow(lists))


def _address(cells: Cells, prop: str, names: Sequence[str]) -> list[pl.Series]:
    parts = []
    for name in names:
        text = cells.text(name)
        if name.endswith("POBox"):
            text = (
                text.to_frame("t")
                .select(pl.when(pl.col("t").str.contains("(?i)box")).then("t").otherwise(pl.format("PO Box {}", "t")))
                .to_series()
            )
        parts.append(text.alias(name))
    line = pl.DataFrame(parts).select(pl.concat_str(pl.all(), separator=", ", ignore_nulls=True).alias("l"))
    return [line.select(pl.when(pl.col("l") != "").then("l")).to_series().alias(prop)]


def _metres(cells: Cells, prop: str, names: Sequence[str]) -> list[pl.Series]:
    text = cells.text(names[0])
    low, high = EAST if prop == "easting" else NORTH
    values = text.cast(pl.Float64, strict=False)
    values = values.set((values < low) | (values > high) | values.is_nan(), None).round(0).cast(pl.Int64)
    cells.report(names[0], text, values.is_null() & text.is_not_null(), "is no place on the National Grid in metres")
    # Degrees are small numbers: a column of them is a column of places in the sea off Cornwall.
    degrees = values.abs() <= 180  # degrees, by definition
    cells.report(names[0], text, degrees.fill_null(False), "looks like degrees, not metres")
    return [values.set(degrees, None).alias(prop)]


def _lad(cells: Cells, prop: str, names: Sequence[str]) -> list[pl.Series]:
    text = cells.text(names[0])
    values = code_history().active_codes(text)
    cells.report(names[0], text, values.is_null() & text.is_not_null(), "is no code of a local authority")
    return kept(prop, values, text)


_READ = {
    "name": _plain,
    "company_number": _number,
    "registered_postcode": _postcode,
    "status": _status,
    "incorporated_on": _date,
    "dissolved_on": _date,
    "accounts_made_up_to": _date,
    "sic": _sic,
    "previous_name": _names,
    "registered_address": _address,
    "easting": _metres,
    "northing": _metres,
    "lad": _lad,
}
