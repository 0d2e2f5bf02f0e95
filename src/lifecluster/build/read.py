"""Reading the folder of inputs: organisations' records, reference tables, and what was left aside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from lifecluster.build.dated import not_after, noting_later
from lifecluster.build.sites import with_sites
from lifecluster.build.surroundings import beside
from lifecluster.places import CodeHistory, Places
from lifecluster.places.areas import code_history
from lifecluster.region import Region
from lifecluster.sources.extract import Extract, ReferenceExtract
from lifecluster.sources.registry import Inputs, check_rows, gather, sources
from lifecluster.workspace import Workspace

AUTHORITIES, POSTCODES = "authorities", "postcodes"
COMPANIES = "companies-house"
LARGE = 200 << 20
"""Bytes (compressed or not) from which the company register is taken for the whole one."""
Keep = Callable[[pl.DataFrame], pl.Series]


@dataclass(frozen=True)
class Reading:
    """All that was read: `extracts` in the order of their names, `references`, places made of those, `left` files."""

    extracts: tuple[Extract, ...]
    references: tuple[ReferenceExtract, ...]
    places: Places
    left: Mapping[str, str]

    @property
    def all(self) -> tuple[Extract | ReferenceExtract, ...]:
        """Everything that has snapshots and counts."""
        return (*self.extracts, *self.references)


def read_inputs(folder: Path, *, region: Region, progress: Callable[[str], None], at: date | None = None) -> Reading:
    """Read everything below `folder`, reference tables first; what speaks of a day after `at` is left, file or row.

    The whole company register is read last, in one pass that keeps the companies of the region, of the districts beside
    it, and those whose numbers other sources name; smaller extracts are kept whole. Raises InputError or
    LifeclusterError as the readers do: a missing column, row counts out of bounds, damage.
    """
    workspace = Workspace.current()
    inputs = gather(folder, extra=workspace.sources, mappings=workspace.home / "mappings", at=at)
    for package in inputs.packages:
        progress(f"passing over {package}: a package that Lifecluster wrote")
    known = sources(workspace.sources)
    by_name = sorted(inputs.files, key=lambda name: (known[name].spec.kind != "reference", name))
    references: list[ReferenceExtract] = []
    extracts: list[Extract] = []
    whole = sum(file.snapshot.bytes for file in inputs.files.get(COMPANIES, ())) > LARGE
    for name in by_name:
        if name == COMPANIES and whole:
            continue
        progress(f"reading {name}")
        found = known[name].read(inputs.files[name], rows=inputs.rows.get(name))
        if isinstance(found, ReferenceExtract):
            references.append(found)
        else:
            extracts.append(found)
    extracts += _lists(inputs, progress)
    places = _places(references)
    if whole:
        progress(f"reading {COMPANIES}")
        wanted = region.codes | beside(region.codes)
        extracts.append(_companies(inputs, places.within(wanted), _numbers(extracts)))
    if at is not None:
        extracts = [noting_later(not_after(extract, at), at) for extract in extracts]
    finished = sorted((with_sites(extract) for extract in extracts), key=lambda e: e.spec.name)
    return Reading(tuple(finished), tuple(references), places, inputs.left)


def _companies(inputs: Inputs, within: Keep, named: pl.Series) -> Extract:
    """The companies `within` the districts wanted, and those `named` by other sources, out of the whole register."""
    from lifecluster.sources.companies_house.reader import scan

    def keep(rows: pl.DataFrame) -> pl.Series:
        return within(rows) | rows["key"].is_in(named.implode())

    spec = sources()[COMPANIES].spec
    extract = scan(inputs.files[COMPANIES], spec, keep=keep, look=("registered_postcode",)).extract()
    check_rows(extract, inputs.files[COMPANIES], inputs.rows.get(COMPANIES))
    return extract


def _numbers(extracts: Sequence[Extract]) -> pl.Series:
    """Company numbers that records of organisations state."""
    frames = [e.records["organisation"] for e in extracts if "organisation" in e.records]
    parts = [f["company_number"] for f in frames if "company_number" in f.columns]
    return pl.concat([pl.Series("company_number", [], dtype=pl.String), *parts]).drop_nulls().unique().sort()


def _lists(inputs: Inputs, progress: Callable[[str], None]) -> list[Extract]:
    extracts = []
    for name, file in inputs.lists.items():
        progress(f"reading {name}")
        extracts.append(file.read())
    return extracts


def _places(references: Sequence[ReferenceExtract]) -> Places:
    """Places from the newest tables at hand; without Code-Point every postcode gets the middle of its outward code."""
    tables = {name: table for extract in references for name, table in extract.tables.items()}
    history = CodeHistory.of(tables[AUTHORITIES]) if AUTHORITIES in tables else code_history()
    postcodes: pl.DataFrame | None = tables.get(POSTCODES)
    return Places.coarse() if postcodes is None else Places.of(postcodes, history=history)
