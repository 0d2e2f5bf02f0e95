"""A Frictionless data package: a zip with a CSV of each table, its description, and what licences ask to be said."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

from lifecluster.web.exports.columns import SEPARATOR, TABLES, Column
from lifecluster.web.exports.formats import delimited
from lifecluster.web.exports.formats.workbook import about_lines
from lifecluster.web.exports.guard import NOTE
from lifecluster.web.exports.selection import Selection

FIELD = {"text": "string", "int": "integer", "number": "number", "bool": "boolean", "date": "date", "list": "string"}
STAMP = (1980, 1, 1, 0, 0, 0)
"""The same content gives the same bytes: no time of writing in the archive."""


def write(selection: Selection, table: str, path: Path) -> None:
    """The package."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, columns in TABLES.items():
            with archive.open(_entry(f"{name}.csv"), "w") as file:
                for piece in delimited.lines(columns, selection.rows(name)):
                    file.write(piece)
        archive.writestr(_entry("README.txt"), _readme(selection))
        archive.writestr(_entry("ATTRIBUTION.txt"), attribution(selection))
        text = json.dumps(descriptor(selection), indent=1, ensure_ascii=False)
        archive.writestr(_entry("datapackage.json"), text + "\n")


def _entry(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, STAMP)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def descriptor(selection: Selection) -> dict[str, Any]:
    """datapackage.json."""
    licences = {file.licence: file for file in selection.files.values()}
    title = f"{selection.package.region.get('title', 'Region')}: export of the register"
    return {
        "profile": "tabular-data-package",
        "name": selection.name.lower(),
        "title": f"{title} (sample data)" if selection.sample else title,
        "licenses": [
            {"name": name, **({"path": f.licence_url} if f.licence_url else {}), "title": f.licence_title or name}
            for name, f in sorted(licences.items())
        ],
        "sources": [{"title": f.title, **({"path": f.url} if f.url else {})} for f in selection.files.values()],
        "resources": [_resource(name, columns) for name, columns in TABLES.items()],
        "lifecluster": {"package": selection.package.name, "query": selection.query.encode(),
                        "sample": selection.sample, "cells": NOTE},
    }  # fmt: skip


def _resource(name: str, columns: tuple[Column, ...]) -> dict[str, Any]:
    fields = [
        {"name": c.name, "type": FIELD[c.type], **({"description": _words(c)} if _words(c) else {})} for c in columns
    ]
    return {"name": name, "path": f"{name}.csv", "profile": "tabular-data-resource", "format": "csv",
            "mediatype": "text/csv", "encoding": "utf-8", "schema": {"fields": fields}}  # fmt: skip


def _words(column: Column) -> str:
    return (
        f"{column.words} (several, parted by “{SEPARATOR.strip()}”)".strip() if column.type == "list" else column.words
    )


def _readme(selection: Selection) -> str:
    return "\n".join(f"{name}: {words}" for name, words in about_lines(selection)) + "\n"


def attribution(selection: Selection) -> str:
    """What licences ask to be said, one paragraph a source."""
    parts = []
    for file in selection.files.values():
        words = [file.title, file.publisher, file.licence_title or file.licence, file.licence_url, file.attribution]
        parts.append("\n".join(word for word in dict.fromkeys(words) if word))
    return "\n\n".join(dict.fromkeys(parts)) + "\n"
