"""The entry of the log: one schema for judgements, edits and approvals, in whichever home the log lives.

An entry names the one before it by its hash, so a log is a chain: a changed, removed or inserted entry breaks it.
`schemas/log-entry.schema.json` is the published form.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Final, Self, TypeAlias

from lifecluster.errors import LifeclusterError
from lifecluster.policy.visibility import Visibility

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"

START: Final = "0" * 64
"""What the first entry of a log names as the entry before it."""


class EntryError(LifeclusterError, ValueError):
    """An entry that cannot be written: an unknown action, a missing part, a name where an opaque id belongs."""


class LogDamagedError(LifeclusterError):
    """A log that is not as it was written: an entry changed, missing, out of order, or cut off at the end."""


# No spaces and no @: an actor is a role or an opaque id, so that a log can be published and kept without personal data.
_ACTOR: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}")
_CONTACT: Final = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+|(?<!\d)(?:\+44|0)[\d ()-]{8,}\d(?!\d)")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)")
_VISIBILITIES: Final = frozenset(level.label for level in Visibility)


def holds_contact(text: str) -> bool:
    """Whether a text holds an e-mail address or a telephone number."""
    return _CONTACT.search(text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a caller states; the log adds the entry's number, its id and the id of the entry before it.

    `at` ISO 8601 date-time with its offset, given by the caller; `actor` a role or an opaque id, never a name; `action`
    dotted, as `judgement.same`; `subject`, `object` record or thing ids; `property` and `value` of an edit; `why` in
    words; `evidence` what was in front of the actor; `model` version of the scorer shown, if any; `refers_to` id of the
    entry this one retracts, approves or refuses; `visibility` a level of the lattice.
    """

    at: str
    actor: str
    action: str
    subject: str | None = None
    object: str | None = None
    property: str | None = None
    value: Json = field(default=None, hash=False)
    why: str | None = None
    evidence: Mapping[str, Json] = field(default_factory=dict, hash=False)
    model: str | None = None
    refers_to: str | None = None
    visibility: str = "desk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Draft):
    """One entry of a log; `id` is the SHA-256 of all its other fields, `seq` counts from 1, `previous` is the chain."""

    id: str
    seq: int
    previous: str

    @classmethod
    def seal(cls, draft: Draft, *, seq: int, previous: str) -> Self:
        """Number, chain and hash a draft; raises `EntryError` if it holds anything that JSON cannot."""
        content = {f.name: getattr(draft, f.name) for f in fields(Draft)} | {"seq": seq, "previous": previous}
        text = _canonical(content)
        # Read back, so that the entry holds exactly what is stored and no list that the caller may still change.
        return cls(id=_hash(text), **json.loads(text))

    def to_json(self) -> str:
        """The entry as one line of canonical JSON, without the line end."""
        return _canonical({f.name: getattr(self, f.name) for f in fields(self)})

    def content_hash(self) -> str:
        """The hash that `id` must be."""
        return _hash(_canonical({f.name: getattr(self, f.name) for f in fields(self) if f.name != "id"}))


def _canonical(content: Mapping[str, object]) -> str:
    try:
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
        text.encode()
    except (TypeError, ValueError) as error:
        raise EntryError(f"an entry must be plain JSON: {error}") from error
    return text


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def from_json(line: str | bytes) -> Entry:
    """Read one stored line; raises `LogDamagedError` if it is not an entry."""
    try:
        content = json.loads(line)
    except ValueError as error:
        raise LogDamagedError(f"a line of the log is not JSON: {error}") from error
    names = {f.name for f in fields(Entry)}
    if not isinstance(content, dict) or set(content) != names:
        found = sorted(set(content) ^ names) if isinstance(content, dict) else [type(content).__name__]
        raise LogDamagedError(f"a line of the log has missing or unknown parts: {', '.join(found)}")
    return Entry(**content)


def check_next(entry: Entry, *, seq: int, previous: str) -> None:
    """Raise `LogDamagedError` unless `entry` is number `seq`, follows `previous` and hashes to its own id."""
    if entry.seq != seq:
        raise LogDamagedError(f"entry {seq} is missing: found number {entry.seq} in its place")
    if entry.previous != previous:
        raise LogDamagedError(f"entry {seq} does not follow the one before it: one of the two was changed or removed")
    if entry.content_hash() != entry.id:
        raise LogDamagedError(f"entry {seq} was changed after it was written")


def verify_chain(entries: Iterable[Entry], *, head: str | None = None) -> int:
    """Check a whole log; returns how many entries it has.

    `head`, if given, is the id that some entry must have: the last id known elsewhere (a package's manifest, a
    backup), without which a cut at the end cannot be seen. Raises: `LogDamagedError`.
    """
    seq, previous, seen = 0, START, head in (None, START)
    for seq, entry in enumerate(entries, start=1):
        check_next(entry, seq=seq, previous=previous)
        previous = entry.id
        seen = seen or previous == head
    if not seen:
        raise LogDamagedError(f"the log was cut: it ends at entry {seq} and does not hold {head}")
    return seq


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """An action that may be logged: its dotted `name`, the fields it `needs`, and what it `means`, in words."""

    name: str
    needs: tuple[str, ...]
    means: str


@dataclass(frozen=True, slots=True)
class Actions:
    """A registry of actions. A room declares its own with `extend`, which returns a new registry: nothing is global."""

    specs: Mapping[str, ActionSpec]

    @classmethod
    def of(cls, *specs: ActionSpec) -> Self:
        """A registry of `specs`; raises `EntryError` if a name comes twice."""
        return cls({}).extend(*specs)

    def extend(self, *specs: ActionSpec) -> Self:
        """This registry and `specs`; raises `EntryError` if a name is already declared or is not dotted."""
        known = dict(self.specs)
        for spec in specs:
            if spec.name in known:
                raise EntryError(f"action {spec.name!r} is declared twice")
            if not re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", spec.name):
                raise EntryError(f"action {spec.name!r} must be dotted, as room.verb")
            known[spec.name] = spec
        return replace(self, specs=known)

    def check(self, draft: Draft) -> None:
        """Raise `EntryError` unless `draft` may be written."""
        spec = self.specs.get(draft.action)
        if spec is None:
            raise EntryError(f"action {draft.action!r} is not declared; known are {', '.join(sorted(self.specs))}")
        missing = [name for name in spec.needs if getattr(draft, name) in (None, "", {})]
        if missing:
            raise EntryError(f"{draft.action} needs {', '.join(missing)}")
        if not _ACTOR.fullmatch(draft.actor):
            raise EntryError(f"actor {draft.actor!r} must be a role or an opaque id without spaces, never a name")
        if draft.why is not None and _CONTACT.search(draft.why):
            raise EntryError(
                "why holds an e-mail address or a telephone number; the log is kept for ever, so leave it out"
            )
        if draft.visibility not in _VISIBILITIES:
            raise EntryError(
                f"visibility {draft.visibility!r} is not a level; levels are {', '.join(sorted(_VISIBILITIES))}"
            )
        _check_moment(draft.at)


def _check_moment(at: str) -> None:
    form = "an ISO date-time with its offset from UTC, as 2026-01-31T09:30:00+00:00"
    if not _MOMENT.fullmatch(at):
        raise EntryError(f"at {at!r} is not {form}")
    try:
        datetime.fromisoformat(at)
    except ValueError as error:
        raise EntryError(f"at {at!r} is not {form}: {error}") from None


CORE_ACTIONS: Final = Actions.of(
    ActionSpec("judgement.same", ("subject", "object"), "two records are the same organisation, site or group"),
    ActionSpec("judgement.different", ("subject", "object"), "two records are not the same"),
    ActionSpec("judgement.unsure", ("subject", "object"), "somebody looked and could not tell"),
    ActionSpec("judgement.retract", ("refers_to", "why"), "a judgement no longer holds"),
    ActionSpec("edit.propose", ("subject", "property"), "somebody proposes a value; none proposes that it is unknown"),
    ActionSpec("edit.approve", ("refers_to",), "a proposed value is accepted"),
    ActionSpec("edit.refuse", ("refers_to", "why"), "a proposed value is not accepted"),
    ActionSpec(
        "statement.redact", ("subject", "object", "property", "why"), "a statement must no longer be kept in the clear"
    ),
    ActionSpec("edit.confirm", ("subject", "property"), "the organisation says that the value shown is still right"),
    ActionSpec("edit.withdraw", ("refers_to",), "the proposer takes a proposal back"),
    ActionSpec("edit.retract", ("refers_to", "why"), "an accepted value no longer holds; what stood before is back"),
    ActionSpec("thing.add", ("subject", "object", "value"), "somebody proposes a new thing of `object`, with values"),
    ActionSpec("thing.approve", ("refers_to",), "a proposed thing is accepted"),
    ActionSpec("thing.refuse", ("refers_to", "why"), "a proposed thing is not accepted"),
    ActionSpec("thing.withdraw", ("refers_to",), "the proposer takes a proposed thing back"),
    ActionSpec(
        "thing.retract", ("refers_to", "why"), "an accepted thing no longer holds; it is gone as if it never was"
    ),
)
"""The actions of the register; other rooms extend a copy."""
