"""Identity through re-builds: each cluster of records gets the id it had, as far as anything of it is left.

In this order:

1. A cluster of exactly the records of the last build keeps its id.
2. Where a whole neighbourhood of clusters has been seen before, record for record, it gets the ids it had then. This is
   what makes the undo of a judgement exact, and a redo.
3. Otherwise ids in use go before ids at rest; then the id whose anchor is in the cluster (an identifier of the official
   register before another hard id before a record's key), then the one with most of the cluster's records, then the
   older one.
4. What is left is new: an id is minted from the best anchor that has none.

Every change is an event in the ledger. A build that changes nothing adds none.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import polars as pl

from lifecluster.register.ids import letter_of, mint
from lifecluster.register.ledger import EVENTS, MEMBERS, SHAPES, Ledger

CLUSTERS: Final = pl.Schema(
    [("record_id", pl.String()), ("cluster", pl.String()), ("official", pl.String()), ("hard_ids", pl.List(pl.String))]
)
"""Input: each record once, the cluster it is in, its identifier in the official register (or null), other hard ids."""

AGES: Final = pl.Schema({"record_id": pl.String, "first_seen": pl.String})
"""Input: the ISO date on which a record was first seen; records that are not listed count as newest."""

ASSIGNMENTS: Final = pl.Schema({"record_id": pl.String, "id": pl.String})
"""Output: the id of each record's cluster, by record."""

_NO_ANCHOR: Final = 3


def resolve(
    clusters: pl.DataFrame,
    ledger: Ledger,
    *,
    kind: str,
    namespace: str,
    at: str,
    ages: pl.DataFrame | None = None,
) -> tuple[pl.DataFrame, Ledger]:
    """Give every cluster its id.

    Parameters: `clusters` with the columns of `CLUSTERS` (`official` and `hard_ids` may be left out); `ledger` of the
    build before (`Ledger.empty()` for the first); `kind` of `ids.KINDS`, whose part of the ledger alone is read and
    changed; `namespace` of this instance; `at` the build's as-of date, ISO; `ages` with the columns of `AGES`.
    Returns: the assignments (columns of `ASSIGNMENTS`) and the new ledger; the same inputs give the same bytes.
    Raises: `ValueError` for a record without id or cluster or given twice, or an `at` that is no date; `IdError` for an
    unknown kind; `LifeclusterError` for a broken ledger.
    """
    date.fromisoformat(at)
    ledger.check()
    past = _Past.of(ledger, letter_of(kind))
    now = _Now.of(clusters, past, ages if ages is not None else AGES.to_frame())
    given = _settled(now, past)
    given |= _claimed(now, past, given)
    issued = set(ledger.mints()["id"]) if len(given) < now.count else set()

    def issue(anchor: str) -> str:
        one = mint(kind, anchor, namespace, issued)
        issued.add(one)
        return one

    minted = _mint(now, past, given, issue)
    assignments = now.assign(given | {cluster: one for cluster, one, _ in minted})
    events = _Diary(at, ledger.events.height)
    _tell(events, now, past, assignments, [(one, anchor) for _, one, anchor in minted])
    return assignments.select(ASSIGNMENTS.names()), _updated(ledger, past, now, assignments, events)


@dataclass(frozen=True, slots=True)
class _Past:
    """What the ledger knows of one kind."""

    letter: str
    members: pl.DataFrame
    shapes: pl.DataFrame
    mints: pl.DataFrame
    states: pl.DataFrame

    @classmethod
    def of(cls, ledger: Ledger, letter: str) -> _Past:
        ours = pl.col("id").str.slice(2, 1) == letter
        return cls(
            letter,
            ledger.members.filter(ours),
            ledger.shapes.filter(ours),
            ledger.mints().filter(ours),
            ledger.states().filter(ours),
        )

    @property
    def in_use(self) -> pl.DataFrame:
        """Ids with records in the last build, and how many."""
        return self.members.filter("live").group_by("id").len("size")


@dataclass(frozen=True, slots=True)
class _Now:
    """The clusters of this build, each called by its smallest record id."""

    records: pl.DataFrame  # record_id, cluster, official, hard_ids; and `id`, `live` of the last time
    shapes: pl.DataFrame  # cluster, shape, size
    ages: pl.DataFrame

    @classmethod
    def of(cls, clusters: pl.DataFrame, past: _Past, ages: pl.DataFrame) -> _Now:
        for name in ("official", "hard_ids"):
            if name not in clusters.columns:
                clusters = clusters.with_columns(pl.lit(None, dtype=CLUSTERS[name]).alias(name))
        frame = clusters.select(CLUSTERS.names()).cast(CLUSTERS)
        if frame["record_id"].null_count() or frame["cluster"].null_count():
            raise ValueError("a record has no id or no cluster")
        if frame["record_id"].is_duplicated().any():
            raise ValueError(
                f"record {frame['record_id'].filter(frame['record_id'].is_duplicated())[0]} is there twice"
            )
        frame = frame.with_columns(pl.col("record_id").min().over("cluster").alias("cluster")).sort("record_id")
        grouped = frame.group_by("cluster", maintain_order=True).agg("record_id")
        hashes = [shape_of(members) for members in grouped["record_id"]]
        shapes = grouped.select(
            "cluster", pl.Series("shape", hashes, dtype=pl.String), pl.col("record_id").list.len().alias("size")
        )
        records = frame.join(past.members, on="record_id", how="left", maintain_order="left")
        return cls(records, shapes, ages.select(AGES.names()).cast(AGES))

    @property
    def count(self) -> int:
        return self.shapes.height

    def assign(self, given: dict[str, str]) -> pl.DataFrame:
        """`record_id`, `cluster`, `id`."""
        ids = pl.DataFrame(
            {"cluster": list(given), "id": list(given.values())}, schema={"cluster": pl.String, "id": pl.String}
        )
        return self.records.select("record_id", "cluster").join(ids, on="cluster", how="left", maintain_order="left")

    def anchors(self, wanted: Iterable[str] | None = None) -> pl.DataFrame:
        """What a cluster can be bound by: `cluster`, `anchor`, `rank` (0 official, 1 hard id, 2 key), `first_seen`."""
        frame = self.records
        if wanted is not None:
            frame = frame.filter(pl.col("cluster").is_in(list(wanted)))
        frame = frame.join(self.ages, on="record_id", how="left", maintain_order="left")
        stated = frame.explode("hard_ids").filter(pl.col("hard_ids").str.len_chars() > 0)
        parts = [
            _anchors(frame.filter(pl.col("official").str.len_chars() > 0), "hard:" + pl.col("official"), 0),
            _anchors(stated, "hard:" + pl.col("hard_ids"), 1),
            _anchors(frame, "key:" + pl.col("record_id"), 2),
        ]
        first = pl.col("rank").min(), pl.col("first_seen").min()
        return pl.concat(parts).group_by("cluster", "anchor").agg(*first)


def _anchors(frame: pl.DataFrame, anchor: pl.Expr, rank: int) -> pl.DataFrame:
    return frame.select("cluster", anchor.alias("anchor"), pl.lit(rank).alias("rank"), "first_seen")


def shape_of(members: Iterable[str]) -> str:
    """The hash of a set of records, given in order: how the ledger remembers a cluster."""
    return hashlib.sha256("\x1f".join(members).encode()).hexdigest()[:32]


def _settled(now: _Now, past: _Past) -> dict[str, str]:
    """Clusters that are, record for record, those of the last build."""
    whole = (pl.col("id").n_unique() == 1) & pl.col("live").fill_null(value=False).all()
    one = now.records.group_by("cluster").agg(whole.alias("whole"), pl.col("id").first(), pl.len().alias("count"))
    kept = one.filter("whole").join(past.in_use, on="id").filter(pl.col("count") == pl.col("size"))
    return dict(kept.select("cluster", "id").iter_rows())


@dataclass(slots=True)
class _Claim:
    """What speaks for a cluster having an id."""

    rank: int = _NO_ANCHOR
    overlap: int = 0


@dataclass(slots=True)
class _Claims:
    """All claims of the clusters that are not settled on the ids that are free."""

    by_pair: defaultdict[tuple[str, str], _Claim] = field(default_factory=lambda: defaultdict(_Claim))
    remembered: dict[str, str] = field(default_factory=dict)

    def neighbourhoods(self) -> Iterator[list[tuple[str, str]]]:
        """The claims, parted so that no two parts share a cluster or an id."""
        parent: dict[tuple[int, str], tuple[int, str]] = {}

        def find(node: tuple[int, str]) -> tuple[int, str]:
            while (up := parent.setdefault(node, node)) != node:
                parent[node] = node = parent[up]
            return node

        for cluster, one in self.by_pair:
            parent[find((0, cluster))] = find((1, one))
        parts: dict[tuple[int, str], list[tuple[str, str]]] = {}
        for pair in self.by_pair:
            parts.setdefault(find((0, pair[0])), []).append(pair)
        yield from parts.values()


def _gather(now: _Now, past: _Past, given: dict[str, str]) -> _Claims:
    unsettled = pl.col("cluster").is_in(list(given)).not_()
    free = pl.col("id").is_in(list(given.values())).not_()
    claims = _Claims()
    held = now.records.filter(pl.col("id").is_not_null(), unsettled, free).group_by("cluster", "id").len()
    for cluster, one, overlap in held.iter_rows():
        claims.by_pair[cluster, one].overlap = overlap
    open_clusters = now.shapes.filter(unsettled)
    anchors = now.anchors(open_clusters["cluster"]).join(past.mints.filter(free), on="anchor")
    for cluster, one, rank in anchors.select("cluster", "id", "rank").iter_rows():
        claims.by_pair[cluster, one].rank = min(rank, claims.by_pair[cluster, one].rank)
    known = open_clusters.join(past.shapes.filter(free), on="shape")
    for cluster, one in known.select("cluster", "id").iter_rows():
        claims.remembered[cluster] = one
        claims.by_pair[cluster, one].overlap += 0  # remembering makes it a claim, if nothing else does
    return claims


def _claimed(now: _Now, past: _Past, given: dict[str, str]) -> dict[str, str]:
    """Give ids that exist to clusters that changed, came back or are new."""
    if len(given) == now.count:
        return {}
    claims = _gather(now, past, given)
    born: dict[str, int] = dict(past.mints.select("id", "seq").iter_rows()) if claims.by_pair else {}
    in_use = set(past.in_use["id"])
    gone = past.members.filter("live").join(now.records, on="record_id", how="anti")
    reduced = set(gone["id"])
    found: dict[str, str] = {}
    for pairs in claims.neighbourhoods():
        clusters, ids = {c for c, _ in pairs}, {i for _, i in pairs}
        memory = {c: claims.remembered[c] for c in clusters if c in claims.remembered}
        # A neighbourhood that lost records is no return to an earlier state: there the id in use goes on, rather than
        # one that rested, or a company's leaving the register would bring back the id its list row had before.
        if len(memory) == len(clusters) == len(set(memory.values())) and not ids & reduced:
            found |= memory
            continue

        def order(pair: tuple[str, str]) -> tuple[bool, int, int, int, str]:
            claim = claims.by_pair[pair]
            return pair[1] not in in_use, claim.rank, -claim.overlap, born[pair[1]], pair[0]

        taken: set[str] = set()
        for cluster, one in sorted(pairs, key=order):
            if cluster not in found and one not in taken:
                found[cluster] = one
                taken.add(one)
    return found


def _mint(now: _Now, past: _Past, given: dict[str, str], issue: Callable[[str], str]) -> list[tuple[str, str, str]]:
    """New ids for what has none, as (cluster, id, anchor), in the order of their anchors."""
    if len(given) == now.count:
        return []
    waiting = now.shapes.filter(pl.col("cluster").is_in(list(given)).not_())["cluster"]
    best_first = ["rank", "first_seen", "anchor", "cluster"]
    anchors = now.anchors(waiting).sort(best_first, nulls_last=True)
    choice = anchors.group_by("cluster", maintain_order=True).agg("anchor", "rank")
    bound = set(past.mints["anchor"])
    minted = []
    for cluster, names, ranks in choice.iter_rows():
        # All its anchors are bound only if a record came back alone after its id went on with others: it then gets a
        # second id from its own key. An anchor may have two ids; an id never has two anchors.
        fallback = next(n for n, rank in zip(names, ranks, strict=True) if rank == 2)
        anchor = next((n for n in names if n not in bound), fallback)
        bound.add(anchor)
        minted.append((cluster, issue(anchor), anchor))
    return minted


@dataclass(slots=True)
class _Diary:
    """Events as they are written."""

    at: str
    seq: int
    rows: list[tuple[int, str, str, str | None, str | None, str, str]] = field(default_factory=list)

    def write(self, event: str, one: str, other: str | None, reason: str, anchor: str | None = None) -> None:
        self.seq += 1
        self.rows.append((self.seq, event, one, other, anchor, self.at, reason))

    def frame(self) -> pl.DataFrame:
        return pl.DataFrame(self.rows, schema=EVENTS, orient="row")


def _tell(diary: _Diary, now: _Now, past: _Past, assignments: pl.DataFrame, minted: list[tuple[str, str]]) -> None:
    """Write what became of the ids: mints, returns, splits, merges, redirects, absences."""
    for one, anchor in minted:
        diary.write("mint", one, None, "no id in the ledger is this thing's", anchor)
    before, after = set(past.in_use["id"]), set(assignments["id"])
    state: dict[str, tuple[str, str | None]] = {one: (event, other) for one, event, other in past.states.iter_rows()}
    for one in sorted(after - before - {one for one, _ in minted}):
        event, other = state[one]
        diary.write("revive", one, other, "records of it are back" if event == "absent" else "it stands alone again")
    moves = _moves(past, assignments)
    for one in sorted(after & set(moves)):
        _tell_splits(diary, one, moves[one], None)
    resting = [one for one, (event, _) in state.items() if one not in after and one not in before]
    holders = _holders(now, past, assignments, (before - after) | set(resting))
    for one in sorted((before - after) | {r for r in resting if state[r][0] == "absent"}):
        target = _successor(moves.get(one, {}), holders.get(one, set()))
        if target is None:
            if one in before:
                diary.write("absent", one, None, "no source has a record of it")
            continue
        diary.write("merge", target, one, "its records are in one cluster with those of the other")
        diary.write("redirect", one, target, "merged")
        _tell_splits(diary, one, moves.get(one, {}), target)
    _tell_redirects(diary, state, after, holders)


def _moves(past: _Past, assignments: pl.DataFrame) -> dict[str, dict[str, int]]:
    """How many records went from each id to each other id."""
    both = past.members.rename({"id": "old"}).join(assignments, on="record_id").filter(pl.col("old") != pl.col("id"))
    moves: dict[str, dict[str, int]] = {}
    for old, new, count in both.group_by("old", "id").len().sort("old", "id").iter_rows():
        moves.setdefault(old, {})[new] = count
    return moves


def _holders(now: _Now, past: _Past, assignments: pl.DataFrame, wanted: set[str]) -> dict[str, set[str]]:
    """For ids out of use: the ids of the clusters in which their anchor is now."""
    if not wanted:
        return {}
    anchors = past.mints.filter(pl.col("id").is_in(list(wanted))).select("anchor", old="id")
    ids = assignments.select("cluster", "id").unique()
    held = now.anchors().join(anchors, on="anchor").join(ids, on="cluster")
    holders: dict[str, set[str]] = {}
    for old, one in held.select("old", "id").iter_rows():
        holders.setdefault(old, set()).add(one)
    return holders


def _successor(moves: dict[str, int], holders: set[str]) -> str | None:
    """Who answers for an id out of use: where its anchor is; of several, or without, where most of its records went."""
    candidates = holders or set(moves)
    return min(candidates, key=lambda one: (-moves.get(one, 0), one), default=None)


def _tell_splits(diary: _Diary, one: str, moves: dict[str, int], successor: str | None) -> None:
    for other, count in sorted(moves.items()):
        if other != successor:
            diary.write("split", one, other, f"{count} of its records belong to the other now")


def _tell_redirects(
    diary: _Diary, state: dict[str, tuple[str, str | None]], after: set[str], holders: dict[str, set[str]]
) -> None:
    """Ids that were merged earlier follow their anchor, if it is now in another cluster than where they lead."""
    leads = {one: other for one, (event, other) in state.items() if event == "redirect" and other and one not in after}
    leads |= {one: other for _, event, one, other, *_ in diary.rows if event == "redirect" and other}
    fresh = {one for _, event, one, *_ in diary.rows if event == "redirect"}
    for one in sorted(set(leads) - fresh):
        end = leads[one]
        while end in leads:
            end = leads[end]
        if one in holders and end not in holders[one]:
            diary.write("redirect", one, min(holders[one]), "its anchor is there now")


def _updated(ledger: Ledger, past: _Past, now: _Now, assignments: pl.DataFrame, diary: _Diary) -> Ledger:
    theirs = pl.col("id").str.slice(2, 1) != past.letter
    unseen = past.members.join(assignments, on="record_id", how="anti").with_columns(pl.lit(value=False).alias("live"))
    seen = assignments.select("record_id", "id", pl.lit(value=True).alias("live"))
    members = pl.concat([ledger.members.filter(theirs), unseen, seen.cast(MEMBERS)])
    ids = assignments.select("cluster", "id").unique()
    shapes = now.shapes.join(ids, on="cluster").select(SHAPES.names())
    older = past.shapes.join(shapes, on="shape", how="anti")
    kind = pl.col("id").str.slice(2, 1)
    return Ledger(
        pl.concat([ledger.events, diary.frame()]),
        members.sort(kind, "record_id"),
        pl.concat([ledger.shapes.filter(theirs), older, shapes]).sort(kind, "shape"),
    )
