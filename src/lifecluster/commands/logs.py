"""What became of the entries of each log that a build was given: how many speak of what is not in its files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lifecluster.register import edits
from lifecluster.register.entry import Entry
from lifecluster.register.log import FileLog
from lifecluster.register.package import Package

NAMED = 3
"""Rows or ids that are named."""
REDACT = "statement.redact"


@dataclass(frozen=True, slots=True)
class Told:
    """`file` the log; `entries` in it; `elsewhere` those in force that speak of rows or ids which the package does not
    have; `first` some of these."""

    file: str
    entries: int
    elsewhere: int
    first: tuple[str, ...]

    def said(self) -> str:
        """The same in words."""
        many = f"{self.elsewhere:,} of its {self.entries:,} entries concern"
        of = "its only entry concerns" if self.entries == 1 else many
        first = ", ".join((*self.first, "…") if self.elsewhere > len(self.first) else self.first)
        alone = "; is it the log of another region?" if self.elsewhere == self.entries else ""
        return (f"{self.file}: {of} rows or ids that are not in these files ({first}): kept in the log, and not "
                f"applied here{alone}")  # fmt: skip


def told_of(package: Package, logs: Sequence[Path]) -> list[Told]:
    """For each log, by its file: what of it the build of `package` found no row or id for."""
    whole = package.whole
    gone = set(whole.scan("conflicts").filter(kind="row not found").select("evidence").collect()["evidence"])
    waits = whole.scan("rejected").filter(source=edits.SOURCE).select("raw").collect()["raw"]
    gone |= {json.loads(raw)["entry"] for raw in waits}
    known = {r for name in ("records", "linked_records") for r in whole.scan(name).select("record").collect()["record"]}
    found = []
    for path in logs:
        entries = FileLog(path).entries()
        lost = [e for e in entries if e.id in gone or (e.action == REDACT and e.object not in known)]
        first = tuple(dict.fromkeys(_about(e) for e in lost))[:NAMED]
        found.append(Told(path.name, len(entries), len(lost), first))
    return found


def _about(entry: Entry) -> str:
    """The row or id that an entry speaks of."""
    return str(entry.object if entry.action == REDACT else entry.subject)
