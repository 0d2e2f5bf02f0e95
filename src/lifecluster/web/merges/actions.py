"""Merging, splitting and taking back, each with its preview: one function each, used by pages, API and command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from lifecluster.errors import LifeclusterError
from lifecluster.register.entry import Draft, Entry
from lifecluster.web.directory.actions import StaleError, moment, show_decided
from lifecluster.web.directory.logbook import log
from lifecluster.web.directory.models import Member, Organisation, Package, State, Statement
from lifecluster.web.directory.packages import NoPackageError
from lifecluster.web.directory.viewer import Viewer
from lifecluster.web.merges import drafts as d

if TYPE_CHECKING:
    import polars as pl

    from lifecluster.register.judgement import Kind
    from lifecluster.web.directory.loading.regroup.plan import Plan
    from lifecluster.web.merges.preview import Preview

STALE = "what was previewed is no longer what would happen: somebody changed one of them meanwhile. Look again"
UNSEEN = "these were loaded by an earlier version of the web app; they can be merged and split from the next load on"


class RefusedError(LifeclusterError):
    """A merge, split or undo that cannot be."""


@dataclass(frozen=True, slots=True)
class _Who:
    """Who judges, when (as the log writes it) and why."""

    viewer: Viewer
    at: str
    why: str

    def writer(self, said: Mapping[str, d.Said]) -> d.Writer:
        """Of the entries of this person."""
        return d.Writer(self.viewer.actor, self.at, self.why, said)


@dataclass(frozen=True, slots=True)
class _Meant:
    """What somebody means to do: drafts of entries and the organisations that they are about."""

    drafts: list[Draft]
    heads: set[str]


def preview_merge(*, one: str, other: str, viewer: Viewer, at: datetime) -> Preview:
    """What it would change if two organisations (ids) were one; nothing is written.

    Raises PermissionDeniedError (`link.judge`), RefusedError where they cannot be one, ContradictionError.
    """
    viewer.require("link.judge")
    return _look(_package(), _merging(_package(), one, other, _Who(viewer, moment(at), "preview")))


def merge(*, one: str, other: str, viewer: Viewer, at: datetime, why: str, expect: str | None = None) -> str:
    """Judge that two organisations (ids) of the register are one. Shows at once; returns the name of the act (`undo`).

    Parameters: `why` in words; `expect` the `digest` of the preview. Raises as `preview_merge`, StaleError if something
    else would happen now than was previewed.
    """
    viewer.require("link.judge")
    _reason(why)
    with transaction.atomic():
        log.hold()
        package = _package()
        meant = _merging(package, one, other, _Who(viewer, moment(at), why))
        return _do(package, meant, expect, at)


def preview_split(*, organisation: str, records: Sequence[str], viewer: Viewer, at: datetime) -> Preview:
    """What it would change if some records of an organisation were another one; nothing is written.

    Raises as `preview_merge`.
    """
    viewer.require("link.judge")
    return _look(_package(), _splitting(_package(), organisation, records, _Who(viewer, moment(at), "preview")))


def split(*, organisation: str, records: Sequence[str], viewer: Viewer, at: datetime, why: str,
          expect: str | None = None) -> str:  # fmt: skip
    """Judge that `records` of an organisation are another than its other records. As `merge`."""
    viewer.require("link.judge")
    _reason(why)
    with transaction.atomic():
        log.hold()
        package = _package()
        meant = _splitting(package, organisation, records, _Who(viewer, moment(at), why))
        return _do(package, meant, expect, at)


def preview_undo(*, act: str, viewer: Viewer, at: datetime) -> Preview:
    """What it would change if a merge or split were taken back; nothing is written. Raises as `undo`."""
    viewer.require("link.judge")
    return _look(_package(), _undoing(_package(), act, _Who(viewer, moment(at), "preview")))


def undo(*, act: str, viewer: Viewer, at: datetime, why: str, expect: str | None = None) -> None:
    """Take a merge or split back: what stood before shows again, exactly.

    Raises PermissionDeniedError (`link.judge`), RefusedError if there is no such act or it was taken back, StaleError.
    """
    viewer.require("link.judge")
    _reason(why)
    with transaction.atomic():
        log.hold()
        package = _package()
        _do(package, _undoing(package, act, _Who(viewer, moment(at), why)), expect, at)


def act_of(name: str) -> d.Act:
    """A merge or split by its name. Raises RefusedError if there is none."""
    found = next((act for act in d.acts(log.entries()) if act.group == name), None)
    if found is None:
        raise RefusedError("there is no such merge or split")
    return found


def _reason(why: str) -> None:
    if not why.strip():
        raise RefusedError("the reason is empty: a judgement says why")


def _package() -> Package:
    """The package that is shown. Within a transaction nobody else changes it until the end."""
    found = Package.objects.filter(state=State.CURRENT).first()
    if found is None:
        raise NoPackageError("no package is loaded yet: run `lifecluster load`")
    if not Member.objects.filter(package=found).exists():
        raise RefusedError(UNSEEN)
    return found


def _plan(package: Package, entries: Sequence[Entry], heads: set[str]) -> Plan:
    from lifecluster.web.directory.loading.regroup.plan import plan

    return plan(package, entries, heads=heads)


def _there(package: Package, uid: str, viewer: Viewer) -> str:
    """The name of an organisation that the viewer may see."""
    found = Organisation.objects.visible_to(viewer, package).filter(uid=uid).values_list("name", flat=True).first()
    if found is None:
        raise RefusedError(f"{uid} is no organisation of the register, or is one no longer")
    return found


def _merging(package: Package, one: str, other: str, who: _Who) -> _Meant:
    from lifecluster.register.regroup import best_record, live_companies

    if one == other:
        raise RefusedError("these are one organisation already")
    names = [_there(package, uid, who.viewer) for uid in (one, other)]
    was = _plan(package, log.entries(), {one, other})
    now = was.records.with_columns(id=_now(was))
    numbers = live_companies(now, (one, other))
    if len(numbers) > 1:
        said = " and ".join(numbers)
        raise RefusedError(f"{names[0]} and {names[1]} are two live companies, {said}: two of those are never one")
    left, right = ([r for r in was.records["record_id"] if was.assigned.now[r] == uid] for uid in (one, other))
    _kept_apart(left, right)
    writer = who.writer(_said([*left, *right]))
    made = writer.merge(best_record(now, one), best_record(now, other), (left, right), (one, other))
    return _Meant(made, {one, other})


def _now(was: Plan) -> pl.Series:
    import polars as pl

    return pl.Series("id", [was.assigned.now[record] for record in was.records["record_id"]], dtype=pl.String)


def _kept_apart(left: Sequence[str], right: Sequence[str]) -> None:
    """Raise RefusedError if somebody judged that a record of one is not one of the other."""
    view = d.live(log.entries())
    ours, theirs = set(left), set(right)
    for entry in view.live.values():
        pair = {entry.subject or "", entry.object or ""}
        if entry.action == "judgement.different" and pair & ours and pair & theirs:
            raise RefusedError(f"somebody judged records of them different on {entry.at[:10]} ({entry.why}); "
                               "take that back first")  # fmt: skip


def _splitting(package: Package, organisation: str, records: Sequence[str], who: _Who) -> _Meant:
    _there(package, organisation, who.viewer)
    was = _plan(package, log.entries(), {organisation})
    mine = [r for r in was.records["record_id"] if was.assigned.now[r] == organisation]
    chosen = [r for r in mine if r in set(records)]
    rest = [r for r in mine if r not in set(records)]
    if set(records) - set(chosen):
        raise RefusedError("a record that was chosen is not of this organisation, or no longer")
    if not chosen or not rest:
        raise RefusedError("choose at least one record that is another organisation, and leave at least one")
    writer = who.writer(_said(mine))
    return _Meant(writer.split(chosen, rest, organisation), {organisation})


def _undoing(package: Package, name: str, who: _Who) -> _Meant:
    act = act_of(name)
    if not act.live:
        raise RefusedError("this was taken back already")
    entries = log.entries()
    made = who.writer({}).undo(act, d.live(entries).live)
    records = {one or "" for entry in act.entries for one in (entry.subject, entry.object)}
    of = Member.objects.filter(package=package, record__in=records, kind="organisation", live=True)
    base = set(of.values_list("uid", flat=True))
    was = _plan(package, entries, base)
    return _Meant(made, {was.assigned.now[one] for one in records if one in was.assigned.now})


def _said(records: Sequence[str]) -> dict[str, d.Said]:
    """What records say of themselves, in the package that is shown."""
    names = ("name", "postcode", "registered_postcode", "address", "registered_address")
    rows = Statement.objects.filter(package__state=State.CURRENT, record__in=records, property__in=names,
                                    kind="organisation")  # fmt: skip
    told: dict[str, dict[str, str]] = {}
    closed: set[str] = set()
    for record, prop, value, level in rows.order_by("pk").values_list("record", "property", "value", "level"):
        told.setdefault(record, {}).setdefault(prop, value)
        closed |= {record} if level else set()
    return {
        record: d.Said(of.get("name", ""), of.get("postcode") or of.get("registered_postcode"),
                       of.get("address") or of.get("registered_address"), record not in closed)
        for record, of in told.items()
    }  # fmt: skip


def _look(package: Package, meant: _Meant) -> Preview:
    """What would be if the entries were written."""
    from lifecluster.web.merges.preview import preview

    entries = log.entries()
    _check(entries, meant.drafts)
    was = _plan(package, entries, meant.heads)
    planned = _plan(package, d.sealed(entries, meant.drafts), meant.heads)
    found = preview(package, was, planned, meant.heads)
    _came_of(meant, found, planned)
    return found


def _check(entries: Sequence[Entry], drafts: Sequence[Draft]) -> None:
    """Raise ContradictionError if judgements cannot stand beside those of the log."""
    made = list(entries)
    for draft in drafts:
        if draft.action in {"judgement.same", "judgement.different"}:
            kind: Kind = "same" if draft.action.endswith("same") else "different"
            d.live(made).check(kind, draft.subject or "", draft.object or "")
        made = d.sealed(made, [draft])


def _came_of(meant: _Meant, found: Preview, planned: Plan) -> None:
    """Raise RefusedError if the library's rule makes something else of the records than was meant."""
    first = meant.drafts[0]
    left, right = (planned.assigned.now.get(one or "") for one in (first.subject, first.object))
    if (first.action == "judgement.same") != (left == right) and first.action != "judgement.retract":
        raise RefusedError("what is known of these records stands against it: they share or lack an identifier that "
                           "decides")  # fmt: skip


def _do(package: Package, meant: _Meant, expect: str | None, at: datetime) -> str:
    """Write the entries and show them, in the transaction of the caller, who holds the log."""
    found = _look(package, meant)
    if expect is not None and found.digest != expect:
        raise StaleError(STALE)
    written = [log.append(draft) for draft in meant.drafts]
    show_decided(at)
    return str(written[0].evidence.get(d.GROUP, ""))
