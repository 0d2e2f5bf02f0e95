"""The entries of the log that a merge, a split or an undo consists of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lifecluster.register.acts import ACT, MERGE, SIDES, SPLIT
from lifecluster.register.entry import Draft, Entry, Json

if TYPE_CHECKING:  # it brings Polars, which pages that read do without
    from lifecluster.register.judgement import Judgements

GROUP = "group"
"""Part of the evidence: what the judgements of one act have in common."""
SHORT = 16


@dataclass(frozen=True, slots=True)
class Said:
    """What a record says of itself, and whether everybody may know it."""

    name: str
    postcode: str | None
    address: str | None
    public: bool


@dataclass(frozen=True, slots=True)
class Act:
    """A merge or split in the log: its `group`, `kind`, the entries it consists of, and the retractions of these."""

    group: str
    kind: str
    entries: list[Entry] = field(default_factory=list)
    retracted: list[Entry] = field(default_factory=list)

    @property
    def live(self) -> bool:
        """Whether it holds."""
        return len(self.retracted) < len(self.entries)

    @property
    def organisations(self) -> list[str]:
        """The ids of the organisations that it was about, as they were then."""
        ids = self.entries[0].evidence.get("organisations", ())
        return [str(one) for one in ids] if isinstance(ids, Sequence) and not isinstance(ids, str) else []


def _group(at: str, records: Iterable[str]) -> str:
    return hashlib.sha256("\x1f".join([at, *sorted(records)]).encode()).hexdigest()[:SHORT]


def _kept(record: str, said: Mapping[str, Said], at: str) -> dict[str, Json]:
    """What a judgement keeps of a row, so that it finds it again under another key (`register.rebind`)."""
    from lifecluster.register.rebind import closed_evidence, evidence_of

    row = said.get(record)
    if row is None or not row.name:
        return {}
    if row.public:
        return evidence_of(row.name, row.postcode, row.address)
    salt = hashlib.sha256(f"{at}\x1f{record}".encode()).hexdigest()[:SHORT]
    return closed_evidence(row.name, row.postcode, row.address, salt=salt)


@dataclass(frozen=True, slots=True)
class Writer:
    """Who judges, when and why; `said` what the records say."""

    actor: str
    at: str
    why: str
    said: Mapping[str, Said]

    def merge(self, left: str, right: str, sides: tuple[Sequence[str], Sequence[str]],
              organisations: Sequence[str]) -> list[Draft]:  # fmt: skip
        """Two organisations are one: `left`, `right` the records that stand for them, `sides` all records of each."""
        evidence: dict[str, Json] = {
            ACT: MERGE, GROUP: _group(self.at, [*sides[0], *sides[1]]), "organisations": list(organisations),
            SIDES: {"left": sorted(sides[0]), "right": sorted(sides[1])},
        }  # fmt: skip
        return [self._judge("same", left, right, evidence)]

    def split(self, chosen: Sequence[str], rest: Sequence[str], organisation: str) -> list[Draft]:
        """The `chosen` records are another organisation than the `rest`; each side is one."""
        evidence: dict[str, Json] = {
            ACT: SPLIT, GROUP: _group(self.at, chosen), "organisations": [organisation],
        }  # fmt: skip
        sides: dict[str, Json] = {SIDES: {"left": sorted(chosen), "right": sorted(rest)}}
        drafts = [self._judge("different", chosen[0], rest[0], evidence | sides)]
        for side in (chosen, rest):
            drafts += [self._judge("same", side[0], other, evidence) for other in side[1:]]
        return drafts

    def undo(self, act: Act, live: Iterable[str]) -> list[Draft]:
        """Take back what holds still of an act."""
        known = set(live)
        return [
            Draft(at=self.at, actor=self.actor, action="judgement.retract", refers_to=entry.id, why=self.why)
            for entry in act.entries
            if entry.id in known
        ]

    def _judge(self, kind: str, left: str, right: str, evidence: Mapping[str, Json]) -> Draft:
        kept: dict[str, Json] = {"left": _kept(left, self.said, self.at), "right": _kept(right, self.said, self.at)}
        return Draft(at=self.at, actor=self.actor, action=f"judgement.{kind}", subject=left, object=right, why=self.why,
                     evidence={**kept, **evidence})  # fmt: skip


def acts(entries: Iterable[Entry]) -> list[Act]:
    """Every merge and split of a log, the latest first."""
    found: dict[str, Act] = {}
    of: dict[str, Act] = {}
    for entry in entries:
        group = entry.evidence.get(GROUP)
        if entry.action in {"judgement.same", "judgement.different"} and group and entry.evidence.get(ACT):
            act = found.setdefault(str(group), Act(str(group), str(entry.evidence[ACT])))
            act.entries.append(entry)
            of[entry.id] = act
        elif entry.action == "judgement.retract" and entry.refers_to in of:
            of[entry.refers_to].retracted.append(entry)
    return sorted(found.values(), key=lambda act: -act.entries[0].seq)


def sealed(entries: Sequence[Entry], drafts: Iterable[Draft]) -> list[Entry]:
    """The log as it would be with these written."""
    made = list(entries)
    for draft in drafts:
        last = made[-1] if made else None
        made.append(Entry.seal(draft, seq=len(made) + 1, previous=last.id if last else "0" * 64))
    return made


def live(entries: Sequence[Entry]) -> Judgements:
    """The judgements of a log."""
    from lifecluster.register.judgement import Judgements

    return Judgements(entries)
