"""Things added here, in the rows of a package: a new one is placed by the middle of its postcode's outward code.

What is shown now and what the next load of the same package shows is made by the same steps; taking an addition back
leaves what was there before. The next build places the thing as it places all others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from lifecluster.places.postcodes import tidy_one
from lifecluster.register import added, edits
from lifecluster.register.entry import Entry
from lifecluster.register.presence import RANKS
from lifecluster.web.directory.areas import outward_codes, outward_districts
from lifecluster.web.directory.loading.compare import name_of
from lifecluster.web.directory.loading.register import Register, Row, lifted
from lifecluster.web.directory.models import Identity, Manifest, Package, Statement, Thing, Tie

SPOT = ("easting", "northing")
PLACED = (*SPOT, "lad", "place_quality")


@dataclass(frozen=True, slots=True)
class New:
    """What changed in what is added: `changes` since a package was made, all `additions` that ever were proposed, and
    `today`, what ids lead to in that package."""

    changes: Sequence[added.Change]
    additions: Collection[added.Addition]
    today: edits.Where

    @classmethod
    def of(cls, entries: Sequence[Entry], after: int, today: edits.Where) -> New:
        """What the entries of a log with a number above `after` changed."""
        return cls(added.changes(entries, after=after), added.fold(entries).values(), today)

    def heads(self) -> set[str]:
        """The organisations that the changes are of."""
        return {self.today(c.addition.holder) for c in self.changes if c.addition is not None}

    def records(self) -> set[str]:
        """The records of all additions in force."""
        return {a.record for a in self.additions if a.in_force}

    def known_to(self, built: int) -> set[str]:
        """Ids of what had been approved when a build read the log up to entry `built`."""
        return {a.uid for a in self.additions if a.decided is not None and a.decided.seq <= built}


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a register: `subjects` to make anew, ids of things `coming`, and of those that are `lost` because
    nobody knows the organisation. `new` is where it is from."""

    subjects: frozenset[str] = frozenset()
    coming: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    new: New | None = None

    def beneath(self, statements: pl.DataFrame, changed: Sequence[edits.Change]) -> pl.DataFrame:
        """`statements` with the first values of things back, where edits that stood over them are gone."""
        lifted = {(change.subject, change.property) for change in changed if change.edit is None}
        if self.new is None or not lifted:
            return statements
        mine = [a for a in self.new.additions if a.in_force]
        return added.beneath(statements, lifted, mine, where=self.new.today)


NOTHING = Taken()


def subjects_of(register: Register) -> dict[str, tuple[str, int]]:
    """Kind and level of everything in a register, by id."""
    return {uid: (kind, register.level(uid)) for kind, rows in register.kinds.items() for uid in rows}


def with_waiting(found: list[edits.Change], new: Sequence[added.Change], entries: Sequence[Entry],
                 today: edits.Where) -> list[edits.Change]:  # fmt: skip
    """Changes by edits, and the edits in force of things that are (again) there: they waited for them."""
    coming = {today(change.uid) for change in new if change.addition is not None}
    if not coming:
        return found
    told = {(change.subject, change.property) for change in found}
    waited = [(edit.key(today), edit) for edit in edits.standing(entries, where=today)]
    more = [edits.Change(*key, edit) for key, edit in waited if key[0] in coming and key not in told]
    return [*found, *more]


def take_in(base: Register, new: New) -> Taken:
    """Put what was added into `base`, and take out of it what no longer is; its rows are then to be made anew."""
    organisations = base.kinds["organisation"]
    known = [c for c in new.changes if c.addition is None or new.today(c.addition.holder) in organisations]
    lost = tuple(c.uid for c in new.changes if c not in known)
    if not known:
        return Taken(lost=lost, new=new)
    before, again, records = _spoken(base, known), _again(base, known), new.records()
    heads: set[str] = set()
    coming: list[str] = []
    for change in known:
        if change.record in before:
            uid, held = before[change.record]
            heads |= held
            if (change.addition is None or change.record in again) and not _others(base, change, records):
                _drop(base, uid)
    base.statements = added.overlay(base.statements, known, in_force=records, where=new.today)
    for change in known:
        uid = before[change.record][0] if change.record in before else new.today(change.uid)
        if change.addition is not None:
            heads.add(_put(base, uid, change.addition, new))
            coming.append(uid)
        elif change.record in before:
            heads.add(uid)
    base.statements = lifted(base.statements, base.presence)
    there = set(base.statements["subject"].unique())
    return Taken(frozenset(heads | set(coming)) & there, tuple(coming), lost, new)


def _spoken(base: Register, known: Sequence[added.Change]) -> dict[str, tuple[str, set[str]]]:
    """Of records that are stated: the subject, and the organisations that they name as holder."""
    mine = base.statements.filter(
        pl.col("source") == edits.SOURCE, pl.col("record").is_in([change.record for change in known])
    )
    held = pl.col("value").filter(pl.col("property") == added.HOLDER)
    found = mine.group_by("record").agg(pl.col("subject").first(), held)
    return {record: (subject, set(holders)) for record, subject, holders in found.iter_rows()}


def _again(base: Register, known: Sequence[added.Change]) -> set[str]:
    """Records that were taken back and added once more since `base` was made."""
    entries = {c.record: c.addition.proposed.id for c in known if c.addition is not None}
    said = base.statements.filter(pl.col("record").is_in(list(entries))).select("record", "snapshot").unique()
    return {record for record, entry in said.iter_rows() if entry != entries[record]}


def _others(base: Register, change: added.Change, records: set[str]) -> bool:
    """Whether somebody else than edits speaks of the thing of a change."""
    uid = base.statements.filter(pl.col("record") == change.record)["subject"].unique()
    theirs = base.statements.filter(pl.col("subject").is_in(uid.implode()), pl.col("record") != change.record)
    return not theirs.filter((pl.col("source") != edits.SOURCE) | pl.col("record").is_in(list(records))).is_empty()


def _put(base: Register, uid: str, addition: added.Addition, new: New) -> str:
    """A row for a thing that was added, to be filled from its statements; returns the organisation whose it is."""
    head = new.today(addition.holder)
    level = max(RANKS[addition.proposed.visibility], base.presence.get(head, 0))
    rows = base.kinds.setdefault(addition.kind, {})
    if uid in rows:
        return head
    base.presence = {**base.presence, uid: level} if level else base.presence
    row: Row = {"id": uid}
    if addition.kind == "site":
        row |= placed(str(addition.values.get("postcode") or ""))
        owner = base.kinds["organisation"][head]
        if "easting" not in owner and "easting" in row and level <= base.level(head):
            base.kinds["organisation"][head] = owner | {k: row[k] for k in PLACED if k in row} | {"place_basis": "site"}
    rows[uid] = row
    return head


def _drop(base: Register, uid: str) -> None:
    """Take a thing out of the rows, and let its organisation stand where it does without it."""
    base.presence = {one: level for one, level in base.presence.items() if one != uid}
    level = base.levels.pop(uid, 0)
    for kind, rows in base.kinds.items():
        row = rows.pop(uid, None)
        if kind == "site" and row is not None and row.get("organisation") in base.kinds["organisation"]:
            _without(base, row, row["organisation"], level)


def _without(base: Register, site: Row, head: str, level: int) -> None:
    owner = base.kinds["organisation"][head]
    if level > base.level(head):
        return
    theirs = [row for _, row in sorted(base.kinds["site"].items()) if row.get("organisation") == head]
    left = [row for row in theirs if "easting" in row and base.level(row["id"]) <= base.level(head)]
    owner = owner | {"sites": max(owner.get("sites", 0) - 1, 0)}
    spot = [owner.get(c) for c in SPOT]
    stood = owner.get("place_basis") == "site" and spot == [site.get(c) for c in SPOT]
    if stood and all([row[c] for c in SPOT] != spot for row in left):
        owner = {k: v for k, v in owner.items() if k not in {*PLACED, "place_basis"}}
        if left:
            owner |= {k: left[0][k] for k in PLACED if k in left[0]} | {"place_basis": "site"}
    base.kinds["organisation"][head] = owner


def placed(postcode: str) -> Row:
    """Coordinates (metres, EPSG:27700) and authority of the middle of a postcode's outward code, where it has one."""
    tidied = tidy_one(postcode)
    outward = tidied.split(" ")[0] if tidied else ""
    if outward not in outward_codes():
        return {}
    easting, northing = outward_codes()[outward]
    return {"easting": easting, "northing": northing, "lad": outward_districts()[outward], "place_quality": "outward"}


def identities(register: Register, uids: Sequence[str]) -> Iterator[Row]:
    """The columns of the ids of sites that were added and that no ledger knows yet."""
    for uid in uids:
        row = register.kinds["site"].get(uid)
        if row is not None:
            level = register.level(uid)
            yield {"uid": uid, "kind": "site", "status": "live", "target": uid, "others": [], "name": name_of(row),
                   "sample": row.get("sample", False), "level": level, "known": level}  # fmt: skip


def built(package: Package, entries: Sequence[Entry]) -> int:
    """The number of the last entry that the build of a package knew."""
    data = Manifest.objects.filter(package=package).values_list("data", flat=True).first() or {}
    heads = data.get("log_heads") or [data.get("log_head")]
    return max((entry.seq for entry in entries if entry.id in heads), default=0)


def settle(package: Package, register: Register, before: Mapping[str, tuple[str, int]], *,
           ledger: set[str]) -> None:  # fmt: skip
    """Clear what is gone, write the ids of what is new, count both.

    Parameters: `before` as given by `subjects_of`; `ledger` ids of added things that the package's ledger knows.
    """
    now = subjects_of(register)
    gone, coming = before.keys() - now.keys(), now.keys() - before.keys()
    if not gone and not coming:
        return
    for model, column in ((Thing, "uid"), (Tie, "thing"), (Statement, "subject")):
        model._base_manager.filter(package=package, **{f"{column}__in": gone})._raw_delete("default")
    mine = Identity.objects.filter(package=package, uid__in=gone)
    mine.filter(uid__in=ledger).update(status="absent", name="", sample=False, level=0)
    mine.exclude(uid__in=ledger).delete()
    for row in identities(register, sorted(coming)):
        known = Identity.objects.filter(package=package, uid=row["uid"]).values_list("known", flat=True).first()
        least = row["known"] if known is None else min(known, row["known"])
        Identity.objects.update_or_create(package=package, uid=row["uid"], defaults=row | {"known": least})
    counts = dict(package.counts)
    for uids, found, step in ((gone, before, -1), (coming, now, 1)):
        for kind in (found[uid][0] for uid in uids if not found[uid][1]):
            counts[kind] = counts.get(kind, 0) + step
    package.counts = counts
    Package.objects.filter(pk=package.pk).update(counts=counts)
