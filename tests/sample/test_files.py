"""The files as a whole: read by the very readers that read real ones, all rows accepted, all marked as sample."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import polars as pl
import pytest
import yaml

from lifecluster.sample import write_sample
from lifecluster.sample.spreadsheet import xlsx
from lifecluster.sample.write import THEMES
from lifecluster.sources.extract import Extract
from lifecluster.sources.mapping import load_mapping, mapping_path
from lifecluster.sources.organisation_list.reader import read_list
from lifecluster.sources.registry import gather, recognise, sources
from tests.sample.conftest import Written

LISTS = ("members-sample.xlsx", "named-sites-sample.csv")
OFFICIAL = {
    "BasicCompanyData-sample.csv": "companies-house",
    "code-point-sample.csv": "code-point-open",
    "nhs-trusts-sample.csv": "nhs-trusts",
    "nhs-icbs-sample.csv": "nhs-icbs",
    "universities-sample.csv": "knowledge-organisations",
    "contracts-sample.jsonl": "contracts-ocds",
    "clinical-trials-sample.csv": "clinical-trials",
    "research-projects-sample.csv": "gateway-to-research",
    "exchange-sample.csv": "exchange",
}


def test_every_file_is_named_and_marked(written: Written) -> None:
    stated = yaml.safe_load((written.folder / "inputs.yml").read_text("utf-8"))
    there = {path.name for path in written.folder.iterdir()} - {"inputs.yml"}
    assert set(stated) == there == {*OFFICIAL, *LISTS, *(f"{name}.mapping.yml" for name in LISTS)}
    for name, entry in stated.items():
        if "skip" not in entry:
            assert entry["sample"] is True, name
            assert entry["observed_on"] is not None
    assert {name: stated[name]["source"] for name in OFFICIAL} == OFFICIAL


@pytest.mark.parametrize(("name", "source"), OFFICIAL.items())
def test_files_are_recognised_by_their_layout_too(written: Written, name: str, source: str) -> None:
    found = recognise(written.folder / name)
    assert found is not None
    assert found.spec.name == source


@pytest.mark.parametrize(("name", "source"), OFFICIAL.items())
def test_every_row_is_accepted_and_every_record_is_a_sample(written: Written, name: str, source: str) -> None:
    inputs = gather(written.folder)
    extract = sources()[source].read(inputs.files[source], rows=inputs.rows[source])
    assert extract.rejected.height == 0
    assert extract.accepted == extract.read == written.summary.rows[name]
    assert set(extract.problems["reason"]) <= {"no sponsor is named; the trial has no holder"}
    assert all(snapshot.sample for snapshot in extract.snapshots)
    if isinstance(extract, Extract):
        assert all(frame.height for frame in extract.records.values())


def test_the_wrong_number_of_rows_is_noticed(written: Written) -> None:
    inputs = gather(written.folder)
    assert inputs.rows["nhs-trusts"].min == inputs.rows["nhs-trusts"].max == 18


@pytest.mark.parametrize(("name", "kinds"), [("members-sample.xlsx", {"organisation"}),
                                             ("named-sites-sample.csv", {"site", "organisation"})])  # fmt: skip
def test_lists_are_read_through_their_confirmed_mapping(written: Written, name: str, kinds: set[str]) -> None:
    path = written.folder / name
    mapping = load_mapping(mapping_path(path))
    assert mapping.confirmed
    extract = read_list(path, mapping, sample=True)
    assert set(extract.records) == kinds
    assert 400 <= extract.accepted <= 560
    assert extract.rejected.height <= 1
    assert 0 < extract.problems.height < 60
    columns = extract.records["organisation"].columns
    assert "employees" in columns
    assert not {"contact", "title"} & set(columns)


def test_head_counts_conflict_between_the_sources(written: Written) -> None:
    """A firm in all three gets different numbers more often than not."""
    exchange = written.exchange().filter((pl.col("property") == "employees") & (pl.col("kind") == "organisation"))
    said = dict(exchange.select("key", pl.col("value").cast(pl.Int64)).iter_rows())
    truth = pl.read_csv(written.truth, infer_schema=False)
    path = written.folder / LISTS[0]
    members = read_list(path, load_mapping(mapping_path(path))).records["organisation"]
    true = {
        int(row): key for row, key in truth.filter(pl.col("file") == LISTS[0]).select("row", "organisation").iter_rows()
    }
    pairs = [(said[true[row]], count) for row, count in members.select("row", "employees").iter_rows()
             if true.get(row) in said and count is not None]  # fmt: skip
    assert len(pairs) > 150
    different = sum(a != b for a, b in pairs)
    assert 0.3 < different / len(pairs) < 0.95


def test_truth_points_at_the_rows_of_the_lists(written: Written) -> None:
    truth = pl.read_csv(written.truth, infer_schema=False)
    assert truth.height == written.summary.names_to_link
    for name in LISTS:
        path = written.folder / name
        records = read_list(path, load_mapping(mapping_path(path))).records["organisation"]
        expected = dict(
            truth.filter(pl.col("file") == name).select(pl.col("row").cast(pl.Int64), "written").iter_rows()
        )
        stripped = {row: " ".join(text.split()) for row, text in expected.items()}
        for row, read in records.select("row", "name").iter_rows():
            assert " ".join(read.split()) == stripped[row]


def test_the_truth_has_easy_and_hard_names(written: Written) -> None:
    truth = pl.read_csv(written.truth, infer_schema=False)
    ways = dict(truth.group_by("noise").len().iter_rows())
    assert 0.7 * truth.height > ways["same"] + ways["case"] > 0.35 * truth.height
    assert min(ways.values()) >= 3
    assert {"typo", "short", "place", "trading", "previous", "stranger", "department", "prefix"} <= set(ways)
    assert truth.filter(pl.col("noise") == "stranger")["organisation"].null_count() == ways["stranger"]
    assert truth.filter(pl.col("organisation").is_null())["noise"].unique().to_list() == ["stranger"]
    keys = set(written.exchange().filter(pl.col("kind") == "organisation")["key"])
    assert set(truth["organisation"].drop_nulls()) <= keys


def test_a_workbook_has_the_same_bytes_and_no_date_of_today() -> None:
    one, other = xlsx("A", [["x", 1], ["=1+1", None]]), xlsx("A", [["x", 1], ["=1+1", None]])
    assert one == other
    with zipfile.ZipFile(io.BytesIO(one)) as parts:
        assert {info.date_time for info in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2026-03-31" in parts.read("docProps/core.xml")


def test_nothing_is_said_of_persons(written: Written) -> None:
    """Roles are words of roles; no address of anybody, no telephone number."""
    for path in written.folder.iterdir():
        if path.suffix in {".csv", ".jsonl", ".yml"}:
            text = path.read_text("cp1252" if path.name == LISTS[1] else "utf-8")
            assert "@" not in text, path.name
            assert "+44" not in text


def test_the_folder_may_be_written_twice(tmp_path: Path) -> None:
    slow = frozenset(THEMES) - {"members", "groups"}
    one = write_sample(tmp_path, without=slow)
    assert write_sample(tmp_path, without=slow) == one
