"""Writing and reading the archive."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from django.core.management.color import no_style
from django.db import connection, transaction

from lifecluster import __version__
from lifecluster.errors import InputError, LifeclusterError
from lifecluster.register.log import FileLog
from lifecluster.register.package import DESCRIPTOR
from lifecluster.register.package import Package as Files
from lifecluster.web.directory.logbook import DatabaseLog
from lifecluster.web.directory.models import LogRow, Package, SourceFile
from lifecluster.web.exports.everything import tables
from lifecluster.workspace import Workspace

LAYOUT = 1
STAMP = (1980, 1, 1, 0, 0, 0)
FOLDERS = ("sources", "media")
"""Folders of the workspace that go along whole."""
LOGS = ("log.jsonl", "log.jsonl.head")
Progress = Callable[[str], None]
README = """Everything that a Lifecluster instance knows.

tables/      every table of its database, as Parquet; datapackage.json describes them
log.jsonl    the append-only log, one entry a line, each with the hash of the one before
packages/    the packages the register was loaded from, with their ledger of identifiers
workspace/   the command line's own log, sources and media of the owner

Bring it into an empty instance with: lifecluster import FILE
Each statement names its source and licence; see tables/directory.sourcefile.parquet.
"""


@dataclass(frozen=True, slots=True)
class Summary:
    """What was written or read: rows by table, packages, entries of the log."""

    rows: dict[str, int]
    packages: tuple[str, ...]
    log: int


def export(path: Path, *, workspace: Workspace, progress: Progress) -> Summary:
    """Write everything to the zip file `path`, whole or not at all. All tables are read at one moment.

    Raises LogDamagedError if the log of the database does not hold together: a damaged one is not passed on.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        with (
            tempfile.TemporaryDirectory(prefix="lifecluster-export-") as folder, transaction.atomic(),
            zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive,
        ):  # fmt: skip
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            summary = _write(archive, Path(folder), workspace, progress)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return summary


def _write(archive: zipfile.ZipFile, folder: Path, workspace: Workspace, progress: Progress) -> Summary:
    entries = DatabaseLog().entries()
    rows: dict[str, int] = {}
    resources = []
    for model in tables.exported():
        label = model._meta.label_lower
        progress(label)
        file = folder / f"{label}.parquet"
        rows[label] = tables.write(model, file)
        resources.append(_resource(model, file, rows[label]))
        _add(archive, f"tables/{file.name}", file)
        file.unlink()
    packages = tuple(_add_packages(archive, workspace, progress))
    for name, file in _workspace_files(workspace):
        _add(archive, name, file)
    _text(archive, "log.jsonl", "".join(entry.to_json() + "\n" for entry in entries))
    _text(archive, "README.txt", README)
    descriptor = {
        "profile": "data-package", "name": "lifecluster-everything", "resources": resources, "licenses": _licences(),
        "title": "Everything that a Lifecluster instance knows",
        "lifecluster": {"layout": LAYOUT, "software": __version__, "packages": list(packages),
                        "log": {"entries": len(entries), "head": entries[-1].id if entries else None}},
    }  # fmt: skip
    _text(archive, "datapackage.json", json.dumps(descriptor, indent=1, ensure_ascii=False) + "\n")
    return Summary(rows, packages, len(entries))


def _licences() -> list[dict[str, str]]:
    found = SourceFile.objects.order_by("licence").values_list("licence", "licence_title", "licence_url").distinct()
    return [{"name": n, "title": t or n, **({"path": u} if u else {})} for n, t, u in found]


def _resource(model: tables.Model, file: Path, rows: int) -> dict[str, Any]:
    types = {"bool": "boolean", "int64": "number", "float64": "number", "timestamp": "datetime", "date32": "date"}
    fields = [{"name": f.attname, "type": types.get(tables.kind_of(f), "any")} for f in tables.fields_of(model)]
    return {
        "name": model._meta.label_lower.replace("_", "-"), "path": f"tables/{file.name}", "format": "parquet",
        "mediatype": "application/vnd.apache.parquet", "rows": rows, "hash": f"sha256:{_digest(file)}",
        "description": (model.__doc__ or "").strip().split("\n", maxsplit=1)[0],
        "schema": {"fields": fields, "primaryKey": model._meta.pk.attname if model._meta.pk else None},
    }  # fmt: skip


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _add(archive: zipfile.ZipFile, name: str, file: Path) -> None:
    info = zipfile.ZipInfo(name, STAMP)
    info.compress_type = zipfile.ZIP_STORED if name.endswith(".parquet") else zipfile.ZIP_DEFLATED
    info.file_size = file.stat().st_size
    with file.open("rb") as source, archive.open(info, "w", force_zip64=info.file_size > 2**31) as target:
        shutil.copyfileobj(source, target, 1 << 20)


def _text(archive: zipfile.ZipFile, name: str, text: str) -> None:
    info = zipfile.ZipInfo(name, STAMP)
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, text.encode())


def _add_packages(archive: zipfile.ZipFile, workspace: Workspace, progress: Progress) -> Iterator[str]:
    """The packages of the database that lie in the workspace."""
    for name in Package.objects.order_by("pk").values_list("name", flat=True):
        folder = workspace.packages / name
        if not (folder / DESCRIPTOR).is_file():
            progress(f"{name}: its files are not in this workspace; the archive has its tables only")
            continue
        for file in sorted(folder.iterdir()):
            _add(archive, f"packages/{name}/{file.name}", file)
        yield name


def _workspace_files(workspace: Workspace) -> Iterator[tuple[str, Path]]:
    for name in LOGS:
        if (workspace.home / name).is_file():
            yield f"workspace/{name}", workspace.home / name
    for folder in FOLDERS:
        for file in sorted((workspace.home / folder).rglob("*")):
            if file.is_file() and not file.is_symlink():
                yield f"workspace/{file.relative_to(workspace.home).as_posix()}", file


def load(path: Path, *, workspace: Workspace, progress: Progress) -> Summary:
    """Bring an archive into an empty instance, in one transaction; the database must be migrated.

    Raises InputError for a file that is no archive, is damaged or is of a newer layout; LifeclusterError if the
    instance is not empty.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _load(archive, path.name, workspace, progress)
    except zipfile.BadZipFile as error:
        raise InputError(f"is no archive of everything ({error})", file=path.name) from error
    except FileNotFoundError:
        raise InputError("there is no such file", file=path.name) from None


def _load(archive: zipfile.ZipFile, name: str, workspace: Workspace, progress: Progress) -> Summary:
    try:
        descriptor = json.loads(archive.read("datapackage.json"))
        ours = descriptor["lifecluster"]
        resources = {PurePosixPath(r["path"]).stem: r for r in descriptor["resources"]}
    except (KeyError, ValueError) as error:
        raise InputError("is no archive that `lifecluster export --all` wrote", file=name) from error
    if ours["layout"] > LAYOUT:
        raise InputError(f"is of layout {ours['layout']}; this version reads {LAYOUT}", file=name)
    known = {model._meta.label_lower: model for model in tables.exported()}
    lost = [label for label, r in resources.items() if label not in known and r["rows"]]
    if lost:
        raise InputError(f"holds tables that this version does not have: {', '.join(lost)}", file=name)
    _refuse_unless_empty(known)
    members = _checked_names(archive, name)
    rows: dict[str, int] = {}
    with tempfile.TemporaryDirectory(prefix="lifecluster-import-") as folder, transaction.atomic():
        for label, resource in resources.items():
            if label not in known:
                continue
            progress(label)
            file = Path(folder) / f"{label}.parquet"
            _extract(archive, resource["path"], file)
            if f"sha256:{_digest(file)}" != resource["hash"]:
                raise InputError(f"{resource['path']} is not as it was written", file=name)
            rows[label] = tables.read(known[label], file)
            file.unlink()
        _sequences(list(known.values()))
        _check_log(archive, ours["log"], name)
        _unpack(archive, members, workspace, progress)
    return Summary(rows, tuple(ours["packages"]), ours["log"]["entries"])


def _refuse_unless_empty(known: dict[str, tables.Model]) -> None:
    full = [label for label, model in known.items() if model._base_manager.exists()]
    if full:
        raise LifeclusterError(f"this instance is not empty: there are rows in {', '.join(full)}")


def _checked_names(archive: zipfile.ZipFile, name: str) -> list[str]:
    """Members below packages/ and workspace/. Raises InputError for one that would leave its folder."""
    found = []
    for member in archive.namelist():
        parts = PurePosixPath(member).parts
        if member.startswith("/") or ".." in parts or "\\" in member or ":" in member:
            raise InputError(f"holds a file with the name {member!r}", file=name)
        if parts[0] in {"packages", "workspace"} and not member.endswith("/"):
            found.append(member)
    return found


def _extract(archive: zipfile.ZipFile, member: str, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(member) as source, target.open("wb") as file:
        shutil.copyfileobj(source, file, 1 << 20)


def _sequences(models: list[tables.Model]) -> None:
    """Let new keys begin after those that were brought in (PostgreSQL; SQLite sees to it itself)."""
    statements = connection.ops.sequence_reset_sql(no_style(), models)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _check_log(archive: zipfile.ZipFile, stated: dict[str, Any], name: str) -> None:
    """The chain holds, ends where the archive says, and is the one in log.jsonl."""
    count = DatabaseLog().verify(head=stated["head"])
    bodies = LogRow.objects.order_by("seq").values_list("body", flat=True)
    same = archive.read("log.jsonl").decode().splitlines() == list(bodies)
    if count != stated["entries"] or not same:
        raise InputError("the log is not the one that was exported", file=name)


def _unpack(archive: zipfile.ZipFile, members: list[str], workspace: Workspace, progress: Progress) -> None:
    """Packages, logs, sources and media; nothing that is there is overwritten.

    All is unpacked beside its place and checked first, then moved.
    """
    workspace.home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".import-", dir=workspace.home) as folder:
        unpacked = {member: Path(folder) / member for member in members}
        for member, file in unpacked.items():
            _extract(archive, member, file)
        for package in sorted({PurePosixPath(m).parts[1] for m in members if m.startswith("packages/")}):
            progress(package)
            damaged = Files(Path(folder) / "packages" / package).verify()
            if damaged:
                raise InputError(
                    f"{package}: {', '.join(damaged)} is not as it was written", file=str(archive.filename)
                )
        FileLog(Path(folder) / "workspace" / "log.jsonl").entries()
        for member, file in unpacked.items():
            target = workspace.home / member.removeprefix("workspace/")
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                file.replace(target)
    shown = Package.objects.filter(state="current").values_list("name", flat=True).first()
    current = workspace.packages / "current"
    if shown and (workspace.packages / shown / DESCRIPTOR).is_file() and not current.exists():
        current.symlink_to(shown, target_is_directory=True)
