"""`lifecluster export` and `lifecluster import`: a view of the register as a file; everything, and back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from lifecluster.commands.common import JsonOption, out, print_json, progress
from lifecluster.errors import LifeclusterError
from lifecluster.workspace import Workspace

ENDINGS = {".csv": "csv", ".xlsx": "xlsx", ".geojson": "geojson", ".parquet": "parquet", ".jsonld": "jsonld",
           ".zip": "package", ".graphml": "graphml"}  # fmt: skip
LOG = ".jsonl"
"""The ending of a log, as `lifecluster build --log` takes it."""
BASE = "http://localhost:8000/"


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(export)
    app.command("import")(import_)


def _django(*, new: bool = False) -> None:
    """Start the web app's database, brought up to date; raises LifeclusterError where there is none, unless `new`."""
    from lifecluster.web.directory import operate

    if not new:
        operate.require_web()
    import django
    from django.core.management import call_command

    from lifecluster.web import settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", settings.module())
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)


def export(
    file: Annotated[
        Path, typer.Argument(help="The file to write; its ending says the format (.jsonl: the log, for a build).")
    ],
    everything: Annotated[bool, typer.Option("--all", help="Everything the web app knows, as a zip archive.")] = False,
    query: Annotated[
        str, typer.Option(help="Which organisations: the address of a directory view after its `?`.")
    ] = "",
    rows: Annotated[str, typer.Option(help="organisations, sites, things, statements or sources.")] = "organisations",
    base: Annotated[str, typer.Option(help="Address of the web app, for links in the file.")] = BASE,
    json: JsonOption = False,
) -> None:
    """Write a view of the directory to a file in the format of its ending, its log, or everything it knows (--all)."""
    if everything:
        _everything(file, json=json)
        return
    if file.suffix.lower() == LOG:
        _log(file, json=json)
        return
    chosen = ENDINGS.get(file.suffix.lower())
    if chosen is None:
        raise LifeclusterError(f"{file.name!r}: the ending must be one of {', '.join([*ENDINGS, LOG])}")
    _django()
    from django.http import QueryDict

    from lifecluster.web.directory import reads
    from lifecluster.web.directory import search as finding
    from lifecluster.web.directory.viewer import ANYBODY
    from lifecluster.web.exports.formats import FORMATS, save
    from lifecluster.web.exports.selection import Selection

    if rows not in FORMATS[chosen].tables:
        raise LifeclusterError(f"{FORMATS[chosen].title} has rows of {', '.join(FORMATS[chosen].tables)}")
    address = base if base.endswith("/") else f"{base}/"
    asked = finding.strict(QueryDict(query.removeprefix("?")), ANYBODY)
    selection = Selection(asked, reads.current(), ANYBODY, address)
    save(selection, chosen, rows, file)
    said = {"file": str(file), "package": selection.package.name, "organisations": len(selection.uids),
            "sample": selection.sample}  # fmt: skip
    if json:
        print_json(said)
        return
    sample = " All or part of it is invented sample data." if selection.sample else ""
    out.print(f"{file}: {len(selection.uids):,} organisations of {selection.package.name}.{sample}", soft_wrap=True)


def _everything(path: Path, *, json: bool) -> None:
    _django()
    from lifecluster.web.exports.everything import archive

    summary = archive.export(path, workspace=Workspace.current(), progress=progress)
    _say("written", path, summary.rows, summary.packages, summary.log, json=json)


def _log(path: Path, *, json: bool) -> None:
    """The log of the web app's database as a file: what people decided there, for the next build."""
    _django()
    from lifecluster.web.directory.logbook import DatabaseLog

    entries = DatabaseLog().entries()
    part = path.with_name(f".{path.name}.part")
    part.write_text("".join(entry.to_json() + "\n" for entry in entries), "utf-8")
    part.replace(path)
    if json:
        print_json({"file": str(path), "log": len(entries)})
        return
    out.print(f"{path}: {len(entries):,} entries; lifecluster build --log {path} goes by them", markup=False,
              soft_wrap=True)  # fmt: skip


def import_(
    file: Annotated[Path, typer.Argument(help="An archive that `lifecluster export --all` wrote.")],
    json: JsonOption = False,
) -> None:
    """Bring everything back into an empty instance: the same rows, ids, redirects and log."""
    if not file.is_file():
        raise LifeclusterError(f"{file.name}: there is no such file")
    _django(new=True)
    from lifecluster.web.exports.everything import archive

    summary = archive.load(file, workspace=Workspace.current(), progress=progress)
    _say("brought in", file, summary.rows, summary.packages, summary.log, json=json)


def _say(what: str, path: Path, rows: dict[str, int], packages: tuple[str, ...], log: int, *, json: bool) -> None:
    if json:
        print_json({"file": str(path), "rows": rows, "packages": list(packages), "log": log})
        return
    total = sum(rows.values())
    counts = f"{total:,} rows of {len(rows)} tables, {len(packages)} packages, {log} entries of the log"
    out.print(f"{path}: {counts} {what}.", soft_wrap=True)
