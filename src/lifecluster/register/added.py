"""Things added in the web app: a proposal with first values, accepted, becomes statements of a new thing.

Pure: entries of a log in, statements out, as for edits (`register.edits`). The id of a new thing follows from what was
proposed, in the namespace of the instance: proposing the same twice is one thing, and the next build gives the same id.
An addition is in force from its approval until its approval is retracted. What later edits say of the thing is theirs;
without the addition, and without any source that knows the thing, they wait in the log.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from lifecluster.reference import facilities
from lifecluster.reference.properties import vocabulary
from lifecluster.register import edits, fitting
from lifecluster.register.edits import Where, as_said, text_of
from lifecluster.register.entry import Entry, Json, holds_contact
from lifecluster.register.ids import mint, parse

if TYPE_CHECKING:  # Polars only where statements are made: processes that answer pages do without
    import polars as pl

ADD: Final = "thing.add"
DECISIONS: Final = {"thing.approve": "approved", "thing.refuse": "refused", "thing.withdraw": "withdrawn"}
RETRACT: Final = "thing.retract"
REDACT: Final = "statement.redact"
KINDS: Final = ("site", "product", "vacancy", "need", "offer", "facility")
"""What can be added: places where an organisation works, and what it holds that no register lists."""
NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "site": ("postcode", "address", "town"),
    "product": ("name",),
    "vacancy": ("title",),
    "need": ("title",),
    "offer": ("title",),
    "facility": ("title", "facility_type"),
}
"""Of each kind, properties of which at least one has to be stated, or nobody could tell what it is."""
HOLDER: Final = "holder"
WRITTEN: Final = frozenset({"text", "name", "address"})
"""Types of values that people write freely."""


@dataclass(frozen=True, slots=True)
class Addition:
    """A proposed thing and what became of it: `state` pending, approved, refused, withdrawn or retracted.

    `decided` is the entry that decided it, `ended` the one that ended an approval; `out` the properties that were
    ordered to be taken out, `touched` the number of the last entry that changed what is stated of it.
    """

    proposed: Entry
    state: str = "pending"
    decided: Entry | None = None
    ended: Entry | None = None
    out: frozenset[str] = field(default_factory=frozenset)
    touched: int = 0

    @property
    def uid(self) -> str:
        """The id of the thing."""
        return self.proposed.subject or ""

    @property
    def kind(self) -> str:
        """The kind of the thing."""
        return parse(self.uid).kind

    @property
    def holder(self) -> str:
        """The organisation whose it is, as it was called when it was proposed."""
        return self.proposed.object or ""

    @property
    def values(self) -> Mapping[str, Json]:
        """The values accepted: the proposer's, unless the approval amended them; without what was taken out."""
        found = self.proposed.value
        if self.decided is not None and "amended" in self.decided.evidence:
            found = self.decided.evidence["amended"]
        return {k: v for k, v in found.items() if k not in self.out} if isinstance(found, Mapping) else {}

    @property
    def record(self) -> str:
        """The record that its statements are of."""
        return record_of(self.kind, self.holder, _mapping(self.proposed.value))

    @property
    def in_force(self) -> bool:
        """Whether it is stated."""
        return self.state == "approved" and HOLDER not in self.out


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be stated of a thing as it was added: the addition in force, or None if there is none any more."""

    uid: str
    record: str
    addition: Addition | None


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}


def record_of(kind: str, organisation: str, values: Mapping[str, Json]) -> str:
    """The record of a thing with these first values: `log/site:` and sixteen digits of a hash of the content."""
    content = json.dumps([kind, organisation, dict(values)], ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return f"log/{kind}:{sha256(content.encode()).hexdigest()[: edits.SHORT]}"


def id_of(kind: str, organisation: str, values: Mapping[str, Json], namespace: str) -> str:
    """The id of a thing that is proposed with these values; the build mints the same from its record.

    Raises IdError for a kind that has no ids, or an empty namespace.
    """
    record = record_of(kind, organisation, values)
    return mint(kind, f"key:{record}" if kind == "site" else record, namespace, frozenset())


def fold(entries: Iterable[Entry]) -> dict[str, Addition]:
    """Every proposal by the id of its entry, with what became of it.

    The first decision counts, and a second one has no effect; only what was approved can be retracted. An order to take
    out a statement of its record takes out that property.
    """
    found: dict[str, Addition] = {}
    by_record: dict[str, list[str]] = {}
    for entry in entries:
        if entry.action == ADD:
            found[entry.id] = Addition(entry)
            by_record.setdefault(found[entry.id].record, []).append(entry.id)
        elif entry.action == REDACT:
            for one in by_record.get(entry.object or "", ()):
                out = found[one].out | {entry.property or ""}
                found[one] = replace(found[one], out=out, touched=entry.seq)
        elif (known := found.get(entry.refers_to or "")) is not None:
            found[known.proposed.id] = _decided(known, entry)
    return found


def _decided(known: Addition, entry: Entry) -> Addition:
    if entry.action in DECISIONS and known.decided is None:
        return replace(known, state=DECISIONS[entry.action], decided=entry, touched=entry.seq)
    if entry.action == RETRACT and known.state == "approved":
        return replace(known, state="retracted", ended=entry, touched=entry.seq)
    return known


def standing(entries: Iterable[Entry]) -> list[Addition]:
    """Additions in force, in the order of approval; of several of one thing the one approved last."""
    return _last(fold(entries).values())


def _last(additions: Iterable[Addition]) -> list[Addition]:
    accepted = sorted((a for a in additions if a.in_force), key=_approval)
    last = {addition.uid: addition for addition in accepted}
    return sorted(last.values(), key=_approval)


def _approval(addition: Addition) -> int:
    return addition.decided.seq if addition.decided else 0


def changes(entries: Iterable[Entry], *, after: int = 0) -> list[Change]:
    """What entries with a number above `after` changed in what is added, by thing, in the order of proposals."""
    everything = list(fold(entries).values())
    last = {addition.uid: addition for addition in _last(everything)}
    touched = {a.uid: a.record for a in everything if a.decided is not None and a.touched > after}
    return [Change(uid, record, last.get(uid)) for uid, record in touched.items()]


Called = Callable[[Addition], str]
"""What a thing is called today."""


def as_added(addition: Addition) -> str:
    """Every addition under the id that it was given."""
    return addition.uid


def stated(additions: Iterable[Addition], *, where: Where = as_said, called: Called = as_added) -> pl.DataFrame:
    """Statements (`statement.SCHEMA`) of additions in force.

    Parameters: `where` the id that an id leads to today, for the holder and for other things that values name;
    `called` the id of the thing itself today, which a build may have found to be one with another.
    """
    import polars as pl

    from lifecluster.register.statement import SCHEMA, with_ids

    rows = [tuple(row.get(c) for c in SCHEMA) for one in additions for row in _rows(one, called(one), where)]
    return with_ids(pl.DataFrame(rows, schema=SCHEMA, orient="row")).unique("id", keep="first", maintain_order=True)


def _rows(addition: Addition, subject: str, where: Where) -> Iterable[dict[str, object]]:
    entry, known = addition.proposed, vocabulary().properties
    day = datetime.fromisoformat(entry.at).date()
    said: list[tuple[str, Json]] = [(HOLDER, addition.holder)]
    for prop, value in sorted(addition.values.items()):
        said += [(prop, one) for one in (value if isinstance(value, list | tuple) else [value]) if one is not None]
    for prop, value in said:
        yield {
            "id": "",
            "subject": subject,
            "kind": addition.kind,
            "property": prop,
            "value": where(text_of(value)) if known[prop].type == "ref" else text_of(value),
            "source": edits.SOURCE,
            "rank": edits.RANK,
            "record": addition.record,
            "locator": f"log#{_approval(addition) or entry.seq}",
            "snapshot": entry.id,
            "licence": edits.LICENCE,
            "observed_on": day,
            "verified_on": day,
            "visibility": entry.visibility,
            "aggregate_only": False,
            "owner": str(entry.evidence.get("owner") or "") or None,
            "personal": "none",
            "sample": False,
        }


def overlay(statements: pl.DataFrame, changed: Sequence[Change], *, in_force: Collection[str],
            where: Where = as_said) -> pl.DataFrame:  # fmt: skip
    """`statements` (`SCHEMA`) with what was stated of each changed thing as it was added put in its place.

    Parameters: `in_force` the records of all additions in force. A thing that nobody speaks of any more but edits goes
    with them: they wait in the log.
    """
    import polars as pl

    mine = (pl.col("source") == edits.SOURCE) & pl.col("record").is_in([change.record for change in changed])
    kept = statements.filter(~mine)
    moved = dict(statements.filter(mine).select("record", "subject").iter_rows())
    coming = [c.addition for c in changed if c.addition is not None]
    gone = [moved[c.record] for c in changed if c.addition is None and c.record in moved]
    spoken = (pl.col("source") != edits.SOURCE) | pl.col("record").is_in(list(in_force))
    left = set(gone) - set(kept.filter(pl.col("subject").is_in(gone), spoken)["subject"])
    anew = stated(coming, where=where, called=lambda one: moved.get(one.record, where(one.uid)))
    return pl.concat([kept.filter(~pl.col("subject").is_in(sorted(left))), anew])


def beneath(statements: pl.DataFrame, lifted: Collection[edits.Key], additions: Iterable[Addition], *,
            where: Where = as_said) -> pl.DataFrame:  # fmt: skip
    """`statements` with what was stated as things were added, where an edit stood over it that is gone.

    Parameters: `lifted` subject and property of edits that are no longer in force; `additions` all in force. An edit
    takes the place of the first value: of what was said here, what was accepted last is stated.
    """
    import polars as pl

    moved = dict(statements.filter(pl.col("source") == edits.SOURCE).select("record", "subject").iter_rows())
    subjects = {subject for subject, _ in lifted}
    of = {one.record: moved.get(one.record, where(one.uid)) for one in additions}
    mine = [one for one in additions if of[one.record] in subjects]
    keys = pl.DataFrame(list(lifted), schema={"subject": pl.String, "property": pl.String}, orient="row")
    again = stated(mine, where=where, called=lambda one: of[one.record]).join(keys, on=keys.columns, how="semi")
    return pl.concat([statements, again.join(statements.select("id"), on="id", how="anti")])


def check(kind: str, values: Mapping[str, Json], *, at: date) -> dict[str, str]:
    """What is wrong with the first values of a thing, in words by property; empty if they will do.

    Parameters: `at` the day of the proposal. "" stands for the thing as a whole.
    """
    if kind not in KINDS:
        return {"": f"a {kind} cannot be added; what can be is: {', '.join(KINDS)}"}
    found: dict[str, str] = {}
    for prop, value in values.items():
        if prop == HOLDER or (wrong := fitting.check(prop, kind, value)) is not None:
            found[prop] = "the organisation is given by itself" if prop == HOLDER else wrong or ""
        elif prop in facilities.CODED and (wrong := facilities.check(prop, value)) is not None:
            found[prop] = wrong
        elif vocabulary().properties[prop].type in WRITTEN and holds_contact(text_of(_one(value))):
            found[prop] = "an e-mail address or a telephone number has no place in the register: leave it out"
    if not any(values.get(prop) not in (None, "", []) for prop in NEEDED[kind]):
        found.setdefault(NEEDED[kind][0], f"a {kind} needs at least one of: {', '.join(NEEDED[kind])}")
    ended = values.get("ends_on") or values.get("closed_on")
    if isinstance(ended, str) and ended < at.isoformat():
        found.setdefault("ends_on" if "ends_on" in values else "closed_on", f"it was over on {ended}")
    return found


def _one(value: Json) -> Json:
    return " | ".join(map(text_of, value)) if isinstance(value, list | tuple) else value
