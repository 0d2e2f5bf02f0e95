"""Presence: who may know that a thing is in the register at all. See docs/decisions/0013.

A column `presence` stands in every table whose rows are for readers; a package opened as usual gives public rows only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from lifecluster.policy.visibility import Visibility, labels_within
from lifecluster.reference.properties import vocabulary

PRESENCE: Final = "presence"
"""The column, and the table that has it for every id ever issued."""
EVER: Final = pl.Schema({"id": pl.String, PRESENCE: pl.String})
"""The table: the most public level at which an id ever was present."""
RANKS: Final[Mapping[str, int]] = {level.label: int(level) for level in Visibility}


def rank(column: str = PRESENCE) -> pl.Expr:
    """The level in a column as a number, 0 for public; what is not there is seen by nobody."""
    return pl.col(column).replace_strict(RANKS, default=int(Visibility.OWNER), return_dtype=pl.Int8)


def within(frame: pl.LazyFrame, clearance: Visibility) -> pl.LazyFrame:
    """Rows that readers of `clearance` may know of."""
    return frame.filter(pl.col(PRESENCE).is_in(labels_within(clearance)))


def references() -> list[str]:
    """Properties whose values are ids of other things."""
    return [name for name, prop in vocabulary().properties.items() if prop.type == "ref"]


def leads_beyond(presence: Mapping[str, int], clearance: int | pl.Expr) -> pl.Expr:
    """Whether a statement (columns `property`, `value`) leads to what readers of `clearance` may not know of.

    Parameters: `presence` the level of each id that is not public; `clearance` a level, or one for each row.
    """
    level = pl.col("value").replace_strict(presence, default=0, return_dtype=pl.Int8)
    return pl.col("property").is_in(references()) & (level > clearance)


def unresolved(statements: pl.DataFrame, presence: Mapping[str, int], clearance: int | pl.Expr) -> pl.DataFrame:
    """Statements as they would be if what is not for `clearance` were not in the register.

    Parameters: as for `leads_beyond`; `statements` also with `original`. A value that leads to such an id is again what
    the source's row says, a record of the source; what says nothing but the id (an edit) is left out.
    """
    if not presence:
        return statements
    marked = statements.with_columns(_beyond=leads_beyond(presence, clearance))
    return marked.filter(~pl.col("_beyond") | pl.col("original").is_not_null()).with_columns(
        value=pl.when("_beyond").then("original").otherwise("value"),
        original=pl.when("_beyond").then(None).otherwise("original"),
    ).drop("_beyond")  # fmt: skip
