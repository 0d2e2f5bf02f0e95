"""Delimited text to one table of reference facts, as strictly as records are read; for sources of `kind: reference`."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import polars as pl

from lifecluster.sources.extract import ReferenceExtract, no_rejected
from lifecluster.sources.files import CELL_LIMIT, InputFile, members, open_member
from lifecluster.sources.spec import SourceSpec
from lifecluster.sources.stream import Group, groups, misshapen_frame, read_header, stream_groups
from lifecluster.sources.tabular import check_header
from lifecluster.sources.tray import SHOWN, safe_json


@dataclass(frozen=True)
class Check:
    """A row is put aside where `bad` holds; `field` and `reason` say why."""

    bad: pl.Expr
    field: str
    reason: str


Change = Callable[[pl.DataFrame], pl.DataFrame]


def read_lookup(
    files: Sequence[InputFile],
    spec: SourceSpec,
    *,
    table: str,
    key: str,
    types: Mapping[str, pl.DataType | type[pl.DataType]],
    checks: Sequence[Check] = (),
    prepare: Change | None = None,
    change: Change | None = None,
) -> ReferenceExtract:
    """Read files (or the members of zip archives that `recognise.members` names) into one table.

    Columns of the table: `file`, `row`, then the fields of source.yml; text unless `types` says otherwise, null where
    empty. `prepare` may rewrite the text of a group before it is typed. `checks` are applied to the typed frame,
    then `key` must not repeat. `change` comes last.
    Raises InputError for a file without usable header, or with a column missing.
    """
    rejected, kept, warnings, count = [no_rejected()], [], [], 0
    for name, group, notes in _groups(files, spec):
        count += group.read
        warnings += [*notes, *group.notes(name)]
        if group.misshapen:
            rejected.append(misshapen_frame(group, name, spec))
        kept.append(
            _typed(
                group.cells.with_columns(file=pl.lit(name)),
                spec,
                types=types,
                checks=checks,
                prepare=prepare,
                rejected=rejected,
            )
        )
    frame = pl.concat(kept)
    again = ~frame[key].is_first_distinct()
    frame = _put_aside(frame, again, key, "repeats an earlier row", rejected).drop("_raw")
    out = frame if change is None else change(frame)
    return ReferenceExtract(spec, tuple(f.snapshot for f in files), {table: out}, pl.concat(rejected), count,
                            frame.height, tuple(dict.fromkeys(warnings)))  # fmt: skip


def _groups(files: Sequence[InputFile], spec: SourceSpec) -> Iterator[tuple[str, Group, list[str]]]:
    for file in sorted(files, key=lambda f: f.name):
        inside = [m for m in members(file.path) if _wanted(m, spec)]
        if inside:
            with zipfile.ZipFile(file.path) as archive:
                for member in inside:
                    name = f"{file.name}:{member}"
                    with open_member(archive, member, name=name) as stream:
                        for group in stream_groups(stream, list(spec.columns), name=name, skip=0):
                            yield name, group, []
            continue
        header, delimiter = read_header(file)
        notes = check_header(header, spec, file.name)
        for group in groups(file, header, delimiter):
            yield file.name, group, notes


def _wanted(member: str, spec: SourceSpec) -> bool:

    return spec.recognise.members is not None and re.search(spec.recognise.members, member) is not None


def _typed(
    cells: pl.DataFrame,
    spec: SourceSpec,
    *,
    types: Mapping[str, pl.DataType | type[pl.DataType]],
    checks: Sequence[Check],
    prepare: Change | None,
    rejected: list[pl.DataFrame],
) -> pl.DataFrame:
    given = [c for c in cells.columns if c not in {"file", "row"}]
    used = {str(c.field): name for name, c in spec.columns.items() if c.field is not None and name in given}
    text = [pl.col(name).str.strip_chars().alias(field) for field, name in used.items()]
    frame = cells.select(
        "file", "row", *text, _raw=pl.struct(c if spec.shows(c) else pl.lit("").alias(c) for c in given)
    )
    frame = frame.with_columns(pl.when(pl.col(f) != "").then(pl.col(f)) for f in used)
    frame = frame if prepare is None else prepare(frame)
    aside = partial(_put_aside, rejected=rejected)
    long = cells.select(pl.any_horizontal(pl.col(given).str.len_bytes() > CELL_LIMIT)).to_series()
    frame = aside(frame, long, None, f"a cell of more than {CELL_LIMIT:,} characters")
    for field, name in used.items():
        if spec.columns[name].required:
            frame = aside(frame, frame[field].is_null(), name, "a required value is missing")
        if field in types:
            value = frame[field].cast(types[field], strict=False)
            bad = value.is_null() & frame[field].is_not_null()
            frame = aside(frame.with_columns(value), bad, name, f"cannot be read as {types[field]}")
    for check in checks:
        bad = frame.select(check.bad.fill_null(False)).to_series()
        frame = aside(frame, bad, used.get(check.field, check.field), check.reason)
    return frame


def _put_aside(
    frame: pl.DataFrame, bad: pl.Series, field: str | None, reason: str, rejected: list[pl.DataFrame]
) -> pl.DataFrame:
    if not bad.any():
        return frame
    out = frame.filter(bad)
    raw = [safe_json([str(v)[:SHOWN] for v in row.values()]) for row in out["_raw"].to_list()]
    rejected.append(out.select("file", "row").with_columns(
        field=pl.lit(field, dtype=pl.String), reason=pl.lit(reason), raw=pl.Series(raw, dtype=pl.String)))  # fmt: skip
    return frame.filter(~bad)
