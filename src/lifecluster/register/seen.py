"""What one reader is shown of a package: `lifecluster show`, `lifecluster find` and the web app decide by this alone.

The tables of a package hold each row as the readers of its own presence may know it (docs/decisions/0013). A reader who
may know more is shown a public organisation by what is for everybody and by what is for this reader, in the one order
of precedence; one that a closed list alone names, by that list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import polars as pl

from lifecluster.policy.visibility import Visibility
from lifecluster.reference.properties import vocabulary
from lifecluster.register import assembly
from lifecluster.register.living import is_live
from lifecluster.register.package import Package
from lifecluster.register.presence import PRESENCE, leads_beyond, unresolved
from lifecluster.register.statement import may_see

EVERY = pl.lit(value=True)
COMPUTED: Mapping[str, frozenset[str]] = {
    "organisation": frozenset({"easting", "northing", "lad"}),
    "site": frozenset({"easting", "northing", "lad", "jobs"}),
}
"""Properties of each kind whose value in a table is computed by the build and not stated."""


def as_seen(statements: pl.DataFrame, clearance: Visibility, presence: Mapping[str, int], *,
            at: date | None) -> pl.DataFrame:  # fmt: skip
    """The statements that readers of `clearance` may see, in order, with `shown`: whether these readers are shown them.

    Parameters: `presence` the level of each id that is not public; `at` the day on which a value holds. What leads to
    something that these readers may not know of reads as the source's row has it.
    """
    there = pl.col("subject").replace_strict(presence, default=0, return_dtype=pl.Int8) <= int(clearance)
    mine = unresolved(statements.filter(may_see(clearance), there), presence, int(clearance))
    return assembly.order_seen(mine, at=at)


def statements_of(package: Package, subjects: Iterable[str]) -> pl.DataFrame:
    """`as_seen` for the statements of some subjects of a package, at its day and for its clearance."""
    wanted = pl.col("subject").is_in(list(subjects))
    mine = package.scan("statements").filter(wanted).drop("place", "shown").collect()
    return as_seen(mine, package.clearance, package.closed, at=day_of(package))


def scan(package: Package, table: str) -> pl.LazyFrame:
    """`rows`, lazily; for visitors nothing is read that is not asked for."""
    return package.scan(table) if package.clearance == Visibility.PUBLIC else rows(package, table).lazy()


def rows(package: Package, table: str) -> pl.DataFrame:
    """A table of things of a package, each row as readers of the package's clearance are shown it.

    What the build computed (coordinates, jobs) stays as it is for the row's own presence. Raises LifeclusterError for a
    table that is not there.
    """
    frame = package.table(table)
    if package.clearance == Visibility.PUBLIC or PRESENCE not in frame.columns:
        return frame
    kind = next(name for name, entry in vocabulary().kinds.items() if entry.table == table)
    subjects = _told_more(package, kind, frame)
    if subjects.is_empty():
        return frame
    anew = assembly.table(statements_of(package, subjects), kind, whose=EVERY)
    stated = [c for c in vocabulary().of(kind) if c in frame.columns and c not in COMPUTED.get(kind, ())]
    there = pl.col("id").is_in(anew["id"].implode())
    made = frame.filter(there).drop(stated).join(anew.select("id", *stated), on="id", maintain_order="left")
    whole = pl.concat([frame.filter(~there), made.select(frame.columns).cast(frame.schema)]).sort("id")
    if kind == "organisation":
        whole = whole.with_columns(live=is_live(whole, at=day_of(package)))
    return whole


def _told_more(package: Package, kind: str, frame: pl.DataFrame) -> pl.Series:
    """The rows of a table whose readers of the package's clearance know more than those of the row's own presence."""
    more = (pl.col("visibility") != Visibility.PUBLIC.label) | pl.col("aggregate_only").fill_null(value=False)
    more |= leads_beyond(package.closed, Visibility.PUBLIC)
    told = package.scan("statements").filter(pl.col("kind") == kind, more).filter(may_see(package.clearance))
    return told.filter(pl.col("subject").is_in(frame["id"].implode())).select("subject").unique().collect()["subject"]


def day_of(package: Package) -> date:
    """The day of a package."""
    return date.fromisoformat(str(package.manifest["at"]))
