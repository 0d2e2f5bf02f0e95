"""Any list of organisations or sites, read as its confirmed mapping says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from lifecluster.errors import InputError
from lifecluster.reference.properties import vocabulary
from lifecluster.sources.columns import is_personal
from lifecluster.sources.extract import PUBLIC, Extract, Snapshot
from lifecluster.sources.files import InputFile
from lifecluster.sources.holders import holders
from lifecluster.sources.mapping import (
    Mapping,
    body_of,
    choose,
    load_mapping,
    mapping_path,
    refuse_personal,
    require_confirmed,
)
from lifecluster.sources.sheets import NO_VALUE, read_grids
from lifecluster.sources.spec import Column, SourceSpec
from lifecluster.sources.tabular import Refuse, Table, fingerprint, read_tables
from lifecluster.sources.totals import TOTAL, is_total
from lifecluster.sources.tray import Tray
from lifecluster.sources.values import parse_column
from lifecluster.sources.walk import shown

IDENTITY = ("name", "holder", "company_number", "ukprn", "ods_code", "address", "town", "postcode", "country")
"""Properties whose cells make the key of a row."""
NOT_CALCULATED = "a formula without a stored value; open the workbook, let it calculate, and save it again"
SHOWN_COLUMNS = 12
"""Columns of a list that are named where others are missing."""
OWN = ("company_number", "ukprn", "ods_code", "org_id", "address", "town", "postcode", "website")
"""Properties that no total of other rows has."""


def read(files: Sequence[InputFile], spec: SourceSpec) -> Extract:
    """Read one list through the mapping beside it. Raises InputError if there are several, or no mapping."""
    if len(files) != 1:
        raise InputError("each list is a source of its own; read them one by one", file=files[0].name)
    return read_list(files[0].path, load_mapping(mapping_path(files[0].path)))


def read_list(
    path: Path, mapping: Mapping | Path | None = None, *, sample: bool = False, name: str | None = None
) -> Extract:
    """Records of one list: organisations, or sites with the organisations that hold them.

    `mapping`: the mapping, or the path of one; None for the one beside the list. `name`: what the file is called where
    its values stand (default: its name without folders).

    Raises InputError if the mapping is not confirmed, columns that it names are missing, or contact details of persons
    are mapped. Row numbers are those of the sheet: the header, lines above it and empty rows count.
    """
    kept = mapping if isinstance(mapping, Path) else mapping_path(path)
    mapping = mapping if isinstance(mapping, Mapping) else load_mapping(kept)
    require_confirmed(mapping, kept)
    file = name or shown((path.name,))
    grid = choose(read_grids(path, name=file), sheet=mapping.sheet, file=file)
    header, body = body_of(grid, mapping)
    for i, column in enumerate(header):
        if column in mapping.columns:
            whole = [row[i] for row in body if len(row) == len(header)]
            refuse_personal(column, whole, mapping.columns[column], file)
    missing = [column for column in mapping.columns if column not in header]
    if missing:
        there = ", ".join(header[:SHOWN_COLUMNS]) + (", …" if len(header) > SHOWN_COLUMNS else "")
        at = mapping.header_row or None
        raise InputError(f"columns are missing: {', '.join(missing)}; the header has {there}. If the list changed, "
                         "delete its mapping and guess anew", file=file, row=at, field=missing[0])  # fmt: skip
    problems = Tray(public=mapping.visibility == PUBLIC)
    lost: dict[int, str] = {}
    rows = [(n, _calculated(row, header, mapping, file=file, number=n, problems=problems, lost=lost))
            for n, row in enumerate(body, mapping.header_row + 1) if any(cell.strip() for cell in row)]  # fmt: skip
    snapshot = Snapshot.of(path, name=file, observed_on=mapping.observed_on, sample=sample)
    notes = [*grid.warnings, *([] if rows else [f"{file}: there is no row below the header"])]
    if mapping.preamble:
        rows_were = (
            "1 row above the header was" if mapping.preamble == 1 else f"{mapping.preamble} rows above the header were"
        )
        notes.append(f"{file}: {rows_were} left out")
    notes += [
        f"{file}: column {n!r} is not in the mapping and was left out" for n in header if n not in mapping.columns
    ]
    table = Table(InputFile(path, snapshot), header, rows, notes, grid.lines)
    spec = list_spec(mapping, header)
    identity = [n for n in header if n in mapping.columns and mapping.columns[n].property in IDENTITY]
    apart = [n for n in header if n in mapping.columns and _of_holder(mapping, mapping.columns[n].property)]
    refuse = _refuse(header, mapping, lost)
    return read_tables([table], spec, keep=apart, problems=problems, identity=identity, refuse=refuse,
                       derive=lambda sites: _with_holders(sites, mapping, apart, problems))  # fmt: skip


def _refuse(header: list[str], mapping: Mapping, lost: dict[int, str]) -> Refuse:
    """What says why a row cannot be used: it is a total of others, or its name was never calculated (`lost`: row ->
    column).
    """
    properties = [mapping.columns[n].property if n in mapping.columns else None for n in header]
    named = [i for i, prop in enumerate(properties) if prop in {"name", "holder"}]
    own = [i for i, prop in enumerate(properties) if prop in OWN]

    def refuse(number: int, cells: Sequence[str]) -> tuple[str | None, str] | None:
        if number in lost:
            return lost[number], NOT_CALCULATED
        names = [cells[i] for i in named if cells[i].strip()] or [next((c for c in cells if c.strip()), "")]
        return (None, TOTAL) if is_total(names, [cells[i] for i in own] if own else None) else None

    return refuse


def _calculated(
    row: list[str], header: list[str], mapping: Mapping, *, file: str, number: int, problems: Tray, lost: dict[int, str]
) -> list[str]:
    """The cells, those empty whose formula was never calculated: of such a name `lost` keeps the row, of another value
    `problems`.
    """
    if NO_VALUE not in row:
        return row
    for name, cell in zip(header, row, strict=False):
        if cell == NO_VALUE and name in mapping.columns and mapping.columns[name].property is not None:
            if mapping.columns[name].property in {"name", "holder"}:
                lost[number] = name
            else:
                problems.add(file, number, name, NOT_CALCULATED, "")
    return ["" if cell == NO_VALUE else cell for cell in row]


def _of_holder(mapping: Mapping, prop: str | None) -> bool:
    """Whether a column of a list of sites speaks of the organisation there."""
    if mapping.kind != "site" or prop is None:
        return False
    return prop == "holder" or "site" not in vocabulary().properties[prop].levels


def list_spec(mapping: Mapping, header: list[str]) -> SourceSpec:
    """The specification of a list as a source of its own, so that its values carry its name and licence."""
    columns = {}
    named = "name" in {c.property for c in mapping.columns.values()}
    for name in header:
        mapped = mapping.columns.get(name)
        if mapped is None:
            continue
        prop, kept = mapped.property, _of_holder(mapping, mapped.property)
        ignore = mapped.ignore if prop is None else f"{prop} of the organisation there" if kept else None
        columns[name] = Column(
            property=None if ignore else prop, ignore=ignore, split=mapped.split, none=mapped.none,
            format=mapped.format, required=prop == "name" or (prop == "holder" and not named),
            personal=prop is None and (mapped.personal or is_personal(name)),
        )  # fmt: skip
    return SourceSpec(
        name=mapping.name, title=mapping.title, publisher=mapping.publisher, licence=mapping.licence, url=mapping.url,
        refresh="irregular", rank=mapping.rank, kind=mapping.kind, columns=columns, address_is=mapping.address_is,
        scope=mapping.scope, visibility=mapping.visibility,
    )  # fmt: skip


def _with_holders(sites: pl.DataFrame, mapping: Mapping, apart: list[str], problems: Tray) -> dict[str, pl.DataFrame]:
    """Sites, and the organisations there: one for each company number, else for each name."""
    if mapping.kind == "organisation":
        return {"organisation": sites}
    known = vocabulary().properties
    by_property = {mapping.columns[n].property: n for n in apart}
    title = pl.col(f"_{by_property['holder']}") if "holder" in by_property else pl.col("name")
    rows = sites.select("file", "row", _name=title, _id=pl.lit(None, pl.String))
    typed = {}
    for prop, name in by_property.items():
        if prop is None or prop == "holder":
            continue
        cells = sites.select("file", "row", pl.col(f"_{name}").alias(name))
        column = Column(property=prop, split=mapping.columns[name].split, format=mapping.columns[name].format)
        typed[prop] = parse_column(cells, name, column, known[prop], problems).values
    if "company_number" in typed:
        rows = rows.with_columns(_id=typed["company_number"])
    prints = [fingerprint((name,)) if name else None for name in rows["_name"]]
    rows = rows.with_columns(_key=pl.coalesce("_id", pl.Series(prints, dtype=pl.String)))
    organisations = holders(rows, key="_key", name="_name")
    extra = rows.select(pl.col("_key").alias("key")).with_columns(*(s.alias(p) for p, s in typed.items()))
    first = extra.group_by("key").agg(pl.col(p).drop_nulls().first() for p in typed)
    single = [p for p, s in typed.items() if known[p].many and not isinstance(s.dtype, pl.List)]
    first = first.with_columns(pl.concat_list(p) for p in single)
    organisations = organisations.join(first, on="key", how="left", maintain_order="left")
    ref = pl.when(rows["_key"].is_not_null()).then(pl.concat_list(pl.lit("organisation:") + rows["_key"]))
    if "name" not in sites.columns:
        sites = sites.with_columns(name=title)
    return {"site": sites.with_columns(holder=ref), "organisation": organisations}
