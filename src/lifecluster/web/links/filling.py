"""From the files of a package to the pairs that wait. Runs where packages are loaded: it needs Polars."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import polars as pl

from lifecluster.policy.visibility import Visibility
from lifecluster.register.entry import Entry
from lifecluster.register.judgement import Judgements
from lifecluster.register.linkage.scorer import shipped
from lifecluster.register.package import Package
from lifecluster.register.rebind import rebind
from lifecluster.web.links.bunches import Asked, in_order, words_of
from lifecluster.web.links.models import KEY
from lifecluster.web.links.rows import Row, read_rows

MOST = 2_000
"""Pairs kept for a package: the most important ones; how many more there are is said."""
COMMON = 6
"""Companies of the region that have a word in their names before it says no longer which one is meant."""


@dataclass(frozen=True)
class Found:
    """`pairs` as columns of `models.Pair`, in order; `left_out` how many more wait; `body` of `models.Filled`."""

    pairs: list[dict[str, Any]]
    left_out: int
    body: dict[str, Any] = field(default_factory=dict)


def read(files: Package, entries: Sequence[Entry], *, most: int = MOST) -> Found:
    """The pairs of a package that wait for a person, at every level but the owner's own.

    Parameters: `entries` of the log, whose judgements are led to the rows that they speak of today (`bound`).
    """
    whole = files.whole
    links = whole.scan("links").filter(pl.col("band") == "review", pl.col("target").is_not_null())
    wait = links.sort("record", "target").collect()
    rows = read_rows(whole, [*wait["record"], *wait["target"]])
    asked: dict[tuple[str, str], dict[str, Any]] = {}
    shown: list[Asked] = []
    for link in wait.iter_rows(named=True):
        one, other = rows.get(link["record"]), rows.get(link["target"])
        if one is None or other is None or max(one.level, other.level) >= Visibility.OWNER:
            continue
        asked[one.record, other.record] = link
        shown.append(Asked(one.record, other.record, one.name or "", other.name or "", link["reasons"] or "",
                           link["probability"], other.organisation is not None))  # fmt: skip
    ordered = in_order(shown, _common(whole))
    kept = ordered[:most]
    pairs = [
        _pair(number, asked[pair.record, pair.target], rows[pair.record], rows[pair.target], bunch)
        for number, (pair, bunch) in enumerate(kept, 1)
    ]
    limits = shipped().thresholds
    numbers = _numbers(whole, entries, rows)
    body = {"limits": [limits.link, limits.auto], **bound(whole, entries), "numbers": numbers}
    return Found(pairs, len(ordered) - len(kept), body)


def _common(package: Package) -> frozenset[str]:
    """Words that many names of companies have."""
    every: Counter[str] = Counter()
    for name in package.scan("universe").select("name").collect()["name"].drop_nulls():
        every.update(words_of(name))
    return frozenset(word for word, n in every.items() if n > COMMON)


def key_of(record: str, target: str) -> str:
    """Under which a pair is found, in every package."""
    return sha256(f"{record}\x1f{target}".encode()).hexdigest()[:KEY]


def _pair(number: int, link: Mapping[str, Any], one: Row, other: Row, bunch: str) -> dict[str, Any]:
    """A pair as its table has it."""
    reasons = [reason for reason in (link["reasons"] or "").split(" | ") if reason]
    body = {"left": one.said(), "right": other.said(), "reasons": reasons, "scored": link.get("scored")}
    return {
        "number": number, "key": key_of(one.record, other.record), "record": one.record, "target": other.record,
        "probability": link["probability"], "level": int(max(one.level, other.level)), "bunch": bunch[:200],
        "label": one.name or "", "source": one.where, "body": body,
    }  # fmt: skip


def bound(package: Package, entries: Sequence[Entry]) -> dict[str, Any]:
    """Judgements that speak of rows which have other keys in this package: `moved`, entry -> the two records today;
    `lost`, entries whose rows are not here. Those of a build with this log, by the same function."""
    judgements = Judgements(entries)
    if not judgements.live:
        return {"moved": {}, "lost": []}
    told = package.scan("linked_records").select(
        record_id="record", name="name", postcode="postcode", address="address"
    )
    near = package.scan("universe").select(
        record_id="record", name="name", postcode="postcode", address=pl.lit(None, pl.String)
    )
    rows = pl.concat([told.collect(), near.collect()]).unique("record_id", keep="first", maintain_order=True)
    anchored = package.scan("links").select(pl.col("target").str.split(":").list.first()).unique().collect()["target"]
    found = rebind(judgements, rows, stable=frozenset(anchored.drop_nulls()))
    moved = {
        row["entry_id"]: [row["left"], row["right"]] for row in found.bound.iter_rows(named=True)
        if (row["left"], row["right"]) != (row["left_was"], row["right_was"])
    }  # fmt: skip
    return {"moved": moved, "lost": sorted(found.unbound["entry_id"])}


def _numbers(package: Package, entries: Sequence[Entry], rows: Mapping[str, Row]) -> dict[str, str]:
    """Numbers of live companies among the rows of pairs and those that judgements speak of."""
    spoken = {record for entry in Judgements(entries).live.values() for record in (entry.subject, entry.object)}
    wanted = sorted({*rows, *(record for record in spoken if record)})
    told = package.scan("linked_records").filter(pl.col("record").is_in(wanted)).select("record", "live_number")
    near = package.scan("universe").filter(pl.col("record").is_in(wanted), pl.col("live"))
    both = pl.concat([told.collect(), near.select("record", live_number="company_number").collect()])
    return {record: number for record, number in both.iter_rows() if number}
