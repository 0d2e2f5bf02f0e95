"""What all commands share: the terminal, JSON to standard output, and the options that mean the same everywhere."""

from __future__ import annotations

import json
import os
import sys
import textwrap
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table

from lifecluster import clock
from lifecluster.errors import LifeclusterError
from lifecluster.policy.roles import PERMISSIONS, ROLES, permissions
from lifecluster.policy.visibility import Visibility
from lifecluster.register.package import CURRENT, Package
from lifecluster.workspace import Workspace

WIDEST = 2_000
"""Columns that a table may take where no terminal sets a width."""
CONTROL = dict.fromkeys((*range(9), *range(11, 32), *range(127, 160)), "�")


def plain(text: object) -> str:
    """Text from data as a terminal may show it: no character in it can steer the terminal."""
    return str(text).translate(CONTROL)


class Terminal(Console):
    """A console on which text from data cannot steer the terminal; in a pipe or a file no line is broken."""

    @property
    def bounded(self) -> bool:
        """Whether there is a width to keep to."""
        return self.is_terminal or "COLUMNS" in os.environ

    def print(self, *objects: Any, **options: Any) -> None:
        """As rich's, with control characters of texts replaced."""
        if not self.bounded and all(isinstance(o, str) for o in objects):
            options.setdefault("soft_wrap", True)
        super().print(*(plain(o) if isinstance(o, str) else o for o in objects), **options)

    def indented(self, text: object, **options: Any) -> None:
        """Text two columns further in, wrapped between words; in a pipe or a file on one line."""
        said = plain(text)
        if self.bounded:
            said = textwrap.fill(said, self.width - 1, initial_indent="  ", subsequent_indent="  ",
                                 break_long_words=False, break_on_hyphens=False)  # fmt: skip
        else:
            said = f"  {said}"
        self.print(said, soft_wrap=True, markup=False, **options)

    def table(self, table: Table) -> None:
        """A table with a hairline under its header; in a pipe or a file it is as wide as its cells."""
        table.box, table.show_edge, table.pad_edge, table.collapse_padding = box.SIMPLE_HEAD, False, False, True
        if self.bounded:
            self.print(table)
            return
        whole = Measurement.get(self, self.options.update(width=WIDEST), table).maximum
        Terminal(file=self.file, width=whole, highlight=False).print(table)


out = Terminal(soft_wrap=False, highlight=False)
err = Terminal(stderr=True, highlight=False)

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON (its shape: `lifecluster schema`).")]
AtOption = Annotated[
    str | None, typer.Option("--at", help="The date that counts as today, YYYY-MM-DD.", metavar="DATE")
]
LogOption = Annotated[
    Path | None, typer.Option("--log", help="The log of judgements and edits; default: the workspace's.")
]
PackageOption = Annotated[
    Path | None,
    typer.Option("--package", help="A package, or a folder of packages; default: the workspace's current one."),
]


ForOption = Annotated[
    str, typer.Option("--for", help="For whose eyes: public, members, desk, broker or owner.", metavar="LEVEL")
]


WITHHELD = "{:,} more are not for {} eyes: --for says who asks"
"""Said where rows of closed lists are left out."""


def as_of(text: str | None) -> date:
    """The date of `--at`, else today. Raises LifeclusterError for a text that is no date."""
    if text is None:
        return clock.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise LifeclusterError(f"--at {text!r} is no date (YYYY-MM-DD)") from None


def acting(role: str, permission: str) -> str:
    """The role of `--as`, which goes into the log.

    Raises LifeclusterError unless it is a role that has `permission`; a log that is kept for ever names no person.
    """
    may = [name for name in ROLES if permission in permissions([name])]
    if role not in may:
        raise LifeclusterError(
            f"--as {role!r}: who may {PERMISSIONS[permission]} acts in a role, and it is {', '.join(may)}; never a name"
        )
    return role


def print_json(value: Any) -> None:
    """Write `value` as JSON to standard output; dates as ISO text."""
    json.dump(value, sys.stdout, indent=2, ensure_ascii=False, default=str)
    sys.stdout.write("\n")


def progress(message: str) -> None:
    """One quiet line on standard error; nothing where that is no terminal."""
    if err.is_terminal:
        err.print(message, style="dim", markup=False)


def open_package(path: Path | None, level: str = "public") -> Package:
    """The package named, else the workspace's current one, as readers of `level` may know it."""
    clearance = Visibility.parse(level)
    if path is not None:
        return Package(path, clearance=clearance)
    workspace = Workspace.current()
    if not (workspace.packages / CURRENT).exists():
        raise LifeclusterError(workspace.lacks("package", "build one"))
    return Package(workspace.packages, clearance=clearance)
