"""A register in memory: rows by kind and id, with their statements; whole, or some organisations of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

import polars as pl

from lifecluster.policy.visibility import Visibility
from lifecluster.reference.properties import vocabulary
from lifecluster.register import assembly
from lifecluster.register.package import Package
from lifecluster.register.presence import PRESENCE, RANKS
from lifecluster.register.seen import EVERY, as_seen
from lifecluster.register.statement import SCHEMA

Row: TypeAlias = dict[str, Any]
"""A row as plain values: text, numbers, lists, dates as ISO text; what is unknown is left out."""

LEVELS = RANKS
OWNER = int(Visibility.OWNER)
THINGS = tuple(kind for kind in vocabulary().kinds if kind not in {"organisation", "site", "group"})
PARTIES = ("holder", "partner", "buyer", "held_at")
CLASSED_BY = frozenset({"name", "previous_name", "trading_name", "description", "sic", "segment", "organisation_type",
                        "status", "licence_type"})  # fmt: skip


@dataclass(slots=True)
class Register:
    """`kinds`: kind -> uid -> row. `segments`: organisation -> its classes. `statements`: `SCHEMA`, in any order.

    `levels`: the level of rows that are not public (uid -> level); `segment_levels` the same for an organisation's
    classes, where they are less public than it. `at`: the as-of date of the package, ISO ("" if it has none).
    `presence`: the level of what is in the register for a level alone (uid -> level); none of its statements is for
    more people. `settled`: computed columns were made of what the readers of each row may know.
    """

    kinds: dict[str, dict[str, Row]]
    segments: dict[str, list[Row]]
    statements: pl.DataFrame
    levels: dict[str, int] = field(default_factory=dict)
    segment_levels: dict[str, int] = field(default_factory=dict)
    at: str = ""
    presence: dict[str, int] = field(default_factory=dict)
    settled: bool = False

    def level(self, uid: str) -> int:
        """The level at which a row exists."""
        return self.levels.get(uid, 0)

    def restricted(self) -> set[str]:
        """Subjects with a statement that is not for everybody."""
        some = (pl.col("visibility") != "public") | pl.col("aggregate_only")
        return set(self.statements.filter(some)["subject"].unique())


@dataclass(frozen=True, slots=True)
class Family:
    """An organisation with its sites, what it holds, and its classes."""

    organisation: Row
    sites: list[Row]
    things: list[tuple[str, Row]]
    segments: list[Row]

    @property
    def uid(self) -> str:
        """The organisation's id."""
        return str(self.organisation["id"])


def rows(frame: pl.DataFrame) -> list[Row]:
    """Rows of a frame without what is unknown; dates as text."""
    plain = frame.with_columns(pl.col(pl.Date).cast(pl.String))
    return [{k: v for k, v in row.items() if v is not None and v != ""} for row in plain.to_dicts()]


def from_package(package: Package) -> Register:
    """The register that a package holds, all of it: who may know of a row is kept as the level of its statements."""
    package = package.whole
    kinds = {
        kind: {str(row["id"]): row for row in rows(package.table(entry.table))} if entry.table in package.tables else {}
        for kind, entry in vocabulary().kinds.items()
    }
    segments: dict[str, list[Row]] = {}
    for row in rows(package.table("segments")):
        row.pop(PRESENCE, None)
        row["evidence"] = json.loads(row.get("evidence") or "[]")
        segments.setdefault(row.pop("organisation_id"), []).append(row)
    told = {u: LEVELS[row.pop(PRESENCE)] for some in kinds.values() for u, row in some.items() if PRESENCE in row}
    presence = {uid: level for uid, level in told.items() if level}
    statements = lifted(package.table("statements").select(list(SCHEMA)), presence)
    settled = PRESENCE in package.table("segments").columns
    closed = {} if settled else _classed(statements)
    at = str(package.manifest.get("at") or "")
    return Register(kinds, segments, statements, {}, closed, at, presence, settled)


def _classed(statements: pl.DataFrame) -> dict[str, int]:
    """Levels of classes that a package made of all values: of each organisation's the strictest they may rest on."""
    level = pl.col("visibility").replace_strict(LEVELS, return_dtype=pl.Int8)
    strict = pl.when(pl.col("aggregate_only")).then(pl.lit(OWNER, pl.Int8)).otherwise(level)
    mine = statements.filter(pl.col("kind") == "organisation", pl.col("property").is_in(CLASSED_BY))
    return dict(mine.group_by("subject").agg(strict.max().alias("level")).filter(pl.col("level") > 0).iter_rows())


def lifted(statements: pl.DataFrame, presence: Mapping[str, int]) -> pl.DataFrame:
    """Statements, each at least at the level at which its subject is in the register (`presence`, uid -> level)."""
    if not presence:
        return statements
    names = {level: label for label, level in LEVELS.items()}
    there = pl.col("subject").replace_strict(presence, default=0, return_dtype=pl.Int8)
    own = pl.col("visibility").replace_strict(LEVELS, return_dtype=pl.Int8)
    level = pl.max_horizontal(there, own).replace_strict(names, return_dtype=pl.String)
    return statements.with_columns(visibility=level)


def families(register: Register, uids: Iterable[str] | None = None) -> Iterator[Family]:
    """The organisations (all, or `uids`) with what belongs to them, in order of their ids."""
    sites: dict[str, list[Row]] = {}
    for site in register.kinds["site"].values():
        sites.setdefault(site.get("organisation", ""), []).append(site)
    things: dict[str, list[tuple[str, Row]]] = {}
    for kind in THINGS:
        for thing in register.kinds[kind].values():
            for holder in thing.get("holder", ()):
                things.setdefault(holder, []).append((kind, thing))
    organisations = register.kinds["organisation"]
    for uid in sorted(organisations if uids is None else uids):
        yield Family(organisations[uid], sites.get(uid, []), things.get(uid, []), register.segments.get(uid, []))


def assembled(statements: pl.DataFrame, clearance: int, presence: Mapping[str, int], *,
              at: str = "") -> dict[str, dict[str, Row]]:  # fmt: skip
    """Rows that the library's assembly makes of the statements which a reader of `clearance` may see (`register.seen`).

    Parameters: `presence` the level of what is not public, by uid; `at` ISO date of the register.
    """
    reader = min(Visibility(clearance), Visibility.BROKER)  # what is the owner's alone, or only counted, is in no row
    ordered = as_seen(statements, reader, presence, at=day(at))
    kinds = ordered["kind"].unique().to_list()
    return {kind: {str(row["id"]): row for row in rows(assembly.table(ordered, kind, whose=EVERY))} for kind in kinds}


def day(at: str) -> date | None:
    """The day of a register, None where its package does not say."""
    return date.fromisoformat(at) if at else None
