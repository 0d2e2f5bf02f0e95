"""Where rows and cells go that cannot be used: with place and reason, and without contact details.

Everything that is put aside passes here, so nothing can be shown that was not made safe: what is shown of a row are the
cells of columns that are used (see `SourceSpec.shows`), and of those no e-mail address and no telephone number.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import polars as pl

from lifecluster.sources.extract import PROBLEMS_SCHEMA, REJECTED_SCHEMA
from lifecluster.sources.persons import mask_text
from lifecluster.sources.ragged import cells_shown

SHOWN = 200
"""Characters of one cell that are kept in a rejected row."""
CELLS = 60
"""Cells of a row that are kept."""
NOT_PUBLIC = "(not public)"


def shown_row(cells: Sequence[str], shown: Sequence[bool]) -> list[str]:
    """What may be shown of a row once `Tray.add` has made it safe: cells of columns that are not shown are blank.

    `shown` tells of each column of the table whether it is. In a row with more or fewer cells nobody knows which cell
    belongs to which column: see `ragged`. A long cell is made safe before it is cut: half an address is none that
    could be known.
    """
    if len(cells) != len(shown):
        cells, shown = cells_shown(cells, shown), [True] * CELLS
    seen = (cell if open_ else "" for cell, open_ in zip(cells[:CELLS], shown, strict=False))
    return [cell if len(cell) <= SHOWN else mask_text(cell)[:SHOWN] for cell in seen]


def safe_json(raw: object) -> str:
    """JSON text of what is shown, every text in it without e-mail addresses and telephone numbers."""
    return json.dumps(_safe(raw), ensure_ascii=False, default=lambda value: mask_text(str(value)))


def _safe(raw: object) -> object:
    if isinstance(raw, str):
        return mask_text(raw)
    if isinstance(raw, dict):
        return {str(key): _safe(value) for key, value in raw.items()}
    return [_safe(value) for value in raw] if isinstance(raw, list | tuple) else raw


class Tray:
    """Collects rows that cannot be used, and cells that could not be read, each with its place and reason.

    `public`: whether the source's values may be seen by everybody; of others nothing is shown but place and reason.
    """

    def __init__(self, *, public: bool = True) -> None:
        self._rows: list[tuple[str, int, str | None, str, str, bool]] = []
        self._public = public

    def add(self, file: str, row: int, field: str | None, reason: str, raw: object, *, kept: bool = False) -> None:
        """Put one row (or cell) aside; `raw` is kept as JSON text, of a list of cells no more than `SHOWN` of each.

        `kept`: it is only noted, and used as it stands.
        """
        if isinstance(raw, list):
            raw = [mask_text(cell)[:SHOWN] if isinstance(cell, str) else cell for cell in raw]
        shown = safe_json(raw if self._public else NOT_PUBLIC)
        self._rows.append((file, row, field and mask_text(field), mask_text(reason), shown, kept))

    def __len__(self) -> int:
        return len(self._rows)

    def frame(self) -> pl.DataFrame:
        """All that was put aside, in order of arrival."""
        return self.noted().select(list(REJECTED_SCHEMA))

    def noted(self) -> pl.DataFrame:
        """The same with what became of each: a frame of `PROBLEMS_SCHEMA`."""
        return pl.DataFrame(self._rows, schema=PROBLEMS_SCHEMA, orient="row")
