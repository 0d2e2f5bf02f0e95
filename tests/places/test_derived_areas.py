"""The committed tables are what the script makes of the published files."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import polars as pl
import yaml
from polars.testing import assert_frame_equal

from lifecluster.places import areas

ROOT = Path(__file__).parents[2]


def test_committed_tables_equal_a_derivation(data_dir: Path) -> None:
    spec = importlib.util.spec_from_file_location("derive_areas", ROOT / "scripts/derive_areas.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, frame in module.derive(data_dir / "places").items():
        text = frame.write_csv(line_terminator="\n")
        committed = (ROOT / f"src/lifecluster/reference/areas/{name}.csv").read_text("utf-8")
        assert text == committed, name


def test_sources_and_licence_stand_beside_every_table() -> None:
    folder = ROOT / "src/lifecluster/reference/areas"
    stated = yaml.safe_load((folder / "areas.yml").read_text("utf-8"))
    assert {p.name for p in folder.glob("*.csv")} == set(stated["tables"])
    assert stated["licence"]["id"] == "OGL-UK-3.0"
    assert all(table["from"] and table["what"] for table in stated["tables"].values())


def test_outward_codes_lie_in_great_britain() -> None:
    frame = areas.outwards()
    assert frame["outward"].is_unique().all()
    assert frame["easting"].is_between(0, 700_000).all()
    assert frame["northing"].is_between(0, 1_300_000).all()
    assert (frame["n"] > 0).all()
    assert_frame_equal(frame, frame.sort("outward"))
    assert frame.schema["n"] == pl.Int64
