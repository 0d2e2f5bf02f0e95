"""The benchmark's generator writes the official layout, and the fast reader reads it as a plain one does."""

from __future__ import annotations

import csv
import importlib.util
import io
from pathlib import Path

import polars as pl

from lifecluster.sources.companies_house.reader import scan
from lifecluster.sources.extract import Snapshot
from lifecluster.sources.files import InputFile
from lifecluster.sources.registry import sources

SPEC = sources()["companies-house"].spec
ROOT = Path(__file__).parents[2]
POSTCODES = pl.Series(["S11 9PA", "B1 1AA", "NG7 2RD"])

_spec = importlib.util.spec_from_file_location("generate_companies", ROOT / "benchmarks/companies_house/generate.py")
assert _spec is not None
assert _spec.loader is not None
generate = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(generate)


def test_the_header_is_the_official_one(data_dir: Path) -> None:
    text = (data_dir / "companies/companies_house_basic_2020-06_sample87.csv").read_text("utf-8")
    assert text.splitlines()[0] == generate.HEADER


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    for name in "ab":
        generate.write(tmp_path / name, 300, POSTCODES)
    generate.write(tmp_path / "c", 300, POSTCODES, seed=8)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes() != (tmp_path / "c").read_bytes()


def test_the_reader_agrees_with_a_plain_one(tmp_path: Path) -> None:
    path = tmp_path / "companies.csv"
    generate.write(path, 2_000, POSTCODES)
    found = scan([InputFile(path, Snapshot.of(path))], SPEC)
    assert (found.read, found.accepted, found.rejected.height, found.problems.height) == (2_000, 2_000, 0, 0)
    plain = csv.DictReader(io.StringIO(path.read_text("utf-8")))
    plain.fieldnames = [name.strip() for name in plain.fieldnames or ()]
    for row, stated in zip(found.rows.iter_rows(named=True), plain, strict=True):
        assert (row["name"], row["key"]) == (stated["CompanyName"], stated["CompanyNumber"])
        assert row["registered_postcode"] == stated["RegAddress.PostCode"]
        assert f"{row['incorporated_on']:%d/%m/%Y}" == stated["IncorporationDate"]
        codes = [stated[f"SICCode.SicText_{i}"][:5] for i in range(1, 5)]
        assert (row["sic"] or []) == list(dict.fromkeys(c for c in codes if c.isdigit()))
        assert (row["previous_name"] or [""])[0] == stated["PreviousName_1.CompanyName"]
        assert row["registered_address"] == stated["RegAddress.AddressLine1"]
