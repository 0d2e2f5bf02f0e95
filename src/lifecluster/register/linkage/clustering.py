"""Constrained clustering: which records are one organisation, given what must, must not and may be linked.

Links are taken in this order: people's "same", shared hard ids, machine edges from the most probable down. A link is
not made if it would put into one cluster two records that a person judged different, or two distinct live company
numbers; it goes to a queue instead, with the reason and both sides. The result does not depend on the order of the
input, and a record without links changes no cluster but its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

RECORDS: Final = pl.Schema([("record_id", pl.String()), ("hard_ids", pl.List(pl.String)), ("live_number", pl.String())])
"""A record: its id, the official identifiers it states, and the number of the live company it is, or null."""

EDGES: Final = pl.Schema({"left": pl.String, "right": pl.String, "probability": pl.Float64, "reasons": pl.String})
"""A machine edge: two records, the probability that they are the same, and why, in words."""

JUDGED: Final = pl.Schema({"left": pl.String, "right": pl.String, "entry_id": pl.String})
"""A person's "same" or "different", and the log entry that says so."""

CLUSTERS: Final = pl.Schema({"record_id": pl.String, "cluster": pl.String})
"""The answer: every record once; a cluster is named by its smallest record id."""

CONFLICTS: Final = pl.Schema(
    {
        "kind": pl.String,
        "link": pl.String,
        "left": pl.String,
        "right": pl.String,
        "left_cluster": pl.String,
        "right_cluster": pl.String,
        "reason": pl.String,
        "probability": pl.Float64,
        "evidence": pl.String,
    }
)
"""The queue. `kind`: `needs person` (a "same" or a hard id that cannot hold), `machine refused`, `not in this build` (a
judgement on a record that is not at hand; its clusters are null). `link`: `same`, `different`, `hard id`, `machine`.
`evidence`: the entry id, the hard id, or the machine's reasons."""

Progress = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Clustering:
    """`clusters` (columns of `CLUSTERS`, by record) and `conflicts` (columns of `CONFLICTS`, sorted)."""

    clusters: pl.DataFrame
    conflicts: pl.DataFrame


def cluster(
    records: pl.DataFrame,
    edges: pl.DataFrame | None = None,
    *,
    same: pl.DataFrame | None = None,
    different: pl.DataFrame | None = None,
    progress: Progress | None = None,
) -> Clustering:
    """Cluster records under constraints.

    Parameters: `records`, `edges`, `same`, `different` with the columns of `RECORDS`, `EDGES` and `JUDGED`; `edges` are
    those worth linking (the caller cuts them at its threshold), in either direction and any order; `progress` is called
    with a stage and the share done.
    Returns: a `Clustering`. Raises: `ValueError` for a record id twice or null, an edge to a record that is not there,
    or a probability that is null or not within 0 to 1.

    Records that share `live_number` share a hard id by that. Where a hard id is shared by clusters of two or more live
    companies, it says nothing about which of them the others are: those are not guessed at, and the queue has a row.
    """
    work = _Work(records, same, different)
    tell = progress or (lambda _stage, _share: None)
    tell("encode", 0.0)
    links = work.machine_links(edges if edges is not None else EDGES.to_frame())
    tell("free components", 0.2)
    work.join_free_components(links)
    tell("constrained components", 0.5)
    work.link_same()
    work.link_hard_ids()
    work.link_machine(links)
    tell("label", 0.9)
    result = work.result()
    tell("done", 1.0)
    return result


class _Link(NamedTuple):
    """A link to be made, and the `kind` of conflict if it cannot be."""

    kind: str
    link: str
    a: int
    b: int
    probability: float | None
    evidence: str


class _Forest:
    """Union-find whose roots know their live number and the roots they must stay apart from."""

    def __init__(self, size: int) -> None:
        self.parent = list(range(size))
        self.weight = [1] * size
        self.number: dict[int, str] = {}
        self.apart: dict[int, dict[int, int]] = {}  # root -> other root -> row of the judgement "different"

    def find(self, node: int) -> int:
        parent = self.parent
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    def keep_apart(self, left: int, right: int, row: int) -> None:
        for one, other in ((left, right), (right, left)):
            rows = self.apart.setdefault(one, {})
            rows[other] = min(row, rows.get(other, row))

    def clash(self, left: int, right: int) -> tuple[str, str] | int | None:
        """Why two roots cannot be one: their live numbers, or the row of a judgement; None if they can."""
        a, b = self.number.get(left), self.number.get(right)
        if a is not None and b is not None and a != b:
            return a, b
        rows = self.apart.get(left)
        return rows.get(right) if rows else None

    def join(self, left: int, right: int) -> int:
        """Make two roots one; the one with fewer constraints moves, so that the whole takes O(n log n) moves."""
        big, small = left, right
        if self.weight[small] + len(self.apart.get(small, ())) > self.weight[big] + len(self.apart.get(big, ())):
            big, small = small, big
        self.parent[small] = big
        self.weight[big] += self.weight[small]
        if small in self.number:
            self.number[big] = self.number.pop(small)
        for other, row in self.apart.pop(small, {}).items():
            del self.apart[other][small]
            self.keep_apart(big, other, row)
        return big


class _Work:
    """One clustering under way. Records are numbered in the order of their ids, so that ties fall by id."""

    def __init__(self, records: pl.DataFrame, same: pl.DataFrame | None, different: pl.DataFrame | None) -> None:
        records = records.select(RECORDS.names()).cast(RECORDS).sort("record_id")
        _check_records(records)
        self.ids = records["record_id"]
        self.codes = pl.DataFrame({"record_id": self.ids}).with_row_index("code")
        self.live = records["live_number"]
        self.forest = _Forest(len(records))
        self.queue: list[tuple[_Link, str]] = []
        self.absent: list[tuple[str, str, str, str | None]] = []
        self.same = self._judged(same, "same")
        self.different = self._judged(different, "different")
        self.said_apart = self.different.select(JUDGED.names()).rows()
        self.hard = _hard_ids(records)

    def _judged(self, pairs: pl.DataFrame | None, link: str) -> pl.DataFrame:
        """Judged pairs as numbers, sorted; those on records that are not here are set aside for the queue."""
        frame = (pairs if pairs is not None else JUDGED.to_frame()).select(JUDGED.names()).cast(JUDGED)
        frame = self._coded(frame).sort("left", "right", "entry_id", nulls_last=True)
        here = pl.col("a").is_not_null() & pl.col("b").is_not_null()
        self.absent += [(link, *row) for row in frame.filter(~here).select(JUDGED.names()).iter_rows()]
        alone = frame.filter(pl.col("a") == pl.col("b"))
        if not alone.is_empty():
            raise ValueError(f"record {alone['left'][0]} is judged {link} with itself")
        return frame.filter(here).sort("a", "b", "entry_id", nulls_last=True)

    def _coded(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """Add `a`, `b`: the numbers of `left` and `right`, the smaller first; null where a record is not here."""
        for side, code in (("left", "one"), ("right", "other")):
            codes = self.codes.rename({"code": code})
            pairs = pairs.join(codes, left_on=side, right_on="record_id", how="left", maintain_order="left")
        both = pl.col("one").is_not_null() & pl.col("other").is_not_null()
        return pairs.with_columns(
            pl.when(both).then(pl.min_horizontal("one", "other")).alias("a"),
            pl.when(both).then(pl.max_horizontal("one", "other")).alias("b"),
        ).drop("one", "other")

    def machine_links(self, edges: pl.DataFrame) -> pl.DataFrame:
        """Machine edges as numbers, each pair once with its best probability, best first."""
        edges = edges.select(EDGES.names()).cast(EDGES)
        sound = edges["probability"].is_between(0.0, 1.0).fill_null(value=False)
        if not sound.all():
            bad = edges.filter(~sound).row(0, named=True)
            raise ValueError(
                f"edge {bad['left']} - {bad['right']}: probability {bad['probability']} is not within 0 to 1"
            )
        coded = self._coded(edges)
        lost = coded.filter(pl.col("a").is_null())
        if not lost.is_empty():
            raise ValueError(f"edge {lost['left'][0]} - {lost['right'][0]} names a record that is not there")
        coded = coded.filter(pl.col("a") != pl.col("b")).select("a", "b", "probability", "reasons")
        order = [-pl.col("probability"), pl.col("a"), pl.col("b"), pl.col("reasons")]
        return coded.sort(order, nulls_last=True).unique(["a", "b"], keep="first", maintain_order=True)

    def join_free_components(self, links: pl.DataFrame) -> None:
        """Join at once what no constraint touches, and set up the constraints for the rest.

        If all links of a connected component together break no constraint, then none of them does on the way, and the
        greedy order cannot matter there. That is most of a register, and it is done without a loop.
        """
        size = len(self.ids)
        hard = self.hard.select(pl.col("code").first().over("hard_id").alias("a"), pl.col("code").alias("b"))
        pairs = pl.concat([frame.select("a", "b").cast(pl.Int64) for frame in (self.same, hard, links)])
        graph = coo_array((np.ones(len(pairs), dtype=np.int8), (pairs["a"], pairs["b"])), shape=(size, size))
        part = connected_components(graph, directed=False)[1] if size else np.zeros(0, dtype=np.int32)
        parts = pl.DataFrame({"part": part, "live": self.live})
        numbers = parts.filter(pl.col("live").is_not_null()).group_by("part").agg(pl.col("live").n_unique())
        bound = set(numbers.filter(pl.col("live") > 1)["part"])
        a, b = self.different["a"].to_numpy(), self.different["b"].to_numpy()
        bound |= set(part[a][part[a] == part[b]].tolist())
        self.bound = np.isin(part, list(bound))
        first = np.full(int(part.max(initial=-1)) + 1, size, dtype=np.int64)
        np.minimum.at(first, part, np.arange(size))
        self.forest.parent = np.where(self.bound, np.arange(size), first[part]).tolist()
        for code in np.flatnonzero(self.bound & self.live.is_not_null().to_numpy()).tolist():
            self.forest.number[code] = self.live[code]
        for row, (one, other) in enumerate(zip(a.tolist(), b.tolist(), strict=True)):
            if part[one] == part[other]:
                self.forest.keep_apart(one, other, row)

    def _constrained(self, frame: pl.DataFrame, column: str) -> pl.DataFrame:
        return frame.filter(pl.Series(self.bound[frame[column].to_numpy()], dtype=pl.Boolean))

    def link_same(self) -> None:
        """People's "same" first: nothing but a person or the law stands against it."""
        for a, b, entry in self._constrained(self.same, "a").select("a", "b", "entry_id").iter_rows():
            if (clash := self._join(a, b)) is not None:
                self._enqueue(_Link("needs person", "same", a, b, None, entry or ""), clash)

    def link_hard_ids(self) -> None:
        """Then shared hard ids, one identifier at a time, in the order of the identifiers."""
        rows = self._constrained(self.hard, "code").select("hard_id", "code").iter_rows()
        for hard_id, members in groupby(rows, key=itemgetter(0)):
            self._link_group(hard_id, [code for _, code in members])

    def _link_group(self, hard_id: str, members: list[int]) -> None:
        find, number = self.forest.find, self.forest.number
        several = len({number[root] for root in map(find, members) if root in number}) > 1
        piles: dict[str | None, list[int]] = {}  # live number -> one member of each cluster made so far
        for member in members:
            pile = piles.setdefault(number.get(find(member)) if several else None, [])
            if all(self._join(member, other) is not None for other in pile):
                pile.append(member)
        apart = sorted(member for pile in piles.values() for member in pile)
        for member in apart[1:]:
            one, other = find(apart[0]), find(member)
            if one != other:
                link = _Link("needs person", "hard id", apart[0], member, None, hard_id)
                self._enqueue(link, self.forest.clash(one, other))

    def link_machine(self, links: pl.DataFrame) -> None:
        """Last the machine's edges, best first."""
        rows = self._constrained(links, "a").select("a", "b", "probability", "reasons").iter_rows()
        for a, b, probability, reasons in rows:
            if (clash := self._join(a, b)) is not None:
                self._enqueue(_Link("machine refused", "machine", a, b, probability, reasons or ""), clash)

    def _join(self, a: int, b: int) -> tuple[str, str] | int | None:
        """Put two records into one cluster; returns what forbids it, or None if they are in one now."""
        one, other = self.forest.find(a), self.forest.find(b)
        if one == other:
            return None
        clash = self.forest.clash(one, other)
        if clash is None:
            self.forest.join(one, other)
        return clash

    def _enqueue(self, link: _Link, clash: tuple[str, str] | int | None) -> None:
        if isinstance(clash, tuple):
            first, second = sorted(clash)
            reason = f"they belong to two live companies, {first} and {second}"
        elif clash is not None:
            left, right, entry = self.said_apart[clash]
            reason = f"{left} and {right} were judged different" + (f" in entry {entry}" if entry else "")
        else:
            reason = f"{link.evidence} is stated by records of several live companies: it does not say which"
        self.queue.append((link, reason))

    def result(self) -> Clustering:
        """Name the clusters and the two sides of each conflict."""
        roots = np.fromiter(map(self.forest.find, range(len(self.ids))), dtype=np.int64, count=len(self.ids))
        first = np.full(len(roots), len(roots), dtype=np.int64)
        np.minimum.at(first, roots, np.arange(len(roots)))
        label = self.ids.gather(pl.Series(first[roots], dtype=pl.UInt32))
        clusters = pl.DataFrame({"record_id": self.ids, "cluster": label}, schema=CLUSTERS)
        conflicts = pl.concat([self._refused(label), self._missing()])
        order = [pl.col("kind", "link"), -pl.col("probability"), pl.col("left", "right", "evidence", "reason")]
        return Clustering(clusters, conflicts.sort(order, nulls_last=True))

    def _refused(self, label: pl.Series) -> pl.DataFrame:
        """The refused links; less those whose sides came together after all, by a later link that was in order."""
        schema = {"kind": pl.String, "link": pl.String, "a": pl.UInt32, "b": pl.UInt32, "probability": pl.Float64}
        rows = [(*link, reason) for link, reason in self.queue]
        frame = pl.DataFrame(rows, schema=schema | {"evidence": pl.String, "reason": pl.String}, orient="row")
        named = frame.with_columns(
            self.ids.gather(frame["a"]).alias("left"),
            self.ids.gather(frame["b"]).alias("right"),
            label.gather(frame["a"]).alias("left_cluster"),
            label.gather(frame["b"]).alias("right_cluster"),
        )
        return named.filter(pl.col("left_cluster") != pl.col("right_cluster")).select(CONFLICTS.names())

    def _missing(self) -> pl.DataFrame:
        """The judgements that speak of a record which is not at hand."""
        reason = "a record of this judgement is not at hand; it holds again when the record is back"
        rows = [
            ("not in this build", link, left, right, None, None, reason, None, entry or "")
            for link, left, right, entry in self.absent
        ]
        return pl.DataFrame(rows, schema=CONFLICTS, orient="row")


def _check_records(records: pl.DataFrame) -> None:
    ids = records["record_id"]
    if ids.null_count():
        raise ValueError("a record has no id")
    if ids.n_unique() < len(ids):
        raise ValueError(f"record {ids.filter(ids.is_duplicated())[0]} is there twice")


def _hard_ids(records: pl.DataFrame) -> pl.DataFrame:
    """Identifiers that two or more records state (`hard_id`, `code`), sorted; a live number is one, and goes first."""
    coded = records.with_row_index("code")
    stated = coded.select("code", pl.col("hard_ids").alias("hard_id"), rank=pl.lit(1)).explode("hard_id")
    numbers = coded.select("code", ("live company " + pl.col("live_number")).alias("hard_id"), rank=pl.lit(0))
    both = pl.concat([stated, numbers]).drop_nulls().filter(pl.col("hard_id") != "").unique()
    return both.filter(pl.len().over("hard_id") > 1).sort("rank", "hard_id", "code")
