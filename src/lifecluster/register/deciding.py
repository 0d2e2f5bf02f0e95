"""Writing a judgement with what was in front of the person: one function for both homes of the log, without Polars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from lifecluster.errors import LifeclusterError
from lifecluster.register.entry import Entry, Json
from lifecluster.register.judgement import Kind, judge
from lifecluster.register.kept import closed_evidence, evidence_of
from lifecluster.register.log import Log

SALT = 16
"""Hex digits of the salt of what is kept of a row that is not public."""
SCORED = "scored"
"""Under this name a judgement keeps what the scorer saw of the pair: measures without words."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of two rows that are judged: what it says, and whether everybody may know its words (`open`)."""

    record: str
    name: str | None = None
    postcode: str | None = None
    address: str | None = None
    open: bool = True

    def kept(self, at: str) -> dict[str, Json]:
        """What a judgement made `at` keeps of it: public words, else hashes; nothing of a row that says nothing.

        Where nothing is kept the judgement holds by the key of the row alone.
        """
        if self.open:
            return evidence_of(self.name or "", self.postcode, self.address)
        if not self.name:
            return {}
        salt = sha256(f"{at}\x1f{self.record}".encode()).hexdigest()[:SALT]
        return closed_evidence(self.name, self.postcode, self.address, salt=salt)


def decide(log: Log, kind: Kind, left: Side, right: Side, *, actor: str, why: str, at: str,
           live_numbers: Mapping[str, str], model: str | None = None,
           scored: Mapping[str, Json] | None = None) -> Entry:  # fmt: skip
    """Write a judgement about two rows into a log, with evidence that finds them again.

    Parameters: `live_numbers` number of the live company by record, where known; `model` version of the scorer whose
    probability was shown; `scored` what it saw of the pair (`scored.seen`), from which it learns. Raises
    LifeclusterError for an empty reason, ContradictionError, JudgementError, EntryError.
    """
    require_reason(why)
    evidence: dict[str, Json] = {"left": left.kept(at), "right": right.kept(at)}
    if scored:
        evidence[SCORED] = dict(scored)
    return judge(log, kind, left.record, right.record, actor=actor, why=why, at=at, evidence=evidence, model=model,
                 live_numbers=live_numbers)  # fmt: skip


def require_reason(why: str) -> None:
    """Raise LifeclusterError for a reason of no words."""
    if not why.strip():
        raise LifeclusterError("the reason is empty: a judgement says why")
