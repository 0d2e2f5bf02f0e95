"""Proposals and confirmations as the log has them: of one organisation, or of all that wait for the desk.

Only the rows that are asked for are read; what became of each is worked out by the library (`edits.fold`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q
from django.db.models.query import QuerySet

from lifecluster.policy.visibility import Visibility
from lifecluster.register import added, edits
from lifecluster.register.added import Addition
from lifecluster.register.edits import Edit
from lifecluster.register.entry import Entry, from_json
from lifecluster.web.directory.models import Identity, LogRow, State
from lifecluster.web.directory.origins import leads

DECISIONS = ("edit.approve", "edit.refuse", "edit.withdraw")
OF_THINGS = tuple(added.DECISIONS)
ENDS = ("edit.retract", "statement.redact")
LOOKED_AT = 5
"""How many times as many decisions are looked at as are shown."""


def _waiting(action: str = edits.PROPOSE, decisions: Collection[str] = DECISIONS) -> QuerySet[LogRow]:
    decided = LogRow.objects.filter(refers_to=OuterRef("entry"), action__in=decisions)
    return LogRow.objects.filter(~Exists(decided), action=action)


def waiting_count() -> int:
    """How many proposals wait for a decision. One question."""
    return _waiting().count()


def waiting(limit: int | None = None, *, after: int = 0) -> list[Edit]:
    """Proposals that wait, the oldest first; `after` the number of an entry behind which to begin."""
    rows = _waiting().filter(seq__gt=after).order_by("seq").values_list("body", flat=True)
    return [Edit(from_json(body)) for body in (rows if limit is None else rows[:limit])]


def things_count() -> int:
    """How many proposed things wait for a decision. One question."""
    return _waiting(added.ADD, OF_THINGS).count()


def things(limit: int | None = None, *, after: int = 0) -> list[Addition]:
    """Proposed things that wait, as `waiting`."""
    found = _waiting(added.ADD, OF_THINGS).filter(seq__gt=after).order_by("seq").values_list("body", flat=True)
    return [Addition(from_json(body)) for body in (found if limit is None else found[:limit])]


def of(subjects: Collection[str]) -> list[Edit]:
    """All that was proposed or confirmed of things, under whatever ids they had, the latest first; what was confirmed
    of several that are no longer one is of none."""
    spoken = LogRow.objects.filter(subject__in=_called(subjects), action__in=(edits.PROPOSE, edits.CONFIRM))
    return [edit for edit in _folded(spoken) if len(edit.origins) == 1 or edit.whole(leads())]


def one(entry: str) -> Edit | None:
    """A proposal or confirmation by the id of its entry, with what became of it."""
    spoken = LogRow.objects.filter(entry=entry, action__in=(edits.PROPOSE, edits.CONFIRM))
    return next((edit for edit in _folded(spoken) if edit.proposed.id == entry), None)


def decided(limit: int, *, sees: Visibility) -> list[Edit]:
    """Proposals up to the level `sees` that were decided lately, the latest decision first.

    Among the last decisions of all, some of which nobody took: what is for an organisation's own eyes is accepted at
    once, and is no business of the desk.
    """
    rows = LogRow.objects.filter(action__in=("edit.approve", "edit.refuse")).order_by("-seq")[: limit * LOOKED_AT]
    order = {refers_to: place for place, refers_to in enumerate(rows.values_list("refers_to", flat=True))}
    found = _folded(LogRow.objects.filter(entry__in=list(order)))
    known = [edit for edit in found if level(edit) <= sees]
    return sorted(known, key=lambda edit: order[edit.proposed.id])[:limit]


def newest(subject: str, prop: str) -> str:
    """The id of the last entry about a value, for the form that is about to change it."""
    rows = LogRow.objects.filter(subject=subject, action__in=(edits.PROPOSE, edits.CONFIRM))
    about = LogRow.objects.filter(refers_to__in=rows.values("entry"))
    return edits.newest(_entries(rows, about), subject, prop)


def level(edit: Edit | Addition) -> Visibility:
    """Who may know of a proposal."""
    return Visibility.parse(edit.proposed.visibility)


def day(edit: Edit | Addition) -> date:
    """The day of the proposal."""
    return datetime.fromisoformat(edit.proposed.at).date()


def owner(edit: Edit) -> str:
    """The organisation that it speaks for, as it was called then."""
    return str(edit.proposed.evidence.get("owner") or "")


def _folded(spoken: QuerySet[LogRow]) -> list[Edit]:
    about = LogRow.objects.filter(
        Q(refers_to__in=spoken.values("entry"), action__in=(*DECISIONS, "edit.retract")) | Q(action="statement.redact")
    )
    return sorted(edits.fold(_entries(spoken, about)).values(), key=lambda edit: -edit.proposed.seq)


def _entries(*rows: QuerySet[LogRow]) -> Iterable[Entry]:
    found = {seq: body for some in rows for seq, body in some.values_list("seq", "body")}
    return [from_json(found[seq]) for seq in sorted(found)]


def _called(subjects: Collection[str]) -> set[str]:
    """Ids and those that lead to them today."""
    led = Identity.objects.filter(package__state=State.CURRENT, target__in=subjects)
    return {*subjects, *led.values_list("uid", flat=True)}
