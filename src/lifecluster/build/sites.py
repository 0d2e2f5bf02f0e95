"""Where organisations work. A registered office is not a site until something says so.

Three things say so: a source that lists sites, a source whose addresses are working ones (a trust, a university),
and a person's judgement, which arrives as a record of the first kind. Records of one organisation at one postcode are
one site.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from lifecluster.sources.extract import Extract, restrict

TAKEN = ("name", "address", "town", "postcode", "country", "easting", "northing", "lad", "opened_on", "closed_on")
"""What a site takes from the row of an organisation whose address is a working one."""


def with_sites(extract: Extract) -> Extract:
    """The extract with one site record for each organisation row that has a working address; others as they are."""
    organisations = extract.records.get("organisation")
    if extract.spec.address_is != "working" or organisations is None:
        return extract
    columns = [c for c in organisations.columns if c.partition("__")[0] in TAKEN]
    placed = [pl.col(c).is_not_null() for c in ("postcode", "address") if c in columns]
    if not placed:
        return extract
    sites = organisations.filter(pl.any_horizontal(placed)).select(
        "key", "file", "row", *columns, holder=pl.concat_list(pl.concat_str(pl.lit("organisation:"), "key"))
    )
    sites = restrict(sites, extract.spec)
    own = extract.records.get("site")
    if own is not None:
        sites = pl.concat([own, sites.filter(~pl.col("key").is_in(own["key"].implode()))], how="diagonal")
    records: Mapping[str, pl.DataFrame] = {**extract.records, "site": sites}
    return replace(extract, records=records)


def same_site(sites: pl.DataFrame) -> pl.DataFrame:
    """Which site records are one site.

    Parameters: `sites` columns `record`, `organisation` (id; null if it is not in the register), `postcode`.
    Returns `record`, `cluster` (the smallest record id of the site); records without
    organisation are left out, and a record of several organisations counts for the first of them.
    """
    alone = pl.when(pl.col("postcode").is_null()).then("record")
    first = sites.drop_nulls("organisation").sort("record", "organisation").unique("record", keep="first")
    return first.sort("record").select("record", cluster=pl.col("record").min().over("organisation", "postcode", alone))
