"""Computed columns of organisations and sites: each row's of what the readers of its own presence may know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from lifecluster.policy.visibility import Visibility, labels_within
from lifecluster.register import hubs
from lifecluster.register.presence import rank

if TYPE_CHECKING:
    from lifecluster.build.finish import Finished

BASES = pl.Enum(["site", "working", "contact", "registered"])
"""Which place of an organisation its coordinates are of, best first."""


def of(made: Finished, records: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Computed columns by kind, to be joined on `id`; see `reference.computed`.

    Parameters: `records` those of `made` with `hub`, as everybody may know them.
    """
    sites = [_sites(made, made.sites, Visibility.PUBLIC)]
    sites += [_sites(made, view.sites, view.level) for view in made.closed]
    every = pl.concat(sites).sort("id")
    organisations = [_organisations(made, records, every, Visibility.PUBLIC)]
    for view in made.closed:
        marked = view.records.with_columns(hub=hubs.mark(view.records))
        organisations.append(_organisations(made, marked, every, view.level))
    return {"organisation": pl.concat(organisations).sort("id"), "site": every}


def _sites(made: Finished, sites: pl.DataFrame, level: Visibility) -> pl.DataFrame:
    """Of the sites present at `level`: `id`, `organisation`, coordinates and their quality."""
    owner = made.owner.rename({"record": "organisation_record", "id": "organisation"})
    there = made.named.filter(pl.col("kind") == "site").join(_present(made, level), on="id", how="semi")
    mine = (
        sites.join(there, on="record", how="inner")
        .join(owner, on="organisation_record", how="inner")
        .join(made.presence.select(organisation="id", _whose=rank()), on="organisation", how="left")
        .sort("id", "_whose", "quality", "record")
    )  # the one that most people may know of stands first
    best = {c: pl.col(c).drop_nulls().first() for c in ("easting", "northing", "lad")}
    quality = pl.col("quality").sort_by("record").first()
    return mine.group_by("id", maintain_order=True).agg(pl.col("organisation").first(), **best, place_quality=quality)


def _present(made: Finished, level: Visibility) -> pl.DataFrame:
    return made.presence.filter(rank() == int(level)).select("id")


def _organisations(made: Finished, records: pl.DataFrame, sites: pl.DataFrame, level: Visibility) -> pl.DataFrame:
    """Computed columns of the organisations present at `level`.

    Parameters: `records` as readers of the level know them; `sites` as given by `_sites`, of all levels.
    """
    mine = records.join(made.owner, on="record", how="inner").join(_present(made, level), on="id", how="semi")
    sites = sites.join(made.presence.filter(rank() <= int(level)), on="id", how="semi", maintain_order="left")
    sites = sites.filter(pl.col("organisation").is_in(mine["id"].unique().implode()))
    labels = pl.col("visibility").is_in(labels_within(level))  # that a closed list names it is not for everybody
    waiting = made.linked.links.filter(pl.col("band") == "review")["record"]
    mine = mine.with_columns(waits=pl.col("record").is_in(waiting.implode()))
    waits = pl.when(labels.any()).then(pl.col("waits").filter(labels).all()).otherwise(pl.col("waits").all())
    grouped = mine.sort("id", ~labels, "anchor", "record", nulls_last=True).group_by("id", maintain_order=True).agg(
        anchor=pl.col("record").first(), hub=pl.col("hub").any(), live=pl.lit(None, pl.Boolean),
        records=labels.sum().cast(pl.Int64), waits=waits, sources=pl.col("source").filter(labels).unique().sort(),
    )  # fmt: skip
    number = sites.group_by("organisation").agg(sites=pl.len().cast(pl.Int64)).rename({"organisation": "id"})
    chosen = made.chosen.join(made.owner, left_on="organisation_id", right_on="record", how="inner")
    return (
        grouped.join(chosen.select("id", "region_by", "scope_by"), on="id", how="left", maintain_order="left")
        .join(_main_place(made, mine, sites), on="id", how="left", maintain_order="left")
        .join(number, on="id", how="left", maintain_order="left")
        .with_columns(pl.col("sites").fill_null(0))
    )


def _main_place(made: Finished, mine: pl.DataFrame, sites: pl.DataFrame) -> pl.DataFrame:
    """Where each organisation is: of its places the best one, in the region if any is."""
    places = pl.concat([
        mine.select("id", "easting", "northing", "lad", quality="quality", basis=pl.col("address_is").cast(BASES)),
        sites.select("organisation", "easting", "northing", "lad", "place_quality", basis=pl.lit("site").cast(BASES))
        .rename({"organisation": "id", "place_quality": "quality"}),
    ])  # fmt: skip
    inside = pl.col("lad").is_in(sorted(made.region.codes)).fill_null(value=False)
    return (
        places.drop_nulls("easting").with_columns(_out=~inside)
        .sort("id", "_out", "basis", "easting", "northing")
        .group_by("id", maintain_order=True).first()
        .select("id", "easting", "northing", "lad", place_quality="quality",
                place_basis=pl.col("basis").cast(pl.String))
    )  # fmt: skip
