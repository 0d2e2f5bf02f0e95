"""GeoJSON (RFC 7946): places as points in WGS 84; rows without a known place have a null geometry."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from lifecluster.web.exports.columns import TABLES
from lifecluster.web.exports.selection import Row, Selection

IN_GEOMETRY = frozenset({"longitude", "latitude"})


def dumped(value: Any) -> str:
    """JSON in one line; half surrogates become U+FFFD, dates ISO."""
    return json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "replace").decode()


def stream(selection: Selection, table: str) -> Iterator[bytes]:
    """A feature collection."""
    sources = [{k: v for k, v in row.items() if v not in (None, "")} for row in selection.sources()]
    head = {"type": "FeatureCollection", "package": selection.package.name, "sample": selection.sample,
            "query": selection.query.encode(), "sources": sources}  # fmt: skip
    yield (dumped(head)[:-1] + ', "features": [').encode()
    names = [column.name for column in TABLES[table] if column.name not in IN_GEOMETRY]
    first = True
    for row in selection.rows(table):
        yield (("\n" if first else ",\n") + dumped(_feature(row, names))).encode()
        first = False
    yield b"\n]}\n"


def _feature(row: Row, names: list[str]) -> dict[str, Any]:
    known = row.get("longitude") is not None
    geometry = {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]} if known else None
    properties = {name: row.get(name) for name in names}
    return {"type": "Feature", "id": row["id"], "geometry": geometry, "properties": properties}
