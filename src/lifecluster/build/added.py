"""Things added in the web app, in a build: records like those of a source, under the ids that they were given.

They join after it is settled who is in the register: no addition brings an organisation in or puts it out. A site that
a source lists at the same postcode is one with an added one, by the rule for all sites.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from lifecluster.build import place
from lifecluster.build.holdings import HOLDINGS
from lifecluster.build.presence import View
from lifecluster.places import Places
from lifecluster.places.postcodes import placed
from lifecluster.policy.visibility import Visibility
from lifecluster.register import added as log_added
from lifecluster.register.entry import Entry
from lifecluster.register.ledger import EVENTS, MEMBERS, Ledger, Resolver
from lifecluster.register.presence import RANKS
from lifecluster.sources.extract import REJECTED_SCHEMA

FILE = "log"
WAITS = "was added to {}, which is not in this register; it waits in the log"
ISSUED = "it was added in the web app"


@dataclass(frozen=True, slots=True)
class Added:
    """Additions in force whose organisation is in the register, their `sites` (`place.SITES`, and `level`) and `held`
    (`holdings.HOLDINGS`, and `level`), and as `rejected` those that wait (`REJECTED_SCHEMA`)."""

    additions: tuple[log_added.Addition, ...]
    sites: pl.DataFrame
    held: pl.DataFrame
    rejected: pl.DataFrame

    def seen(self, views: Sequence[View]) -> tuple[View, ...]:
        """`views` with what their readers may know of what was added; one more for each level that there was not."""
        if not self.additions:
            return tuple(views)
        of = {view.level: view for view in views}
        levels = sorted({*of, *(Visibility(RANKS[a.proposed.visibility]) for a in self.additions)})
        found: list[View] = []
        below = views[0]
        for level in levels:
            below = of.get(level, below)
            sites, held = self.sites_at(level), self.held.filter(pl.col("level") <= int(level)).drop("level")
            told = None if below.speaking is None else pl.concat([below.speaking, sites["record"], held["record"]])
            found.append(replace(below, level=level, speaking=told, sites=pl.concat([below.sites, sites]),
                                 held=pl.concat([below.held, held])))  # fmt: skip
        return tuple(found)

    def sites_at(self, level: Visibility) -> pl.DataFrame:
        """The added sites that readers of a level may know of: `place.SITES`."""
        return self.sites.filter(pl.col("level") <= int(level)).drop("level")

    def seeded(self, ledger: Ledger) -> Ledger:
        """The ledger with the ids of added sites that it does not know: whoever was told one finds its site by it."""
        known = set(ledger.mints()["id"]) | set(ledger.members["record_id"])
        rows = [(a.uid, a.record, a.proposed.at[:10]) for a in self.additions
                if a.kind == "site" and not {a.uid, a.record} & known]  # fmt: skip
        events = [(ledger.events.height + n, "mint", uid, None, f"key:{record}", at, ISSUED)
                  for n, (uid, record, at) in enumerate(rows, 1)]  # fmt: skip
        members = pl.DataFrame([(record, uid, True) for uid, record, _ in rows], schema=MEMBERS, orient="row")
        return Ledger(
            pl.concat([ledger.events, pl.DataFrame(events, schema=EVENTS, orient="row")]),
            pl.concat([ledger.members, members]),
            ledger.shapes,
        )

    def named(self) -> pl.DataFrame:
        """Record, kind and id of what was added and is no site."""
        rows = [(a.record, a.kind, a.uid) for a in self.additions if a.kind != "site"]
        return pl.DataFrame(rows, schema={"record": pl.String, "kind": pl.String, "id": pl.String}, orient="row")

    def statements(self, named: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
        """What was added as statements, of what each is called in this build (`named`: columns `record`, `id`)."""
        of = dict(named.select("record", "id").iter_rows())
        where = Resolver(ledger).leads
        return log_added.stated(self.additions, where=where, called=lambda one: of[one.record])


def added(entries: Sequence[Entry], organisations: pl.DataFrame, ledger: Ledger, views: Sequence[View],
          places: Places) -> Added:  # fmt: skip
    """What a log adds to the register.

    Parameters: `organisations` columns `record`, `id`; `ledger` of this build, by which ids that were merged lead on;
    `views` public first: an organisation is named by a record that as many readers as may be know of.
    """
    where = Resolver(ledger).leads
    standing = log_added.standing(entries)
    record = _records(organisations, views) if standing else {}
    there = tuple(a for a in standing if where(a.holder) in record)
    rows = [(FILE, a.decided.seq if a.decided else 0, None, WAITS.format(a.holder),
             json.dumps({"entry": a.proposed.id, "subject": a.uid})) for a in standing if a not in there]  # fmt: skip
    held = [(a.record, a.kind, record[where(a.holder)], RANKS[a.proposed.visibility]) for a in there]
    holdings = pl.DataFrame(held, schema=[*HOLDINGS.items(), ("level", pl.Int64())], orient="row")
    return Added(there, _sites(there, holdings, places), holdings.filter(pl.col("kind") != "site"),
                 pl.DataFrame(rows, schema=REJECTED_SCHEMA, orient="row"))  # fmt: skip


def _records(organisations: pl.DataFrame, views: Sequence[View]) -> dict[str, str]:
    """Organisation -> the first of its records in the first of the views that has one."""
    found: dict[str, str] = {}
    for view in reversed(views):
        mine = organisations.join(view.records.select("record"), on="record", how="semi").sort(
            "record", descending=True
        )
        found |= dict(mine.select("id", "record").iter_rows())
    return found


def _sites(additions: Sequence[log_added.Addition], held: pl.DataFrame, places: Places) -> pl.DataFrame:
    """Added sites, placed: `place.SITES`, and `level`."""
    rows = [(a.record, _text(a, "postcode"), _number(a)) for a in additions if a.kind == "site"]
    stated = pl.DataFrame(rows, schema={"record": pl.String, "postcode": pl.String, "jobs": pl.Int64}, orient="row")
    frame = stated.join(held.select("record", "organisation_record", "level"), on="record", maintain_order="left")
    empty = {c: pl.lit(None, place.SITES[c]).alias(c) for c in ("easting", "northing", "lad")}
    frame = frame.with_columns(placed(pl.col("postcode")), *empty.values(), sample=pl.lit(value=False))
    return (
        place.locate(frame, places)
        .select(*place.SITES.names(), "level")
        .cast(pl.Schema([*place.SITES.items(), ("level", pl.Int64())]))
    )


def _text(addition: log_added.Addition, prop: str) -> str | None:
    value = addition.values.get(prop)
    return None if value is None else str(value)


def _number(addition: log_added.Addition) -> int | None:
    value = addition.values.get("jobs")
    return int(value) if isinstance(value, int | float) else None
