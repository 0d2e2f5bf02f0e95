"""Writes docs/reference/cli.md from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from lifecluster import schemas
from lifecluster.cli import app

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "cli.md"
HEAD = """`lifecluster COMMAND --help` says the same. Exit code 0: done; 1: refused or failed, with one line on standard
error that says why; 2: the command line itself is wrong."""


def commands(node: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command and group below the app with its path (whatever classes the installed Typer makes of them)."""
    found = typer.main.get_command(app) if node is None else node
    if path:
        yield path, found
    for name, child in getattr(found, "commands", {}).items():
        yield from commands(child, (*path, name))


def page() -> str:
    """The page as Markdown."""
    root = typer.main.get_command(app)
    lines = ["# The command line", "", "Written by `scripts/write_cli_reference.py`; do not edit.", "", root.help or ""]
    lines += ["", HEAD, "", *_parameters(root)]
    for path, command in commands():
        lines += ["", f"{'##' if len(path) == 1 else '###'} lifecluster {' '.join(path)}", "", command.help or ""]
        if not hasattr(command, "commands"):
            lines += ["", *_parameters(command)]
        name = schemas.COMMANDS.get(" ".join(path))
        if name:
            lines += ["", f"`--json` prints: [{name}](json.md#{name})."]
    return "\n".join([*lines, ""])


def _parameters(command: Any) -> list[str]:
    lines = ["| parameter | meaning |", "|---|---|"]
    for parameter in command.params:
        names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
        if parameter.param_type_name == "argument":
            names = f"`{(parameter.metavar or parameter.name).upper()}`"
        lines.append(f"| {names} | {_meaning(parameter)} |")
    return lines if len(lines) > 2 else []


def _meaning(parameter: Any) -> str:
    text = str(getattr(parameter, "help", None) or "").replace("|", "\\|")
    notes = ["required"] if parameter.required else []
    if isinstance(parameter.default, str | int | float) and parameter.default not in {"", False, True}:
        notes.append(f"default: {parameter.default}")
    return text + (f" ({'; '.join(notes)})" if notes else "")


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
