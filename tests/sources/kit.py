"""Small helpers of the tests of sources."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from lifecluster.sources.extract import Extract, Snapshot
from lifecluster.sources.files import InputFile
from lifecluster.sources.registry import recognise, sources
from lifecluster.sources.spec import SourceSpec


def input_file(path: Path) -> InputFile:
    return InputFile(path, Snapshot.of(path))


def read_real(path: Path) -> Extract:
    """Recognise a real file and read it, its bounds included."""
    source = recognise(path)
    assert source is not None, path.name
    extract = source.read([input_file(path)])
    assert isinstance(extract, Extract)
    assert extract.read == extract.accepted + extract.rejected.height
    return extract


def read_as(source: str, *paths: Path) -> Extract:
    """Read files with the reader of one source, without its bounds on rows."""
    found = sources()[source]
    extract = found.reader()([input_file(p) for p in paths], found.spec)
    assert isinstance(extract, Extract)
    return extract


def write(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.write_bytes("\n".join((*lines, "")).encode(encoding))
    return path


def shuffled(path: Path, out: Path, *, header: bool, seed: int = 7) -> Path:
    """The same rows in another order; for files whose rows are lines."""
    lines = path.read_text("utf-8").splitlines(keepends=True)
    head, body = (lines[:1], lines[1:]) if header else ([], lines)
    random.Random(seed).shuffle(body)
    out.write_text("".join(head + body), "utf-8")
    return out


def everything(extract: Extract) -> str:
    """All that leaves a reader, as one text, to look for what must not be in it."""
    frames = [*extract.records.values(), *extract.earlier.values(), extract.rejected, extract.problems]
    return json.dumps([f.to_dicts() for f in frames], default=str, ensure_ascii=False) + " ".join(extract.warnings)


def spec(**changes: object) -> SourceSpec:
    base: dict[str, object] = {
        "name": "a-test",
        "title": "A test",
        "publisher": "Nobody",
        "licence": {"id": "CC0-1.0", "title": "CC0"},
        "url": "https://example.org/",
        "refresh": "once",
        "rank": "other",
        "columns": {
            "name": {"property": "name", "required": True},
            "number": {"property": "company_number"},
            "opened": {"property": "opened_on"},
            "staff": {"property": "employees"},
            "mail": {"ignore": "contact details", "personal": True, "optional": True},
        },
    }
    return SourceSpec.model_validate({**base, **changes})


def reasons(frame: pl.DataFrame) -> list[tuple[int, str | None, str]]:
    return [(r["row"], r["field"], r["reason"]) for r in frame.iter_rows(named=True)]


def same(left: Extract, right: Extract) -> bool:
    """Whether two extracts hold equal frames."""
    kinds: Sequence[str] = sorted(left.records)
    return kinds == sorted(right.records) and all(left.records[k].equals(right.records[k]) for k in kinds)
