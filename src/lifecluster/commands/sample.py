"""`lifecluster sample`: a sample Midlands region, so that there is something to look at from the first minute."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lifecluster.commands.common import AtOption, JsonOption, as_of, out, print_json, progress
from lifecluster.commands.counted import summary
from lifecluster.workspace import Workspace


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(sample)


def sample(
    out_folder: Annotated[
        Path | None, typer.Option("--out", help="Folder of packages; default: the workspace's.")
    ] = None,
    inputs: Annotated[Path | None, typer.Option("--inputs", help="Where to write the invented input files.")] = None,
    seed: Annotated[int, typer.Option(help="Another seed, another region.")] = 1,
    at: AtOption = None,
    json: JsonOption = False,
) -> None:
    """Invent a region and build it: about 1,200 organisations of the English Midlands, none of them real."""
    from lifecluster.build.run import Request, build
    from lifecluster.region import load_region
    from lifecluster.sample import write_sample
    from lifecluster.sample.model import AS_OF

    workspace = Workspace.current()
    folder = inputs or workspace.cache / f"sample-{seed}"
    progress("inventing the inputs")
    write_sample(folder, seed=seed)
    target = out_folder or workspace.packages
    request = Request(
        region=load_region("midlands"),
        inputs=folder,
        out=target,
        at=as_of(at) if at else AS_OF,
        namespace=f"sample-{seed}",
    )
    result = build(request, progress=progress)
    if json:
        print_json({**result.counts, "path": str(result.package.path)})
        return
    out.print("[reverse] SAMPLE [/reverse] Every organisation and figure here is invented.\n")
    summary(result.counts)
    out.print(f"\npackage: {result.package.path}", soft_wrap=True, markup=False)
    first = (
        result.package.table("organisations").filter("live").sort("records", "id", descending=[True, False])["id"][0]
    )
    out.print(f"look at one: lifecluster show {first}", soft_wrap=True, markup=False)
