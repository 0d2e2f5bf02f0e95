"""Merges and splits written into the rows of a package, and taken out again, in a transaction of the caller."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count

from lifecluster.register.entry import Entry
from lifecluster.web.directory.computed import touched
from lifecluster.web.directory.loading import overlay
from lifecluster.web.directory.loading import prepare as p
from lifecluster.web.directory.loading.compare import differences, name_of
from lifecluster.web.directory.loading.register import THINGS, Row
from lifecluster.web.directory.loading.regroup import base
from lifecluster.web.directory.loading.regroup.plan import Plan, free_number, pending, plan
from lifecluster.web.directory.loading.write_rows import write_rows
from lifecluster.web.directory.models import (
    Change,
    Document,
    Facet,
    Identity,
    Lexicon,
    Member,
    Organisation,
    Package,
    Regrouped,
    Segment,
    Site,
    SourceFile,
    Statement,
    Thing,
    Tie,
)
from lifecluster.web.directory.models.search import document_id

LEVELS = range(4)


def settle(package: Package, entries: Sequence[Entry], *, at: datetime) -> bool:
    """Make the rows of `package` show the judgements of the log that its build did not know. Returns whether anything
    was written. Judgements of records that the package does not have wait."""
    state = Regrouped.objects.filter(package=package).first()
    shown = state.entries if state else []
    if not shown and not any(entry.action.startswith("judgement.") for entry in entries):
        return False
    if not Member.objects.filter(package=package).exists():
        return False  # loaded by an earlier version: its judgements show with the next package
    wanted, _ = pending(package, entries)
    if wanted.ids == shown:
        return False
    _write(package, plan(package, entries), state, at)
    return True


def _write(package: Package, planned: Plan, state: Regrouped | None, at: datetime) -> None:
    before = {
        o.uid: (o.level, o.data) for o in Organisation.objects.filter(package=package, uid__in=_uids(planned, state))
    }
    register = planned.prepared.register
    taken = {uid: planned.base.bodies["organisation", uid]["number"] for uid in planned.base.heads}
    numbers = free_number(package, taken, register.kinds["organisation"])
    touched(package)
    known = _lexicons(package)
    _clear(package, planned, state, taken)
    overlay.write_back(package, planned.prepared, numbers)
    words = _words(package, known, state)
    segments: list[Row] = []
    for uid, rows in sorted(register.segments.items()):
        level = max(register.segment_levels.get(uid, 0), register.level(uid))
        segments.extend(p.segment_rows(uid, rows, level))
    write_rows(Segment, package.pk, segments)
    write_rows(Identity, package.pk, ({"uid": uid, **row} for uid, row in sorted(planned.identities.items())))
    base.write(package, planned.base, planned.keep if planned.pending else set())
    Regrouped.objects.filter(package=package).delete()
    if planned.pending:
        written: dict[str, list[Any]] = _made(planned)
        written["words"] = words
        Regrouped.objects.create(package=package, entries=list(planned.pending), written=written)
    no_edits = SourceFile.objects.filter(package=package, source="web-edits", file="")
    no_edits.exclude(pk__in=Statement.objects.filter(package=package, edit=True).values("file")).delete()
    recount(package)
    Change.objects.bulk_create(_changes(package, planned, before, at))


def _made(planned: Plan) -> dict[str, list[Any]]:
    """Ids of the rows that are to be removed or put back when judgements change again; what is as the package has it,
    and kept no longer, is not among them."""
    rows = {**planned.prepared.register.kinds, base.IDENTITY: planned.identities}
    gone = planned.base.bodies.keys() - planned.keep
    return {kind: found for kind, of in rows.items() if (found := sorted(u for u in of if (kind, u) not in gone))}


def _lexicons(package: Package) -> dict[int, list[str]]:
    """The words that readers of each level may find."""
    rows = Lexicon.objects.filter(package=package).values_list("level", "words")
    return {level: words.split("\n") for level, words in rows}


def _words(package: Package, before: dict[int, list[str]], state: Regrouped | None) -> list[list[Any]]:
    """Words that merges and splits brought into the lexicon (level, word); those that nothing says any more go."""
    now = _lexicons(package)
    added: list[list[Any]] = [
        [level, word] for level, words in now.items() for word in words if word not in set(before.get(level, ()))
    ]
    kept: list[list[Any]] = list(added)
    for level, word in state.written.get("words", ()) if state else ():
        low = document_id(package.pk, level, 0)
        if Document.objects.filter(
            pk__gte=low, pk__lt=document_id(package.pk, level + 1, 0), text__contains=word
        ).exists():
            kept.append([level, word])
            continue
        now[level] = [one for one in now[level] if one != word]
        Lexicon.objects.filter(package=package, level=level).update(words="\n".join(now[level]))
    return kept


def _uids(planned: Plan, state: Regrouped | None, kind: str = "organisation") -> set[str]:
    """Ids of a kind that had rows, or are to have some."""
    old = set(state.written.get(kind, ())) if state else set()
    now = {uid for one, uid in planned.base.bodies if one == kind}
    return old | now | planned.prepared.register.kinds.get(kind, {}).keys()


def _clear(package: Package, planned: Plan, state: Regrouped | None, taken: dict[str, int]) -> None:
    """Remove the rows that are written anew, and those of ids that are no more."""
    here = {"package": package}
    heads, sites = _uids(planned, state), _uids(planned, state, "site")
    things = set().union(*(_uids(planned, state, kind) for kind in (*THINGS, "group")))
    mine = set(Site.objects.filter(**here, organisation__in=heads, uid__in=planned.added).values_list("uid", flat=True))
    held = Tie.objects.filter(**here, party__in=heads, role="holder", thing__in=planned.added)
    sites, things = sites | mine, things | set(held.values_list("thing", flat=True))
    numbers = set(Organisation.objects.filter(**here, uid__in=heads).values_list("number", flat=True))
    numbers |= set(taken.values())
    documents = [document_id(package.pk, level, number) for level in LEVELS for number in numbers]
    ids = _uids(planned, state, "identity") | planned.identities.keys() | mine
    for rows in (
        Facet.objects.filter(**here, number__in=numbers),
        Document.objects.filter(pk__in=documents),
        Segment.objects.filter(**here, organisation__in=heads),
        Organisation.objects.filter(**here, uid__in=heads),
        Site.objects.filter(**here, uid__in=sites),
        Thing.objects.filter(**here, uid__in=things),
        Tie.objects.filter(**here, thing__in=things),
        Statement.objects.filter(**here, subject__in=heads | sites | things),
        Identity.objects.filter(**here, uid__in=ids),
    ):
        rows._raw_delete(rows.db)  # any query set; nothing hangs on these rows


def recount(package: Package) -> None:
    """The public numbers of what merges and splits change."""
    public = {"package": package, "level": 0}
    organisations = Organisation.objects.filter(**public)
    numbers = {
        "organisation": organisations.count(), "live": organisations.filter(live=True).count(),
        "site": Site.objects.filter(**public).count(),
    }  # fmt: skip
    things = dict(Thing.objects.filter(**public).values_list("kind").annotate(Count("pk")))
    package.counts = {**package.counts, **numbers, **{kind: things.get(kind, 0) for kind in THINGS}}
    Package.objects.filter(pk=package.pk).update(counts=package.counts)


def _changes(package: Package, planned: Plan, before: dict[str, tuple[int, Row]], at: datetime) -> Iterator[Change]:
    """What became of organisations, as news."""
    register = planned.prepared.register
    now = register.kinds["organisation"]
    for uid in sorted(before.keys() - now.keys()):
        level, row = before[uid]
        target = planned.identities.get(uid, {}).get("target", "")
        target = target if target in now and register.level(target) <= level else ""
        yield Change(package=package.name, at=at, uid=uid, name=name_of(row), what="merged", target=target, level=level)
    for uid in sorted(now):
        level = register.level(uid)
        if uid not in before:
            yield Change(package=package.name, at=at, uid=uid, name=name_of(now[uid]), what="split", level=level,
                         target=_from(planned, uid, before, level))  # fmt: skip
        elif fields := differences(before[uid][1], now[uid]):
            yield Change(package=package.name, at=at, uid=uid, name=name_of(now[uid]), what="edited", level=level,
                         fields={name: list(pair) for name, pair in fields.items()})  # fmt: skip


def _from(planned: Plan, uid: str, before: Iterable[str], level: int) -> str:
    """The organisation that `uid` was set apart from, if who knows of `uid` may know of it."""
    records = [record for record, one in planned.assigned.now.items() if one == uid]
    told = {planned.assigned.before.get(record, "") for record in records} - {uid}
    found = sorted(one for one in told if one in before and planned.prepared.register.level(one) <= level)
    return found[0] if found else ""
