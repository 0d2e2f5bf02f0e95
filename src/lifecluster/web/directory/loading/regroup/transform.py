"""A register whose records belong to other organisations than before: statements, rows, classes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

import polars as pl

from lifecluster.register.presence import RANKS, references
from lifecluster.web.directory.loading.register import OWNER, Register, Row
from lifecluster.web.directory.loading.regroup import combine
from lifecluster.web.directory.loading.restate import POSTCODES

Where = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Assigned:
    """Which organisation or site each record is of: `before` by the package, `now`; `best` the record that stands for
    each organisation of today; `leads` where an id leads today."""

    before: Mapping[str, str]
    now: Mapping[str, str]
    best: Mapping[str, str]
    leads: Where

    def parts(self, rows: Mapping[str, Row]) -> dict[str, list[combine.Part]]:
        """For each id of today, what the rows of before give to it, in the order of their ids."""
        given: dict[str, dict[str, list[str]]] = {}
        total: dict[str, int] = {}
        for record, old in sorted(self.before.items()):
            if old in rows:
                given.setdefault(self.now[record], {}).setdefault(old, []).append(record)
                total[old] = total.get(old, 0) + 1
        return {
            new: [combine.Part(rows[old], tuple(found), len(found) == total[old]) for old, found in sorted(of.items())]
            for new, of in given.items()
        }


def transform(base: Register, to: Assigned, codes: Collection[str]) -> tuple[Register, set[str]]:
    """`base` with its records where they belong now, and the subjects that are not as they were.

    Values of the rows are still those of before; `restate.restated` makes them anew.
    """
    statements = _statements(base.statements, to)
    moved = _moved(base.statements, statements)
    kinds = {kind: dict(rows) for kind, rows in base.kinds.items()}
    parts = to.parts(base.kinds["organisation"])
    kinds["organisation"] = {
        uid: combine.organisation(uid, of, to.best[uid], codes) for uid, of in sorted(parts.items())
    }
    kinds["site"] = {uid: combine.site(uid, of) for uid, of in sorted(to.parts(base.kinds["site"]).items())}
    _owners(kinds["site"], statements)
    _places(kinds, parts, statements, moved)
    segments = {uid: combine.segments([base.segments.get(str(part.row["id"]), []) for part in of])
                for uid, of in parts.items()}  # fmt: skip
    closed = {uid: max(base.segment_levels.get(str(part.row["id"]), 0) for part in of) for uid, of in parts.items()}
    levels = _levels(statements)
    made = replace(base, kinds=kinds, segments={u: s for u, s in segments.items() if s}, statements=statements,
                   levels=levels, presence=dict(levels),
                   segment_levels={u: level for u, level in closed.items() if level})  # fmt: skip
    return made, moved


def _statements(said: pl.DataFrame, to: Assigned) -> pl.DataFrame:
    """Statements under the ids that their records have now, and leading to what records that they name are now."""
    now = pl.DataFrame(list(to.now.items()), schema={"record": pl.String, "_now": pl.String}, orient="row")
    named = now.rename({"record": "original", "_now": "_named"})
    ids = {one for one in (*said["subject"].unique(), *said["value"].unique()) if to.leads(one) != one}
    led = {one: to.leads(one) for one in ids}
    both = said.join(now, on="record", how="left", maintain_order="left")
    both = both.join(named, on="original", how="left", maintain_order="left")
    ref = pl.col("property").is_in(references())
    leads = pl.col("value").replace(led) if led else pl.col("value")
    own = pl.col("subject").replace(led) if led else pl.col("subject")
    return both.with_columns(
        subject=pl.coalesce("_now", own),
        value=pl.when(ref).then(pl.coalesce("_named", leads)).otherwise("value"),
    ).select(said.columns)


def _moved(before: pl.DataFrame, after: pl.DataFrame) -> set[str]:
    """Subjects that have other statements than before."""
    was, now = before.select("id", "record", "subject", "value"), after.select("id", "record", "subject", "value")
    both = [was.join(now, on=was.columns, how="anti", nulls_equal=True),
            now.join(was, on=was.columns, how="anti", nulls_equal=True)]  # fmt: skip
    return set(pl.concat(both)["subject"]) & set(now["subject"])


def _owners(sites: dict[str, Row], statements: pl.DataFrame) -> None:
    """Whose each site is: the first that its statements name."""
    held = statements.filter(pl.col("kind") == "site", pl.col("property") == "holder").sort("subject", "value")
    first = dict(held.unique("subject", keep="first", maintain_order=True).select("subject", "value").iter_rows())
    for uid, row in sites.items():
        if uid in first:
            sites[uid] = {**row, "organisation": first[uid]}


def _places(kinds: dict[str, dict[str, Row]], parts: Mapping[str, list[combine.Part]],
            statements: pl.DataFrame, moved: set[str]) -> None:  # fmt: skip
    sites: dict[str, list[Row]] = {}
    for row in kinds["site"].values():
        sites.setdefault(row.get("organisation", ""), []).append(row)
    postcodes = statements.filter(pl.col("property").is_in(sorted(POSTCODES)))
    stated = {u: set(v) for u, v in postcodes.group_by("subject").agg("value").iter_rows()}
    for uid, row in kinds["organisation"].items():
        of = parts[uid]
        if len(of) == 1 and of[0].whole and uid not in moved:
            continue
        made = row if of[0].whole else combine.settle_place(row, sites.get(uid, []), of[0].row, stated.get(uid, set()))
        kinds["organisation"][uid] = {**made, "sites": len(sites.get(uid, []))}


def _levels(statements: pl.DataFrame) -> dict[str, int]:
    """The level at which each subject is there, where that is not for everybody: the most public of what is said."""
    level = pl.col("visibility").replace_strict(RANKS, return_dtype=pl.Int8)
    shown = pl.when(pl.col("aggregate_only")).then(pl.lit(OWNER, pl.Int8)).otherwise(level)
    found = statements.group_by("subject").agg(level=shown.min()).filter(pl.col("level") > 0)
    return dict(found.select("subject", "level").iter_rows())
