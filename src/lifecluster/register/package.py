"""A package: an immutable, versioned Frictionless data package of Parquet tables, written whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from lifecluster.errors import InputError, LifeclusterError
from lifecluster.policy.visibility import Visibility
from lifecluster.reference.properties import vocabulary
from lifecluster.register.presence import PRESENCE, rank, within
from lifecluster.scratch import held

DESCRIPTOR = "datapackage.json"
CURRENT = "current"
FIELD_TYPES: dict[type[pl.DataType], str] = {
    pl.String: "string", pl.Boolean: "boolean", pl.Date: "date", pl.Float64: "number", pl.Float32: "number",
    pl.Int64: "integer", pl.Int32: "integer", pl.Int16: "integer", pl.Int8: "integer", pl.UInt32: "integer",
    pl.UInt64: "integer", pl.UInt16: "integer", pl.UInt8: "integer",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a package: rows, a sentence, key columns, descriptions of columns, columns never null."""

    frame: pl.DataFrame
    description: str
    key: tuple[str, ...] = ()
    fields: Mapping[str, str] | None = None
    required: frozenset[str] = frozenset()


class Package:
    """A package on disk, read-only. `path` is its folder, or a folder of packages with a `current` one.

    It is the team's working file: statements, the ledger and what linkage found hold everything. Tables with a column
    `presence` give the rows that readers of `clearance` may know of, so that what is made for everybody counts and
    names only what everybody may know of, unless more is asked for (`cleared`, `whole`).
    """

    def __init__(self, path: Path | str, *, clearance: Visibility = Visibility.PUBLIC) -> None:
        path = Path(path)
        self.clearance = clearance
        folder = path / CURRENT if (path / CURRENT / DESCRIPTOR).is_file() else path
        if not (folder / DESCRIPTOR).is_file():
            raise InputError("this is no package: there is no datapackage.json", file=path.name)
        self.path = folder.resolve()

    @cached_property
    def descriptor(self) -> dict[str, Any]:
        """The Frictionless descriptor; what is ours stands under `lifecluster`."""
        try:
            loaded: dict[str, Any] = json.loads((self.path / DESCRIPTOR).read_text("utf-8"))
        except ValueError as error:
            raise InputError(f"the package is damaged: {error}", file=f"{self.path.name}/{DESCRIPTOR}") from error
        return loaded

    @property
    def manifest(self) -> dict[str, Any]:
        """Profile, date, version, every input with its hash, and the counts of the build."""
        ours: dict[str, Any] = self.descriptor["lifecluster"]
        return ours

    @property
    def name(self) -> str:
        """Name with version, e.g. `midlands-2026-11-22-1a2b3c4d`."""
        return str(self.descriptor["name"])

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables."""
        return tuple(r["name"] for r in self.descriptor["resources"] if r.get("format") == "parquet")

    def cleared(self, level: Visibility) -> Package:
        """The same package as readers of `level` may know it."""
        if level == self.clearance:
            return self
        other = copy(self)  # with what was read of the files already: they never change
        other.clearance = level
        return other

    @property
    def whole(self) -> Package:
        """The same package with every row: for what the team works with, and for what keeps the levels itself."""
        return self.cleared(Visibility.OWNER)

    @cached_property
    def closed(self) -> dict[str, int]:
        """The level of everything whose presence is not public, by id."""
        tables = [entry.table for entry in vocabulary().kinds.values() if entry.table in self.tables]
        whole = [self.whole.scan(name).filter(rank() > 0).select("id", rank()) for name in tables
                 if PRESENCE in self._columns[name]]  # fmt: skip
        return {} if not whole else dict(pl.concat(whole).collect().iter_rows())

    def table(self, name: str) -> pl.DataFrame:
        """The rows of a table that may be known of; raises LifeclusterError listing the tables there are."""
        return self.scan(name).collect()

    def scan(self, name: str) -> pl.LazyFrame:
        """`table`, lazily."""
        if name not in self.tables:
            raise LifeclusterError(f"{self.name} has no table {name!r}; it has {', '.join(self.tables)}")
        frame = pl.scan_parquet(self.path / f"{name}.parquet")
        if self.clearance == Visibility.OWNER or PRESENCE not in self._columns[name]:
            return frame
        return within(frame, self.clearance)

    @cached_property
    def _columns(self) -> dict[str, list[str]]:
        """Columns of each table, by the descriptor."""
        return {r["name"]: [field["name"] for field in r["schema"]["fields"]] for r in self.descriptor["resources"]
                if "schema" in r}  # fmt: skip

    def verify(self, names: Iterable[str] | None = None) -> list[str]:
        """Names of files (of all, or of `names`) that are missing or not as they were written; empty if all is well."""
        stated: dict[str, str] = self.manifest["files"]
        stated = stated if names is None else {name: stated[name] for name in names}
        paths = {name: self.path / name for name in stated}
        return [n for n, p in paths.items() if not p.is_file() or _digest(p) != stated[n]]


def version_of(manifest: Mapping[str, Any]) -> str:
    """Eight hex digits over everything that determines the content: inputs, ledger, log, profile, date, software."""
    text = json.dumps(manifest, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def write(out: Path, *, name: str, title: str, tables: Mapping[str, Table], manifest: Mapping[str, Any],
          licences: list[dict[str, str]], files: Mapping[str, bytes] | None = None) -> Package:  # fmt: skip
    """Write a package below `out` and make it the current one.

    Everything goes to a hidden folder first, which is then renamed; a process that dies before leaves the packages of
    `out` and its `current` as they were. A package of this name that is there already is left as it is (same inputs,
    same bytes) and becomes the current one; if it is damaged it is written anew.
    Parameters: `files` further files (name -> bytes), listed as resources without a schema.
    The manifest gains `files`: the SHA-256 of each file.
    """
    out.mkdir(parents=True, exist_ok=True)
    final = out / name
    if not _is_whole(final):
        draft = out / f".{name}.{os.getpid()}"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir()
        try:
            with held(draft):
                _fill(draft, name, title, tables=tables, manifest=manifest, licences=licences, files=files or {})
                _settle(draft)
                _name(draft, final)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    _point(out, name)
    return Package(final)


def _fill(draft: Path, name: str, title: str, *, tables: Mapping[str, Table], manifest: Mapping[str, Any],
          licences: list[dict[str, str]], files: Mapping[str, bytes]) -> None:  # fmt: skip
    """Write tables, further files and the descriptor into a draft."""
    resources = [_write_table(draft, key, table) for key, table in tables.items()]
    for key, data in files.items():
        (draft / key).write_bytes(data)
        resources.append({"name": key.replace(".", "-"), "path": key, "type": "file", "format": "lines",
                          "mediatype": "text/plain"})  # fmt: skip
    digests = {path.name: _digest(path) for path in sorted(draft.iterdir())}
    descriptor = {"profile": "data-package", "name": name, "title": title, "licenses": licences,
                  "resources": resources, "lifecluster": {**manifest, "files": digests}}  # fmt: skip
    text = json.dumps(descriptor, indent=1, ensure_ascii=False, sort_keys=False, default=str) + "\n"
    (draft / DESCRIPTOR).write_text(text, "utf-8")


def _is_whole(folder: Path) -> bool:
    """Whether a package is there and as it was written."""
    try:
        return (folder / DESCRIPTOR).is_file() and Package(folder).verify() == []
    except (LifeclusterError, KeyError):
        return False


def _name(draft: Path, final: Path) -> None:
    """Give a finished draft its name; a damaged package makes room, a whole one (of another build) stays."""
    if final.exists() and not _is_whole(final):
        spoiled = draft.with_name(f"{draft.name}.spoiled")
        final.rename(spoiled)
        shutil.rmtree(spoiled)
    try:
        draft.rename(final)
    except OSError:
        if not _is_whole(final):
            raise


def _write_table(folder: Path, name: str, table: Table) -> dict[str, Any]:
    path = folder / f"{name}.parquet"
    arrow = table.frame.to_arrow(compat_level=pl.CompatLevel.oldest())
    pq.write_table(arrow, path, compression="zstd", version="2.6", row_group_size=131_072)
    described = table.fields or {}
    required = table.required | frozenset(table.key)
    fields = [_field(c, dtype, described.get(c), c in required) for c, dtype in table.frame.schema.items()]
    schema: dict[str, Any] = {"fields": fields}
    if table.key:
        schema["primaryKey"] = list(table.key)
    return {"name": name, "path": path.name, "format": "parquet", "mediatype": "application/vnd.apache.parquet",
            "description": table.description, "rows": table.frame.height, "schema": schema}  # fmt: skip


def _field(name: str, dtype: pl.DataType, description: str | None, required: bool) -> dict[str, Any]:
    """A Frictionless field.

    Lists are `any`, and whole numbers that may be missing are `number`: a table reader may hand lists over as arrays of
    its own kind, and a column of whole numbers with gaps as floats; both would fail a narrower type.
    """
    kind = FIELD_TYPES.get(dtype.base_type(), "any")
    field: dict[str, Any] = {"name": name, "type": "number" if kind == "integer" and not required else kind}
    if required:
        field["constraints"] = {"required": True}
    if description:
        field["description"] = description
    return field


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _settle(folder: Path) -> None:
    """Make sure that what was written is on the disk before the folder gets its name."""
    for path in [*folder.iterdir(), folder]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _point(out: Path, name: str) -> None:
    """Let `current` name the package, in one step."""
    link = out / f".{CURRENT}.{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(name, target_is_directory=True)
    link.replace(out / CURRENT)
