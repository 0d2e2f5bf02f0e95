"""Companies House basic company data: one file or numbered parts, plain, gzip or zip; millions of rows in one pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import polars as pl

from lifecluster.sources.companies_house.number import tidy_numbers
from lifecluster.sources.companies_house.seen import Seen
from lifecluster.sources.companies_house.shape import NARROW, Cells, narrow, wide
from lifecluster.sources.extract import Extract, Snapshot, no_rejected
from lifecluster.sources.files import CELL_LIMIT, InputFile
from lifecluster.sources.spec import SourceSpec
from lifecluster.sources.stream import Group, ahead, groups, misshapen_frame, read_header
from lifecluster.sources.tabular import check_header
from lifecluster.sources.tray import SHOWN, safe_json

WHOLE = 4_000_000
"""The whole register has had more rows than this since 2017."""
Keep = Callable[[pl.DataFrame], pl.Series]
"""Gets narrow rows (`key, file, row` and some properties of `shape.NARROW`); returns a Boolean per row."""
Progress = Callable[[str, int], None]
"""Called after each group of rows with the file's name and the number of rows read from it so far."""


@dataclass(frozen=True)
class Scan:
    """What one pass gave. `rows`: the kept rows; `read` = `accepted` + rows of `rejected`, kept or not."""

    spec: SourceSpec
    snapshots: tuple[Snapshot, ...]
    rows: pl.DataFrame
    rejected: pl.DataFrame
    problems: pl.DataFrame
    read: int
    accepted: int
    warnings: tuple[str, ...]

    def extract(self) -> Extract:
        """The same as an Extract; says in a warning how many rows were accepted and left out of scope."""
        out = self.accepted - self.rows.height
        notes = (f"{out:,} companies are out of scope and were not kept",) if out else ()
        return Extract(
            self.spec,
            self.snapshots,
            {self.spec.kind: self.rows},
            self.rejected,
            self.read,
            self.accepted,
            self.warnings + notes,
            self.problems,
        )


def read(files: Sequence[InputFile], spec: SourceSpec) -> Extract:
    """Records of kind organisation of all rows, keyed by company number; see source.yml for the columns."""
    return scan(files, spec).extract()


def _short(read_rows: int, spec: SourceSpec) -> list[str]:
    if spec.name != "companies-house" or read_rows >= WHOLE:
        return []
    return [f"{read_rows:,} companies, where the whole register has over {WHOLE:,}: a sample, or is a part missing?"]


def scan(
    files: Sequence[InputFile],
    spec: SourceSpec,
    *,
    keep: Keep | pl.DataFrame | None = None,
    look: Sequence[str] = NARROW,
    full: bool = True,
    progress: Progress | None = None,
) -> Scan:
    """Read all rows once, keep those in scope.

    Every row is checked (cell count, name, number, repetition), whether in scope or not; only those that `keep` wants
    are held in memory. `keep` is a function of rows that have `key, file, row` and the narrow properties named in
    `look`; or a frame with a column `key` of wanted company numbers; or None for all. `full=False` gives the narrow
    properties alone.

    A build asks for its region with `keep=places.within(region.codes), look=("registered_postcode",)`: one pass gives
    the universe (the narrow columns, then `Places.locate` for easting, northing, lad) and the full records. Companies
    out of the region that other sources name come from a second pass with `keep=frame_of_keys`.

    Raises InputError for a file without usable header, with a column missing or repeated, or that cannot be parsed.
    """
    seen, parts, read_rows, accepted = Seen(), _Parts(spec), 0, 0
    for file in _newest_first(files):
        header, delimiter = read_header(file)
        parts.warnings += check_header(header, spec, file.name)
        in_file = 0
        for group in ahead(groups(file, header, delimiter)):
            cells = _accept(group, file.name, spec, seen, parts)
            in_file += group.read
            accepted += cells.height
            parts.rows.append(_rows(_keep(cells, spec, keep, look), spec, full, parts))
            if progress is not None:
                progress(file.name, in_file)
        read_rows += in_file
    parts.warnings += _short(read_rows, spec)
    rejected = pl.concat([no_rejected(), *parts.rejected])
    return Scan(
        spec,
        tuple(f.snapshot for f in files),
        pl.concat(parts.rows, rechunk=False),
        rejected,
        pl.concat([no_rejected(), *parts.problems]),
        read_rows,
        accepted,
        tuple(dict.fromkeys(parts.warnings)),
    )


def _newest_first(files: Sequence[InputFile]) -> list[InputFile]:
    """The newest edition first, so that its rows stand and those of older editions repeat them; parts by name."""
    by_name = sorted(files, key=lambda f: f.name)
    return sorted(by_name, key=lambda f: f.snapshot.observed_on or date.min, reverse=True)


class _Parts:
    """What the groups leave behind."""

    def __init__(self, spec: SourceSpec) -> None:
        self.spec = spec
        self.rows: list[pl.DataFrame] = []
        self.rejected: list[pl.DataFrame] = []
        self.problems: list[pl.DataFrame] = []
        self.warnings: list[str] = []


def _keep(cells: pl.DataFrame, spec: SourceSpec, keep: Keep | pl.DataFrame | None, look: Sequence[str]) -> pl.DataFrame:
    if isinstance(keep, pl.DataFrame):
        return cells.join(keep.select("key").unique(), on="key", how="semi", maintain_order="left")
    return cells if keep is None else cells.filter(keep(narrow(Cells(cells, spec), look)))


def _rows(cells: pl.DataFrame, spec: SourceSpec, full: bool, parts: _Parts) -> pl.DataFrame:
    held = Cells(cells, spec)
    rows = narrow(held)
    if full:
        rows = pl.concat([rows, wide(held)], how="horizontal")
    else:
        rows = rows.select(c for c in rows.columns if not c.endswith("__original"))
    parts.problems += held.problems
    return rows


def _accept(group: Group, file: str, spec: SourceSpec, seen: Seen, parts: _Parts) -> pl.DataFrame:
    """Rows of the group with `key, file` in front; the others go to the rejected ones with their reason."""
    parts.warnings += group.notes(file)
    if group.misshapen:
        parts.rejected.append(misshapen_frame(group, file, spec))
    cells = group.cells.with_columns(file=pl.lit(file))
    for column, reason, test in _tests(spec):
        cells = _put_aside(cells, test(cells), column, reason, parts)
    number = _column(spec, "company_number")
    keys = tidy_numbers(cells[number].str.strip_chars())
    cells = _put_aside(cells.with_columns(key=keys), keys.is_null(), number, "is no company number", parts)
    again = seen.again(cells["key"])
    cells = _put_aside(cells, again, number, "repeats the company number of an earlier row", parts)
    return cells.select("key", "file", "row", pl.exclude("key", "file", "row"))


def _column(spec: SourceSpec, prop: str) -> str:
    return next(name for name, column in spec.columns.items() if column.property == prop)


def _tests(spec: SourceSpec) -> Iterator[tuple[str | None, str, Callable[[pl.DataFrame], pl.Series]]]:
    def long(cells: pl.DataFrame) -> pl.Series:
        return cells.select(pl.any_horizontal(pl.col(pl.String).str.len_bytes() > CELL_LIMIT)).to_series()

    yield None, f"a cell of more than {CELL_LIMIT:,} characters", long
    for name, column in spec.columns.items():
        if column.required:
            yield name, "a required value is missing", partial(_blank, name)


def _blank(name: str, cells: pl.DataFrame) -> pl.Series:
    return cells[name].str.strip_chars() == ""


def _put_aside(cells: pl.DataFrame, bad: pl.Series, field: str | None, reason: str, parts: _Parts) -> pl.DataFrame:
    if not bad.any():
        return cells
    out = cells.filter(bad)
    given = [c for c in out.columns if c not in {"key", "file", "row"}]
    text = out.select(pl.col(c).str.slice(0, SHOWN) if parts.spec.shows(c) else pl.lit("").alias(c) for c in given)
    raw = [safe_json(row) for row in text.iter_rows()]
    parts.rejected.append(
        out.select("file", "row").with_columns(
            field=pl.lit(field, dtype=pl.String), reason=pl.lit(reason), raw=pl.Series(raw, dtype=pl.String)
        )
    )
    return cells.filter(~bad)


__all__ = ["Keep", "Progress", "Scan", "read", "scan"]
