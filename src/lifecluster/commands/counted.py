"""What a build prints for people: counts that can be added up, and the files that it did not read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.table import Table

from lifecluster.commands.common import out

LINES = 8
"""Reasons not to read files that are told; further ones are counted."""
NAMED = 3
"""Files that are named under one reason."""
ROWS = "read = accepted + rejected. A problem cell leaves its row accepted: see lifecluster problems."
NAMES = "named = register (others are linked to these) + linked + to review + no link. A row may name several."


def summary(counts: Mapping[str, Any]) -> None:
    """The counts of a build as tables, each under the sum that it has to make."""
    _rows(counts["sources"])
    _names(counts["sources"])
    table = _table("Organisations by definition", "definition", "counted", "expected", "unknown")
    for name, row in counts["definitions"].items():
        table.add_row(name, f"{row['organisations']:,}", f"{row['expected']:,.1f}", f"{row['unknown']:,}")
    out.table(table)
    out.print()
    if lost := counts["judgements_on_no_row"]:
        out.print(f"warning: {lost:,} judgements hold on no row of these files; `lifecluster judge list` marks them",
                  style="yellow", markup=False, soft_wrap=True)  # fmt: skip
    waiting = f" ({counts['waiting']:,} of them wait for review and may be double)" if counts["waiting"] else ""
    out.print(
        f"[bold]{counts['organisations']:,}[/bold] organisations{waiting}, [bold]{counts['sites']:,}[/bold] sites, "
        f"{counts['statements']:,} statements, {counts['universe']:,} companies in the region",
    )
    if closed := counts["closed"]:
        out.print(f"beside them {closed:,} that only lists which are not public put here", soft_wrap=True)


def warned(counts: Mapping[str, Any]) -> None:
    """What the readers noticed of whole files."""
    for name, row in counts["sources"].items():
        for warning in row["warnings"]:
            out.print(f"warning: {name}: {warning}", style="yellow", markup=False, soft_wrap=True)


def _rows(sources: Mapping[str, Any]) -> None:
    """Rows of the files, by source and together."""
    table = _table("Rows", "source", "read", "accepted", "rejected", "problem cells")
    keys = ("read", "accepted", "rejected", "problems")
    for name, row in sources.items():
        table.add_row(name, *(f"{row[key]:,}" for key in keys))
    table.add_section()
    table.add_row("all", *(f"{sum(row[key] for row in sources.values()):,}" for key in keys))
    out.table(table)
    out.print(ROWS, style="dim")
    out.print()


def _names(sources: Mapping[str, Any]) -> None:
    """Organisations that the rows name, by source and together; sources that name none are left out."""
    table = _table("Organisations that the rows name", "source", "named", "register", "linked", "to review",
                   "no link")  # fmt: skip
    lines = {name: added(row) for name, row in sources.items() if row["named"]}
    for name, numbers in lines.items():
        table.add_row(name, *(f"{n:,}" for n in numbers))
    table.add_section()
    table.add_row("all", *(f"{sum(column):,}" for column in zip(*lines.values(), strict=True)))
    out.table(table)
    out.print(NAMES, style="dim")
    out.print()


def added(row: Mapping[str, Any]) -> tuple[int, int, int, int, int]:
    """Of one source: organisations named, and the parts that make this number.

    The parts are those of a register (which others are linked to), linked, to review, without a link.
    """
    found = row["linked"]["auto"], row["linked"]["review"]
    return row["named"], row["registered"], *found, row["named"] - row["registered"] - sum(found)


def unread(left: Iterable[tuple[str, str]], *, package: str) -> None:
    """Files that were not read: one line a reason, the most frequent first, and where all of them are told."""
    by_reason: dict[str, list[str]] = {}
    for file, reason in left:
        by_reason.setdefault(reason, []).append(file)
    reasons = sorted(by_reason.items(), key=lambda item: -len(item[1]))
    for reason, files in reasons[:LINES]:
        many = f"{len(files):,} files" if len(files) > NAMED else ", ".join(files)
        some = f" ({', '.join(files[:NAMED])}, …)" if len(files) > NAMED else ""
        out.print(f"not read: {many}: {reason}{some}", style="yellow", soft_wrap=True, markup=False)
    rest = sum(len(files) for _, files in reasons[LINES:])
    if rest:
        out.print(f"not read: {rest:,} more files, each for a reason of its own", style="yellow", soft_wrap=True)
    if rest or any(len(files) > NAMED for files in by_reason.values()):
        out.print(f"each of them: lifecluster problems {package} --of files", markup=False, soft_wrap=True)


def _table(title: str, first: str, *numbers: str) -> Table:
    """A table with names on the left and numbers on the right; no cell is ever cut."""
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column(first, overflow="fold")
    for name in numbers:
        table.add_column(name, justify="right", overflow="fold")
    return table
