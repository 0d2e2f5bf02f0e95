"""Everything that loading a package writes, worked out before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.utils.text import slugify

from lifecluster.register import edits as edited
from lifecluster.register.entry import Entry
from lifecluster.register.lookup import resolver
from lifecluster.register.package import Package
from lifecluster.web.directory.areas import district_names, region_of
from lifecluster.web.directory.loading import texts
from lifecluster.web.directory.loading.additions import NOTHING, New, Taken, subjects_of, take_in, with_waiting
from lifecluster.web.directory.loading.facets import Mark, facets, is_live, size_of, summary
from lifecluster.web.directory.loading.register import (
    LEVELS,
    OWNER,
    PARTIES,
    THINGS,
    Family,
    Register,
    Row,
    families,
    from_package,
    lifted,
)
from lifecluster.web.directory.loading.restate import restated

Progress = Callable[[str], None]
RESTRICTED = (1, 2, 3)
"""Levels above public that a role may see."""


@dataclass(slots=True)
class Prepared:
    """A register ready to be written: each row at its own level, approved edits among the statements.

    `base`: the register before rows were assembled anew, from which it can be looked at from other levels; `log_seq`:
    number of the last log entry that is in it; `edits`: how many approved edits and additions; `lost`: subjects of
    those that the package does not know (they stay in the log); `added`: ids of things added; `anew`: subjects whose
    rows in `base` are not yet made of what edits say.
    """

    register: Register
    base: Register
    log_seq: int = 0
    edits: int = 0
    lost: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    anew: frozenset[str] = frozenset()


def prepare(package: Package, entries: Iterable[Entry] = ()) -> Prepared:
    """Read a package and show approved edits over it.

    Parameters: `entries` of the log; those that the package's own build knew (its manifest's `log_head`, or `log_heads`
    where it was built with several logs) are not applied again.
    """
    base = from_package(package)
    log = list(entries)
    heads = package.manifest.get("log_heads") or [package.manifest.get("log_head")]
    known = max((entry.seq for entry in log if entry.id in heads), default=0)
    today = resolver(package).leads
    new = New.of(log, known, today)
    changed = with_waiting(edited.changes(log, after=known, where=today), new.changes, log, today)
    return apply_edits(base, changed, log_seq=log[-1].seq if log else 0, taken=take_in(base, new))


def apply_edits(base: Register, changed: Sequence[edited.Change], *, log_seq: int, taken: Taken = NOTHING) -> Prepared:
    """`base` with what edits changed among its statements, and with every row at its own level.

    Parameters: `taken` what was added to `base` before, or taken from it again.
    """
    there = subjects_of(base)
    known = [change for change in changed if change.subject in there]
    lost = tuple(str(c.edit.proposed.subject) for c in changed if c.edit is not None and c.subject not in there)
    if known:
        statements = taken.beneath(edited.overlay(base.statements, known), known)
        base.statements = lifted(statements, base.presence)
    anew = taken.subjects.union(change.subject for change in known)
    shown = sum(change.edit is not None for change in known) + len(taken.coming)
    return Prepared(
        restated(base, base.restricted() | anew), base, log_seq, shown, lost + taken.lost, taken.coming, anew
    )


@dataclass(frozen=True, slots=True)
class Searchable:
    """What searching needs of one organisation: facets with the levels they are seen at, texts by level."""

    marks: list[tuple[Mark, int, int]]
    texts: dict[int, str]


def searchable(prepared: Prepared, uids: Iterable[str] | None = None) -> Iterator[tuple[Family, Searchable]]:
    """Each organisation (all, or `uids`) with its facets and texts.

    For the few with restricted statements, the register is looked at from each level: a value that is there from
    members up to the broker gets these two levels.
    """
    restricted = prepared.base.restricted()
    owners = _heads(prepared.register, restricted)
    subjects = restricted | prepared.anew
    views = {level: restated(prepared.base, subjects, level) for level in RESTRICTED} if restricted else {}
    above = {level: {f.uid: f for f in families(view, owners & view.kinds["organisation"].keys())}
             for level, view in views.items()}  # fmt: skip
    for family in families(prepared.register, uids):
        seen = {0: family} if prepared.register.level(family.uid) == 0 else {}
        if family.uid in owners:
            seen |= {level: found[family.uid] for level, found in above.items() if family.uid in found}
            seen = {level: cleared(prepared.register, f, level) for level, f in seen.items()}
        yield family, _searchable(seen, family.uid in owners)


def _heads(register: Register, subjects: set[str]) -> set[str]:
    """The organisations that subjects are, or belong to."""
    found = subjects & register.kinds["organisation"].keys()
    found |= {register.kinds["site"][s].get("organisation", "") for s in subjects & register.kinds["site"].keys()}
    for kind in THINGS:
        for uid in subjects & register.kinds[kind].keys():
            found |= set(register.kinds[kind][uid].get("holder", ()))
    return found & register.kinds["organisation"].keys()


def cleared(register: Register, family: Family, level: int) -> Family:
    """The part of a family that a reader of `level` may know."""
    return Family(
        family.organisation,
        [s for s in family.sites if register.level(s["id"]) <= level],
        [(k, t) for k, t in family.things if register.level(t["id"]) <= level],
        family.segments if register.segment_levels.get(family.uid, 0) <= level else [],
    )


def _searchable(seen: dict[int, Family], several: bool) -> Searchable:
    regions, names = region_of(), district_names()
    if not several:
        return Searchable([(mark, level, 3) for level, family in seen.items() for mark in facets(family, regions)],
                          {level: texts.text_of(family, names) for level, family in seen.items()})  # fmt: skip
    at = {level: facets(family, regions) for level, family in seen.items()}
    marks: list[tuple[Mark, int, int]] = []
    for mark in sorted(set().union(*at.values())):
        first: int | None = None
        for level in range(5):
            if mark in at.get(level, ()):
                first = level if first is None else first
            elif first is not None:
                marks.append((mark, first, level - 1))
                first = None
    found: dict[int, str] = {}
    known = ""
    for level, family in sorted(seen.items()):
        more = texts.rest(texts.text_of(family, names), known)
        if more:
            found[level] = more
            known = f"{known} | {more}"
    return Searchable(marks, found)


def organisation_row(family: Family, number: int, level: int, seen_on: tuple[date | None, date | None]) -> Row:
    """The columns of an Organisation; `seen_on` newest observed and verified dates of what is known of it."""
    row = family.organisation
    site = _main_site(family)
    at_site = row.get("place_basis") == "site" and site is not None
    town = (site or {}).get("town") if at_site else row.get("town") or row.get("registered_town")
    postcode = (site or {}).get("postcode") if at_site else row.get("postcode") or row.get("registered_postcode")
    name = row.get("name") or row["id"]
    return {
        "level": level,
        "uid": row["id"],
        "number": number,
        "name": name,
        "slug": slugify(name)[:80],
        "town": _cased(town or ""),
        "postcode": (postcode or "")[:12],
        "lad": row.get("lad", ""),
        "easting": row.get("easting"),
        "northing": row.get("northing"),
        "place_quality": row.get("place_quality", ""),
        "employees": row.get("employees"),
        "size": size_of(row.get("employees")),
        "live": row.get("live", True),
        "ended_on": row.get("dissolved_on") or row.get("closed_on"),
        "company_number": row.get("company_number", ""),
        "observed_on": seen_on[0],
        "verified_on": seen_on[1],
        "records": row.get("records", 0),
        "sites_count": row.get("sites", 0),
        "sample": row.get("sample", False),
        "summary": summary(family),
        "data": row,
    }


def _main_site(family: Family) -> Row | None:
    """The site where the organisation's coordinates are, else its first open one."""
    row = family.organisation
    here = [
        s
        for s in family.sites
        if "easting" in row and (s.get("easting"), s.get("northing")) == (row["easting"], row["northing"])
    ]
    live = [s for s in here or family.sites if is_live("site", s)]
    return next(iter(live or here or family.sites), None)


def _cased(town: str) -> str:
    """Registers write towns in capitals."""
    return town.title() if town.isupper() else town


def site_row(row: Row, level: int) -> Row:
    """The columns of a Site."""
    plain = {k: row.get(k, "") for k in ("name", "town", "lad", "place_quality", "jobs_method")}
    numbers = {k: row.get(k) for k in ("easting", "northing", "jobs", "jobs_low", "jobs_high")}
    return {"level": level, "uid": row["id"], "organisation": row.get("organisation", ""), **plain, **numbers,
            "postcode": row.get("postcode", "")[:12], "live": is_live("site", row), "ended_on": row.get("closed_on"),
            "sample": row.get("sample", False), "data": row}  # fmt: skip


def thing_row(kind: str, row: Row, level: int) -> Row:
    """The columns of a Thing."""
    title = row.get("name") or row.get("title") or row.get("licence_type") or row.get("reference") or ""
    return {"level": level, "uid": row["id"], "kind": kind, "title": title, "state": row.get("state", ""),
            "starts_on": row.get("starts_on"), "ends_on": row.get("ends_on"), "live": is_live(kind, row),
            "sample": row.get("sample", False), "data": row}  # fmt: skip


def tie_rows(kind: str, row: Row, level: int) -> Iterator[Row]:
    """The columns of a thing's ties."""
    for role in PARTIES:
        for party in row.get(role, ()):
            yield {"level": level, "party": party, "thing": row["id"], "kind": kind, "role": role}


def all_ties(register: Register, kind: str) -> Iterator[Row]:
    """The ties of all things of a kind. A party that is less public than the thing is, up to that level, what the
    source calls it, and above it the party itself."""
    found: dict[tuple[str, str, str], Row] = {}
    for uid, row in register.kinds[kind].items():
        for tie in tie_rows(kind, row, register.level(uid)):
            found[uid, tie["role"], tie["party"]] = tie
    for subject, role, value, original, level in _closed_parties(register, kind):
        below = found.get((subject, role, original))
        own = {"level": level, "party": value, "thing": subject, "kind": kind, "role": role}
        found[subject, role, value] = own
        if below is not None:
            below["upto"] = level - 1
    yield from found.values()


def _closed_parties(register: Register, kind: str) -> Iterator[tuple[str, str, str, str, int]]:
    """Thing, role, party, what the source calls it, and the level at which it may be known that it is the party."""
    if not register.presence:
        return
    party = pl.col("value").replace_strict(register.presence, default=0, return_dtype=pl.Int8)
    mine = register.statements.filter(pl.col("kind") == kind, pl.col("property").is_in(PARTIES),
                                      ~pl.col("aggregate_only"))  # fmt: skip
    mine = mine.with_columns(_level=pl.max_horizontal(party, levels_of(mine)), _party=party)
    columns = ("subject", "property", "value", "original", "_level", "_party")
    for subject, role, value, original, level, of in mine.filter(pl.col("_party") > 0).select(columns).iter_rows():
        if of > register.level(subject) and subject in register.kinds[kind] and level < OWNER:
            yield subject, role, value, original or "", level


def segment_rows(uid: str, rows: list[Row], level: int) -> Iterator[Row]:
    """The columns of an organisation's segments."""
    for row in rows:
        plain = {k: row.get(k, "") for k in ("definition", "segment", "role", "state", "vintage")}
        yield {
            "level": level,
            "organisation": uid,
            **plain,
            "probability": row.get("probability"),
            "evidence": row["evidence"],
        }


def newest(statements: pl.DataFrame) -> dict[str, tuple[Any, Any]]:
    """Organisation -> newest observed and newest verified date of what everybody may see of it."""
    mine = statements.filter(
        (pl.col("kind") == "organisation") & (pl.col("visibility") == "public") & ~pl.col("aggregate_only")
    )
    dates = mine.group_by("subject").agg(pl.col("observed_on").max(), pl.col("verified_on").max())
    return {uid: (observed, verified) for uid, observed, verified in dates.iter_rows()}


def levels_of(statements: pl.DataFrame) -> pl.Expr:
    """The level of each statement as a number."""
    return pl.col("visibility").replace_strict(LEVELS, return_dtype=pl.Int8)
