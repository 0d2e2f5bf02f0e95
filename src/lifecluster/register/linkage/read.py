"""Reading the files of `lifecluster link`: queries, labels and a register; everything as text, nothing dropped."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from pathlib import Path

import polars as pl

from lifecluster.errors import InputError

#: Columns of a register in our own layout.
REGISTER = ("company_number", "name", "postcode", "address", "previous_names")
#: Largest text that a compressed file may unpack to, in bytes (the official monthly product is 2.6 GB).
LARGEST = 8 * 1024**3
#: Longest value of one cell, in characters.
LONGEST = 20_000
#: Number of a row of the file, from 1.
ROW = "_row"
#: What an older workbook begins with (OLE2).
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: What is said of a workbook.
WORKBOOK = "is a workbook; save its sheet as CSV (UTF-8) and give that"
#: Columns that may hold several names in one cell.
SEVERAL = ("previous_names", "trading_names")
_OPTIONAL = ("postcode", "address", "town", "country", "company_number")
_LINES = ("RegAddress.CareOf", "RegAddress.POBox", "RegAddress.AddressLine1", "RegAddress.AddressLine2")
_PREVIOUS = tuple(f"PreviousName_{i}.CompanyName" for i in range(1, 11))


def require_file(path: Path, what: str) -> None:
    """Raise InputError, in words that say what to do, where `path` is no file; `what` it should hold."""
    if path.is_dir():
        raise InputError(f"is a folder; name the file of {what} in it", file=str(path))
    if not path.is_file():
        raise InputError("no such file", file=str(path))


def read_queries(path: Path) -> pl.DataFrame:
    """Queries: columns `id,name` and those of `postcode,address,town,country,company_number` that the file has.

    Raises InputError for a missing column, an empty file, a blank or repeated id, or a wrong encoding.
    """
    return _with_ids(path, ("id", "name"), _OPTIONAL)


def read_labels(path: Path) -> pl.DataFrame:
    """Labels: columns `id,company_number` (a blank number says that there is no true match); refused as queries are."""
    return _with_ids(path, ("id", "company_number"))


def read_answers(path: Path, columns: tuple[str, ...]) -> pl.DataFrame:
    """A file with an id a row and these columns, all text but `probability`; refused as queries are, and for a
    probability that is no number from 0 to 1.
    """
    frame = _with_ids(path, columns)
    if "probability" not in columns:
        return frame
    number = frame["probability"].cast(pl.Float64, strict=False)
    wrong = ~number.is_between(0, 1).fill_null(value=False)
    if wrong.any():
        at = int(wrong.arg_true()[0])
        told = f"{frame['probability'][at]!r} is no number from 0 to 1"
        raise InputError(told, file=path.name, row=at + 1, field="probability")
    return frame.with_columns(number)


def _with_ids(path: Path, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> pl.DataFrame:
    frame = _table(path, required=required, optional=optional).with_columns(pl.col("id").str.strip_chars())
    _unique(frame, "id", path)
    return frame.drop(ROW)


def read_register(path: Path) -> pl.DataFrame:
    """A register: the official BasicCompanyData CSV (also zipped or gzipped), or CSV or Parquet in our own layout.

    The layout is recognised by the header. Returns text columns `company_number,name,postcode,address,previous_names`
    and, where the file has them, `town,status,trading_names`. Raises InputError as `read_queries` does, and for a
    company number that is blank or occurs twice.
    """
    frame = _rows(path)
    if "CompanyNumber" in frame.columns and "CompanyName" in frame.columns:
        frame = _official(_text(frame, [c for c in frame.columns if c != ROW], path))
    else:
        for name in REGISTER:
            if name not in frame.columns:
                raise InputError(f"the register lacks the column {name!r}", file=path.name, field=name)
        frame = _text(frame, [*REGISTER, *(c for c in ("town", "status", "trading_names") if c in frame.columns)], path)
    _unique(frame, "company_number", path)
    return frame.drop(ROW)


def _official(frame: pl.DataFrame) -> pl.DataFrame:
    def column(name: str) -> pl.Expr:
        return pl.col(name).fill_null("") if name in frame.columns else pl.lit("")

    lines = pl.concat_list([column(name) for name in _LINES])
    previous = pl.concat_list([column(name) for name in _PREVIOUS])
    filled = pl.element().filter(pl.element() != "")
    return frame.select(
        ROW,
        company_number=pl.col("CompanyNumber"),
        name=pl.col("CompanyName"),
        postcode=column("RegAddress.PostCode") if "RegAddress.PostCode" in frame.columns else column("Postcode"),
        address=lines.list.eval(filled).list.join(", "),
        previous_names=previous.list.eval(filled),
        town=column("RegAddress.PostTown"),
        status=column("CompanyStatus"),
    )


def _unique(frame: pl.DataFrame, name: str, path: Path) -> None:
    column = frame[name].fill_null("")
    blank = (column.str.strip_chars() == "").arg_true()
    if len(blank):
        told = "the id is blank" if name == "id" else "the company number is blank: no answer could name it"
        raise InputError(told, file=path.name, row=frame[ROW][blank[0]], field=name)
    first = column.is_first_distinct()
    if not first.all():
        at = int((~first).arg_true()[0])
        raise InputError(f"{column[at]!r} occurs a second time", file=path.name, row=frame[ROW][at], field=name)


def _table(path: Path, *, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> pl.DataFrame:
    frame = _rows(path)
    for name in required:
        if name not in frame.columns:
            known = ", ".join([c for c in frame.columns if c != ROW][:12])
            raise InputError(f"lacks the column {name!r}; it has {known}", file=path.name, field=name)
    if not frame.height:
        raise InputError("has a header but no rows", file=path.name)
    return _text(frame, [*required, *(c for c in optional if c in frame.columns)], path)


def _rows(path: Path) -> pl.DataFrame:
    """All rows that hold anything, with `ROW`, their number; column names without the blanks around them."""
    frame = _parquet(path) if path.suffix.lower() == ".parquet" else _csv(path)
    names = [_bare(column) for column in frame.columns]
    for i, name in enumerate(names):
        if name and name in names[:i]:
            raise InputError(f"has the column {name!r} twice", file=path.name, field=name)
    frame = frame.rename(dict(zip(frame.columns, (n or f"column {i}" for i, n in enumerate(names, 1)), strict=True)))
    numbered = frame.with_row_index(ROW, offset=1)
    empty = numbered.select(pl.all_horizontal(pl.exclude(ROW).is_null())).to_series()
    return numbered.filter(~empty) if empty.any() else numbered


def _bare(name: str) -> str:
    return name.strip().strip('"').strip()


def _text(frame: pl.DataFrame, wanted: list[str], path: Path) -> pl.DataFrame:
    """`ROW` and the columns `wanted` as text; those of `SEVERAL` may be lists. Raises InputError for other kinds."""
    out = []
    for name in wanted:
        kind = frame.schema[name]
        if isinstance(kind, pl.List) and name in SEVERAL and kind.inner == pl.String:
            out.append(pl.col(name))
            continue
        if kind.is_nested() or kind in {pl.Binary, pl.Object}:
            raise InputError(f"holds {kind.base_type().__name__.lower()} values where text is expected",
                             file=path.name, field=name)  # fmt: skip
        out.append(pl.col(name).cast(pl.String).fill_null(""))
    return frame.select(ROW, *out)


def _parquet(path: Path) -> pl.DataFrame:
    try:
        return pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputError(f"is not a Parquet file that can be read ({error})", file=path.name) from error


def _csv(path: Path) -> pl.DataFrame:
    data = _bytes(path)
    if data.startswith(OLD_WORKBOOK):
        raise InputError(WORKBOOK, file=path.name)
    if not data.strip():
        raise InputError("is empty: its first line has to name the columns", file=path.name)
    text = _utf8(data, path)
    text = text.lstrip(b"\r\n")
    header = text[: text.find(b"\n") if b"\n" in text else len(text)]
    separator = max((",", ";", "\t"), key=lambda s: header.count(s.encode()))
    names = [_bare(name) for name in header.decode().strip("\r").split(separator)]
    for i, name in enumerate(names):  # Polars would give the second of two another name
        if name and name in names[:i]:
            raise InputError(f"has the column {name!r} twice", file=path.name, field=name)
    try:
        frame = pl.read_csv(io.BytesIO(text), separator=separator, infer_schema=False)
    except pl.exceptions.PolarsError as error:
        raise _misfit(text, separator, len(names), path, str(error).splitlines()[0]) from error
    _cells(frame, path)
    return frame


def _misfit(text: bytes, separator: str, width: int, path: Path, message: str) -> InputError:
    """Which row has more cells than the header, and what to do about it; else what the parser said."""
    try:
        rows = csv.reader(io.StringIO(text.decode(), newline=""), delimiter=separator)
        for number, cells in enumerate(rows):
            if len(cells) > width:
                told = (f"has {len(cells)} cells where the header has {width}: put quotation marks around a cell that "
                        f"holds {separator!r}, or take the extra cells out")  # fmt: skip
                return InputError(told, file=path.name, row=number)
    except csv.Error:
        pass
    return InputError(f"cannot be read as CSV ({message})", file=path.name)


def _cells(frame: pl.DataFrame, path: Path) -> None:
    longest = frame.select(pl.all().str.len_chars().max())
    for name in frame.columns:
        size = longest[name][0]
        if size is not None and size > LONGEST:
            row = int(frame[name].str.len_chars().arg_max() or 0) + 1
            raise InputError(f"a value of {size:,} characters", file=path.name, row=row, field=name)


def _bytes(path: Path) -> bytes:
    try:
        if zipfile.is_zipfile(path):
            return _unzipped(path)
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
        if not packed:
            return path.read_bytes()
        with gzip.open(path) as unpacked:
            data = unpacked.read(LARGEST + 1)
    except (OSError, EOFError, zipfile.BadZipFile) as error:
        raise InputError(f"cannot be read ({error})", file=path.name) from error
    if len(data) > LARGEST:
        raise InputError(f"unpacks to more than {LARGEST:,} bytes", file=path.name)
    return data


def _unzipped(path: Path) -> bytes:
    """The CSV files of a zip archive, one after the other (the official product may come in parts)."""
    with zipfile.ZipFile(path) as archive:
        if not {"[Content_Types].xml", "content.xml"}.isdisjoint(archive.namelist()):
            raise InputError(WORKBOOK, file=path.name)
        members = sorted(m for m in archive.namelist() if m.lower().endswith(".csv"))
        if not members:
            raise InputError("the archive holds no CSV file", file=path.name)
        if sum(archive.getinfo(m).file_size for m in members) > LARGEST:
            raise InputError(f"unpacks to more than {LARGEST:,} bytes", file=path.name)
        parts = [archive.read(m) for m in members]
    header = parts[0].split(b"\n", 1)[0].strip()
    for name, part in zip(members[1:], parts[1:], strict=True):
        if part.split(b"\n", 1)[0].strip() != header:
            raise InputError(f"{name} has another header than {members[0]}", file=path.name)
    return b"\n".join([parts[0].rstrip(b"\r\n"), *(part.partition(b"\n")[2].rstrip(b"\r\n") for part in parts[1:])])


def _utf8(data: bytes, path: Path) -> bytes:
    """UTF-8 bytes without BOM; cp1252 is recoded; anything else is refused with its row."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError("is in UTF-16; save it as UTF-8", file=path.name)
    if b"\x00" in data[:65536]:
        raise InputError("holds zero bytes: not a text file", file=path.name)
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return data
    try:
        return data.decode("cp1252").encode()
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n")
        raise InputError("is neither UTF-8 nor Windows-1252", file=path.name, row=max(row, 1)) from error
