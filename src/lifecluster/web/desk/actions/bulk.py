"""One property of many organisations, changed at once and taken back at once.

Each organisation gets a proposal and its approval in the log, as if it had been edited alone. An edit says what the
desk adds to what sources state: what a source states itself no edit removes, and the preview says so.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from lifecluster.errors import LifeclusterError
from lifecluster.reference.properties import vocabulary
from lifecluster.register import edits
from lifecluster.register.entry import Json
from lifecluster.web.desk.actions.common import heard, line
from lifecluster.web.desk.models import BulkEdit
from lifecluster.web.desk.models.base import hold, put
from lifecluster.web.directory import actions as register
from lifecluster.web.directory import reads
from lifecluster.web.directory.actions import StaleError
from lifecluster.web.directory.logbook import log
from lifecluster.web.directory.models import Organisation
from lifecluster.web.directory.origins import leads
from lifecluster.web.directory.search import Query, results
from lifecluster.web.directory.show.proper import proper
from lifecluster.web.directory.viewer import Viewer

MOST = 200
"""Organisations of one batch."""
PROPERTIES: Mapping[str, str] = {
    "capability": "Capability",
    "mission": "Healthcare mission",
    "member_of": "Member of",
    "organisation_type": "Kind of organisation",
    "ownership": "Ownership",
    "legal_form": "Legal form",
}
"""Properties that a batch may change: those of which an edit is shown, and which many organisations share."""
HOW: Mapping[str, str] = {"set": "Set it to", "add": "Add", "remove": "Remove"}
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Line:
    """One organisation of a preview: values `before` and `after`; `value` what its edit says, None for "unknown".

    `why` says why nothing is done, if nothing is.
    """

    uid: str
    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    value: Json
    standing: str
    why: str = ""

    @property
    def changes(self) -> bool:
        """Whether anything is done."""
        return not self.why


@dataclass(frozen=True, slots=True)
class Preview:
    """What a batch would do. `digest` names exactly this; `total` organisations that the search finds; `unheard` if no
    organisation has the value yet."""

    prop: str
    how: str
    value: str
    query: str
    lines: tuple[Line, ...]
    total: int
    unheard: bool

    @property
    def changes(self) -> list[Line]:
        """Lines that change."""
        return [one for one in self.lines if one.changes]

    @property
    def digest(self) -> str:
        """A short name of what was previewed."""
        said = [(one.uid, one.before, one.value, one.standing) for one in self.changes]
        body = json.dumps([self.prop, self.how, self.value, said], ensure_ascii=False)
        return hashlib.sha256(body.encode()).hexdigest()[:32]


def preview_bulk(*, query: str, property: str, how: str, value: str, viewer: Viewer) -> Preview:  # noqa: A002 - the register's word
    """Say what a batch would do, organisation by organisation, and change nothing.

    Parameters: `query` the query part of an address of the directory. Raises PermissionDeniedError (`edit.review`),
    LifeclusterError for a property or value that will not do, or for more than `MOST` organisations.
    """
    viewer.require("edit.review")
    text = _checked(property, how, value)
    page = results(_query(query), viewer)
    if page.notes or page.corrected:
        raise LifeclusterError(" ".join(page.notes) or f"The search was read as “{page.corrected}”: search for that.")
    uids = page.uids()
    if len(uids) > MOST:
        raise LifeclusterError(
            f"The search finds {len(uids):,} organisations; {MOST} are the most of one batch. Narrow it down."
        )
    names = dict(Organisation.objects.visible_to(viewer, page.package).filter(uid__in=uids).values_list("uid", "name"))
    stated = reads.values(uids, viewer, package=page.package, property=property)
    said = _standing(property)
    lines = []
    for uid in uids:
        one = stated.of(uid, property)
        shown = tuple(dict.fromkeys(s.value for s in one.shown if s.value)) if one else ()
        others = frozenset(s.value for s in (*one.shown, *one.others) if not s.edit) if one else frozenset()
        lines.append(_line(uid, proper(names.get(uid, uid)), shown, others, said.get(uid, ((), "")), how, text,
                           many=vocabulary().properties[property].many))  # fmt: skip
    unheard = how != "remove" and not any(text in one.before for one in lines) and not _known(property, text, viewer)
    return Preview(property, how, text, page.query.encode(), tuple(lines), page.total, unheard)


def _checked(prop: str, how: str, value: str) -> str:
    """The value. Raises LifeclusterError if it will not do."""
    if prop not in PROPERTIES or how not in HOW:
        raise LifeclusterError("Choose a property, and whether to set, add or remove.")
    known = vocabulary().properties[prop]
    text = line(value, "The value", most=120, needed=True)
    if known.many and how == "set":
        raise LifeclusterError(f"{PROPERTIES[prop]} holds several values: add one, or remove one.")
    if not known.many and how == "add":
        raise LifeclusterError(f"{PROPERTIES[prop]} holds one value: set it.")
    if known.type == "code" and not CODE.fullmatch(text):
        raise LifeclusterError(f"{text!r} is no code: codes are small letters, digits and hyphens.")
    return text


def _query(text: str) -> Query:
    """The search that an address of the directory, or its query part, stands for."""
    from django.http import QueryDict

    part = text.strip().partition("?")[2] if "?" in text else text.strip()
    query = Query.parse(QueryDict(part))
    if query.empty:
        raise LifeclusterError("The search narrows nothing down: paste the address of a search in the directory.")
    if query.ignored:
        raise LifeclusterError(" ".join(query.ignored))
    return query.with_(page=1, per_page=50)


def _standing(prop: str) -> dict[str, tuple[tuple[str, ...], str]]:
    """What the edit in force says of a property, and its id, by the organisation's id of today."""
    found, today = {}, leads()
    for edit in edits.standing(log.entries(), where=today):
        if edit.proposed.property == prop:
            uid, _ = edit.key(today)
            values = edit.value if isinstance(edit.value, list | tuple) else [edit.value]
            found[uid] = (tuple(edits.text_of(one) for one in values), edit.proposed.id)
    return found


def _line(  # noqa: PLR0917 - what is known of one organisation
    uid: str, name: str, shown: tuple[str, ...], others: frozenset[str], said: tuple[tuple[str, ...], str], how: str,
    text: str, *, many: bool,
) -> Line:  # fmt: skip
    ours, standing = said
    if how == "set" or (how == "remove" and not many):
        if how == "set":
            why = "Has it already." if shown == (text,) else ""
            return Line(uid, name, shown, shown if why else (text,), text, standing, why)
        why = "" if shown == (text,) else "Does not have it."
        return Line(uid, name, shown, shown if why else (), None, standing, why)
    mine = [value for value in ours if value]
    if how == "add":
        why = "Has it already." if text in shown else ""
        return Line(uid, name, shown, shown if why else (*shown, text), [*mine, text], standing, why)
    why = "" if text in shown else "Does not have it."
    if text in others:
        why = "A source states it: correct it there."
    left = tuple(value for value in shown if value != text)
    return Line(uid, name, shown, shown if why else left, [value for value in mine if value != text], standing, why)


def _known(prop: str, text: str, viewer: Viewer) -> bool:
    """Whether any organisation has a value."""
    from lifecluster.web.directory.models import Statement

    rows = Statement.objects.visible_to(viewer, reads.current()).filter(property=prop, value=text)
    return rows.exists()


def apply_bulk(
    *, query: str, property: str, how: str, value: str, digest: str, why: str, viewer: Viewer, at: datetime,  # noqa: A002 - as above
) -> BulkEdit:  # fmt: skip
    """Do what was previewed under the name `digest`, in one transaction: a proposal and its approval for each.

    Raises as `preview_bulk`, and StaleError if it is no longer what would happen.
    """
    viewer.require("edit.review")
    reason = line(why, "The reason", most=300, needed=True)
    with transaction.atomic():
        found = preview_bulk(query=query, property=property, how=how, value=value, viewer=viewer)
        if found.digest != digest:
            raise StaleError("What would change is no longer what you saw: look at it again.")
        if not found.changes:
            raise LifeclusterError("Nothing would change.")
        proposed = [
            register.propose_edit(subject=one.uid, property=property, value=one.value, viewer=viewer, at=at, why=reason)
            for one in found.changes
        ]
        register.approve_edits(entries=[entry.id for entry in proposed], viewer=viewer, at=at, why=reason)
        rows = [[one.uid, list(one.before), list(one.after), entry.id]
                for one, entry in zip(found.changes, proposed, strict=True)]  # fmt: skip
        made: BulkEdit = BulkEdit.objects.create(
            at=at, by=viewer.actor, query=found.query, property=property, how=how, value=found.value, why=reason,
            rows=rows,
        )  # fmt: skip
        heard("bulk.apply", f"bulk:{made.pk}", viewer, at, why=reason,
              after={"property": property, "how": how, "value": found.value, "organisations": len(rows)})  # fmt: skip
    return made


def undo_bulk(*, batch: int, viewer: Viewer, at: datetime, why: str) -> BulkEdit:
    """Take a batch back: what stood before each of its edits shows again. Those taken back one by one stay so.

    Raises PermissionDeniedError (`edit.review`), LifeclusterError if that was done, or without a reason.
    """
    viewer.require("edit.review")
    reason = line(why, "The reason", most=300, needed=True)
    with transaction.atomic():
        row: BulkEdit = hold(BulkEdit, batch)
        if row.undone_at is not None:
            raise LifeclusterError("This was taken back already.")
        entries = in_force(row.rows)
        register.retract_edits(entries=entries, viewer=viewer, at=at, why=reason)
        put(row, undone_at=at, undone_by=viewer.actor)
        heard("bulk.undo", f"bulk:{row.pk}", viewer, at, why=reason, after={"organisations": len(entries)})
    return row


def in_force(rows: Iterable[Sequence[str]]) -> list[str]:
    """Proposals of a batch that are still approved."""
    state = edits.fold(log.entries())
    return [str(row[3]) for row in rows if (edit := state.get(str(row[3]))) is not None and edit.state == "approved"]
