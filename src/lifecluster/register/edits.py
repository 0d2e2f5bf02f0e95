"""Approved edits as statements: what a member said and the desk accepted joins the other evidence.

Pure: entries of a log in, a frame of statements out. Which value is shown is then decided by assembly. The web app lays
them over a package at once; a build that is given the log takes them in as one more source. An edit is in force from
its approval until its approval is retracted or its statement is ordered to be taken out; of several in force for one
property of one thing, the one approved last is stated. So a retraction is an exact undo: what stood before is back.

A confirmation (`edit.confirm`) says that the value shown is still right: it states the same value anew, verified on its
day, and needs no approval. One of an edit's value ends with that edit; one of a source's value ends with the order to
take that value out. Its subject is the thing whose the value was before merges, so that it goes there with the value
where a merge is taken back; one of values of several such things (`evidence["of"]`) stands as long as these are one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import TYPE_CHECKING, TypeAlias

from lifecluster.reference.properties import vocabulary
from lifecluster.register.entry import Entry, Json
from lifecluster.register.ids import parse

if TYPE_CHECKING:  # Polars only where statements are made: processes that answer pages do without
    import polars as pl

SOURCE = "web-edits"
TITLE = "Said by the organisation itself, here, and accepted by the desk"
LICENCE = "LicenseRef-as-agreed"
LICENCE_TITLE = "As agreed with the organisation"
RANK = "member"
SHORT = 16
"""So many characters of a proposal's id are the key of its record."""

Where: TypeAlias = Callable[[str], str]
"""The id that an id leads to today: a subject may have been merged since somebody spoke of it."""


def as_said(subject: str) -> str:
    """Every id leads to itself."""
    return subject


@dataclass(frozen=True, slots=True)
class Edit:
    """A proposal and what became of it: `state` pending, approved, refused, withdrawn, retracted or redacted.

    `decided` is the entry that decided it, `ended` the one that ended an approval. A confirmation approves itself.
    """

    proposed: Entry
    state: str = "pending"
    decided: Entry | None = None
    ended: Entry | None = None

    @property
    def value(self) -> Json:
        """The value accepted: the proposer's, unless the approval amended it (`evidence["amended"]`)."""
        if self.decided is not None and "amended" in self.decided.evidence:
            return self.decided.evidence["amended"]
        return self.proposed.value

    @property
    def record(self) -> str:
        """The record that its statements are of: the proposal itself."""
        return f"log/{parse(self.proposed.subject or '').kind}:{self.proposed.id[:SHORT]}"

    @property
    def confirms(self) -> bool:
        """Whether it only says that a value is still right."""
        return self.proposed.action == CONFIRM

    @property
    def origins(self) -> list[str]:
        """The ids that it speaks of, as they were when it was said: several where a confirmation repeats values of
        things that were one then."""
        of = self.proposed.evidence.get("of") if self.confirms else None
        return [str(one) for one in of] if isinstance(of, list | tuple) and of else [self.proposed.subject or ""]

    def key(self, where: Where = as_said) -> Key:
        """What it speaks of: the thing as it is called today, and the property."""
        return where(self.origins[0]), self.proposed.property or ""

    def whole(self, where: Where = as_said) -> bool:
        """Whether all that it speaks of is one thing today: a list of which a part is elsewhere was not confirmed."""
        return len({where(one) for one in self.origins}) == 1


Key: TypeAlias = tuple[str, str]
"""Subject and property."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be stated of one property of one thing: the edit in force, or None if there is none any more."""

    subject: str
    property: str
    edit: Edit | None


PROPOSE, CONFIRM = "edit.propose", "edit.confirm"
_DECISIONS = {"edit.approve": "approved", "edit.refuse": "refused", "edit.withdraw": "withdrawn"}


def fold(entries: Iterable[Entry]) -> dict[str, Edit]:
    """Every proposal by the id of its entry, with what became of it.

    The first decision counts, and a second one has no effect; only what was approved can be retracted or taken out.
    """
    found: dict[str, Edit] = {}
    by_key: dict[str, str] = {}
    for entry in entries:
        if entry.action in {PROPOSE, CONFIRM}:
            found[entry.id] = Edit(entry, "approved", entry) if entry.action == CONFIRM else Edit(entry)
            by_key[entry.id[:SHORT]] = entry.id
            continue
        taken_out = entry.action == "statement.redact"
        one = by_key.get((entry.object or "").rpartition(":")[2], "") if taken_out else entry.refers_to or ""
        edit = found.get(one)
        if taken_out:
            _end(found, [e for e in found.values() if e.confirms and _restates(e.proposed, entry)], "redacted", entry)
        if edit is None:
            continue
        if entry.action in _DECISIONS and edit.decided is None:
            found[one] = Edit(edit.proposed, _DECISIONS[entry.action], entry)
        elif edit.state == "approved" and (taken_out or entry.action == "edit.retract"):
            also = [e for e in found.values() if e.confirms and e.proposed.refers_to == one]
            _end(found, [edit, *also], "redacted" if taken_out else "retracted", entry)
    return found


def _end(found: dict[str, Edit], edits: Iterable[Edit], state: str, entry: Entry) -> None:
    for edit in edits:
        if edit.state == "approved":
            found[edit.proposed.id] = Edit(edit.proposed, state, edit.decided, entry)


def _restates(confirmation: Entry, order: Entry) -> bool:
    """Whether what is ordered to be taken out is what a confirmation said is still right."""
    records = confirmation.evidence.get("records")
    return confirmation.property == order.property and isinstance(records, list | tuple) and order.object in records


def newest(entries: Iterable[Entry], subject: str, prop: str) -> str:
    """The id of the last entry that speaks of a property of a thing, or decides on one that does; "" if none does.

    Who writes a form remembers it: if it is another one when the form comes back, somebody else was at the value.
    """
    about: set[str] = set()
    last = ""
    for entry in entries:
        of_it = entry.action in {PROPOSE, CONFIRM} and (entry.subject, entry.property) == (subject, prop)
        if of_it:
            about.add(entry.id)
        if of_it or entry.refers_to in about:
            last = entry.id
    return last


def counts(prop: str, rank: str) -> bool:
    """Whether what an organisation says of itself is shown before what a source of this rank says on a property."""
    known = vocabulary().properties.get(prop)
    order = known.order if known else ()
    return RANK in order and (rank not in order or order.index(RANK) <= order.index(rank))


def standing(entries: Iterable[Entry], *, where: Where = as_said) -> list[Edit]:
    """Edits in force, in the order of approval: for each thing and property the one approved last.

    Parameters: `where` tells what each subject is called today; of two things that became one, the later edit stands.
    """
    return _last(fold(entries).values(), where)


def _last(edits: Iterable[Edit], where: Where) -> list[Edit]:
    accepted = sorted((e for e in edits if e.state == "approved" and e.whole(where)), key=_approval)
    last = {edit.key(where): edit for edit in accepted}
    return sorted(last.values(), key=_approval)


def _approval(edit: Edit) -> int:
    return edit.decided.seq if edit.decided else 0


def changes(entries: Iterable[Entry], *, after: int = 0, where: Where = as_said) -> list[Change]:
    """What approvals, retractions and orders to take out with a number above `after` changed, by thing and property.

    Whoever states what `entries[:after]` amount to and then puts each of these in its place states what all amount to.
    """
    everything = list(fold(entries).values())
    last = {edit.key(where): edit for edit in _last(everything, where)}
    touched = {
        edit.key(where): None
        for edit in everything
        for entry in ((edit.decided if edit.state in {"approved", "retracted", "redacted"} else None), edit.ended)
        if entry is not None and entry.seq > after
    }
    return [Change(subject, prop, last.get((subject, prop))) for subject, prop in touched]


def overlay(statements: pl.DataFrame, changed: Sequence[Change]) -> pl.DataFrame:
    """`statements` (`SCHEMA`) with what was stated by edits of each changed thing and property put in its place."""
    import polars as pl

    keys = pl.DataFrame(
        [(c.subject, c.property, SOURCE) for c in changed],
        schema={"subject": pl.String, "property": pl.String, "source": pl.String}, orient="row",
    )  # fmt: skip
    kept = statements.join(keys, on=keys.columns, how="anti", maintain_order="left")
    named = {c.edit.proposed.id: c.subject for c in changed if c.edit is not None}
    anew = stated([c.edit for c in changed if c.edit is not None], where=named)
    return pl.concat([kept, anew])


def stated(edits: Iterable[Edit], *, where: Mapping[str, str]) -> pl.DataFrame:
    """Statements (`SCHEMA`) of accepted edits.

    Parameters: `where` the subject as it is called today, by the id of the proposal's entry.

    A list gives one statement an item, the same item one. None is stated as an empty text: "it is unknown", which
    stands first and shows nothing. The date verified is the day of the proposal: whoever proposed it knew; approving
    adds no knowledge.
    """
    import polars as pl

    from lifecluster.register.statement import SCHEMA, with_ids

    rows = [tuple(row.get(c) for c in SCHEMA) for edit in edits for row in _rows(edit, where[edit.proposed.id])]
    return with_ids(pl.DataFrame(rows, schema=SCHEMA, orient="row")).unique("id", keep="first", maintain_order=True)


def _rows(edit: Edit, subject: str) -> Iterable[dict[str, object]]:
    entry = edit.proposed
    kind = parse(subject).kind
    day = datetime.fromisoformat(entry.at).date()
    values = edit.value if isinstance(edit.value, list | tuple) else [edit.value]
    seq = edit.decided.seq if edit.decided else entry.seq
    levels = _levels(entry, len(values))
    for value, level in zip(values, levels, strict=True):
        yield {
            "id": "",
            "subject": subject,
            "kind": kind,
            "property": entry.property,
            "value": text_of(value),
            "source": SOURCE,
            "rank": RANK,
            "record": edit.record,
            "locator": f"log#{seq}",
            "snapshot": entry.id,
            "licence": LICENCE,
            "observed_on": day,
            "verified_on": day,
            "visibility": level,
            "aggregate_only": False,
            "owner": str(entry.evidence.get("owner") or "") or None,
            "personal": "none",
            "sample": False,
        }


def _levels(entry: Entry, count: int) -> list[str]:
    """For whom each value is: what a confirmation restates stays at the level it has (`evidence["levels"]`)."""
    levels = entry.evidence.get("levels")
    if entry.action == CONFIRM and isinstance(levels, list | tuple) and len(levels) == count:
        return [str(level) for level in levels]
    return [entry.visibility] * count


def value_of(prop: str, text: str) -> Json:
    """A value as entries have it, from the text of a statement; the text itself where no other value is written so."""
    known = vocabulary().properties[prop].type
    found: Json = text or None
    if known == "bool":
        found = {"true": True, "false": False}.get(text, text)
    elif known in {"int", "number", "money"} and text:
        try:
            found = int(text) if text.lstrip("-").isdecimal() else float(text)
        except ValueError:
            found = text
        if isinstance(found, float) and not isfinite(found):
            found = text
    return found if text_of(found) == text else text


def text_of(value: Json) -> str:
    """A value of an entry as a statement writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
