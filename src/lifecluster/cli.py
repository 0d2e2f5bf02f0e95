"""The command line: `lifecluster COMMAND`. Each command is a thin layer over the library."""

from __future__ import annotations

import sys

import typer

from lifecluster import __version__
from lifecluster.commands import (
    atlas,
    build,
    claims,
    definitions,
    exporting,
    find,
    follow,
    inputs,
    jobs,
    linkage,
    packages,
    people,
    problems,
    sample,
    schema,
    show,
    web,
)
from lifecluster.commands.common import err, out
from lifecluster.errors import LifeclusterError

app = typer.Typer(
    name="lifecluster",
    help="An evidenced register of a region's life sciences, and the answers that rest on it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
ROOMS = (
    build,
    sample,
    find,
    show,
    follow,
    problems,
    inputs,
    linkage,
    definitions,
    claims,
    atlas,
    packages,
    schema,
    web,
    people,
    jobs,
    exporting,
)
for room in ROOMS:
    room.register(app)


def _version(value: bool) -> None:
    if value:
        out.print(__version__)
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    """An evidenced register of a region's life sciences, and the answers that rest on it."""


def main() -> None:
    """Run the command line. A refusal meant for people is printed without a traceback, with exit code 1."""
    try:
        app()
    except LifeclusterError as error:
        err.print(f"error: {error}", style="red", markup=False, soft_wrap=True)
        sys.exit(1)
    except OSError as error:  # a full disk, a folder that may not be written: the machine refuses
        place = f"{error.filename}: " if error.filename else ""
        err.print(f"error: {place}{error.strerror or error}", style="red", markup=False)
        sys.exit(1)


if __name__ == "__main__":
    main()
