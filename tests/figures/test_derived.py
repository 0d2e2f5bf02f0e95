"""The small tables that ship are what the script makes of the published files."""

from __future__ import annotations

from importlib import resources

import yaml

from lifecluster.figures.breaks import breaks, crossed
from lifecluster.figures.inputs import TABLES, shipped
from tests.test_docs import ROOT, load

FOLDER = ROOT / "src/lifecluster/reference/industries"


def test_committed_tables_equal_a_derivation(data_dir):
    for name, frame in load("derive_industries").derive(data_dir).items():
        assert frame.write_csv(line_terminator="\n") == (FOLDER / f"{name}.csv").read_text("utf-8"), name


def test_source_and_licence_stand_beside_every_table():
    stated = yaml.safe_load((FOLDER / "industries.yml").read_text("utf-8"))["tables"]
    assert {p.name for p in FOLDER.glob("*.csv")} == set(stated) == {f"{t}.csv" for t in TABLES.values()}
    for table in stated.values():
        assert table["licence"]
        assert table["url"].startswith("https://")
        assert table["what"]


def test_what_ships_is_small():
    assert sum(p.stat().st_size for p in FOLDER.iterdir()) < 250_000


def test_a_fresh_copy_of_the_library_has_every_table():
    inputs = shipped()
    assert {o.table for o in inputs.origins} == {*TABLES.values(), "medical_schools"}
    assert all(len(o.sha256) == 64 for o in inputs.origins)
    assert inputs.tables["jobs"].height == 1440
    assert inputs.register is None


def test_schools_have_regions_and_a_confidence():
    stated = yaml.safe_load((FOLDER / "medical_schools.yml").read_text("utf-8"))
    names = [school["name"] for school in stated["schools"]]
    assert len(names) == len(set(names))
    assert {school["area"] for school in stated["schools"]} == {f"TL{letter}" for letter in "CDEFGHIJKLMN"}
    assert {school["status"] for school in stated["schools"]} == {"own", "partner", "review"}
    assert stated["confidence"] == "recalled"


def test_the_break_of_method_lies_between_its_two_releases():
    found = crossed("sector-figures", "2023/24", "2021/22")
    assert found is not None
    assert "not directly comparable" in found.told()
    assert crossed("sector-figures", "2018/19", "2024/25") is found
    assert crossed("sector-figures", "2019", "2021/22") is None
    assert crossed("sector-figures", "2023/24", "2024/25") is None
    assert crossed("bres", "2015", "2024") is None
    assert all(b.url.startswith("https://") and b.confidence == "seen" for b in breaks())


def test_reference_files_are_packed_with_the_library():
    folder = resources.files("lifecluster.reference")
    assert folder.joinpath("rounding.yml").is_file()
    assert folder.joinpath("claims", "jobs.yml").is_file()
