"""`lifecluster problems`: what a build could not use of its inputs, cell by cell and row by row."""

from __future__ import annotations

from enum import StrEnum
from json import loads
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from lifecluster.commands.common import WITHHELD, ForOption, JsonOption, open_package, out, print_json
from lifecluster.errors import LifeclusterError
from lifecluster.register.package import Package
from lifecluster.register.presence import PRESENCE

EXAMPLES = 3
"""Places that are named under each reason."""
SHOWN = 160
"""Characters that are shown of what stood there."""


class Part(StrEnum):
    """What can be asked for alone."""

    ROWS = "rows"
    CELLS = "cells"
    FILES = "files"


TITLES = {
    Part.ROWS: ("row put aside", "rows put aside"),
    Part.CELLS: ("problem cell, its row kept", "problem cells, their rows kept"),
    Part.FILES: ("file not read", "files not read"),
}
"""Of one, and of several."""
TABLES = {Part.ROWS: "rejected", Part.CELLS: "problems"}
ROW, CELL, ENTRY, KEPT = "row put aside", "cell put aside, row kept", "entry put aside, row kept", "kept and noted"
WITH_ROW, UNTOLD = "its row put aside as well", "row kept"
"""What was done. An entry is what a row says as a whole (an older notice of an award that a newer row tells of)."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(problems)


def problems(
    package: Annotated[
        Path | None, typer.Argument(help="A package, or a folder of packages; default: the workspace's current one.")
    ] = None,
    source: Annotated[str | None, typer.Option(help="Only of this source, as `lifecluster build` names it.")] = None,
    of: Annotated[Part | None, typer.Option("--of", help="Only rows put aside, cells, or files not read.")] = None,
    field: Annotated[str | None, typer.Option(help="Only of columns whose name has this in it.")] = None,
    reason: Annotated[str | None, typer.Option(help="Only with these words in the reason.")] = None,
    examples: Annotated[
        int, typer.Option(help="Show so many places under each reason; --json has all.", min=0)
    ] = EXAMPLES,
    level: ForOption = "public",
    json: JsonOption = False,
) -> None:
    """List rows put aside, problem cells and files not read: where, why, what stood there and what was done.

    A row has the number that a spreadsheet program shows: the header line and blank lines count.
    """
    opened = open_package(package, level)
    found = {part: _matching(_of(opened, part, source), field, reason) if of in {None, part} else None
             for part in TABLES}  # fmt: skip
    whole = opened.whole
    withheld = sum(
        _matching(_of(whole, part, source), field, reason).height - frame.height
        for part, frame in found.items() if frame is not None
    )  # fmt: skip
    left = opened.table("left")
    if source is not None or field is not None or of not in {None, Part.FILES}:
        left = left.clear()
    if reason is not None:
        left = left.filter(_has("reason", reason))
    if (cells := found[Part.CELLS]) is not None:
        found[Part.CELLS] = with_row(cells, opened.table(TABLES[Part.ROWS]))
    if json:
        rows = {TABLES[part]: [] if frame is None else frame.to_dicts() for part, frame in found.items()}
        print_json({"package": opened.name, "source": source, "withheld": withheld, **rows, "left": left.to_dicts()})
        return
    for part, frame in found.items():
        if frame is not None:
            lost = frame.filter(pl.col("done") == WITH_ROW).height
            _title(part, frame.height - lost)
            if lost:
                more = "one cell more" if lost == 1 else f"{lost:,} cells more"
                out.print(f"  and {more} of rows put aside", markup=False)
            for group in _grouped(frame).iter_rows(named=True):
                _print(group, examples)
    if withheld:
        out.print(WITHHELD.format(withheld, level), style="dim", markup=False, soft_wrap=True)
    if of in {None, Part.FILES}:
        _title(Part.FILES, left.height)
    for file, why in left.iter_rows():
        out.print(f"  {file}: {why}", markup=False, soft_wrap=True)


def _title(part: Part, count: int) -> None:
    out.print(f"{count:,} {TITLES[part][count != 1]}", style="bold", markup=False)


def _of(package: Package, part: Part, source: str | None) -> pl.DataFrame:
    """A table of the package, of one source if it is named; raises LifeclusterError for one that was not read."""
    frame = done(package.table(TABLES[part]), part).drop(PRESENCE, strict=False)
    if "line" not in frame.columns:  # packages of earlier versions do not know it
        frame = frame.with_columns(line=pl.lit(None, pl.UInt32))
    if source is None:
        return frame
    known = package.whole.table("sources")["source"].unique().sort().to_list()
    if source not in known:
        raise LifeclusterError(f"{source!r}: {package.name} was not built from it; there are {', '.join(known)}")
    return frame.filter(pl.col("source") == source)


def done(frame: pl.DataFrame, part: Part) -> pl.DataFrame:
    """Rows of a table with what was done with each as `done`; packages of earlier versions do not say it of cells."""
    if part is Part.ROWS:
        return frame.with_columns(done=pl.lit(ROW))
    if "kept" not in frame.columns:
        return frame.with_columns(done=pl.lit(UNTOLD))
    aside = pl.when(pl.col("field").is_null()).then(pl.lit(ENTRY)).otherwise(pl.lit(CELL))
    return frame.with_columns(done=pl.when("kept").then(pl.lit(KEPT)).otherwise(aside)).drop("kept")


def with_row(cells: pl.DataFrame, rejected: pl.DataFrame) -> pl.DataFrame:
    """Problem cells, `done` of those in `rejected` rows saying that the row was put aside too."""
    rows = rejected.select("source", "file", "row", _aside=pl.lit(value=True)).unique()
    joined = cells.join(rows, on=["source", "file", "row"], how="left", maintain_order="left")
    aside = pl.when(pl.col("_aside")).then(pl.lit(WITH_ROW)).otherwise("done")
    return joined.with_columns(done=aside).drop("_aside")


def _has(column: str, words: str) -> pl.Expr:
    return pl.col(column).str.to_lowercase().str.contains(words.lower(), literal=True).fill_null(value=False)


def _matching(frame: pl.DataFrame, field: str | None, reason: str | None) -> pl.DataFrame:
    wanted = [_has(column, words) for column, words in (("field", field), ("reason", reason)) if words is not None]
    return frame.filter(wanted) if wanted else frame


def _grouped(frame: pl.DataFrame) -> pl.DataFrame:
    """One row per source, column and reason, the most frequent first, with all places of each."""
    places = pl.struct("file", "row", "line", "raw").alias("places")
    by = ("source", "field", "reason", "done")
    grouped = frame.group_by(*by, maintain_order=True).agg(pl.len().alias("rows"), places)
    return grouped.sort("rows", *by, descending=[True, *[False] * 4], nulls_last=True)


def _print(group: dict[str, Any], examples: int) -> None:
    column = f", column {group['field']!r}" if group["field"] else ""
    head = f"  {group['rows']:,}  {group['source']}{column}: {group['reason']} ({group['done']})"
    out.print(head, markup=False, soft_wrap=True)
    for place in group["places"][:examples]:
        line = "" if place["line"] is None else f" (line {place['line']:,})"
        where = f"      {place['file']} row {place['row']:,}{line}: {stood(place['raw'])}"
        out.print(where, style="dim", markup=False, soft_wrap=True)
    if group["rows"] > examples > 0:
        out.print(f"      and {group['rows'] - examples:,} more with --examples", style="dim", markup=False)


def stood(raw: str | None) -> str:
    """What stood there, in a line, from its JSON text: a text as it was, the cells of a row with bars between them."""
    value = loads(raw) if raw else None
    if isinstance(value, dict):
        value = [f"{key}: {cell}" for key, cell in value.items()]
    if isinstance(value, list):
        value = " | ".join(str(cell) for cell in value)
        value = "" if not value.strip("| ") else value
    text = " ".join(str(value).split()) if value not in {None, ""} else ""
    if not text:
        return "(empty)"
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
