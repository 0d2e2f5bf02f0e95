"""`lifecluster load`, `rollback` and `serve`: the web app of this workspace. Django is imported when they run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lifecluster.commands.common import JsonOption, open_package, out, print_json, progress
from lifecluster.commands.preview import described, told_of
from lifecluster.errors import LifeclusterError

if TYPE_CHECKING:
    from lifecluster.web.directory.actions import Preview


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(load)
    app.command()(rollback)
    app.command()(serve)


def load(
    package: Annotated[
        Path | None, typer.Argument(help="A package, or a folder of packages; default: the workspace's current one.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Accept without asking.")] = False,
    json: JsonOption = False,
) -> None:
    """Load a package into the web app: shows what would change, asks, and then shows it, all at once or not at all."""
    from lifecluster.web.directory import operate

    open_package(package)  # where there is none, no workspace is made for it
    told: dict[str, Any] = {}

    def confirm(preview: Preview) -> bool:
        told.update(described(preview))
        if not json:
            told_of(preview)
        if preview.problems:
            raise LifeclusterError(f"{preview.package} cannot be loaded: {'; '.join(preview.problems)}")
        return preview.same or yes or (not json and typer.confirm("Show this package?"))

    loaded = operate.load(package, confirm=confirm, progress=progress)
    if json:
        print_json({**told, "loaded": loaded is not None})
    elif loaded is None:
        out.print("Nothing was changed.")
    elif not told["same"]:
        back = " `lifecluster rollback` goes back." if told["replaces"] else ""
        out.print(f"{loaded.name} is shown.{back}", soft_wrap=True, markup=False)
    if loaded is None:
        raise typer.Exit(1)


def rollback() -> None:
    """Show the package again that the present one replaced; edits approved since then stay."""
    from lifecluster.web.directory import operate

    operate.require_web()
    out.print(f"{operate.roll_back().name} is shown again.", soft_wrap=True, markup=False)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; default: this machine only.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(help="Processes.")] = 2,
    threads: Annotated[int, typer.Option(help="Threads in each.")] = 4,
) -> None:
    """Serve the web app; loads the workspace's current package first if none is shown."""
    from lifecluster.web.directory import operate

    given = {"--host": host, "--port": port, "--workers": workers, "--threads": threads}
    operate.serve([text for name, value in given.items() for text in (name, str(value))], progress)
