"""Delimited text to records, strictly: each column used or ignored by name, each row accepted or put aside."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

import polars as pl

from lifecluster.errors import InputError, LifeclusterError
from lifecluster.reference.properties import vocabulary
from lifecluster.sources.extract import PUBLIC, Extract, restrict
from lifecluster.sources.files import CELL_LIMIT, InputFile, read_text, sniff
from lifecluster.sources.persons import has_contact, mask, mask_text
from lifecluster.sources.spec import SourceSpec
from lifecluster.sources.tray import Tray, shown_row
from lifecluster.sources.values import NUMBERED, Parsed, check_periods, is_free, parse_column

Rows = Iterable[tuple[int, list[str]]]
Derive = Callable[[pl.DataFrame], pl.DataFrame | Mapping[str, pl.DataFrame]]
Refuse = Callable[[int, Sequence[str]], tuple[str | None, str] | None]
"""Says of a row, by its number and cells, why it cannot be used: the column (None: the whole row) and the reason."""
RUNAWAY_LINES = 100
"""A row that spans more lines than this is reported: most likely a quotation mark that is never closed."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a source: where it comes from, its header, its rows with the numbers of the sheet, what to warn of.

    `lines`: of rows that begin on a line of the file with another number than theirs (cells above them hold line
    breaks), that line.
    """

    file: InputFile
    header: list[str]
    rows: Rows
    warnings: list[str]
    lines: dict[int, int] = field(default_factory=dict)


def read_table(
    files: Sequence[InputFile],
    spec: SourceSpec,
    *,
    derive: Derive | None = None,
    keep: Sequence[str] = (),
    problems: Tray | None = None,
    notes: list[str] | None = None,
) -> Extract:
    """Read delimited files of one source by its `columns`; the whole reader of most sources.

    `derive` gets the frame of accepted records (columns `key, file, row`, properties, and `_<header>` with the
    text of each column in `keep`) and may add or change properties, or return several kinds of records by name.
    `problems`, `notes`: a tray and a list of warnings that `derive` also fills, if it has something to complain of.
    Raises InputError for a file without usable header, with a column missing, or with duplicate column names.
    """
    tables = []
    for file in files:
        tables.append(open_table(file, spec))
    return read_tables(tables, spec, derive=derive, keep=keep, problems=problems, notes=notes)


def read_tables(
    tables: Sequence[Table],
    spec: SourceSpec,
    *,
    derive: Derive | None = None,
    keep: Sequence[str] = (),
    problems: Tray | None = None,
    notes: list[str] | None = None,
    identity: Sequence[str] = (),
    refuse: Refuse | None = None,
) -> Extract:
    """As `read_table`, for tables that are open already (spreadsheets, lists). Raises InputError for broken CSV.

    `identity`: columns whose cells make the key where `spec.key` is not set; all cells if empty. `refuse`: see
    `Refuse`.
    """
    open_ = spec.visibility == PUBLIC
    rejected, warnings = Tray(public=open_), [note for table in tables for note in table.warnings]
    problems = Tray(public=open_) if problems is None else problems
    frames, read = [], 0
    keep = (*keep, spec.key) if spec.key in spec.columns and spec.key not in keep else keep
    for table in tables:
        frame, count = gather_cells(table, spec, rejected, warnings, identity=identity, refuse=refuse)
        read += count
        frame = _without_contacts(frame, table, spec, keep, warnings)
        frames.append(_shape(frame, table.header, spec, keep=keep, rejected=rejected, problems=problems))
    records = pl.concat(frames, how="diagonal_relaxed")
    records = _unique(_with_key(records, spec), rejected)
    check_periods(records, problems, warnings)
    found = derive(records) if derive is not None else records
    kinds = {spec.kind: found} if isinstance(found, pl.DataFrame) else dict(found)
    kinds = {kind: restrict(f.drop([c for c in f.columns if c.startswith("_")]), spec) for kind, f in kinds.items()}
    snapshots = tuple(table.file.snapshot for table in tables)
    return Extract(
        spec, snapshots, kinds, rejected.frame(), read, records.height, (*warnings, *(notes or ())), problems.noted(),
        lines={table.file.name: table.lines for table in tables if table.lines},
    )  # fmt: skip


def open_table(file: InputFile, spec: SourceSpec) -> Table:
    """A file as a table: header stripped (named by `spec.columns` where the file has none), rows numbered as a
    spreadsheet numbers them (the header line and blank lines count).
    """
    text, encoding = read_text(file)
    warnings = [] if encoding == "utf-8" else [f"{file.name}: read as {encoding}"]
    lines: dict[int, int] = {}
    rows = csv_rows(text, spec.delimiter or sniff(text), file.name, lines)
    if not spec.header:
        return Table(file, list(spec.columns), rows, warnings, lines)
    header = [name.strip() for name in next(rows, (0, []))[1]]
    warnings += check_header(header, spec, file.name)
    return Table(file, header, rows, warnings, lines)


def csv_grid(text: str, delimiter: str, file: str, lines: dict[int, int] | None = None) -> list[list[str]]:
    """All rows, each blank line one empty row, for tables whose header has to be found first; `lines` as `csv_rows`."""
    return [row for _, row in _csv(text, delimiter, file, lines)]


def csv_rows(
    text: str, delimiter: str, file: str, lines: dict[int, int] | None = None
) -> Iterator[tuple[int, list[str]]]:
    """Rows of delimited text with their numbers, blank lines counted and left out; `lines` gets those of rows whose
    line in the file has another number. Raises InputError naming the row where the text is no CSV.
    """
    return ((number, row) for number, row in _csv(text, delimiter, file, lines) if row)


def _csv(text: str, delimiter: str, file: str, lines: dict[int, int] | None) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(1 << 30)  # our own limit rejects the row and names the column; the module's would end the file
    number = before = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            number += 1
            if lines is not None and before + 1 != number:
                lines[number] = before + 1
            before = reader.line_num
            yield number, row
    except csv.Error as error:
        raise InputError(f"cannot be read as a delimited table ({error})", file=file, row=max(number, 1)) from error


def misshapen(cells: int, width: int, breaks: int) -> str:
    """Why a row with too many or too few cells is put aside; `breaks` lines that end within a cell of it."""
    told = f"has {cells} cell{'' if cells == 1 else 's'} where {width} are expected"
    return told + (f"; {breaks} line breaks inside: is a quote not closed?" if breaks else "")


def check_header(header: list[str], spec: SourceSpec, file: str) -> list[str]:
    """Warnings for columns that source.yml does not know; InputError for missing or repeated ones."""
    twice = sorted({name for name in header if header.count(name) > 1 and name})
    if twice:
        raise InputError(f"column names repeat: {', '.join(twice)}", file=file, field=twice[0])
    unknown = [mask_text(name) for name in header if name not in spec.columns]
    if unknown and spec.unknown == "refuse":
        near = get_close_matches(unknown[0].casefold(), list(spec.columns), n=1)
        told = f": did you mean {near[0]!r}?" if near else f"; there are {', '.join(spec.columns)}"
        raise InputError(f"there is no such column in {spec.name}{told}", file=file, field=unknown[0])
    missing = [name for name, column in spec.columns.items() if name not in header and not column.optional]
    if missing:
        raise InputError(f"columns are missing: {', '.join(missing)}", file=file, field=missing[0])
    return [f"{file}: column {name!r} is not known to {spec.name} and was left out" for name in unknown]


def gather_cells(
    table: Table,
    spec: SourceSpec,
    rejected: Tray,
    warnings: list[str],
    *,
    identity: Sequence[str] = (),
    refuse: Refuse | None = None,
) -> tuple[pl.DataFrame, int]:
    """Rows of the right width as columns `0`, `1`, ... (never the header's words: they may be anything) and `_raw`.

    Returns the frame (also `file`, `row`, `_raw` as `shown_row` has it, `_print` fingerprint) and the number of rows.
    """
    file, header, width = table.file.name, table.header, len(table.header)
    shown = [spec.shows(name) for name in header]
    own = [i for i, name in enumerate(header) if name in identity] or list(range(width))
    kept: list[tuple[object, ...]] = []
    count = 0
    for number, cells in table.rows:
        count += 1
        if any(cell.count("\n") > RUNAWAY_LINES for cell in cells):
            warnings.append(f"{file}: row {number} spans over {RUNAWAY_LINES} lines: a quotation mark never closed?")
        if len(cells) != width:
            reason = misshapen(len(cells), width, sum(cell.count("\n") for cell in cells))
            rejected.add(file, number, None, reason, shown_row(cells, shown))
            continue
        raw = shown_row(cells, shown)
        long = next((i for i, cell in enumerate(cells) if len(cell) > CELL_LIMIT), None)
        if long is not None:
            rejected.add(file, number, header[long], f"a cell of {len(cells[long]):,} characters", raw)
            continue
        if (why := refuse(number, cells) if refuse is not None else None) is not None:
            rejected.add(file, number, *why, raw)
            continue
        kept.append((number, raw, fingerprint([cells[i] for i in own]), *cells))
    schema: dict[str, pl.DataType] = {"row": pl.UInt32(), "_raw": pl.List(pl.String), "_print": pl.String()}
    schema |= {str(i): pl.String() for i in range(width)}
    return pl.DataFrame(kept, schema=schema, orient="row").with_columns(file=pl.lit(file)), count


def _without_contacts(
    frame: pl.DataFrame, table: Table, spec: SourceSpec, keep: Sequence[str], warnings: list[str]
) -> pl.DataFrame:
    """The columns that are used, without e-mail addresses, and free text without telephone numbers; says how many."""
    for i, name in enumerate(table.header):
        column = spec.columns.get(name)
        if column is None or (column.property is None and name not in keep and not column.required):
            continue
        text = frame[str(i)]
        safe = safe_keys(text) if name == spec.key else mask(text, telephones=is_free(column.property))
        count = int(text.ne_missing(safe).sum())
        if count:
            told = f"e-mail addresses or telephone numbers were taken out of cells: {count:,}"
            warnings.append(f"{table.file.name}: column {mask_text(name)!r}: {told}")
            frame = frame.with_columns(safe.alias(str(i)))
    return frame


def _shape(
    frame: pl.DataFrame, header: list[str], spec: SourceSpec, *, keep: Sequence[str], rejected: Tray, problems: Tray
) -> pl.DataFrame:
    """Cells to typed properties; rows without a required value are put aside."""
    known = vocabulary().properties
    at = {name: str(i) for i, name in enumerate(header)}
    wanted = {n: c for n, c in spec.columns.items() if n in at and (c.property is not None or n in keep or c.required)}
    for name, column in wanted.items():
        empty = [text.casefold() for text in column.none]
        text = pl.col(at[name]).str.strip_chars()
        frame = frame.with_columns(
            pl.when((text == "") | text.str.to_lowercase().is_in(empty)).then(None).otherwise(text).alias(at[name])
        )
    frame = _reject_empty(frame, {at[n]: n for n, c in wanted.items() if c.required}, rejected)
    out = frame.select("file", "row", "_raw", "_print", *(pl.col(at[n]).alias(f"_{n}") for n in keep if n in at))
    by_property: dict[str, list[str]] = {}
    for name, column in wanted.items():
        if column.property is not None:
            by_property.setdefault(column.property, []).append(name)
    for prop, names in by_property.items():
        parsed = [
            parse_column(frame.select("file", "row", pl.col(at[n]).alias(n)), n, wanted[n], known[prop], problems)
            for n in names
        ]
        out = out.with_columns(_combine(parsed, known[prop].type, known[prop].many, prop))
    return out


def _reject_empty(frame: pl.DataFrame, required: Mapping[str, str], rejected: Tray) -> pl.DataFrame:
    for at, name in required.items():
        for file, row, raw in frame.filter(pl.col(at).is_null()).select("file", "row", "_raw").iter_rows():
            rejected.add(file, row, name, "a required value is missing", raw)
        frame = frame.filter(pl.col(at).is_not_null())
    return frame


def _combine(parsed: list[Parsed], kind: str, many: bool, prop: str) -> list[pl.Series]:
    """Several columns of one property: lists are joined, address lines joined by a comma, else the first non-empty."""
    values = pl.DataFrame([p.values.alias(str(i)) for i, p in enumerate(parsed)])
    if many:
        lists = [pl.col(c) if isinstance(values[c].dtype, pl.List) else pl.concat_list(c) for c in values.columns]
        joined = pl.concat_list([part.fill_null([]) for part in lists]).list.drop_nulls()
        joined = joined.list.unique(maintain_order=True)
        return [values.select(pl.when(joined.list.len() > 0).then(joined).alias(prop))[prop]]
    changed = any(p.original is not None for p in parsed)
    before = pl.DataFrame([_before(p).alias(str(i)) for i, p in enumerate(parsed)])
    merge = _line if kind == "address" else pl.coalesce(pl.all())
    result = values.select(merge.alias(prop))[prop]
    if not changed:
        return [result]
    first = values.select(pl.coalesce(
        [pl.when(pl.col(c).is_not_null()).then(before[c]) for c in values.columns]).alias("o"))["o"]  # fmt: skip
    original = before.select(_line.alias("o"))["o"] if kind == "address" else first
    both = pl.DataFrame({"v": result.cast(pl.String), "o": original})
    kept = both.select(pl.when(pl.col("v").is_not_null() & (pl.col("o") != pl.col("v"))).then("o"))["o"]
    if kind in {"int", "number", "money"}:
        kept = pl.DataFrame([p.original if p.original is not None else p.values.cast(pl.String).clear(len(p.values))
                             for p in parsed]).select(pl.coalesce(pl.all()).alias("o"))["o"]  # fmt: skip
    return [result, kept.alias(f"{prop}__original")]


_LINE = pl.concat_str(pl.all(), separator=", ", ignore_nulls=True)
_line = pl.when(_LINE != "").then(_LINE)


def _before(parsed: Parsed) -> pl.Series:
    text = parsed.values.cast(pl.String)
    if parsed.original is None:
        return text
    return pl.DataFrame({"o": parsed.original, "v": text}).select(pl.coalesce("o", "v").alias("o"))["o"]


def _with_key(frame: pl.DataFrame, spec: SourceSpec) -> pl.DataFrame:
    """Key from `spec.key` (property or column), else a fingerprint of the row, which survives a new order of rows."""
    key = pl.col("_print")
    if spec.key is not None:
        stated = spec.key if spec.key in frame.columns else f"_{spec.key}"
        if stated not in frame.columns:
            raise LifeclusterError(
                f"{spec.name}: the key {spec.key!r} is neither a property nor a column of the source"
            )
        stated_keys = safe_keys(frame[stated].cast(pl.String), telephones=spec.key not in NUMBERED)
        key = pl.coalesce(stated_keys, "_print")
    rest = [c for c in frame.columns if c not in {"key", "file", "row", "_print"}]
    return frame.with_columns(key=key).select("key", "file", "row", *rest)


def fingerprint(cells: Sequence[str | None]) -> str:
    """16 hex digits over the cells of a row, blank-trimmed and case-folded."""
    text = "\x1f".join((cell or "").strip().casefold() for cell in cells)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def safe_keys(keys: pl.Series, *, telephones: bool = True) -> pl.Series:
    """Keys as they are, but a fingerprint of those that hold an e-mail address or a telephone number."""
    spots = has_contact(keys, telephones=telephones)
    if not spots.any():
        return keys
    return keys.clone().scatter(spots.arg_true(), pl.Series([fingerprint((key,)) for key in keys.filter(spots)]))


def _unique(frame: pl.DataFrame, rejected: Tray) -> pl.DataFrame:
    """The first record of each key; later ones are put aside."""
    again = ~pl.col("key").is_first_distinct()
    repeats = frame.filter(again)
    if repeats.height:
        first = frame.filter(~again)
        seen = {key: (file, row) for key, file, row in first.select("key", "file", "row").iter_rows()}
        for key, file, row, raw in repeats.select("key", "file", "row", "_raw").iter_rows():
            where = f"row {seen[key][1]}" if seen[key][0] == file else f"row {seen[key][1]} of {seen[key][0]}"
            rejected.add(file, row, None, f"repeats the key {key!r} of {where}", raw)
        return first
    return frame
