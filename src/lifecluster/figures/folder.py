"""What was read from a folder of statistical files, and what such files look like."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lifecluster.figures.inputs import TABLES, Inputs, shipped
from lifecluster.sources.registry import sources


def read_from(folder: Path, inputs: Inputs) -> dict[str, Any]:
    """The files of `folder` that `inputs` were made with, and what is recognised, as plain values.

    Returns folder, files (file, source, vintage: the years in it) and expected (source -> layout in words).
    """
    source = {table: name for name, table in TABLES.items()}
    with_us = set(shipped().origins)
    files = [{"file": o.file, "source": source[o.table], "vintage": o.vintage}
             for o in inputs.origins if o.table in source and o not in with_us]  # fmt: skip
    return {"folder": str(folder), "files": files, "expected": {name: layout(name) for name in TABLES}}


def layout(name: str) -> str:
    """What a file of a source looks like, in words: a table whose first row has these column names."""
    spec = sources()[name].spec
    return f"{spec.title}: a CSV file whose first row names the columns {', '.join(spec.recognise.header)} ({spec.url})"
