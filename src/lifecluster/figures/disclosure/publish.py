"""A table as the public sees it, the same on a page, through the API and in a download."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from lifecluster.errors import LifeclusterError
from lifecluster.figures.disclosure.intervals import primary, unprotected
from lifecluster.figures.disclosure.secondary import secondary
from lifecluster.figures.disclosure.table import Key, Table
from lifecluster.policy.disclosure import Rule, registry

CONFIDENTIAL = "[c]"
"""What stands in a withheld cell. Source: Government Analysis Function, Using symbols in tables, 2021."""


@dataclass(frozen=True)
class PublicTable:
    """What may be shown: each cell's rounded value, None where withheld. Nothing else of the table is in here."""

    by: tuple[str, ...]
    measure: str
    rule: Rule
    values: tuple[tuple[Key, int | None], ...]

    @property
    def withheld(self) -> int:
        """Number of withheld cells."""
        return sum(value is None for _, value in self.values)

    def rows(self) -> list[dict[str, Any]]:
        """One row a cell: the dimensions, `value` (null where withheld) and `shown` (text, `[c]` where withheld)."""
        return [{**dict(zip(self.by, key, strict=True)), "value": value,
                 "shown": CONFIDENTIAL if value is None else str(value)} for key, value in self.values]  # fmt: skip

    def frame(self) -> pl.DataFrame:
        """The rows as a frame, for downloads."""
        schema = {**dict.fromkeys(self.by, pl.String), "value": pl.Int64, "shown": pl.String}
        return pl.DataFrame(self.rows(), schema=schema)

    def note(self) -> str:
        """What a reader has to know, in one sentence."""
        rounded = f"; figures are rounded to {self.rule.rounding:,}" if self.rule.rounding > 1 else ""
        hidden = f"{CONFIDENTIAL} withheld to protect what single organisations said in confidence"
        return (hidden if self.withheld else "nothing is withheld") + rounded


def publish(table: Table, measure: str) -> PublicTable:
    """The public form of a table under the registry's rule for `measure`: suppressed, checked by solving, rounded.

    Raises LifeclusterError where a hidden cell could be worked out after all (it is not published then), or where the
    table is too small to protect what is in it.
    """
    rule = registry().rule(measure)
    sensitive = primary(table, rule)
    hidden = secondary(table, rule, sensitive)
    exposed = unprotected(table, hidden, sensitive, rule, readers="public")
    if exposed:
        raise LifeclusterError(f"{measure}: {exposed[0]} could be worked out from the rest; not published")
    shown = tuple(
        (key, None if key in hidden else rule.rounded(cell.value)) for key, cell in table.cells.items()
    )  # fmt: skip
    return PublicTable(table.by, measure, rule, shown)
