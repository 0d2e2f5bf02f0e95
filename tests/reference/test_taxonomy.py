"""The shipped code lists, and that the script makes them again from the official files."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import polars as pl
import pytest

from lifecluster.reference.taxonomy import ols_segments, plain_sic, sic_table, sic_title

ROOT = Path(__file__).parents[2]


def test_every_level_of_sic_2007_is_there():
    sizes = dict(sic_table().group_by("level").len().rows())
    assert sizes["section"] == 21
    assert sizes["division"] == 88
    assert sizes["group"] == 272
    assert sizes["class"] == 615
    assert sic_table()["code"].is_unique().all()
    assert sic_table()["title"].null_count() == 0


def test_every_class_is_reached_by_five_digits():
    codes = set(sic_table().filter(level="subclass")["code"])
    classes = sic_table().filter(level="class")["code"]
    assert all(any(code.startswith(four) for code in codes) for four in classes)
    below = sic_table().filter(pl.col("code").str.len_chars() > 2)["code"]
    assert all(code[:-1] in set(sic_table()["code"]) or code[:4] in {"7499", "9999", "9800"} for code in below)


@pytest.mark.parametrize("code", ["26.6", "266", " 26.6 "])
def test_titles_with_and_without_dots(code):
    assert sic_title(code) == "Manufacture of irradiation, electromedical and electrotherapeutic equipment"


def test_codes_outside_the_table():
    assert sic_title("00000") is None
    assert sic_title("99999") == "Dormant company"
    assert plain_sic("26.51/1") == "26511"


def test_segment_labels_are_published_and_their_sector_is_inferred():
    table = ols_segments()
    assert table.height == 52
    assert table.filter(code="MTA")["label"][0] == "Wound Care and Management"
    assert {name for name in table.columns if name.startswith("inferred_")} == {
        "inferred_sector",
        "inferred_role",
        "inferred_in_scope",
    }
    assert table.filter(~pl.col("inferred_in_scope"))["code"].str.starts_with("IB").all()


def test_the_script_makes_the_same_tables(data_dir, tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location("derive_taxonomy", ROOT / "scripts/derive_taxonomy.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    monkeypatch.setattr(script, "OUT", tmp_path)
    script.main(data_dir / "taxonomy")
    shipped = ROOT / "src/lifecluster/reference/taxonomy"
    for name in ("uksic2007.csv", "ols_segments.csv"):
        assert (tmp_path / name).read_bytes() == (shipped / name).read_bytes()
