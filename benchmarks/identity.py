"""Decisions and undos per second, clustering and identity at one million records.

    python benchmarks/identity.py [records]

Prints one JSON object. All records are generated; one record in five is a live company.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import polars as pl

from lifecluster.register.identity import resolve
from lifecluster.register.judgement import JudgementBook
from lifecluster.register.ledger import Ledger, Resolver
from lifecluster.register.linkage.clustering import EDGES, RECORDS, Clustering, cluster
from lifecluster.register.log import FileLog, Log, MemoryLog

AT = "2026-01-31T09:30:00+00:00"
T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """Run once; the result and the seconds."""
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


def decisions(log: Log, groups: int, seed: int = 1) -> dict[str, float]:
    """Judge within `groups` clusters of four records, some apart; then retract all in random order."""
    chance, book, ids = random.Random(seed), JudgementBook(log), []

    def judge() -> None:
        for i in range(groups):
            for left, right, kind in ((0, 1, "same"), (1, 2, "same"), (2, 3, "different"), (0, 3, "unsure")):
                entry = book.judge(kind, f"a:{i}-{left}", f"a:{i}-{right}", actor="role:desk", why="seen", at=AT)
                ids.append(entry.id)

    def retract() -> None:
        chance.shuffle(ids)
        for one in ids:
            book.retract(one, actor="role:desk", why="undone", at=AT)

    judging, undoing = timed(judge)[1], timed(retract)[1]
    assert not book.view().live
    return {"decisions_per_s": round(4 * groups / judging), "undos_per_s": round(4 * groups / undoing)}


def problem(size: int, spread: int, seed: int = 2) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`size` records, two edges each to records within `spread`; one in five has a live number of its own."""
    chance = random.Random(seed)
    ids = [f"list:{i:08}" for i in range(size)]
    live = [f"{i:08}" if i % 5 == 0 else None for i in range(size)]
    hard = [[f"H{i}"] for i in range(size)]
    records = pl.DataFrame({"record_id": ids, "hard_ids": hard, "live_number": live}, schema=RECORDS)
    left = [i for i in range(size) for _ in range(2)]
    right = [min(size - 1, max(0, i + chance.randint(-spread, spread))) for i in left]
    edges = pl.DataFrame(
        {
            "left": [ids[i] for i in left],
            "right": [ids[i] for i in right],
            "probability": [chance.random() for _ in left],
            "reasons": ["name" for _ in left],
        },
        schema=EDGES,
    )
    return records, edges


def typical(size: int, seed: int = 3) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One live company in five records; the others link to it and to each other; 1 % of edges are wrong."""
    chance = random.Random(seed)
    ids = [f"list:{i:08}" for i in range(size)]
    live = [f"{i:08}" if i % 5 == 0 else None for i in range(size)]
    records = pl.DataFrame({"record_id": ids, "hard_ids": [[]] * size, "live_number": live}, schema=RECORDS)
    rows = [i for i in range(size) if i % 5]
    ends = [(i, chance.randrange(size) if chance.random() < 0.01 else i - back) for i in rows for back in (i % 5, 1)]
    ends += [(i, i - i % 5) for i in rows[: size // 2]]
    edges = pl.DataFrame([(ids[a], ids[b], chance.random(), "name") for a, b in ends], schema=EDGES, orient="row")
    return records, edges


def main(size: int) -> None:
    """Measure and print."""
    report: dict[str, object] = {"records": size, "edges": 2 * size}
    report["memory_log"] = decisions(MemoryLog(), 3000)
    with tempfile.TemporaryDirectory() as folder:
        report["file_log_synced"] = decisions(FileLog(Path(folder) / "log.jsonl"), 500)
        print(report, file=sys.stderr)
    usual = typical(size)
    result, seconds = timed(lambda: cluster(*usual))
    report["cluster_typical"] = {"s": round(seconds, 1), "edges": len(usual[1]), "conflicts": result.conflicts.height}
    print(report, file=sys.stderr)
    records, edges = problem(size, 1000)
    hard, seconds = timed(lambda: cluster(records, edges))
    report["cluster_worst_case"] = {"s": round(seconds, 1), "conflicts": hard.conflicts.height}
    free = records.with_columns(pl.lit(None, dtype=pl.String).alias("live_number"))
    near = edges.filter(pl.col("left").str.slice(0, 12) == pl.col("right").str.slice(0, 12))
    loose, seconds = timed(lambda: cluster(free, near))
    report["cluster_unconstrained"] = {"s": round(seconds, 1), "edges": near.height}
    report |= identity(hard, loose)
    report["peak_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(json.dumps(report, indent=1))


def identity(first: Clustering, other: Clustering) -> dict[str, object]:
    """First build, an unchanged one, one where nearly every cluster is another, and the way back."""
    ledger, report = Ledger.empty(), {}
    clusterings = {"first": first, "unchanged": first, "all_changed": other, "back": first}
    for day, (name, clustering) in enumerate(clusterings.items(), start=1):
        before, at = ledger.events.height, f"2026-01-{day:02}"
        work = partial(resolve, clustering.clusters, ledger, kind="organisation", namespace="bench", at=at)
        (_, ledger), seconds = timed(work)
        report[f"resolve_{name}"] = {"s": round(seconds, 1), "events": ledger.events.height - before}
    resolver, seconds = timed(lambda: Resolver(ledger))
    report["resolver_s"] = round(seconds, 1)
    assert resolver.current(ledger.mints()["id"][0])
    return report


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
