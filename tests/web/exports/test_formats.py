"""Every format holds the view, says where each row comes from, and runs nothing."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import lxml.etree
import openpyxl
import polars as pl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lifecluster.web.directory import reads, search
from lifecluster.web.directory.viewer import ANYBODY
from lifecluster.web.exports import guard
from lifecluster.web.exports.columns import TABLES
from lifecluster.web.exports.formats import FORMATS
from tests.web import machines


def fetch(web: Client, name: str, query: str = "ended=1") -> bytes:
    response = web.get(f"/export/{name}?{query}")
    assert response.status_code == 200, response.getvalue()[:300]
    assert response["Content-Type"] == FORMATS[name].media
    body = response.getvalue()
    response.close()
    return body


def rows(web: Client, table: str = "organisations", query: str = "ended=1") -> list[dict[str, str]]:
    text = fetch(web, "csv", f"{query}&rows={table}").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def uids(query: str) -> list[str]:
    return search.results(search.Query.parse(dict(p.split("=") for p in query.split("&"))), None).uids()


def test_csv_is_the_view_in_its_order(web: Client, register: machines.World) -> None:
    for query in ("capability=fill-finish", "q=kestrelby", "sort=size", "ended=1"):
        found = rows(web, query=query)
        assert [row["id"] for row in found] == uids(query)
    assert list(rows(web)[0]) == [c.name for c in TABLES["organisations"]]


def test_licences_that_hold_segments_in_words_and_what_is_stale(
    web: Client, register: machines.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_id = {row["id"]: row for row in rows(web)}
    assert by_id[register.plain[0]]["licences_held"] == "ISO 13485"
    assert by_id[register.hostile["formula"]]["licences_held"] == "MIA"
    counted = by_id[register.plain[1]]
    assert counted["segments"] == "ols-segments:antibodies"
    assert counted["segment_names"] == search.results(search.Query(), None).hits.index.labels[
        "segment:ols-segments", "antibodies"].label  # fmt: skip
    values = reads.values([register.plain[1]], ANYBODY)
    expected = {v.property for v in values.subject(register.plain[1]) if any(s.freshness.stale for s in v.shown)}
    assert set(filter(None, counted["stale"].split("; "))) == expected & {c.name for c in TABLES["organisations"]}
    names = [column.name for column in TABLES["organisations"]]
    at = names.index("licences_held")
    assert names[at : at + 5] == ["licences_held", "segments", "segment_names", "stale", "licences_stale"]
    assert names[at + 5] == "source"
    monkeypatch.setenv("LIFECLUSTER_AT", "2040-01-01")
    later = {row["id"]: row for row in rows(web)}
    assert {row["licences_held"] for row in later.values()} == {""}
    assert "employees" in later[register.plain[1]]["stale"].split("; ")


@pytest.mark.parametrize("table", ["organisations", "sites", "things", "statements"])
def test_every_row_names_source_licence_and_sample(web: Client, register: machines.World, table: str) -> None:
    found = rows(web, table)
    assert found
    for row in found:
        assert row["source"]
        assert row["package"] == "machines-1"
        if row["source"] == "web-edits":  # what other tests have changed
            assert row["source_licence"]
            continue
        assert "OGL-UK-3.0" in row["source_licence"].split("; ")
        assert row["attribution"].startswith("Source: bench-")
        assert row["sample"] == "true"


def test_file_names_say_what_and_that_it_is_a_sample(web: Client, register: machines.World) -> None:
    for name, ending in (("csv", "csv"), ("package", "zip"), ("geojson", "geojson")):
        response = web.get(f"/export/{name}?q=abb")
        response.getvalue()
        response.close()
        header = response["Content-Disposition"]
        assert header.startswith('attachment; filename="machines-1')
        assert header.endswith(f'-sample.{ending}"')
    assert "-sites." in web.get("/export/csv?rows=sites")["Content-Disposition"]


def test_no_cell_runs_and_every_name_comes_back(web: Client, register: machines.World) -> None:
    by_id = {row["id"]: row for row in rows(web)}
    for key, own in register.hostile.items():
        row = by_id[own]
        assert not any(value.startswith(tuple("=+-@\t\r")) for name, value in row.items()
                       if name not in {"longitude", "latitude"}), key  # fmt: skip
        assert guard.restored(row["name"]).split() == machines.HOSTILE[key].split()


def test_workbook(web: Client, register: machines.World) -> None:
    book = openpyxl.load_workbook(io.BytesIO(fetch(web, "xlsx")))
    assert book.sheetnames == ["about", "organisations", "sites", "things", "sources"]
    sheet = book["organisations"]
    assert sheet.max_row == len(uids("ended=1")) + 1
    for row in sheet.iter_rows(min_row=2):
        assert all(c.data_type != "f" for c in row)
        assert not any(isinstance(c.value, str) and c.value.startswith(tuple("=+-@\t\r")) for c in row)
    about = {row[0].value: row[1].value for row in book["about"].iter_rows()}
    assert about["sample"].startswith("yes")
    assert about["cells"] == guard.NOTE
    header = [c.value for c in book["sources"][1]]
    assert {row[header.index("attribution")].value for row in book["sources"].iter_rows(min_row=2)} >= {
        "Source: bench-list."
    }
    dates = [c.value for c in book["things"][2]]
    assert any(hasattr(value, "year") for value in dates)


def test_long_text_is_cut_in_a_cell_and_says_so() -> None:
    from lifecluster.web.exports.formats import workbook

    text = workbook._text("x" * 40_000)
    assert len(text) == workbook.LONGEST
    assert "cut" in text
    assert workbook._text("bell\x07") == "bell\ufffd"


def test_parquet_is_typed_and_says_its_licences(web: Client, register: machines.World, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    path = tmp_path / "x.parquet"
    path.write_bytes(fetch(web, "parquet"))
    frame = pl.read_parquet(path)
    assert frame["id"].to_list() == uids("ended=1")
    assert frame.schema["employees"] == pl.Int64
    assert frame.schema["capability"] == pl.List(pl.String)
    assert frame.schema["incorporated_on"] == pl.Date
    assert frame.filter(pl.col("id") == register.hostile["formula"])["name"][0].startswith("=cmd")
    metadata = pq.read_schema(path).metadata
    assert metadata[b"sample"] == b"true"
    assert "OGL-UK-3.0" in metadata[b"sources"].decode()
    same = rows(web)
    assert [str(v) if v is not None else "" for v in frame["employees"]] == [row["employees"] for row in same]


def test_geojson(web: Client, register: machines.World) -> None:
    found = json.loads(fetch(web, "geojson"))
    assert found["type"] == "FeatureCollection"
    assert found["sample"] is True
    assert found["sources"]
    by_id = {f["id"]: f for f in found["features"]}
    lon, lat = by_id[register.plain[0]]["geometry"]["coordinates"]
    assert (-1.3 < lon < -1.0) and (52.5 < lat < 52.8)
    assert by_id[register.ended]["geometry"] is None
    assert by_id[register.plain[0]]["properties"]["source_licence"][-1] == "OGL-UK-3.0"
    assert len(json.loads(fetch(web, "geojson", "ended=1&rows=sites"))["features"]) == 3


def test_jsonld(web: Client, register: machines.World) -> None:
    found = json.loads(fetch(web, "jsonld"))
    assert found["@context"]["@vocab"] == "https://schema.org/"
    graph = {node["@id"]: node for node in found["@graph"]}
    node = graph[f"http://testserver/id/{register.plain[0]}"]
    assert node["@type"] == "Organization"
    assert node["numberOfEmployees"]["value"] == 5
    assert {"@type": "PropertyValue", "propertyID": "GB-COH", "value": "99000000"} in node["identifier"]
    assert {based["license"] for based in node["subjectOf"]["isBasedOn"]} == {"OGL-UK-3.0"}
    assert node["subjectOf"]["sample"] == "sample"
    assert graph[f"http://testserver/id/{register.ended}"]["dissolutionDate"] == "2020-05-06"


def test_graphml_is_the_network(web: Client, register: machines.World) -> None:
    networkx = pytest.importorskip("networkx")
    body = fetch(web, "graphml", "q=abbeymere")
    graph = networkx.parse_graphml(body.decode())
    assert set(graph.nodes) == {*register.plain[:3], register.collaboration}
    assert graph.nodes[register.plain[0]]["in_view"] is True
    assert graph.nodes[register.plain[1]]["in_view"] is False
    assert graph.nodes[register.collaboration]["label"] == "A <b>joint</b> project"
    roles = {graph.edges[e]["role"] for e in graph.edges}
    assert roles == {"holder", "partner"}
    assert all(data.get("source_licence") for _, data in graph.nodes(data=True) if data.get("in_view"))
    whole = networkx.parse_graphml(fetch(web, "graphml").decode())
    assert whole.number_of_nodes() == len(uids("ended=1")) + 3


def test_frictionless_package_is_valid_elsewhere(web: Client, register: machines.World, tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    body = fetch(web, "package")
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert set(archive.namelist()) == {
            *(f"{t}.csv" for t in TABLES),
            "README.txt",
            "ATTRIBUTION.txt",
            "datapackage.json",
        }
        assert "Source: bench-official." in archive.read("ATTRIBUTION.txt").decode()
        assert "invented" in archive.read("README.txt").decode()
        descriptor = json.loads(archive.read("datapackage.json"))
        archive.extractall(tmp_path)
    assert "OGL-UK-3.0" in {licence["name"] for licence in descriptor["licenses"]}
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert report.valid, report.flatten(["type", "note"])[:5]
    assert fetch(web, "package") == body


@pytest.mark.parametrize("name", list(FORMATS))
def test_nothing_that_is_not_public_leaves(web: Client, register: machines.World, name: str) -> None:
    for table in FORMATS[name].tables:
        body = fetch(web, name, f"ended=1&rows={table}")
        parts: list[bytes] = [body]
        if body[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(body)) as archive:
                parts = [archive.read(member) for member in archive.namelist()]
        for part in parts:
            assert machines.SECRET.encode() not in part
            assert machines.MEMBERS_ONLY_CAPABILITY.encode() not in part


def test_a_member_gets_what_members_may_see(register: machines.World, tmp_path: Path) -> None:
    from lifecluster.web.directory import reads
    from lifecluster.web.directory.viewer import Viewer
    from lifecluster.web.exports.selection import Selection

    member = Viewer(frozenset({"member"}))
    selection = Selection(search.Query(), reads.current(), member, "http://x/")
    stated = {(row["property"], row["value"]) for row in selection.statements()}
    assert ("turnover", machines.SECRET) in stated


@pytest.mark.parametrize("name", list(FORMATS))
def test_an_empty_view_is_a_good_file(web: Client, register: machines.World, name: str, tmp_path: Path) -> None:
    body = fetch(web, name, "q=nothingfitsthiswordatall")
    assert body
    if name in {"geojson", "jsonld"}:
        json.loads(body)
    if name == "graphml":
        lxml.etree.fromstring(body)
    if name == "csv":
        assert body.count(b"\r\n") == 1


def test_queries_grow_with_portions_not_with_rows(web: Client, register: machines.World) -> None:
    def count(query: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            fetch(web, "csv", query)
        return len(queries)

    count("q=kestrelby")
    assert count("ended=1") <= count("q=kestrelby") + 2


def test_columns_are_explained_and_known(register: machines.World) -> None:
    from lifecluster.web.directory import reads
    from lifecluster.web.exports.selection import Selection

    selection = Selection(search.Query(), reads.current(), None, "http://x/")
    for table, columns in TABLES.items():
        names = {c.name for c in columns}
        assert len(names) == len(columns)
        row: dict[str, Any] = next(selection.rows(table))
        assert row["sample"] is True
        assert {"source", "sample", "package"} <= set(row) & names
