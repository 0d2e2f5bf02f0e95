"""What judgements make of organisations that a package has: which records are one, and which id each gets.

The next build works it out from all records; this does the same from the records of the organisations that judgements
speak of, with the same two functions (`linkage.clustering.cluster`, `identity.resolve`), so that what a merge or split
shows at once is what the build after it comes to. Records stay together as the package had them, unless a person, a
shared identifier or the law says otherwise: the machine's links are not asked again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from lifecluster.register.acts import ACT, SIDES, SPLIT
from lifecluster.register.entry import Entry
from lifecluster.register.identity import resolve
from lifecluster.register.judgement import Judgements
from lifecluster.register.ledger import EVENTS, MEMBERS, SHAPES, Ledger
from lifecluster.register.linkage.clustering import EDGES, cluster

RECORDS: Final = pl.Schema([
    ("record_id", pl.String()), ("id", pl.String()), ("official", pl.String()), ("hard_ids", pl.List(pl.String)),
    ("live_number", pl.String()),
])  # fmt: skip
"""Records of organisations: the `id` that the package gives each, its company number as an identifier (`official`), all
its identifiers, and the number of the live company whose official record it is."""


@dataclass(frozen=True, slots=True)
class Pending:
    """Judgements that a package's build did not know (`added`), and those it knew that hold no longer (`removed`)."""

    added: tuple[Entry, ...]
    removed: tuple[Entry, ...]
    now: Judgements

    @classmethod
    def since(cls, entries: Sequence[Entry], known: int) -> Pending:
        """Parameters: `entries` of a log; `known` number of the last that the build of the package knew."""
        before, now = Judgements(entries[:known]), Judgements(entries)
        return cls(_only(now, before), _only(before, now), now)

    @property
    def ids(self) -> list[str]:
        """The ids of all these entries, sorted."""
        return sorted(entry.id for entry in (*self.added, *self.removed))

    def records(self) -> set[str]:
        """Every record that these speak of."""
        return {one or "" for entry in (*self.added, *self.removed) for one in (entry.subject, entry.object)}


def _only(these: Judgements, those: Judgements) -> tuple[Entry, ...]:
    deciding = ("judgement.same", "judgement.different")
    return tuple(e for one, e in sorted(these.live.items()) if one not in those.live and e.action in deciding)


def regroup(records: pl.DataFrame, pending: Pending) -> pl.DataFrame:
    """Which of the records are one organisation today: columns `record_id`, `cluster`.

    Parameters: `records` a frame of `RECORDS`: all records of the organisations that `pending` speaks of.
    """
    frame = records.select(RECORDS.names()).cast(RECORDS)
    here = set(frame["record_id"])
    result = cluster(
        frame.select("record_id", "hard_ids", "live_number"),
        pl.DataFrame(_edges(frame, pending, here), schema=EDGES, orient="row"),
        same=pending.now.frame("same"),
        different=pending.now.frame("different"),
    )
    return result.clusters


def _edges(records: pl.DataFrame, pending: Pending, here: set[str]) -> list[tuple[str, str, float, str]]:
    """What holds records together that nobody judged: the package had them as one."""
    why = "the package has them as one"
    marks = _marks(pending.removed)
    parts: dict[str, dict[str, list[str]]] = {}
    for record, one in records.sort("record_id").select("record_id", "id").iter_rows():
        parts.setdefault(one, {}).setdefault(marks.get(record, ""), []).append(record)
    found = [(rest[0], other, 1.0, why) for of in parts.values() for rest in of.values() for other in rest[1:]]
    for of in parts.values():
        found += [(rest[0], to[0], 1.0, why) for rest, to in _loose(of, pending)]
    for entry in pending.removed:
        if entry.action == "judgement.different" and entry.evidence.get(ACT) == SPLIT:
            pair = (entry.subject or "", entry.object or "")
            found += [(*pair, 1.0, "set apart, and put back")] if here.issuperset(pair) else []
    return found


def _marks(removed: Iterable[Entry]) -> dict[str, str]:
    """On which sides of merges that were undone each record stood: records with other marks are no longer one."""
    marks: dict[str, str] = {}
    for entry in removed:
        sides = entry.evidence.get(SIDES) if entry.action == "judgement.same" else None
        for side, members in sides.items() if isinstance(sides, Mapping) else ():
            for record in members if isinstance(members, Sequence) else ():
                marks[str(record)] = f"{marks.get(str(record), '')}{entry.id}{side} "
    return marks


def _loose(parts: dict[str, list[str]], pending: Pending) -> list[tuple[list[str], list[str]]]:
    """Records that came after a merge which is undone, and that no judgement holds: they stay with the first side."""
    if "" not in parts or len(parts) == 1:
        return []
    rest = parts[""]
    if any(len(pending.now.closure(record)) > 1 for record in rest):
        return []
    first = min(mark for mark in parts if mark)
    return [(rest, parts[first])]


def name(records: pl.DataFrame, clusters: pl.DataFrame, ledger: Ledger, *, kind: str, namespace: str,
         at: str) -> tuple[dict[str, str], Ledger]:  # fmt: skip
    """The id of each record (record -> id) by the library's rule, and the ledger with what became of the ids.

    Parameters: `records` with `record_id`, `official`, `hard_ids`; `clusters` with `record_id`, `cluster`; `ledger` of
    the package, or as much of it as these records and their ids have (`part_of`); else as `identity.resolve`.
    """
    frame = records.drop("id", "live_number", strict=False).join(clusters, on="record_id", maintain_order="left")
    given, after = resolve(frame, ledger, kind=kind, namespace=namespace, at=at)
    return dict(given.select("record_id", "id").iter_rows()), after


def part_of(events: Iterable[Sequence[object]], members: Iterable[tuple[str, str, bool]],
            shapes: Iterable[tuple[str, str]]) -> Ledger:  # fmt: skip
    """A ledger of some ids alone: their events in the order in which they were written, numbered anew."""
    rows = sorted(tuple(row) for row in events)
    numbered = [(seq, *row[1:]) for seq, row in enumerate(rows, 1)]
    return Ledger(
        pl.DataFrame(numbered, schema=EVENTS, orient="row"),
        pl.DataFrame(list(members), schema=MEMBERS, orient="row"),
        pl.DataFrame(list(shapes), schema=SHAPES, orient="row"),
    )


def live_companies(records: pl.DataFrame, ids: Iterable[str]) -> list[str]:
    """The numbers of the live companies among the records of some organisations: two of them are never one."""
    mine = records.filter(pl.col("id").is_in(list(ids)), pl.col("live_number").str.len_chars() > 0)
    return mine["live_number"].unique().sort().to_list()


def best_record(records: pl.DataFrame, one: str) -> str:
    """The record by which an organisation is named in a judgement: official before others."""
    mine = records.filter(pl.col("id") == one).sort(pl.col("official").is_null(), pl.col("hard_ids").list.len(),
                                                    "record_id", descending=[False, True, False])  # fmt: skip
    return str(mine["record_id"][0])


def sizes(assigned: Mapping[str, str]) -> Counter[str]:
    """How many records each id has."""
    return Counter(assigned.values())
