"""What a package says of its records and ids, written beside its rows for merging and splitting."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from lifecluster.build.identify import CLUSTERED
from lifecluster.register import edits
from lifecluster.register.ids import parse
from lifecluster.register.ledger import Ledger
from lifecluster.register.living import is_live
from lifecluster.register.lookup import read_ledger
from lifecluster.register.package import Package as Files
from lifecluster.web.directory.loading.register import Register, Row, day
from lifecluster.web.directory.loading.write_rows import write_rows
from lifecluster.web.directory.models import Lineage, Member, Package

LINKED = "linked_records"


def write_lineage(package: Package, opened: Files, register: Register) -> None:
    """Write which record is of what (`Member`) and where each id comes from (`Lineage`)."""
    ledger = read_ledger(opened)
    members = _members(ledger, register)
    numbers = _numbers(opened, register)
    rows = ({"record": record, "kind": parse(uid).kind, "uid": uid, "live": live, "number": numbers.get(record, "")}
            for record, uid, live in members.iter_rows())  # fmt: skip
    write_rows(Member, package.pk, rows)
    write_rows(Lineage, package.pk, _lineages(ledger))


def _members(ledger: Ledger, register: Register) -> pl.DataFrame:
    """`record`, `uid`, `live`: what the ledger says, and what else statements are of."""
    said = register.statements.filter(pl.col("kind").is_in(CLUSTERED), pl.col("source") != edits.SOURCE)
    spoken = said.select("record", uid="subject", live=pl.lit(value=True)).unique("record", keep="any")
    known = ledger.members.select("live", record="record_id", uid="id").select("record", "uid", "live")
    return pl.concat([known, spoken.join(known, on="record", how="anti")]).sort("uid", "record")


def _numbers(opened: Files, register: Register) -> dict[str, str]:
    """Records that are the official ones of live companies, and the numbers of these."""
    if LINKED in opened.tables and "live_number" in opened.whole.table(LINKED).columns:
        known = opened.whole.table(LINKED).select("record", "live_number").drop_nulls()
        return dict(known.iter_rows())
    names = ("company_number", "status", "dissolved_on", "closed_on")
    mine = register.statements.filter(pl.col("kind") == "organisation", pl.col("property").is_in(names),
                                      pl.col("rank") == "official")  # fmt: skip
    wide = (
        mine.select("record", "property", "value")
        .group_by("record")
        .agg(**{name: pl.col("value").filter(pl.col("property") == name).first() for name in names})
    )
    ends = wide.with_columns(pl.col("dissolved_on", "closed_on").str.to_date(strict=False))
    at = day(register.at)
    alive = ends.filter(is_live(ends, at=at)) if at is not None else ends
    return dict(alive.drop_nulls("company_number").select("record", "company_number").iter_rows())


def _lineages(ledger: Ledger) -> Iterator[Row]:
    letters = pl.col("id").str.slice(2, 1).is_in(["O", "S"])
    shapes = dict(ledger.shapes.filter(letters).group_by("id").agg(pl.col("shape").sort()).iter_rows())
    for (uid,), events in ledger.events.filter(letters).group_by(["id"], maintain_order=True):
        yield {"uid": uid, "events": [list(row) for row in events.iter_rows()], "shapes": shapes.get(str(uid), [])}
