"""Approved edits as one more source of a build: what people said in the web app outlives its package."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import polars as pl

from lifecluster.build.added import Added
from lifecluster.build.report import SOURCES
from lifecluster.policy.visibility import Visibility
from lifecluster.register import edits
from lifecluster.register.added import ADD
from lifecluster.register.entry import Entry
from lifecluster.register.ledger import Ledger, Resolver
from lifecluster.register.presence import PRESENCE
from lifecluster.sources.extract import REJECTED_SCHEMA

FILE = "log"
WAITS = "speaks of {}, which is not in this register; it waits in the log"


@dataclass(frozen=True, slots=True)
class Edited:
    """What the log's edits come to: `statements` (`statement.SCHEMA`), and the edits in force that speak of nothing
    that is in the register, as `rejected` rows (`REJECTED_SCHEMA`). `bytes`, `sha256` of the log as it was read."""

    statements: pl.DataFrame
    rejected: pl.DataFrame
    read: int
    bytes: int
    sha256: str

    @property
    def accepted(self) -> int:
        """Edits in force that are stated."""
        return self.read - self.rejected.height

    def source(self) -> pl.DataFrame:
        """The row that the log has among the sources of the package; none where no edit is in force."""
        if not self.read:
            return SOURCES.to_frame()
        days = self.statements["verified_on"]
        levels = [Visibility.parse(label) for label in self.statements["visibility"].unique()]
        row = dict.fromkeys(SOURCES, None) | {
            "source": edits.SOURCE, "title": edits.TITLE, "publisher": "the organisations themselves",
            "rank": edits.RANK, "licence": edits.LICENCE, "licence_title": edits.LICENCE_TITLE, "file": FILE,
            "bytes": self.bytes, "sha256": self.sha256, "observed_on": days.max(), "sample": False, "read": self.read,
            "accepted": self.accepted, "rejected": self.rejected.height, "problems": 0,
            PRESENCE: min(levels, default=Visibility.DESK).label,
        }  # fmt: skip
        return pl.DataFrame([row], schema=SOURCES)

    def with_added(self, new: Added, statements: pl.DataFrame) -> Edited:
        """The same and what was added: `statements` of it where no edit says otherwise, and the additions that wait."""
        first = statements.join(self.statements, on=["subject", "property"], how="anti", maintain_order="left")
        return replace(
            self,
            statements=pl.concat([self.statements, first]),
            rejected=pl.concat([self.rejected, new.rejected]),
            read=self.read + len(new.additions) + new.rejected.height,
        )


def edited(entries: Sequence[Entry], named: pl.DataFrame, ledger: Ledger) -> Edited:
    """The edits in force at the end of a log, each stated of what its subject is called today.

    Parameters: `named` columns `id` of everything in the register; `ledger` of this build, by which ids that were
    merged lead on.
    """
    known = set(named["id"])
    where = Resolver(ledger).leads
    standing = edits.standing(entries, where=where)
    there = [edit for edit in standing if edit.key(where)[0] in known]
    rows = [(FILE, edit.decided.seq if edit.decided else 0, edit.proposed.property, WAITS.format(edit.proposed.subject),
             json.dumps({"entry": edit.proposed.id, "subject": edit.proposed.subject}))
            for edit in standing if edit.key(where)[0] not in known]  # fmt: skip
    some = standing or any(entry.action == ADD for entry in entries)
    lines = [entry.to_json().encode() + b"\n" for entry in entries] if some else []
    return Edited(
        statements=edits.stated(there, where={edit.proposed.id: edit.key(where)[0] for edit in there}),
        rejected=pl.DataFrame(rows, schema=REJECTED_SCHEMA, orient="row"),
        read=len(standing),
        bytes=sum(map(len, lines)),
        sha256=sha256(b"".join(lines)).hexdigest(),
    )
