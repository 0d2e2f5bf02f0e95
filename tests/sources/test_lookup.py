"""Sources of reference tables: what they may say, what they return, how archives are told."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from pydantic import ValidationError

from lifecluster.errors import InputError, LifeclusterError
from lifecluster.sources.extract import ReferenceExtract, no_rejected
from lifecluster.sources.files import members, open_member
from lifecluster.sources.registry import gather, sources
from lifecluster.sources.spec import Column, SourceSpec

SPEC = sources()["local-authorities"].spec


def test_a_column_is_a_property_a_field_or_ignored_and_only_one_of_them() -> None:
    Column(field="code")
    for wrong in ({}, {"field": "code", "property": "name"}, {"field": "code", "ignore": "why"}):
        with pytest.raises(ValidationError, match="one of `property`, `field` and `ignore`"):
            Column(**wrong)


def test_a_source_of_records_may_say_which_property_dates_it() -> None:
    assert sources()["companies-house-accounts"].spec.dated_by == "accounts_made_up_to"
    with pytest.raises(ValidationError, match="'name' is no date"):
        SourceSpec.model_validate(SPEC.model_dump() | {"kind": "organisation", "columns": {}, "dated_by": "name"})


def test_kinds_are_those_of_the_vocabulary_and_reference() -> None:
    assert SPEC.kind == "reference"
    with pytest.raises(ValidationError, match="'village' is not in the vocabulary"):
        SourceSpec.model_validate(SPEC.model_dump() | {"kind": "village"})


def test_rows_are_accounted_for_in_reference_extracts_too() -> None:
    good = ReferenceExtract(SPEC, (), {"t": pl.DataFrame()}, no_rejected(), 3, 3)
    with pytest.raises(LifeclusterError, match="not accounted for"):
        replace(good, read=4)
    with pytest.raises(LifeclusterError, match="rejected rows have columns"):
        replace(good, rejected=pl.DataFrame())


def zipped(path: Path, *names: str, data: bytes = b"x") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, data)
    return path


def test_members_of_an_archive(tmp_path: Path) -> None:
    assert members(zipped(tmp_path / "a.zip", "b/c.csv", "a.csv")) == ("a.csv", "b/c.csv")
    assert members(zipped(tmp_path / "b.xlsx", "[Content_Types].xml", "sheet.xml")) == ()
    (tmp_path / "c.csv").write_text("x", "utf-8")
    assert members(tmp_path / "c.csv") == members(tmp_path / "missing.zip") == ()


def test_a_member_that_unfolds_without_end_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", "a", "b", data=b"0" * (70 << 20))
    with (
        zipfile.ZipFile(path) as archive,
        pytest.raises(InputError, match="zip bomb"),
        open_member(archive, "a", name="a.zip:a") as stream,
    ):
        stream.read()


def test_an_archive_of_unknown_files_is_left_with_its_reason(tmp_path: Path) -> None:
    zipped(tmp_path / "a.zip", "a.txt", "b.txt")
    found = gather(tmp_path)
    assert found.left == {"a.zip": "no source recognises its header or layout"}


def test_the_real_folder_is_sorted_without_a_name_being_read(data_dir: Path) -> None:
    found = gather(data_dir)
    assert len(found.files["companies-house-south-yorkshire"]) == 1
    assert len(found.files["code-point-open"]) == len(found.files["local-authorities"]) == 1
    assert len(found.files["companies-house-accounts"]) == 1
    names = [file.name for file in found.files["companies-house"]]
    assert "companies/companies_house_basic_2020-06_sample87.csv" in names
