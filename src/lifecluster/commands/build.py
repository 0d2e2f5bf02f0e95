"""`lifecluster build`: from a folder of inputs to a package."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from lifecluster.commands.common import AtOption, JsonOption, as_of, out, print_json, progress
from lifecluster.commands.counted import summary, unread, warned
from lifecluster.commands.logs import told_of
from lifecluster.errors import InputError
from lifecluster.register.package import CURRENT, DESCRIPTOR, Package
from lifecluster.workspace import Workspace


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(build)


def build(
    inputs: Annotated[Path, typer.Option("--from", help="Folder of input files; sources are told by their layout.")],
    profile: Annotated[str, typer.Option(help="Region profile, or the path of your own .yml.")] = "midlands",
    out_folder: Annotated[
        Path | None, typer.Option("--out", help="Folder of packages; default: the workspace's.")
    ] = None,
    at: AtOption = None,
    log: Annotated[
        list[Path] | None,
        typer.Option("--log", help="A log of judgements and edits (repeat for several); default: the workspace's."),
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Start a new ledger of ids; do not go on from --out.")] = False,
    json: JsonOption = False,
) -> None:
    """Build a region's package from a folder of open registers and lists."""
    from lifecluster.build.run import Request
    from lifecluster.build.run import build as run
    from lifecluster.region import load_region
    from lifecluster.register.linkage.learnt import layer_for
    from lifecluster.register.linkage.scorer import shipped
    from lifecluster.register.log import FileLog

    workspace = Workspace.current()
    target = out_folder or workspace.packages
    previous = None if fresh else _previous(target)
    for path in log or ():
        if not path.is_file():
            raise InputError("there is no such log", file=str(path))
    paths = [path for path in log or [workspace.log] if path.is_file()]
    logs = tuple(FileLog(path) for path in paths)
    layer = layer_for(workspace.learnt, shipped().version)
    request = Request(region=load_region(profile), inputs=inputs, out=target, at=as_of(at), previous=previous,
                      logs=logs, layer=layer)  # fmt: skip
    result = run(request, progress=progress)
    told = told_of(result.package, paths)
    if json:
        print_json({**result.counts, "logs": [asdict(one) for one in told], "path": str(result.package.path)})
    else:
        summary(result.counts)
        warned(result.counts)
        if layer is not None:
            out.print(f"links were scored with what was learnt from judgements (layer {layer.digest})", markup=False)
        for one in told:
            if one.elsewhere:
                out.print(f"log {one.said()}", style="yellow", markup=False, soft_wrap=True)
        unread(result.package.table("left").iter_rows(), package=str(result.package.path))
        out.print(f"\npackage: {result.package.path}", soft_wrap=True, markup=False)


def _previous(target: Path) -> Package | None:
    """The current package of a folder, whose ids go on. Raises InputError where `current` leads nowhere."""
    if not os.path.lexists(target / CURRENT):
        return None
    if not (target / CURRENT / DESCRIPTOR).is_file():
        raise InputError("the current package is gone and its ledger of ids with it; restore it, or build with --fresh",
                         file=f"{target.name}/{CURRENT}")  # fmt: skip
    return Package(target)
