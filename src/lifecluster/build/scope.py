"""Which organisations belong in the register of a region, and why.

Two conditions: some place of it lies in the region (a site, a working address, or the registered office), and either a
definition of the industry counts it (with probability one half or more) or it is in a source whose organisations always
belong.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from lifecluster.register.living import is_live

EVEN = 0.5


def whole(records: pl.DataFrame, clusters: pl.DataFrame, licences: pl.DataFrame, *, at: date) -> pl.DataFrame:
    """One row per cluster of records, as classification wants it.

    Parameters: `records` as given by `records.organisations`; `clusters` columns `record`, `cluster`; `licences`
    columns `record` (of the holder), `licence_type`.
    Returns `organisation_id` (the cluster), `name`, `other_names`, `description`, `sic`, `organisation_type`,
    `sources`, `licence_type`, `status`, `segment` (codes stated by any record), `live`, `always`, `sample`. One value
    is
    taken from the best anchor that has one.
    """
    best = records.with_columns(live=is_live(records, at=at)).join(clusters, on="record", how="inner")
    best = best.sort("cluster", "anchor", "record", nulls_last=True)
    held = (
        licences.join(clusters, on="record", how="inner")
        .group_by("cluster")
        .agg(pl.col("licence_type").unique().sort())
    )
    first = {c: pl.col(c).drop_nulls().first() for c in ("name", "description", "sic", "status", "live")}
    lists = ("previous_name", "trading_name")
    grouped = best.group_by("cluster", maintain_order=True).agg(
        **first,
        names=pl.col("name").drop_nulls(),
        **{c: pl.col(c).list.explode(keep_nulls=False, empty_as_null=False) for c in lists},
        **{c: _union(c) for c in ("organisation_type", "segment")},
        sources=pl.col("source").unique().sort(),
        always=pl.col("always").any(),
        sample=pl.col("sample").any(),
    )
    others = pl.concat_list("names", *lists).list.unique().list.sort().list.set_difference(pl.concat_list("name"))
    return (
        grouped.with_columns(other_names=others.list.sort())
        .join(held, on="cluster", how="left", maintain_order="left")
        .rename({"cluster": "organisation_id"})
        .select("organisation_id", "name", "other_names", "description", "sic", "organisation_type", "sources",
                "licence_type", "status", "segment", "live", "always", "sample")
    )  # fmt: skip


def _union(column: str) -> pl.Expr:
    """All values that the records of a cluster list, each once, sorted."""
    return pl.col(column).list.explode(keep_nulls=False, empty_as_null=False).unique().sort()


def placed(records: pl.DataFrame, clusters: pl.DataFrame, sites: pl.DataFrame, lads: Iterable[str]) -> pl.DataFrame:
    """Clusters with a place in the region: `organisation_id` and `region_by` (site, working, contact or registered).

    Parameters: `records` with `record, address_is, lad`; `sites` columns `organisation_record`, `lad`; `lads` the
    active district codes of the region.
    """
    inside = pl.col("lad").is_in(list(lads))
    by_record = records.filter(inside).select("record", region_by="address_is")
    by_site = sites.filter(inside).select(record="organisation_record", region_by=pl.lit("site"))
    order = pl.Enum(["site", "working", "contact", "registered"])
    found = pl.concat([by_record, by_site]).with_columns(pl.col("region_by").cast(order))
    return (
        found.join(clusters, on="record", how="inner")
        .group_by("cluster")
        .agg(pl.col("region_by").min())
        .select(organisation_id="cluster", region_by=pl.col("region_by").cast(pl.String))
        .sort("organisation_id")
    )


def of_industry(classified: pl.DataFrame) -> pl.DataFrame:
    """The rows by which a definition counts an organisation as of the industry: likely, and in none of its segments
    that are not industry."""
    industry = (pl.col("role") != "not-industry").fill_null(value=True)
    return classified.filter((pl.col("probability") >= EVEN) & industry)


def choose(organisations: pl.DataFrame, places: pl.DataFrame, classified: pl.DataFrame) -> pl.DataFrame:
    """The organisations of the register: `organisation_id`, `region_by`, `scope_by` (definitions, or source).

    Parameters: frames as given by `whole`, `placed`, and `segments.classify`.
    """
    counted = of_industry(classified).group_by("organisation_id").agg(scope_by=pl.col("definition").unique().sort())
    chosen = organisations.join(places, on="organisation_id", how="inner").join(
        counted, on="organisation_id", how="left", maintain_order="left"
    )
    chosen = chosen.filter(pl.col("always") | pl.col("scope_by").is_not_null())
    source = pl.concat_list(pl.lit("source"))
    return chosen.select("organisation_id", "region_by", scope_by=pl.coalesce("scope_by", source)).sort(
        "organisation_id"
    )
