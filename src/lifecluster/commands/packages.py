"""`lifecluster packages`: the packages there are."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from lifecluster.commands.common import JsonOption, err, out, print_json
from lifecluster.errors import LifeclusterError
from lifecluster.register.shelf import Shelved, shelf
from lifecluster.workspace import Workspace


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(packages)


def packages(
    folder: Annotated[Path | None, typer.Option("--in", help="A folder of packages; default: the workspace's.")] = None,
    json: JsonOption = False,
) -> None:
    """List the packages there are, newest first: which is the current one, and which one the web app shows."""
    place = folder or Workspace.current().packages
    found, shown = shelf(place), _shown()
    if json:
        print_json([described(one, shown) for one in found])
        return
    table = Table("", "name", "as of", "organisations", "of them ended", "size")
    table.columns[1].no_wrap, table.columns[1].min_width = True, max((len(one.name) for one in found), default=0)
    for column in table.columns[3:]:
        column.justify = "right"
    for one in found:
        size = f"{one.bytes / 1e6:,.1f} MB"
        count, ended = ("" if n is None else f"{n:,}" for n in (one.organisations, one.ended))
        name = one.name if not one.problem else f"{one.name} ({one.problem})"
        marks = ["current"] * one.current + ["shown"] * (one.name == shown)
        table.add_row(", ".join(marks), name, one.at or "", count, ended, size)
    if found:
        out.table(table)
    else:
        err.print(f"no package in {place}: `lifecluster build` makes one", markup=False, soft_wrap=True)

    if shown and shown not in {one.name for one in found}:
        err.print(f"the web app shows {shown}, which is not in {place}", markup=False, soft_wrap=True)


def _shown() -> str | None:
    """What the web app shows; a database that cannot be read is said and is no reason not to list packages."""
    from lifecluster.web.directory import operate

    try:
        return operate.shown()
    except LifeclusterError as error:
        err.print(f"warning: {error}", style="yellow", markup=False, soft_wrap=True)
        return None


def described(one: Shelved, shown: str | None) -> dict[str, Any]:
    """A package of the shelf as plain values; `shown` the name of the one that the web app shows."""
    return {"name": one.name, "path": str(one.path), "at": one.at, "region": one.region, "sample": one.sample,
            "organisations": one.organisations, "ended": one.ended, "bytes": one.bytes, "current": one.current,
            "shown": one.name == shown, "problem": one.problem or None}  # fmt: skip
