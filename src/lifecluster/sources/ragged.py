"""What may be shown of a row with more or fewer cells than the table has columns, so that it can be found and mended.

Nobody knows which cell of such a row belongs to which column. A row that is `k` cells short has each cell at most `k`
columns to the left of its own, one with `k` too many at most `k` to the right: a cell is shown if no column that it may
belong to is hidden (ignored columns may name persons), and if it can be but one cell. Names of persons are taken out of
what is shown.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from lifecluster.sources.columns import given_names
from lifecluster.sources.persons import looks_like_a_person

NAME_REMOVED = "[name removed]"
LOOKED_AT = 20_000
"""Characters of a line or a row that are looked at."""
_SEVERAL = re.compile(r"[\r\n,;\t|]")
"""What parts rows or cells: a cell of a ragged row with one in it may be several that a lost quotation mark joined."""


def cells_shown(cells: Sequence[str], shown: Sequence[bool]) -> list[str]:
    """The cells of a row of another width than `shown` (of each column: may it be seen?), blank where they may not."""
    width, more = len(shown), len(cells) - len(shown)
    told = []
    for i, cell in enumerate(cells):
        own = range(max(i - more, 0), i + 1) if more >= 0 else range(i, min(i - more, width - 1) + 1)
        seen = all(column < width and shown[column] for column in own) and (all(shown) or not _SEVERAL.search(cell))
        told.append(_unnamed(cell) if seen else "")
    return told


def parsed(text: str, delimiter: str, count: int) -> list[str]:
    """The cells of a row that a fast parser refused; all blank where the slow one does not see `count` of them."""
    try:
        rows = list(csv.reader(io.StringIO(text[:LOOKED_AT], newline=""), delimiter=delimiter))
    except csv.Error:
        rows = []
    cells = rows[0] if len(rows) == 1 else []
    return cells if len(cells) == count else [""] * count


def _unnamed(text: str) -> str:
    return NAME_REMOVED if looks_like_a_person(text, given_names()) else text
