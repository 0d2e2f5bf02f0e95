"""Codes of local authorities and their history."""

from __future__ import annotations

from pathlib import Path

import pytest

from lifecluster.places.codes import CodeHistory
from lifecluster.sources.extract import ReferenceExtract, Snapshot
from lifecluster.sources.files import InputFile
from lifecluster.sources.local_authorities.reader import read
from lifecluster.sources.registry import recognise, sources

SPEC = sources()["local-authorities"].spec


def table(folder: Path, *rows: dict[str, str]) -> InputFile:
    base = {"LADNM": "Barnsley", "LADNM_ACTIVE": "Barnsley", "CTRYCD": "E92000001"}
    lines = [",".join((base | row).get(name, "") for name in SPEC.columns) for row in rows]
    path = folder / "la.csv"
    path.write_text("\n".join([",".join(SPEC.columns), *lines, ""]), "utf-8")
    return InputFile(path, Snapshot.of(path))


OLD = {"LADCD": "E08000016", "LADCD_ACTIVE": "E08000038", "Current": "FALSE"}
NEW = {"LADCD": "E08000038", "LADCD_ACTIVE": "E08000038", "Current": "TRUE"}


def test_old_and_new(tmp_path: Path) -> None:
    frame = read([table(tmp_path, OLD, NEW)], SPEC).tables["authorities"]
    assert frame.select("code", "active", "current").rows() == [
        ("E08000016", "E08000038", False),
        ("E08000038", "E08000038", True),
    ]
    assert frame["region"].to_list() == [None, None]


@pytest.mark.parametrize(
    ("row", "reason"),
    [(OLD | {"Current": "TRUE"}, "contradicts the active code"), (NEW | {"LADCD": "barnsley"}, "is no area code"),
     (NEW | {"LADCD_ACTIVE": "X1"}, "is no area code"), (NEW | {"LADNM": ""}, "required value is missing")],
)  # fmt: skip
def test_rows_that_contradict_themselves(tmp_path: Path, row: dict[str, str], reason: str) -> None:
    extract = read([table(tmp_path, row)], SPEC)
    assert (extract.read, extract.accepted) == (1, 0)
    assert reason in extract.rejected["reason"][0]


def test_the_published_table(data_dir: Path) -> None:
    path = data_dir / "places/la_all_codes.csv"
    source = recognise(path)
    assert source is not None
    assert source.spec.name == "local-authorities"
    extract = source.read([InputFile(path, Snapshot.of(path))])
    assert isinstance(extract, ReferenceExtract)
    frame = extract.tables["authorities"]
    assert (extract.read, extract.accepted, frame["current"].sum()) == (415, 415, 361)
    history = CodeHistory.of(frame)
    assert history.active_code("E08000016") == "E08000038"
    assert history.active_code("E08000019") == "E08000039"
