"""One module a format; `FORMATS` says what there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lifecluster.web.exports.formats import delimited, frictionless, geojson, graphml, jsonld, parquet, workbook
from lifecluster.web.exports.selection import Selection

Streams = Callable[[Selection, str], Iterator[bytes]]
Writes = Callable[[Selection, str, Path], None]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: `title`, media type, ending, the tables it can hold (the first by default).

    Either `streams` bytes as they come, or `writes` a file.
    """

    title: str
    media: str
    ending: str
    tables: tuple[str, ...]
    streams: Streams | None = None
    writes: Writes | None = None


FLAT = ("organisations", "sites", "things", "statements", "sources")
FORMATS: Mapping[str, Format] = {
    "csv": Format("CSV", "text/csv; charset=utf-8", "csv", FLAT, streams=delimited.stream),
    "xlsx": Format(
        "Excel workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx",
        ("organisations",), writes=workbook.write,
    ),
    "geojson": Format("GeoJSON", "application/geo+json", "geojson", ("organisations", "sites"), streams=geojson.stream),
    "parquet": Format("Parquet", "application/vnd.apache.parquet", "parquet", FLAT, writes=parquet.write),
    "jsonld": Format("JSON-LD", "application/ld+json", "jsonld", ("organisations",), streams=jsonld.stream),
    "package": Format(
        "Frictionless data package", "application/zip", "zip", ("organisations",), writes=frictionless.write
    ),
    "graphml": Format(
        "GraphML network", "application/graphml+xml", "graphml", ("organisations",), streams=graphml.stream
    ),
}  # fmt: skip
"""Formats by the name in the address."""


def save(selection: Selection, name: str, table: str, path: Path) -> None:
    """Write one export to a file, whole or not at all."""
    chosen = FORMATS[name]
    part = path.with_name(f".{path.name}.part")
    try:
        if chosen.writes is not None:
            chosen.writes(selection, table, part)
        elif chosen.streams is not None:
            with part.open("wb") as file:
                for piece in chosen.streams(selection, table):
                    file.write(piece)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
