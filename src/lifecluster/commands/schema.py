"""`lifecluster schema`: what the JSON of a command looks like, as a JSON Schema."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from lifecluster import schemas
from lifecluster.commands.common import out


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(schema)


def schema(
    name: Annotated[
        list[str] | None, typer.Argument(help="A schema or a command (`judge same`); none: list them.")
    ] = None,
) -> None:
    """Print the JSON Schema (draft 2020-12) of what a command prints with --json."""
    if name:
        sys.stdout.write(schemas.text(" ".join(name)))
        return
    for one in schemas.names():
        found = schemas.schema(one)
        out.print(f"{one}: {found['title']}. {found['description']}", markup=False, soft_wrap=True)
