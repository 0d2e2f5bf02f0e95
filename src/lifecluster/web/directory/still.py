"""What it takes to say that a value is still right: which values that can be said of, and what the log then holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from lifecluster.policy.visibility import Visibility
from lifecluster.reference.properties import vocabulary
from lifecluster.register import edits
from lifecluster.register.entry import Entry
from lifecluster.web.directory.models import Statement
from lifecluster.web.directory.origins import origin

if TYPE_CHECKING:
    from lifecluster.web.directory.values import Stated

NOTHING = "nothing is shown that could be confirmed"
AGELESS = "this does not grow old: there is nothing to confirm"
DECIDED = "a register decides this one; it is renewed when that register is read again"
COUNTED = "a value that is only to be counted is renewed by stating it again"


def cannot(stated: Stated | None) -> str:
    """Why an organisation cannot confirm what is shown, in words; "" if it can."""
    if stated is None or not stated.shown or not any(said.value for said in stated.shown):
        return NOTHING
    if vocabulary().properties[stated.property].stale_after is None:
        return AGELESS
    return "" if all(edits.counts(stated.property, said.source.rank) for said in stated.shown) else DECIDED


def texts(stated: Stated) -> list[str]:
    """The values shown, each once."""
    return sorted({said.value for said in stated.shown})


def said(stated: Stated, owner: str, entries: Iterable[Entry]) -> dict[str, Any]:
    """The parts of the entry: subject, value, levels, where the value comes from, and the edit that it repeats, if any.

    The subject is the one whose the value was before merges (`origins`).

    A value that stands at several levels is confirmed at the most public of them, so that nobody learns anything new.
    Raises LifeclusterError for values that are only to be counted: restated, they would be shown.
    """
    from lifecluster.errors import LifeclusterError

    if Statement.objects.filter(sid__in=[one.id for one in stated.shown], aggregate_only=True).exists():
        raise LifeclusterError(COUNTED)
    levels: dict[str, Visibility] = {}
    for one in stated.shown:
        level = Visibility.parse(one.visibility)
        levels[one.value] = min(level, levels.get(one.value, level))
    values = [edits.value_of(stated.property, text) for text in levels]
    known = list(entries)
    found = edits.fold(known)
    records = {one.record for one in stated.shown}
    repeats = None
    for edit in found.values():
        if edit.state == "approved" and edit.record in records:
            repeats = edit.proposed.refers_to if edit.confirms else edit.proposed.id
            records |= set(edit.proposed.evidence.get("records", ())) if edit.confirms else set()  # type: ignore[arg-type]
    whose = origin(stated, owner, known)
    return {
        "subject": whose.subjects[0] if len(whose.subjects) == 1 else stated.subject,
        "value": values if stated.many else values[0],
        "refers_to": repeats,
        "visibility": max(levels.values()).label,
        "evidence": {
            "owner": whose.owner,
            "records": sorted(records),
            "levels": [level.label for level in levels.values()],
            **({"of": whose.subjects} if len(whose.subjects) > 1 else {}),
        },
    }
