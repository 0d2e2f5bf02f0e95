"""Whose a value was before merges that hold: what is said of it goes back there when a merge is taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lifecluster.register import edits
from lifecluster.register.acts import ACT, MERGE, SIDES
from lifecluster.register.entry import Entry
from lifecluster.web.directory import packages
from lifecluster.web.directory.models import Identity, Member, Statement

if TYPE_CHECKING:
    from lifecluster.web.directory.values import Stated


def leads() -> edits.Where:
    """Where ids lead in the package that is shown."""
    known = Identity.objects.filter(package=packages.current(), status="redirected")
    today = dict(known.values_list("uid", "target"))
    return lambda uid: today.get(uid, uid)


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose values were before anything was merged: `subjects` as a rule the one that they are of, sorted; `owner` the
    organisation that it is or belongs to, as far as it is one."""

    subjects: list[str]
    owner: str


def origin(stated: Stated, owner: str, entries: Sequence[Entry]) -> Origin:
    """Where the values shown of `owner` come from.

    A record is of the organisation on whose side it stood in the first merge that holds, else of what the package says;
    what was said here, of whom it was said.
    """
    said = {edit.record: edit for edit in edits.fold(entries).values()}
    records = {one.record for one in stated.shown}
    theirs = [said[one] for one in records if one in said]
    held = Statement.objects.filter(package=packages.current(), record__in=records, property="holder", kind="site")
    holders = {original for original in held.values_list("original", flat=True) if original}
    rows = Member.objects.filter(package=packages.current(), record__in=records | holders)
    of = dict(rows.values_list("record", "uid")) | _sides(entries)
    subjects = {of.get(one, stated.subject) for one in records - said.keys()}
    subjects |= {uid for edit in theirs for uid in edit.origins}
    owners = subjects if stated.subject == owner else {of.get(one, owner) for one in holders}
    owners |= set() if stated.subject == owner else {str(edit.proposed.evidence.get("owner")) for edit in theirs}
    return Origin(sorted(subjects), owners.pop() if len(owners) == 1 else owner)


def _sides(entries: Sequence[Entry]) -> dict[str, str]:
    """Records that stood on a side of a merge that holds, with the organisation that the side was, at the first."""
    ended = {entry.refers_to for entry in entries if entry.action == "judgement.retract"}
    of: dict[str, str] = {}
    for entry in entries:
        if entry.evidence.get(ACT) != MERGE or entry.id in ended:
            continue
        sides, uids = entry.evidence.get(SIDES), entry.evidence.get("organisations")
        if isinstance(sides, Mapping) and isinstance(uids, Iterable):
            for side, uid in zip(("left", "right"), uids, strict=False):
                records = sides.get(side)
                for record in records if isinstance(records, list | tuple) else ():
                    of.setdefault(str(record), str(uid))
    return of
