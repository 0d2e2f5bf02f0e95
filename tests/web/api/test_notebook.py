"""The notebook of the tutorial, cell by cell, on the sample region and a running web app: both ways answer the same."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lifecluster.register.package import Package
from tests.e2e import harness
from tests.web import machines

pytestmark = pytest.mark.one_database

NOTEBOOK = Path(__file__).parents[3] / "docs" / "tutorial" / "three-questions.ipynb"


def cells(kind: str) -> list[str]:
    notebook = json.loads(NOTEBOOK.read_text("utf-8"))
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == kind]


def test_a_question_takes_ten_lines() -> None:
    for source in cells("code"):
        assert sum(bool(line.strip()) for line in source.splitlines()) <= 10
    assert sum(text.startswith("## ") for text in cells("markdown")) == 3


def test_the_notebook_holds_no_output_and_is_valid() -> None:
    nbformat = pytest.importorskip("nbformat")
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    assert all(not cell.get("outputs") for cell in notebook.cells)


@pytest.mark.slow
def test_library_and_api_answer_the_same(
    sample_package: Package, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with harness.serve(tmp_path / "home", LIFECLUSTER_AT=machines.AT, DATABASE_URL="") as running:
        machines.load_elsewhere(sample_package.path, running.environment)
        home = tmp_path / "library"
        home.mkdir()
        (home / "packages").symlink_to(sample_package.path.parent, target_is_directory=True)
        monkeypatch.setenv("LIFECLUSTER_HOME", str(home))
        monkeypatch.setenv("LIFECLUSTER_AT", machines.AT)
        monkeypatch.setenv("LIFECLUSTER_API", f"{running.url}/api/v1")
        space: dict[str, Any] = {}
        for source in cells("code"):
            exec(source, space)
    assert space["makers"].height > 3
    assert set(space["makers"]["id"]) == set(space["makers_api"]["id"])
    order = ["segment"]
    both = [space[name].sort(order).cast({"organisations": pl.Int64}) for name in ("segments", "segments_api")]
    assert both[0].equals(both[1])
    evidence, api = space["evidence"], space["evidence_api"]
    assert evidence.height >= 1
    assert (
        evidence.select("id", "value", "locator", "shown").rows()
        == api.select("id", "value", "locator", "shown").rows()
    )
