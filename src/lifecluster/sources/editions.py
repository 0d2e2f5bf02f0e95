"""Lists that are one list twice: an older and a newer copy in the same folder are not to be counted double."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lifecluster.errors import InputError
from lifecluster.sources.extract import Extract
from lifecluster.sources.mapping import Mapping as Reading
from lifecluster.sources.mapping import body_of, choose, load_mapping
from lifecluster.sources.sheets import read_grids
from lifecluster.sources.tabular import fingerprint

ALIKE = 0.5
"""Share of the names of the shorter list from which two lists of the same layout are taken for editions of one."""
UNDATED = re.compile(r"[\W\d_]+|\b(?:v|copy|final|new|old|latest|version|edition)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list of organisations: where it and its confirmed mapping lie, whether it is invented, what it is called."""

    path: Path
    mapping: Path
    sample: bool = False
    name: str | None = None

    def read(self) -> Extract:
        """Its records, under the name that it has in its folder."""
        from lifecluster.sources.organisation_list.reader import read_list

        return read_list(self.path, load_mapping(self.mapping), sample=self.sample, name=self.name)


@dataclass(frozen=True, slots=True)
class Edition:
    """A list with its mapping read."""

    file: ListFile
    reading: Reading

    def dated(self) -> str:
        """The day that it speaks of, in words."""
        day = self.reading.observed_on
        return day.isoformat() if day is not None else "no stated day"


def settle(lists: Mapping[str, Edition]) -> tuple[dict[str, ListFile], dict[str, str]]:
    """Which lists are read, and why the others are not.

    Of two lists of one name, and of two that have the same columns (or file names that differ in numbers only) and
    share at least half of their names, the one with the later `observed_on` is read, else the first. Two lists with
    the same content are dealt with before.
    """
    newest = sorted(lists, key=lambda n: (-_ordinal(lists[n].reading.observed_on), n.split("/")))
    kept: dict[str, Edition] = {}
    left: dict[str, str] = {}
    names: dict[str, frozenset[str]] = {}
    for name in newest:
        one = lists[name]
        reason = next(_reasons(name, one, kept, names), None)
        if reason is None:
            kept[name] = one
        else:
            left[name] = reason
    return {name: kept[name].file for name in lists if name in kept}, left


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day is not None else 0


def _reasons(name: str, one: Edition, kept: Mapping[str, Edition], names: dict[str, frozenset[str]]) -> Iterator[str]:
    """Why a list is not read beside those that are."""
    for other, first in kept.items():
        called = one.reading.name == first.reading.name
        if not called and not _same_layout(one, first):
            continue
        same, of = _shared(_names(name, one, names), _names(other, first, names))
        twice = of > 0 and same >= of * ALIKE
        older = one.reading.observed_on != first.reading.observed_on
        if twice and older:
            what = f"an older edition ({one.dated()}) of {other} ({first.dated()}), which is read"
            yield f"{what}: {same} of {of} names are the same"
        elif called:
            yield f"its mapping gives it the name {one.reading.name}, which {other} has"
        elif twice:
            yield (f"seems to be another edition of {other}, which is read: {same} of {of} names are the same; say "
                   "observed_on in both mappings (the newer is read), or `skip` one in inputs.yml")  # fmt: skip


def _same_layout(one: Edition, other: Edition) -> bool:
    if one.reading.kind != other.reading.kind:
        return False
    if set(one.reading.columns) == set(other.reading.columns):
        return True
    stems = [UNDATED.sub(" ", e.file.path.stem).strip().casefold() for e in (one, other)]
    return stems[0] == stems[1] != ""


def _names(name: str, one: Edition, known: dict[str, frozenset[str]]) -> frozenset[str]:
    """Fingerprints of the names in a list; none where it cannot be opened (its reader says why)."""
    if name not in known:
        try:
            known[name] = frozenset(fingerprint(cells) for cells in _cells(one))
        except InputError:
            known[name] = frozenset()
    return known[name]


def _cells(one: Edition) -> Iterator[Sequence[str]]:
    reading = one.reading
    grid = choose(read_grids(one.file.path), sheet=reading.sheet, file=one.file.path.name)
    header, body = body_of(grid, reading)
    at = [i for i, h in enumerate(header) if h in reading.columns and reading.columns[h].property in {"name", "holder"}]
    for row in body:
        cells = [row[i] for i in at if i < len(row)]
        if any(cell.strip() for cell in cells):
            yield cells


def _shared(one: frozenset[str], other: frozenset[str]) -> tuple[int, int]:
    """How many names two lists share, and how many the shorter has."""
    return len(one & other), min(len(one), len(other))
