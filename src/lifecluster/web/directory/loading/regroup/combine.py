"""The rows of organisations and sites that records now belong to: computed columns by the rules of the build, as far as
the rows of before say what these need. Stated values are made anew by the library's assembly and not here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from lifecluster.reference.properties import vocabulary
from lifecluster.web.directory.loading.register import Row
from lifecluster.web.directory.loading.restate import COORDINATES, POSTCODES

BASES = ("site", "working", "contact", "registered")
"""Places that coordinates may be of, best first (`build.columns.BASES`)."""
WAITS = "until_build"
"""A column of organisations whose classes and place are, until the next build, those of before the merge or split."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a row of the package gives to a row of today: the row, how many of its records, whether all of them."""

    row: Row
    records: tuple[str, ...]
    whole: bool


def organisation(uid: str, parts: list[Part], best: str, codes: Collection[str]) -> Row:
    """The computed columns of an organisation.

    Parameters: `best` the record that stands for it; `codes` of the districts of the region, where it is placed if any
    of its places is there.
    """
    if len(parts) == 1 and parts[0].whole:
        return {**parts[0].row, "id": uid}
    rows = [part.row for part in parts]
    made: Row = {"id": uid, WAITS: True, "anchor": best, "records": sum(len(part.records) for part in parts)}
    for name in ("hub", "sample"):
        made[name] = any(row.get(name) for row in rows)
    if any("waits" in row for row in rows):
        made["waits"] = all(row.get("waits", False) for row in rows)
    made["scope_by"] = sorted({one for row in rows for one in row.get("scope_by", ())})
    by = [row["region_by"] for row in rows if row.get("region_by")]
    made |= {"region_by": min(by, key=lambda one: BASES.index(one) if one in BASES else len(BASES))} if by else {}
    made["sources"] = sorted({one for row in rows for one in row.get("sources", ())})
    return made | _place(rows, codes)


def _place(rows: Iterable[Row], codes: Collection[str]) -> Row:
    """Of all places the best: in the region, then by what it is (`build.columns`)."""

    def order(row: Row) -> tuple[bool, int, int, int]:
        basis = row.get("place_basis", "")
        return (row.get("lad") not in codes, BASES.index(basis) if basis in BASES else len(BASES), row["easting"],
                row["northing"])  # fmt: skip

    placed = sorted((row for row in rows if "easting" in row), key=order)
    return {name: placed[0][name] for name in COORDINATES if name in placed[0]} if placed else {}


def settle_place(row: Row, sites: list[Row], was: Row, stated: Collection[str]) -> Row:
    """The row of an organisation that was set apart: coordinates of a place that went with the others go.

    Parameters: `sites` its own; `was` the row of before; `stated` the postcodes that its own records say.
    """
    own = {(s.get("easting"), s.get("northing")) for s in sites}
    here = (row.get("easting"), row.get("northing"))
    shown = {was[name] for name in POSTCODES if name in was}
    if here in own or (row.get("place_basis") != "site" and shown & set(stated)):
        return row
    bare = {k: v for k, v in row.items() if k not in COORDINATES}
    first = next((s for s in sorted(sites, key=lambda s: str(s["id"])) if "easting" in s), None)
    if first is None:
        return bare
    return bare | {k: first[k] for k in COORDINATES if k in first} | {"place_basis": "site"}


def site(uid: str, parts: list[Part]) -> Row:
    """The computed columns of a site; of several those of the one placed best, then of the first."""
    if len(parts) == 1:
        return {**parts[0].row, "id": uid}
    stated = vocabulary().of("site").keys() - set(COORDINATES)
    rows = [part.row for part in parts]
    best = min(rows, key=lambda row: ("easting" not in row, str(row["id"])))
    made = {k: v for k, v in best.items() if k not in stated}
    return {**made, "id": uid, "sample": any(row.get("sample") for row in rows)}


def segments(parts: list[list[Row]]) -> list[Row]:
    """The classes of an organisation: of each definition and segment what the most probable of before says."""
    best: dict[tuple[str, str], Row] = {}
    for row in (row for rows in parts for row in rows):
        key = (row["definition"], row.get("segment", ""))
        if key not in best or _chance(row) > _chance(best[key]):
            best[key] = row
    return [dict(row) for row in best.values()]


def _chance(row: Mapping[str, object]) -> float:
    value = row.get("probability")
    return float(value) if isinstance(value, int | float) else -1.0
