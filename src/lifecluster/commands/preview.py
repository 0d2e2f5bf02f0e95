"""What `lifecluster load` says before it loads a package: what would change in the web app."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.table import Table

from lifecluster.commands.common import err, out
from lifecluster.reference.properties import vocabulary

if TYPE_CHECKING:
    from lifecluster.web.directory.actions import Preview
    from lifecluster.web.directory.loading.compare import Changed

SHOWN = 10
"""Organisations that are listed, of each kind of change."""
LONG = 40
"""Characters of a value; of longer ones, and of lists, only the property is named."""
KINDS_OF_CHANGE = ("new", "gone", "redirected", "changed")
"""What becomes of organisations, in the order in which it is told: that one came or went weighs more than a value."""
MEANING = (
    "changed: another value is shown. other evidence: the same values are shown, on other statements (a newer file, "
    "another source, a value that not everybody sees)."
)


def described(preview: Preview) -> dict[str, Any]:
    """A preview as plain values."""
    return {
        "package": preview.package,
        "replaces": preview.replaces or None,
        "same": preview.same,
        "problems": list(preview.problems),
        "edits": preview.edits,
        "edits_without_subject": list(preview.lost),
        "kinds": {kind: asdict(counts) for kind, counts in preview.kinds.items()},
    }


def told_of(preview: Preview) -> None:
    """The preview for people: counts, and the first organisations that would differ."""
    if preview.same:
        out.print(f"{preview.package} is shown already.", soft_wrap=True, markup=False)
        return
    if preview.replaces:
        _differences(preview)
    elif preview.kinds:
        has = [f"{n.new:,} {vocabulary().kinds[kind].table}" for kind, n in preview.kinds.items() if n.new]
        out.print(f"Nothing is shown yet. {preview.package} has {', '.join(has)}.", markup=False)
    if preview.edits:
        out.print(f"{preview.edits:,} approved edits are shown over it.")
    if preview.lost:
        err.print(f"{len(preview.lost):,} approved edits wait: the package does not know what they speak of.")


def _differences(preview: Preview) -> None:
    """What would be shown otherwise than now."""
    out.print(f"{preview.package} instead of {preview.replaces}", style="bold", markup=False, soft_wrap=True)
    table = Table()
    table.add_column("")
    for name in ("new", "changed", "gone", "redirected", "other evidence", "as before"):
        table.add_column(name, justify="right")
    for kind, n in preview.kinds.items():
        numbers = (n.new, n.changed, n.gone, n.redirected, n.evidence, n.kept - n.evidence)
        table.add_row(vocabulary().kinds[kind].table, *(f"{x:,}" for x in numbers))
    out.table(table)
    out.print(MEANING, style="dim", markup=False)
    for what in KINDS_OF_CHANGE:
        rows = [row for row in preview.organisations if row.what == what]
        for row in rows[:SHOWN]:
            out.print(f"  {what}: {row.name}  {row.uid}  {_how(row)}".rstrip(), markup=False, soft_wrap=True)
        if len(rows) > SHOWN:
            out.print(f"  and {len(rows) - SHOWN:,} more {what}")


def _how(row: Changed) -> str:
    """What is changed, with the values before and after where they are short; or where a redirected id leads."""
    told = []
    for name, (before, after) in row.fields.items():
        plain = [value is None or (not isinstance(value, list | dict) and len(str(value)) <= LONG)
                 for value in (before, after)]  # fmt: skip
        told.append(f"{name} {_value(before)} -> {_value(after)}" if all(plain) else name)
    return ", ".join(told) or (f"now {row.target}" if row.target else "")


def _value(value: object) -> str:
    return "(none)" if value is None else str(value)
