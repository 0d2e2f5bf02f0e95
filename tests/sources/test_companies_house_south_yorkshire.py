"""The geocoded extract: real oddities of the file, and the recoded areas."""

from __future__ import annotations

import gzip
from pathlib import Path

import polars as pl
import pytest

from lifecluster.sources.companies_house.shape import NARROW
from lifecluster.sources.extract import Extract, Snapshot
from lifecluster.sources.files import InputFile
from lifecluster.sources.registry import recognise, sources

HEADER = list(sources()["companies-house-south-yorkshire"].spec.columns)


@pytest.fixture(scope="module")
def path(data_dir: Path) -> Path:
    return data_dir / "companies/companies_house_south_yorkshire_live_geocoded.csv.gz"


@pytest.fixture(scope="module")
def extract(path: Path) -> Extract:
    source = recognise(path)
    assert source is not None
    found = source.read([InputFile(path, Snapshot.of(path))])
    assert isinstance(found, Extract)
    return found


@pytest.fixture(scope="module")
def stated(path: Path) -> pl.DataFrame:
    with gzip.open(path) as packed:
        return pl.read_csv(packed.read(), infer_schema=False)


def test_all_rows_are_in(extract: Extract) -> None:
    assert (extract.read, extract.accepted, extract.rejected.height) == (75_740, 75_740, 0)


def test_records_have_the_shape_of_the_basic_data(extract: Extract) -> None:
    records = extract.records["organisation"]
    assert set(NARROW) <= set(records.columns)
    assert {"registered_town", "legal_form", "easting", "northing", "lad"} <= set(records.columns)
    assert "registered_address" not in records.columns


def test_values_agree_with_the_file_cell_by_cell(extract: Extract, stated: pl.DataFrame) -> None:
    records = extract.records["organisation"]
    assert records["company_number"].equals(stated["CompanyNumber"].alias("company_number"))
    assert records["name"].equals(stated["CompanyName"].str.strip_chars().alias("name"))
    assert records["easting"].equals(stated["easting"].cast(pl.Float64).cast(pl.Int64))
    assert records["row"].to_list() == list(range(2, stated.height + 2))


def test_none_supplied_578_times(extract: Extract, stated: pl.DataFrame) -> None:
    none = stated["SICCode.SicText_1"] == "None Supplied"
    assert none.sum() == 578
    assert extract.records["organisation"].filter(none)["sic"].null_count() == 578


def test_codes_of_sic_2003_are_problems_and_nothing_else_is(extract: Extract, stated: pl.DataFrame) -> None:
    old = sum(stated[f"SICCode.SicText_{i}"].str.contains("^[0-9]{4} - ").sum() for i in range(1, 5))
    assert extract.problems["reason"].unique().to_list() == ["is a code of SIC 2003, not of SIC 2007"]
    assert extract.problems.height == old > 0


def test_the_firm_in_tobacco_and_biotechnology(extract: Extract) -> None:
    wanted = {"46350", "46460", "72110"}
    found = [row for row in extract.records["organisation"]["sic"].drop_nulls().to_list() if wanted <= set(row)]
    assert len(found) == 1


def test_areas_are_given_by_their_active_code(extract: Extract) -> None:
    records = extract.records["organisation"]
    pairs = dict(
        records.filter(pl.col("lad__original").is_not_null()).select("lad__original", "lad").unique().iter_rows()
    )
    assert pairs == {"E08000016": "E08000038", "E08000019": "E08000039"}
    assert records["lad"].n_unique() == 4


def test_mass_registration_addresses(extract: Extract) -> None:
    counts = dict(extract.records["organisation"]["registered_postcode"].value_counts().iter_rows())
    assert (counts["S11 9PA"], counts["DN6 8DA"]) == (1602, 1361)


def test_names_that_are_not_ascii_and_one_name_twice(extract: Extract) -> None:
    names = extract.records["organisation"]["name"]
    assert (names.str.len_bytes() != names.str.len_chars()).sum() == 175
    assert names.len() - names.n_unique() == 1


def write(folder: Path, **change: str) -> InputFile:
    row = {"CompanyName": "VELLUM LTD", "CompanyNumber": "1", "easting": "432859.0", "northing": "384914.0",
           "localauthority_code": "E08000019"} | change  # fmt: skip
    path = folder / "sy.csv"
    path.write_text(",".join(HEADER) + "\n" + ",".join(row.get(name, "") for name in HEADER) + "\n", "utf-8")
    return InputFile(path, Snapshot.of(path))


@pytest.mark.parametrize(
    ("easting", "northing", "reason"),
    [("-1.5", "53.3", "is no place on the National Grid in metres"), ("0.2", "51.5", "looks like degrees, not metres"),
     ("432859", "9999999", "is no place on the National Grid in metres")],
)  # fmt: skip
def test_degrees_and_places_off_the_grid_are_problems(tmp_path: Path, easting: str, northing: str, reason: str) -> None:
    from lifecluster.sources.companies_house_south_yorkshire.reader import read

    spec = sources()["companies-house-south-yorkshire"].spec
    found = read([write(tmp_path, easting=easting, northing=northing)], spec)
    assert reason in found.problems["reason"].to_list()
    assert found.accepted == 1


def test_an_unknown_area_code_is_a_problem(tmp_path: Path) -> None:
    from lifecluster.sources.companies_house_south_yorkshire.reader import read

    spec = sources()["companies-house-south-yorkshire"].spec
    found = read([write(tmp_path, localauthority_code="E99999999")], spec)
    assert found.problems["field"].to_list() == ["localauthority_code"]
    assert found.records["organisation"]["lad"].to_list() == [None]
