"""Universities, RTOs and Catapults: one organisation a row, with a UKPRN or a company number."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from lifecluster.sources.extract import Extract
from lifecluster.sources.files import InputFile
from lifecluster.sources.spec import SourceSpec
from lifecluster.sources.tabular import fingerprint, read_table
from lifecluster.sources.tray import Tray
from lifecluster.sources.values import tidy_company_numbers, tidy_ukprns

TYPES = {"UNIVERSITY": "university", "RTO": "rto", "CATAPULT": "catapult"}
BROKEN = r'SET @|\bSELECT\b|\);|\\$|^[\s,"\']+$|"$'
"""Cells that hold leftovers of the program that wrote the list, or nothing but its punctuation."""
PLACES = ("address", "town", "postcode", "country")


def read(files: Sequence[InputFile], spec: SourceSpec) -> Extract:
    """Records of kind organisation, keyed by a fingerprint of name and type (two share a UKPRN, many have none)."""
    problems = Tray()

    def derive(records: pl.DataFrame) -> pl.DataFrame:
        records = _drop_broken(records, problems)
        kind = pl.col("organisation_type").list.first()
        for row in records.filter(~kind.is_in(list(TYPES))).select("file", "row", kind).iter_rows():
            problems.add(row[0], row[1], "type", "a type that this source does not know", row[2], kept=True)
        records = _numbers(records, problems)
        return records.with_columns(organisation_type=pl.concat_list(kind.replace(TYPES)))

    return read_table(files, spec, derive=derive, keep=("name", "type", "registration_number"), problems=problems)


def _drop_broken(records: pl.DataFrame, problems: Tray) -> pl.DataFrame:
    """A row with one broken cell has shifted neighbours: all its place cells go, with a note for each broken one."""
    broken = pl.any_horizontal(pl.col(c).str.contains(BROKEN).fill_null(False) for c in PLACES)
    for row in records.filter(broken).select("file", "row", *PLACES).iter_rows(named=True):
        held = {c: row[c] for c in PLACES if row[c] is not None}
        problems.add(row["file"], row["row"], "address_line1", "the cells of the address are broken or shifted", held)
    columns = [c for c in records.columns if c.removesuffix("__original") in PLACES]
    return records.with_columns(pl.when(~broken).then(pl.col(c)).alias(c) for c in columns)


def _numbers(records: pl.DataFrame, problems: Tray) -> pl.DataFrame:
    university = records["_type"] == "UNIVERSITY"
    text = records["_registration_number"]
    ukprn = tidy_ukprns(text.set(~university, None))
    company = tidy_company_numbers(text.set(university, None))
    bad = records.filter(text.is_not_null() & ukprn.is_null() & company.is_null())
    for file, row, raw in bad.select("file", "row", "_registration_number").iter_rows():
        problems.add(file, row, "registration_number", "neither a UKPRN nor a company number", raw)
    original = text.set((company.is_null() | (company == text)).fill_null(True), None)
    key = records.select(pl.struct("_name", "_type").map_elements(
        lambda r: fingerprint((r["_name"], r["_type"])), return_dtype=pl.String).alias("key"))["key"]  # fmt: skip
    return records.with_columns(
        key, ukprn.alias("ukprn"), company.alias("company_number"), original.alias("company_number__original")
    )
