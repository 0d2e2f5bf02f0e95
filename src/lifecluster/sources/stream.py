"""A large delimited file as a run of frames: every cell text, every row numbered, every misshapen row put aside."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, cast

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from lifecluster.errors import InputError
from lifecluster.sources.clean import Cleaned
from lifecluster.sources.extract import PUBLIC
from lifecluster.sources.files import InputFile, head, open_bytes, read_text, sniff
from lifecluster.sources.ragged import parsed
from lifecluster.sources.spec import SourceSpec
from lifecluster.sources.tabular import misshapen
from lifecluster.sources.tray import Tray, shown_row

BLOCK = 16 << 20
"""Bytes parsed at a time; no row may be longer."""
GROUP = 250_000
"""Rows in one frame, about: large enough to be worth a vectorised step, small enough to stay under 1 GB."""


@dataclass(frozen=True)
class Misshapen:
    """A row with too many or too few cells: its number, the reason, and its cells (blank where they are not clear)."""

    row: int
    reason: str
    cells: Sequence[str]


@dataclass(frozen=True)
class Group:
    """Rows of a file that have the right number of cells (`row` first, then text columns), and those that have not.

    `recoded`, `nul`: so far the file had bytes that are no UTF-8 (read as Windows-1252), or NUL bytes (read as blanks).
    """

    cells: pl.DataFrame
    misshapen: Sequence[Misshapen]
    recoded: bool = False
    nul: bool = False

    @property
    def header(self) -> list[str]:
        """The columns of the file."""
        return self.cells.columns[1:]

    @property
    def read(self) -> int:
        """Rows that came in."""
        return self.cells.height + len(self.misshapen)

    def notes(self, name: str) -> list[str]:
        """What is to be warned of."""
        told = [f"{name}: not all of it is UTF-8; what is not was read as Windows-1252"] if self.recoded else []
        return told + ([f"{name}: holds NUL bytes, which were read as blanks"] if self.nul else [])


def misshapen_frame(group: Group, name: str, spec: SourceSpec) -> pl.DataFrame:
    """The misshapen rows of a group of the file `name` as rejected ones, with the cells that may be shown."""
    tray, shown = Tray(public=spec.visibility == PUBLIC), [spec.shows(column) for column in group.header]
    for m in group.misshapen:
        tray.add(name, m.row, None, m.reason, shown_row(m.cells, shown))
    return tray.frame()


@contextmanager
def _utf8(file: InputFile) -> Iterator[IO[bytes]]:
    """The file as bytes; UTF-16 is re-written as UTF-8 (in memory: nobody publishes millions of rows that way)."""
    with open_bytes(file.path, name=file.name) as stream:
        start = stream.peek(2)[:2] if isinstance(stream, io.BufferedReader) else b""
        if start not in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
            yield stream
            return
    yield io.BytesIO(read_text(file)[0].lstrip("\ufeff").encode())


def read_header(file: InputFile) -> tuple[list[str], str]:
    """Column names, blanks stripped, and the delimiter."""
    text = head(file.path)
    delimiter = sniff(text)
    rows = csv.reader(io.StringIO(text.replace("\x00", " "), newline=""), delimiter=delimiter)
    first: list[str] = next((row for row in rows if any(cell.strip() for cell in row)), [])
    return [name.strip() for name in first], delimiter


def groups(file: InputFile, header: Sequence[str], delimiter: str) -> Iterator[Group]:
    """The rows of `file` below its header line in groups of about 250,000; see `stream_groups`."""
    with _utf8(file) as stream:
        yield from stream_groups(stream, header, delimiter, name=file.name)


def stream_groups(
    stream: IO[bytes], header: Sequence[str], delimiter: str = ",", *, name: str, skip: int = 1
) -> Iterator[Group]:
    """Rows of an open stream in groups of about 250,000; `header` names the columns, `skip` (0 or 1) lines lead.

    Rows are numbered as a spreadsheet numbers them, the header line among them; blank lines, which no register has, are
    not seen by the parser and not counted. Reading is single-threaded on purpose: only then does the parser number the
    rows that it refuses. Quoted line breaks belong to their cell. Raises InputError where a quote is never closed or a
    row is longer than 16 MiB.
    """
    refused: list[Misshapen] = []

    def refuse(bad: pacsv.InvalidRow) -> str:
        reason = misshapen(bad.actual_columns, bad.expected_columns, bad.text.count("\n"))
        cells = parsed(bad.text, delimiter, bad.actual_columns)
        refused.append(Misshapen(bad.number, reason, cells))
        return "skip"

    try:
        # A header goes through the parser as row 1, whatever its width.
        clean = Cleaned(stream)
        reader = pacsv.open_csv(
            clean,
            pacsv.ReadOptions(use_threads=False, block_size=BLOCK, column_names=list(header)),
            pacsv.ParseOptions(delimiter=delimiter, newlines_in_values=True, invalid_row_handler=refuse),
            pacsv.ConvertOptions(column_types=dict.fromkeys(header, pa.binary()), strings_can_be_null=False),
        )
        yield from _regroup(reader, refused, skip, clean)
    except pa.ArrowInvalid as error:
        told = "a quote is never closed, or a row is longer than 16 MiB" if "straddling" in str(error) else str(error)
        raise InputError(told, file=name) from error


def ahead(items: Iterator[Group]) -> Iterator[Group]:
    """The same groups, the next one read in another thread while this one is worked on; errors come through."""
    end = object()
    with ThreadPoolExecutor(1) as pool:
        following = pool.submit(next, items, end)
        while (item := following.result()) is not end:
            following = pool.submit(next, items, end)
            yield cast("Group", item)


def _regroup(reader: pacsv.CSVStreamingReader, refused: list[Misshapen], skip: int, clean: Cleaned) -> Iterator[Group]:
    number, held, count = skip, [], 0
    while True:
        batch = next(reader, None)
        if batch is not None:
            if skip and batch.num_rows:
                batch, skip = batch.slice(skip), 0
            held.append(batch)
            count += batch.num_rows
        if batch is None or count >= GROUP:
            # Rows are refused ahead of the batch that they stand in: only those before its last row belong to it.
            bad = refused[:] if batch is None else _before(refused, number, count)
            del refused[: len(bad)]
            cells = _frame(held, reader.schema)
            rows = _numbers(number, count, [m.row for m in bad])
            yield Group(cells.insert_column(0, rows), bad, clean.recoded, clean.nul)
            number, held, count = number + count + len(bad), [], 0
        if batch is None:
            return


def _before(refused: Sequence[Misshapen], number: int, count: int) -> list[Misshapen]:
    """Those refused rows that stand before the `count`-th good row after `number`."""
    bad: list[Misshapen] = []
    for row in refused:
        if row.row > number + count + len(bad):
            break
        bad.append(row)
    return bad


def _numbers(number: int, count: int, bad: Sequence[int]) -> pl.Series:
    """Numbers of `count` good rows after row `number`, leaving out those of bad ones."""
    rows = pl.int_range(number + 1, number + count + len(bad) + 1, dtype=pl.UInt32, eager=True).alias("row")
    return rows if not bad else rows.filter(~rows.is_in(pl.Series(bad, dtype=pl.UInt32).implode()))


def _frame(batches: Sequence[pa.RecordBatch], schema: pa.Schema) -> pl.DataFrame:
    """Bytes to text; a column without a single byte (many are) costs nothing."""
    table = pa.Table.from_batches(batches, schema)
    columns = []
    for name in schema.names:
        column = table[name]
        if not pc.max(pc.binary_length(column)).as_py():
            columns.append(pl.repeat("", table.num_rows, dtype=pl.String, eager=True).alias(name))
            continue
        columns.append(cast("pl.Series", pl.from_arrow(column.cast(pa.string()))).alias(name))
    return pl.DataFrame(columns)
