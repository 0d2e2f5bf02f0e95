"""What merges and splits make of the rows of a package, worked out before anything is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from lifecluster.build.records import hard_ids
from lifecluster.register import added, edits, regroup
from lifecluster.register.entry import Entry
from lifecluster.register.identity import shape_of
from lifecluster.register.ids import letter_of
from lifecluster.register.ledger import Ledger, Resolver
from lifecluster.web.directory.loading import additions as a
from lifecluster.web.directory.loading import overlay
from lifecluster.web.directory.loading import prepare as p
from lifecluster.web.directory.loading.compare import name_of, targets
from lifecluster.web.directory.loading.register import OWNER, THINGS, Register, Row, lifted
from lifecluster.web.directory.loading.regroup.base import Base, read
from lifecluster.web.directory.loading.regroup.sites import same_sites
from lifecluster.web.directory.loading.regroup.transform import Assigned, transform
from lifecluster.web.directory.loading.restate import restated
from lifecluster.web.directory.models import Lineage, Manifest, Member, Organisation, Package

NUMBERS = ("company_number", "ods_code", "ukprn")


@dataclass(frozen=True, slots=True)
class Plan:
    """`pending` judgements (ids) that it shows; `base` what the package says; `prepared` the rows to be; `identities`
    uid -> columns; `keep` what is to be kept for the undo; `records` a frame of `regroup.RECORDS`; `assigned` which
    record is of what; `added` ids of what was added since the package was built, or was taken back."""

    pending: tuple[str, ...]
    base: Base
    prepared: p.Prepared
    identities: Mapping[str, Row]
    keep: set[tuple[str, str]]
    records: pl.DataFrame
    assigned: Assigned
    added: frozenset[str]


def known_by(package: Package, entries: Sequence[Entry]) -> int:
    """The number of the last entry that the build of a package knew."""
    manifest = Manifest.objects.filter(package=package).values_list("data", flat=True).first() or {}
    heads = manifest.get("log_heads") or [manifest.get("log_head")]
    return max((entry.seq for entry in entries if entry.id in heads), default=0)


def pending(package: Package, entries: Sequence[Entry]) -> tuple[regroup.Pending, dict[str, str]]:
    """Judgements that the package's build did not know and both of whose records it has; with the organisation that the
    package gives to each record."""
    found = regroup.Pending.since(entries, known_by(package, entries))
    rows = Member.objects.filter(package=package, record__in=found.records(), kind="organisation", live=True)
    of = dict(rows.values_list("record", "uid"))

    def here(some: Iterable[Entry]) -> tuple[Entry, ...]:
        return tuple(e for e in some if e.subject in of and e.object in of)

    return regroup.Pending(here(found.added), here(found.removed), found.now), of


def plan(package: Package, entries: Sequence[Entry], *, heads: Collection[str] = ()) -> Plan:
    """What the rows of organisations that judgements speak of come to, edits included. Writes nothing.

    Parameters: `heads` further organisations, as they are shown now, to be looked at with them.
    """
    wanted, of = pending(package, entries)
    involved = set(of.values()) if wanted.ids else set()
    base = read(package, involved | set(heads))
    at = str(package.at)
    register = base.register(at)
    members = _members(package, base)
    records = _records(register.statements, members)
    assigned, ledgers = _Naming(package, base, register.statements, records, members).assign(wanted)
    late = added.changes(entries, after=known_by(package, entries))
    _without_added(register, entries, late, known_by(package, entries))
    made = _with_edits(package, register, assigned, entries, base.identities().keys())
    keep = base.belonging(base.heads & (involved | _parents(register, involved)))
    ids = frozenset(change.uid for change in late)
    issued = _identities(base, made, ledgers, ids)
    return Plan(tuple(wanted.ids), base, made, issued, keep, records, assigned, ids)


def _without_added(base: Register, entries: Sequence[Entry], late: Sequence[added.Change], known: int) -> None:
    """Take out of `base` what was added since the package was built: it is put in again when it is known who is who.

    Parameters: `late` what changed since among things added; `known` number of the last entry that the build knew.
    """
    out = [added.Change(one.uid, one.record, None) for one in late if one.addition is None or
           (one.addition.decided is not None and one.addition.decided.seq > known)]  # fmt: skip
    records = {change.record for change in out}
    rest = [one for one in added.standing(entries) if one.record not in records]
    a.take_in(base, a.New(out, rest, edits.as_said))


def _parents(register: Register, heads: set[str]) -> set[str]:
    """Organisations that are said to belong to one of these."""
    said = register.statements.filter(pl.col("property") == "parent", pl.col("value").is_in(sorted(heads)))
    return set(said["subject"])


def _members(package: Package, base: Base) -> pl.DataFrame:
    """Members of everything kept, and of ids that lead to it: `record`, `kind`, `uid`, `live`, `number`."""
    names = ("record", "kind", "uid", "live", "number")
    ids = {uid for kind, uid in base.bodies if kind in {"organisation", "site"}} | base.identities().keys()
    rows = Member.objects.filter(package=package, uid__in=ids).order_by("record").values_list(*names)
    schema = {"record": pl.String, "kind": pl.String, "uid": pl.String, "live": pl.Boolean, "number": pl.String}
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def _records(statements: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """The records of the organisations as the library's rules want them."""
    mine = members.filter(pl.col("kind") == "organisation", "live")
    said = statements.filter(pl.col("kind") == "organisation", ~pl.col("aggregate_only")).join(
        mine.select("record"), on="record", how="semi"
    )
    one = [pl.col("value").filter(pl.col("property") == name).sort().first().alias(name) for name in NUMBERS]
    many = pl.col("value").filter(pl.col("property") == "org_id").unique().sort().alias("org_id")
    wide = said.group_by("record").agg(*one, many)
    frame = mine.join(wide, on="record", how="left", maintain_order="left")
    official = pl.concat_str(pl.lit("GB-COH-"), "company_number")
    number = pl.when(pl.col("number") != "").then("number")
    return frame.with_columns(hard_ids=hard_ids(frame)).select(
        record_id="record", id="uid", official=official, hard_ids="hard_ids", live_number=number
    )


@dataclass(frozen=True, slots=True)
class _Naming:
    """Giving ids to what records of some organisations are today."""

    package: Package
    base: Base
    statements: pl.DataFrame
    records: pl.DataFrame
    members: pl.DataFrame

    def assign(self, wanted: regroup.Pending) -> tuple[Assigned, list[Ledger]]:
        """Ids of organisations, then of their sites, by the library's rules; and the ledgers of both."""
        records = self.records
        before = dict(records.select("record_id", "id").iter_rows())
        now, ledger = self._name("organisation", records, regroup.regroup(records, wanted))
        named = records.with_columns(id=pl.col("record_id").replace_strict(now, return_dtype=pl.String))
        best = {uid: regroup.best_record(named, uid) for uid in set(now.values())}
        leads = Resolver(ledger).leads
        sites = self.members.filter(pl.col("kind") == "site", "live").select(record_id="record", id="uid")
        where, places = self._name("site", sites, same_sites(sites, self.statements, now, leads))
        of_site = Resolver(places).leads
        before |= dict(sites.iter_rows())
        return Assigned(before, now | where, best, lambda one: of_site(leads(one))), [ledger, places]

    def _name(self, kind: str, records: pl.DataFrame, clusters: pl.DataFrame) -> tuple[dict[str, str], Ledger]:
        namespace = str(Manifest.objects.values_list("data", flat=True).get(package=self.package)["namespace"])
        ledger = _ledger(self.package, self.base, self.members, kind, records.group_by("id").agg("record_id"))
        return regroup.name(records, clusters, ledger, kind=kind, namespace=namespace, at=str(self.package.at))


def _ledger(package: Package, base: Base, members: pl.DataFrame, kind: str, clusters: pl.DataFrame) -> Ledger:
    """The part of the package's ledger that these ids have, and those that lead to them."""
    ids = {uid for uid in base.identities() if uid[2] == letter_of(kind)}
    mine = members.filter(pl.col("kind") == kind)
    found = list(Lineage.objects.filter(package=package, uid__in=ids | set(mine["uid"])))
    events = [row for one in found for row in one.events]
    shapes = {shape: one.uid for one in found for shape in one.shapes}
    shapes |= {shape_of(sorted(of)): uid for uid, of in clusters.iter_rows()}
    rows = mine.select("record", "uid", "live").iter_rows()
    return regroup.part_of(events, rows, shapes.items())


def _with_edits(package: Package, base: Register, to: Assigned, entries: Sequence[Entry],
                ours: Collection[str]) -> p.Prepared:  # fmt: skip
    """The register as it is to be: records where they belong, edits in force over them, each row at its own level.

    Parameters: `ours` ids of which `to` knows where they lead; of others the database does.
    """
    known = {entry.id[: edits.SHORT] for entry in entries if entry.action in {edits.PROPOSE, edits.CONFIRM}}
    key = pl.col("record").str.split(":").list.last()
    mine = (pl.col("source") == edits.SOURCE) & key.is_in(sorted(known))
    edited = set(base.statements.filter(mine).select("subject", "property").iter_rows())
    base.statements = base.statements.filter(~mine)
    made, moved = transform(base, to, frozenset(package.region.get("codes", ())))
    elsewhere = {uid: target for uid, target in targets(package).items() if uid not in ours}

    def where(subject: str) -> str:
        return to.leads(subject if to.leads(subject) != subject else elsewhere.get(subject, subject))

    before = {uid for rows in made.kinds.values() for uid in rows} | base.levels.keys() | to.now.keys()
    made.presence = overlay.closed_among(package, made.statements, made.levels, before)
    taken = a.take_in(made, _new(entries, known_by(package, entries), where, set(made.statements["record"])))
    there = {uid for rows in made.kinds.values() for uid in rows}
    standing = [edit for edit in edits.standing(entries, where=where) if edit.key(where)[0] in there]
    changed = [edits.Change(*edit.key(where), edit) for edit in standing]
    ended = {(where(subject), prop) for subject, prop in edited} - {edit.key(where) for edit in standing}
    changed += [edits.Change(subject, prop, None) for subject, prop in sorted(ended) if subject in there]
    if changed:
        made.statements = lifted(taken.beneath(edits.overlay(made.statements, changed), changed), made.presence)
    anew = (taken.subjects | {change.subject for change in changed}) & there
    shown = restated(made, (made.restricted() | moved | anew) & there)
    held = {kind: shown.kinds[kind] for kind in THINGS}  # whose they are decides to which family they belong
    return p.Prepared(shown, replace(made, kinds={**made.kinds, **held}), added=taken.coming, anew=frozenset(anew))


def _new(entries: Sequence[Entry], known: int, where: edits.Where, said: Collection[str]) -> a.New:
    """What was added since a build that knew `known` entries; and what it knew is said anew, as the organisation whose
    it is may lead elsewhere now (`said`: records of which there are statements)."""
    new = a.New.of(entries, known, where)
    late = {change.uid for change in new.changes}
    again = [one for one in added.standing(entries) if one.record in said and one.uid not in late]
    return replace(new, changes=[*new.changes, *(added.Change(one.uid, one.record, one) for one in again)])


def _identities(base: Base, prepared: p.Prepared, ledgers: Sequence[Ledger], late: Collection[str]) -> dict[str, Row]:
    """Where every id of these leads, as `write` says it of a whole package.

    Parameters: `late` ids of what was added since the package was built: they have none where no ledger knows them.
    """
    made = prepared.register
    there = {uid: (kind, row) for kind, rows in made.kinds.items() for uid, row in rows.items()}
    found: dict[str, Row] = {}
    for ledger in ledgers:
        resolver = Resolver(ledger)
        for uid in ledger.states()["id"].to_list():
            at = resolver.current(uid)
            was = base.identities().get(uid)
            kind, row = there.get(at.id, (was["kind"] if was else "", {}))
            ever = was["known"] if was else OWNER
            found[uid] = {
                "kind": kind, "status": at.status if at.id in there or at.status == "absent" else "absent",
                "target": at.id, "others": list(at.others), "name": name_of(row), "sample": row.get("sample", False),
                "level": made.level(at.id), "known": min(ever, made.level(uid) if uid in there else OWNER),
            }  # fmt: skip
    for uid, body in base.identities().items():
        if uid not in found and uid not in late:
            target = body["target"]
            name = name_of(there[target][1]) if target in there else body["name"]
            found[uid] = {**body, "name": name, "level": made.level(target)}
    for row in a.identities(made, [uid for uid in prepared.added if uid not in found]):
        found[row.pop("uid")] = row
    return found


def free_number(package: Package, taken: Mapping[str, int], uids: Iterable[str]) -> dict[str, int]:
    """Numbers of organisations: those they have, else the next that are free."""
    rows: Any = Organisation.objects.filter(package=package)
    have = dict(rows.filter(uid__in=list(uids)).values_list("uid", "number")) | dict(taken)
    top = max([*rows.values_list("number", flat=True), *taken.values(), -1])
    numbers = {}
    for uid in sorted(uids):
        if uid not in have:
            top += 1
        numbers[uid] = have.get(uid, top)
    return numbers
