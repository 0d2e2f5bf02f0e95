"""What a package would change: rows of two registers side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lifecluster.web.directory.models import Group, Identity, Organisation, Package, Site, Thing

if TYPE_CHECKING:  # it brings Polars, which pages that read do without
    from lifecluster.web.directory.loading.register import Row

ASIDE = frozenset({"anchor", "records"})
"""Columns that say how a row was made, not what it says."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows of a kind are new, changed, gone, redirected (their id leads to another now), or as they were.

    `evidence`: of those as they were, how many rest on other statements than before.
    """

    new: int = 0
    changed: int = 0
    gone: int = 0
    redirected: int = 0
    kept: int = 0
    evidence: int = 0


@dataclass(frozen=True, slots=True)
class Changed:
    """What becomes of one row: `what` is new, changed, gone or redirected (to `target`).

    `fields`: property -> (before, after), None where unknown.
    """

    kind: str
    uid: str
    name: str
    what: str
    target: str = ""
    level: int = 0
    fields: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)


def stored(package: Package) -> Iterator[tuple[str, str, int, Row]]:
    """Kind, uid, level and row of everything in a package of the database."""
    for kind, model in (("organisation", Organisation), ("site", Site), ("group", Group)):
        rows = model._base_manager.filter(package=package).values_list("uid", "level", "data")
        yield from ((kind, uid, level, data) for uid, level, data in rows.iterator(2000))
    things = Thing._base_manager.filter(package=package).values_list("kind", "uid", "level", "data")
    yield from things.iterator(2000)


def targets(package: Package) -> dict[str, str]:
    """Ids of a package in the database that lead to another."""
    return dict(Identity.objects.filter(package=package, status="redirected").values_list("uid", "target"))


def compare(
    before: Iterable[tuple[str, str, int, Row]], after: Mapping[str, Mapping[str, Row]], levels: Mapping[str, int],
    redirects: Mapping[str, str],
) -> tuple[dict[str, Counts], list[Changed]]:  # fmt: skip
    """Counts by kind, and every row that differs: by kind, gone and changed ones first, then new ones, by uid.

    Parameters: `before` as given by `stored`; `after` rows by kind and uid; `levels` of those that are not public;
    `redirects` id -> where it leads afterwards.
    """
    seen: dict[str, set[str]] = {kind: set() for kind in after}
    tally: dict[tuple[str, str], int] = {}
    found: list[Changed] = []

    def note(changed: Changed) -> None:
        found.append(changed)
        tally[changed.kind, changed.what] = tally.get((changed.kind, changed.what), 0) + 1

    for kind, uid, level, old in before:
        seen.setdefault(kind, set()).add(uid)
        new = after.get(kind, {}).get(uid)
        if new is None:
            target = redirects.get(uid, "")
            target = target if levels.get(target, 0) <= level else ""  # who knew this may not know that
            note(Changed(kind, uid, name_of(old), "redirected" if target else "gone", target, level))
        elif (now := levels.get(uid, 0)) > level:
            note(Changed(kind, uid, name_of(old), "gone", "", level))  # to those who may no longer know of it
        elif now < level:
            note(Changed(kind, uid, name_of(new), "new", "", now))
        elif fields := differences(old, new):
            note(Changed(kind, uid, name_of(new), "changed", "", level, fields))
        else:
            tally[kind, "kept"] = tally.get((kind, "kept"), 0) + 1
    for kind, rows in after.items():
        for uid in sorted(rows.keys() - seen[kind]):
            note(Changed(kind, uid, name_of(rows[uid]), "new", "", levels.get(uid, 0)))
    counts = {
        kind: Counts(**{what: tally.get((kind, what), 0) for what in ("new", "changed", "gone", "redirected", "kept")})
        for kind in after
    }
    return counts, found


def differences(old: Row, new: Row) -> dict[str, tuple[Any, Any]]:
    """Fields that differ, in order of their names."""
    names = sorted((old.keys() | new.keys()) - ASIDE)
    return {name: (old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)}


def name_of(row: Row) -> str:
    """What a row is called."""
    return str(
        row.get("name") or row.get("title") or row.get("licence_type") or row.get("reference") or row.get("town") or ""
    )
