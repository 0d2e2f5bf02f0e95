"""A spreadsheet that somebody uploaded, as plain rows of text under the properties that its headings mean.

Run as a process of its own, with limits on memory and time: whatever a file does, it does it there.

    python -m lifecluster.sources.uploaded FILE NAME < headings.json > reading.json

`headings.json`: property -> words of headings. The reading: `sheet`, `header_row`, `columns` (heading, property or
null, and why it is left out), `rows` (number as the sheet counts, cells by property), `left` (rows left out: number,
why),
`notes`; or `error` alone, in words for whoever uploaded the file.
"""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from lifecluster.errors import InputError

ROW_LIMIT: Final = 2000
"""Rows of one upload; a longer list is a source of the build."""
CELL_LENGTH: Final = 2000
"""Characters of a cell that are taken."""
DEPTH: Final = 25
"""Rows from the top among which the headings are looked for."""
MEMORY: Final = 3 << 30
"""Bytes of address space that reading may take."""
SECONDS: Final = 40
"""Seconds of processor time that reading may take."""
MACROS: Final = "it holds macros, which are refused: save it as a plain workbook (.xlsx) and upload that"
NOT_CALCULATED: Final = "\x00"
"""Stands in a cell whose formula has no stored value."""
NOT_KNOWN: Final = "its heading is not known"
PERSONS: Final = "names, addresses and numbers of persons are not read"
ENDINGS: Final[Mapping[str, str]] = {".xlsx": "workbook", ".ods": "workbook", ".csv": "text", ".txt": "text",
                                     ".tsv": "text"}  # fmt: skip


def read(path: Path, name: str, headings: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The reading of one file; see the module. Raises InputError for what is no list that can be read."""
    from lifecluster.sources.sheets import read_grids

    _no_macros(path, name)
    grids = read_grids(path, name=name)
    shown = [grid for grid in grids if not grid.hidden and grid.rows]
    if not shown:
        raise InputError("no sheet that is shown holds anything", file=name)
    found = [(grid, *_header(grid.rows, headings)) for grid in shown]
    grid, at, known = max(found, key=lambda one: (one[2], len(one[0].rows)))
    if not known:
        wanted = ", ".join(words[0] for words in headings.values())
        raise InputError(f"no row of it has headings that are known; those that are: {wanted}", file=name)
    columns = _columns(grid.rows, at, headings)
    rows, left = _rows(grid.rows, at, columns)
    if len(rows) > ROW_LIMIT:
        raise InputError(f"{len(rows):,} rows are more than the {ROW_LIMIT:,} that can be uploaded at once", file=name)
    return {"sheet": grid.sheet, "header_row": at, "columns": columns, "rows": rows, "left": left,
            "notes": [*_ending(name, grid.sheet), *grid.warnings, *_others(grids, grid.sheet), *_above(grid.rows, at)],
            }  # fmt: skip


def _no_macros(path: Path, name: str) -> None:
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            names = [one.casefold() for one in archive.namelist()]
    except (zipfile.BadZipFile, OSError) as error:
        raise InputError(f"the workbook is damaged ({type(error).__name__})", file=name) from error
    if any(one.endswith("vbaproject.bin") or one.startswith(("basic/", "scripts/")) for one in names):
        raise InputError(MACROS, file=name)


def _ending(name: str, sheet: str | None) -> list[str]:
    """A note where a file is not what its ending says."""
    said, is_ = ENDINGS.get(Path(name).suffix.casefold()), "text" if sheet is None else "workbook"
    words = {"text": "a table in plain text", "workbook": "a workbook"}
    return [] if said == is_ else [f"its name ends in {Path(name).suffix or 'nothing'}, and it is {words[is_]}"]


def _others(grids: Sequence[Any], taken: str | None) -> list[str]:
    notes = []
    for grid in grids:
        if grid.sheet != taken and grid.rows:
            why = "it is hidden" if grid.hidden else "one sheet is read at a time"
            notes.append(f"the sheet {grid.sheet!r} was left out: {why}")
    return notes


def _above(rows: Sequence[Sequence[str]], at: int) -> list[str]:
    filled = sum(any(cell.strip() for cell in row) for row in rows[: at - 1])
    return [f"{filled} row{'s' if filled > 1 else ''} above the headings left out"] if filled else []


def meant(heading: str, headings: Mapping[str, Sequence[str]]) -> str | None:
    """The property that a heading stands for, if its words are known."""
    from lifecluster.sources.columns import plain

    text = plain(heading)
    return next((prop for prop, words in headings.items() if text in {plain(word) for word in words}), None)


def _header(rows: Sequence[Sequence[str]], headings: Mapping[str, Sequence[str]]) -> tuple[int, int]:
    """Number of the row with most known headings, from 1, and how many these are."""
    best, most = 0, 0
    for number, row in enumerate(rows[:DEPTH], 1):
        known = len({meant(cell, headings) for cell in row} - {None})
        if known > most:
            best, most = number, known
    return best, most


def _columns(rows: Sequence[Sequence[str]], at: int, headings: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    from lifecluster.sources.columns import personal
    from lifecluster.sources.persons import mask_text

    columns: list[dict[str, Any]] = []
    taken: set[str] = set()
    for i, cell in enumerate(rows[at - 1]):
        prop = meant(cell, headings)
        cells = [row[i] for row in rows[at:] if i < len(row)]
        reason = None
        if personal(cell, cells, names=prop is None) is not None:
            prop, reason = None, PERSONS
        elif prop is None:
            reason = NOT_KNOWN if cell.strip() else "it has no heading"
        elif prop in taken:
            prop, reason = None, "another column says the same"
        if prop is not None:
            taken.add(prop)
        heading = mask_text(" ".join(cell.split()))[:80]
        if heading or any(one.strip() for one in cells):
            columns.append({"at": i, "heading": heading or f"column {i + 1}", "property": prop, "reason": reason})
    return columns


def _rows(rows: Sequence[Sequence[str]], at: int,
          columns: Sequence[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:  # fmt: skip
    from lifecluster.sources.sheets import NO_VALUE
    from lifecluster.sources.totals import TOTAL, is_total

    used = [(column["at"], column["property"]) for column in columns if column["property"]]
    kept: list[dict[str, Any]] = []
    left: list[dict[str, Any]] = []
    for number, row in enumerate(rows[at:], at + 1):
        cells = {prop: row[i] for i, prop in used if i < len(row) and row[i].strip()}
        cells = {k: NOT_CALCULATED if v == NO_VALUE else v.strip()[:CELL_LENGTH] for k, v in cells.items()}
        cells = {k: v.replace("\x00", "") if v != NOT_CALCULATED else v for k, v in cells.items()}
        filled = [cell for cell in row if cell.strip()]
        if not filled:
            continue
        if is_total(filled[:1], None):
            left.append({"number": number, "why": TOTAL})
        elif [cell.strip() for cell in row] == [cell.strip() for cell in rows[at - 1]]:
            left.append({"number": number, "why": "the headings once more"})
        elif not cells:
            left.append({"number": number, "why": "it has nothing in a column that is read"})
        else:
            kept.append({"number": number, "cells": cells})
    return kept, left


def _limit() -> None:
    """Limit this process; where the system has no such limits, the parent's clock alone holds."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(arguments: Sequence[str]) -> int:
    """Read one file and print the reading as JSON; an error is part of the answer."""
    _limit()
    path, name = Path(arguments[0]), arguments[1]
    headings = json.load(sys.stdin)
    try:
        answer = read(path, name, headings)
    except InputError as error:
        answer = {"error": str(error)}
    except (MemoryError, RecursionError):
        answer = {"error": f"{name}: is too large or too deep to be read; save the list alone as CSV"}
    json.dump(answer, sys.stdout, ensure_ascii=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
