"""Names for things: organisations and sites keep their ids through re-builds; the rest is named after its record."""

from __future__ import annotations

from datetime import date

import polars as pl

from lifecluster.build.records import hard_ids
from lifecluster.reference.properties import vocabulary
from lifecluster.register.identity import resolve
from lifecluster.register.ids import mint
from lifecluster.register.ledger import Ledger

CLUSTERED = ("organisation", "site")
RECORDS = pl.Schema({"record": pl.String, "kind": pl.String, "id": pl.String})
"""Which thing each record is of."""


def organisations(clusters: pl.DataFrame, records: pl.DataFrame, ledger: Ledger, *, namespace: str,
                  at: date) -> tuple[pl.DataFrame, Ledger]:  # fmt: skip
    """Ids of organisations.

    Parameters: `clusters` (record, cluster) of the organisations of the register; `records` as given by
    `records.organisations`. Returns a frame of `RECORDS` and the ledger with what changed.
    """
    mine = records.with_columns(hard_ids=hard_ids(records)).join(clusters, on="record", how="inner")
    official = pl.concat_str(pl.lit("GB-COH-"), "company_number")
    frame = mine.select(record_id="record", cluster="cluster", official=official, hard_ids="hard_ids")
    given, ledger = resolve(frame, ledger, kind="organisation", namespace=namespace, at=at.isoformat())
    return _as_records(given, "organisation"), ledger


def sites(clusters: pl.DataFrame, ledger: Ledger, *, namespace: str, at: date) -> tuple[pl.DataFrame, Ledger]:
    """Ids of sites; `clusters` as given by `sites.same_site`. Returns a frame of `RECORDS` and the ledger."""
    frame = clusters.select(record_id="record", cluster="cluster")
    given, ledger = resolve(frame, ledger, kind="site", namespace=namespace, at=at.isoformat())
    return _as_records(given, "site"), ledger


def others(things: pl.DataFrame, *, namespace: str) -> pl.DataFrame:
    """Ids of things that are one record each (licences, awards …): a function of the record alone, so always the same.

    Parameters: `things` columns `record`, `kind` (a record may come several times). Two whose ids would collide are
    told apart in the order of their records. Returns a frame of `RECORDS`.
    """
    rows = []
    taken: set[str] = set()
    for record, kind in things.select("record", "kind").unique().sort("kind", "record").iter_rows():
        one = mint(kind, record, namespace, taken)
        taken.add(one)
        rows.append((record, kind, one))
    return pl.DataFrame(rows, schema=RECORDS, orient="row")


def kinds() -> tuple[str, ...]:
    """Kinds whose things are one record each."""
    return tuple(kind for kind in vocabulary().kinds if kind not in CLUSTERED)


def _as_records(given: pl.DataFrame, kind: str) -> pl.DataFrame:
    return given.select(record="record_id", kind=pl.lit(kind), id="id").cast(RECORDS).sort("record")
