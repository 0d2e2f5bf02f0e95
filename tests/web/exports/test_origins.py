"""Each source of a row stands with its own licence, and a place that comes from a postcode with the credit for it."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.web.exports.columns import SEPARATOR, TABLES
from lifecluster.web.exports.formats import workbook
from tests.web.directory import making
from tests.web.directory.conftest import at, load
from tests.web.directory.making import org, said, uid

__all__ = ["at"]
OS = "Contains OS data © Crown copyright and database right"
NAMES = ("source", "source_licence", "attribution")
SOURCE = st.tuples(st.sampled_from("abcd"), st.sampled_from(["OGL", "CC0"]), st.sampled_from(["", "Say a.", "Say; b."]))


def parted(cell: str) -> list[str]:
    """The values of a cell, by the rule that the documentation gives."""
    return [one.replace("\0", ";") for one in cell.replace(";;", "\0").split(SEPARATOR)]


@given(st.lists(SOURCE, max_size=6), st.sets(st.integers(1, 6)), st.sampled_from([None, "stated", "outward", "unit"]))
def test_entries_of_one_place_belong_together(sources: list[Any], mine: set[int], placed: str | None) -> None:
    from lifecluster.web.directory.models import SourceFile
    from lifecluster.web.exports.columns import cell
    from lifecluster.web.exports.origins import SHIPPED, Origins, shipped

    files = {n: SourceFile(pk=n, source=s, licence=li, attribution=a) for n, (s, li, a) in enumerate(sources, 1)}
    row = Origins("p", {**files, SHIPPED: shipped()}, {"x": mine}).of("x", placed)
    told = list(zip(*(row[name] for name in NAMES), strict=True))
    expected = {sources[n - 1] for n in mine if n <= len(sources)}
    here = [(f.source, f.licence, f.attribution) for f in [shipped()] if placed in {"outward", "unit"}]
    assert len(told) == len(set(told))
    assert set(told) == expected | set(here)
    for name in NAMES:
        assert not told or parted(str(cell(row[name]))) == row[name]


@pytest.fixture
def mixed(database: None, tmp_path: Path) -> None:
    """Alpha from two sources under two licences; a site with no place."""
    extra = said(org("alpha"), {"website": "https://alpha.example"}, source="bench-other", licence="CC0-1.0")
    extra += said(org("epsilon"), {"incorporated_on": "1889-05-01"}, source="bench-list")
    extra += said(org("beta"), {"incorporated_on": "2019-05-01"})
    load(making.small(tmp_path, extra=extra).path)


def fetch(path: str) -> bytes:
    response: Any = Client().get(path)
    assert response.status_code == 200
    return b"".join(response.streaming_content) if response.streaming else bytes(response.content)


def table(rows: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(fetch(f"/export/csv?rows={rows}&ended=1").decode("utf-8-sig"), newline="")))


LICENCES = {"bench-other": "CC0-1.0", "areas": "OGL-UK-3.0"}


@pytest.mark.parametrize("rows", ["organisations", "sites", "things", "statements"])
def test_every_row_pairs_each_source_with_its_licence(mixed: None, rows: str) -> None:
    found = table(rows)
    assert found
    for row in found:
        lists = [parted(row[name]) for name in NAMES]
        assert len({len(one) for one in lists}) == 1
        for source, licence, asked in zip(*lists, strict=True):
            assert licence == LICENCES.get(source, "OGL-UK-3.0")
            assert asked.startswith(OS if source == "areas" else f"Source: {source}")


def test_a_place_from_a_postcode_has_the_credit_for_it(mixed: None) -> None:
    for rows in ("organisations", "sites"):
        for row in table(rows):
            assert (OS in row["attribution"]) == bool(row["easting"]), row["id"]
    assert any(row["easting"] for row in table("sites"))
    assert OS in table("sources")[-1]["attribution"]
    with zipfile.ZipFile(io.BytesIO(fetch("/export/package"))) as archive:
        assert OS in archive.read("ATTRIBUTION.txt").decode()
    features = json.loads(fetch("/export/geojson"))["features"]
    assert all((OS in " ".join(f["properties"]["attribution"])) == (f["geometry"] is not None) for f in features)


def test_other_formats_keep_the_pairs(mixed: None, tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    path.write_bytes(fetch("/export/parquet"))
    (row,) = pl.read_parquet(path).filter(pl.col("id") == org("alpha")).to_dicts()
    pairs = dict(zip(row["source"], row["source_licence"], strict=True))
    assert pairs["bench-other"] == "CC0-1.0" and pairs["bench-official"] == "OGL-UK-3.0"
    graph = {node["@id"].rpartition("/")[2]: node for node in json.loads(fetch("/export/jsonld"))["@graph"]}
    based = {one["name"]: one for one in graph[org("alpha")]["subjectOf"]["isBasedOn"]}
    assert {name: one["license"] for name, one in based.items()} == pairs
    assert based["areas"]["creditText"].startswith(OS)
    networkx = pytest.importorskip("networkx")
    nodes = networkx.parse_graphml(fetch("/export/graphml?q=gamma").decode()).nodes
    assert {"source", "source_licence", "attribution"} <= nodes[org("alpha")].keys()  # outside of the view, and yet
    assert nodes[uid("award", "a1")]["attribution"]


def test_dates_of_a_workbook_are_dates(mixed: None) -> None:
    book = openpyxl.load_workbook(io.BytesIO(fetch("/export/xlsx?ended=1")))
    days = 0
    for name in workbook.SHEETS:
        header = [cell.value for cell in book[name][1]]
        columns = [header.index(c.name) for c in TABLES[name] if c.type == "date"]
        for row in book[name].iter_rows(min_row=2):
            for cell in (row[i] for i in columns if row[i].value is not None):
                if cell.value == "1889-05-01":  # before the calendar of spreadsheets begins
                    continue
                assert isinstance(cell.value, datetime) and cell.number_format == "yyyy-mm-dd", (name, cell.value)
                days += 1
    assert days > 10


@pytest.mark.parametrize(
    ("given_", "kept"),
    [("2019-05-01", date(2019, 5, 1)), ("1899-12-31", "1899-12-31"), ("=1+1", "'=1+1"), ("soon", "soon"), (None, None),
     (date(1850, 1, 2), "1850-01-02"), (date(2020, 1, 2), date(2020, 1, 2))],
)  # fmt: skip
def test_what_is_no_day_of_a_sheet_stays_text_and_runs_nothing(given_: Any, kept: Any) -> None:
    assert workbook._day(given_) == kept
