"""Accounts in XBRL: single files and monthly archives of them; every file is accepted or put aside with its reason."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import IO

import polars as pl

from lifecluster.errors import InputError
from lifecluster.sources.companies_house.number import tidy_number
from lifecluster.sources.companies_house_accounts.instance import Accounts, UnreadableError, parse
from lifecluster.sources.extract import Extract
from lifecluster.sources.files import InputFile, members, open_bytes, open_member
from lifecluster.sources.spec import SourceSpec
from lifecluster.sources.tray import Tray

NAME = re.compile(r"(?i)(?:^|[/:])Prod\d+_\w+_([A-Z0-9]{8})_(\d{4})(\d{2})(\d{2})\.(?:html|xhtml|xml)$")
"""Name of a file in the bulk product: company number and balance sheet date stand in it."""
MAX_BYTES = 64 << 20
Progress = Callable[[str, int], None]
SCHEMA = {
    "key": pl.String, "file": pl.String, "row": pl.UInt32, "company_number": pl.String,
    "accounts_made_up_to": pl.Date, "employees": pl.Int64, "employees__original": pl.String,
    "turnover": pl.Float64, "turnover__original": pl.String,
}  # fmt: skip


def read(files: Sequence[InputFile], spec: SourceSpec) -> Extract:
    """Records of kind organisation, one for each set of accounts, keyed `<company number>:<balance sheet date>`."""
    return read_accounts(files, spec)


def read_accounts(
    files: Sequence[InputFile],
    spec: SourceSpec,
    *,
    keep: frozenset[str] | None = None,
    progress: Progress | None = None,
) -> Extract:
    """Read the accounts of the companies in `keep` (company numbers; None: all).

    In an archive the number is read off the name of each file, so that the others are not even opened; they count as
    accepted and a warning says how many they are. `row` is the position of a file in its archive. A later filing for
    the same company and day (amended accounts) replaces the earlier one, which is rejected and says so.
    """
    rejected, problems = Tray(), Tray()
    rows: dict[str, tuple[object, ...]] = {}
    read_files = left = 0
    for name, row, content in _documents(files):
        read_files += 1
        stated = NAME.search(name)
        if keep is not None and stated is not None and stated[1].upper() not in keep:
            left += 1
            continue
        record = _record(name, row, content, rejected, problems)
        if record is not None and keep is not None and record[3] not in keep:
            left += 1
        elif record is not None:
            key = str(record[0])
            if key in rows:
                before = rows.pop(key)
                rejected.add(str(before[1]), int(str(before[2])), None, f"is replaced by a later filing: {name}", key)
            rows[key] = record
        if progress is not None:
            progress(name, read_files)
    notes = (f"{left:,} sets of accounts are out of scope and were not kept",) if left else ()
    frame = pl.DataFrame(list(rows.values()), schema=SCHEMA, orient="row")
    return Extract(spec, tuple(f.snapshot for f in files), {spec.kind: frame}, rejected.frame(), read_files,
                   read_files - len(rejected), notes, problems.noted())  # fmt: skip


def _documents(files: Sequence[InputFile]) -> Iterator[tuple[str, int, Callable[[], bytes]]]:
    for file in sorted(files, key=lambda f: f.name):
        inside = members(file.path)
        if not inside:
            yield file.name, 1, partial(_whole, file)
            continue
        with zipfile.ZipFile(file.path) as archive:
            for row, member in enumerate(inside, 1):
                name = f"{file.name}:{member}"
                yield name, row, partial(_member, archive, member, name)


def _whole(file: InputFile) -> bytes:
    with open_bytes(file.path, name=file.name) as stream:
        return _limited(stream)


def _member(archive: zipfile.ZipFile, member: str, name: str) -> bytes:
    with open_member(archive, member, name=name) as stream:
        return _limited(stream)


def _limited(stream: IO[bytes]) -> bytes:
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise UnreadableError(f"is larger than {MAX_BYTES >> 20} MiB")
    return data


def _record(
    name: str, row: int, content: Callable[[], bytes], rejected: Tray, problems: Tray
) -> tuple[object, ...] | None:
    """One row of the frame; None for a file that is put aside."""
    stated = NAME.search(name)
    number, day = (tidy_number(stated[1]), _day(stated)) if stated else (None, None)
    try:
        accounts = parse(content(), made_up_to=day)
    except (UnreadableError, InputError) as error:
        reason = error.message if isinstance(error, InputError) else str(error)
        rejected.add(name, row, None, reason, name)
        return None
    for field, reason, text, kept in _disagreements(accounts, number, day):
        problems.add(name, row, field, reason, text, kept=kept)
    for field, reason, text in accounts.notes:
        problems.add(name, row, field, reason, text)
    number, made_up_to = number or accounts.number, accounts.made_up_to
    if number is None or made_up_to is None:
        field = "company_number" if number is None else "accounts_made_up_to"
        rejected.add(name, row, field, "a required value is missing", name)
        return None
    return (
        f"{number}:{made_up_to:%Y%m%d}", name, row, number, made_up_to,
        accounts.employees, _changed(accounts.employees, accounts.employees_text),
        accounts.turnover, _changed(accounts.turnover, accounts.turnover_text),
    )  # fmt: skip


def _day(stated: re.Match[str]) -> date | None:
    try:
        return date(int(stated[2]), int(stated[3]), int(stated[4]))
    except ValueError:
        return None


def _disagreements(accounts: Accounts, number: str | None, day: date | None) -> Iterator[tuple[str, str, str, bool]]:
    """Where the document and the name of its file differ. The name is the registrar's, the document the filer's.

    Gives field, reason, what the document says, and whether that is what is taken.
    """
    if number is not None and accounts.number not in {None, number}:
        told = f"states company number {accounts.number}, the file's name {number}, which is taken"
        yield "company_number", told, str(accounts.number), False
    if day is not None and accounts.made_up_to not in {None, day}:
        told = f"states balance sheet date {accounts.made_up_to}, the file's name {day}; the stated one is taken"
        yield "accounts_made_up_to", told, str(accounts.made_up_to), True


def _changed(value: float | None, text: str | None) -> str | None:
    """The text as it stood, where it does not already say the value in the plainest way."""
    plain = "" if value is None else f"{value:f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
    return None if value is None or text == plain else text
