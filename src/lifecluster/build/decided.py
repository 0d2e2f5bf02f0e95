"""Links as they stand after clustering; the last reason says who or what decided: a rule, a person, an identifier."""

from __future__ import annotations

import polars as pl

VERDICT = r"(^| \| )((?:taken|to review): .*)$"
"""The last reason of a link: the rule that gave its band."""
UNSURE = "to review: a person looked and was unsure"
DIFFERENT = "a person judged them different"
SAME = "taken: a person judged them the same"
THROUGH_OTHERS = "taken: other records of the organisation join the two"


def reworded(verdict: pl.Expr) -> pl.Expr:
    """`reasons` with another verdict at their end; they stay as they are where `verdict` is null."""
    return _with(verdict, verdict)


def noted(note: pl.Expr) -> pl.Expr:
    """`reasons` with a note (null: none) put before the verdict."""
    return _with(note, note, pl.col("reasons").str.extract(VERDICT, 2))


def _with(wanted: pl.Expr, *ends: pl.Expr) -> pl.Expr:
    """`reasons` with other ends in place of the verdict, where `wanted` is not null."""
    bare = pl.col("reasons").str.replace(VERDICT, "").replace("", None)
    whole = pl.concat_str(bare, *ends, separator=" | ", ignore_nulls=True)
    return pl.when(wanted.is_not_null()).then(whole).otherwise("reasons")


def paired(links: pl.DataFrame) -> pl.DataFrame:
    """`links` with `left` and `right`: record and target in the order of their ids, as judgements have them."""
    both = ("record", "target")
    return links.with_columns(left=pl.min_horizontal(both), right=pl.max_horizontal(both))


def unsure_to_review(links: pl.DataFrame, unsure: pl.DataFrame) -> pl.DataFrame:
    """Links whose two records a person was unsure of are not made by the machine: they stay in review.

    Parameters: `links` with `record`, `target`, `band`, `reasons`; `unsure` pairs `left`, `right`, `entry_id`.
    """
    pairs = unsure.select("left", "right", doubted=pl.lit(value=True)).unique()
    found = paired(links).join(pairs, on=["left", "right"], how="left", maintain_order="left")
    doubted = pl.col("doubted") & (pl.col("band") == "auto")
    return found.with_columns(
        band=pl.when(doubted).then(pl.lit("review")).otherwise("band"),
        reasons=reworded(pl.when(doubted).then(pl.lit(UNSURE))),
    ).select(links.columns)


def _with_what_is_known(links: pl.DataFrame, clusters: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """`links` with cluster and hard ids of both sides: `_c`, `_ids` of the record, `_t`, `_theirs` of the target."""
    for side, cluster, stated in (("record", "_c", "_ids"), ("target", "_t", "_theirs")):
        about = clusters.join(records, on="record").select(
            pl.col("record").alias(side), pl.col("cluster").alias(cluster), pl.col("hard_ids").alias(stated)
        )
        links = links.join(about, on=side, how="left", maintain_order="left")
    return links


def _found_otherwise(links: pl.DataFrame, clusters: pl.DataFrame, anchors: pl.DataFrame) -> pl.DataFrame:
    """Links for whose record the machine found nothing, but that is one with an anchored record: to that record."""
    anchored = clusters.join(anchors, on="record").sort("anchor", "record").unique("cluster", keep="first")
    found = clusters.join(anchored.select("cluster", _found="record"), on="cluster").select("record", "_found")
    known = links.join(found, on="record", how="left", maintain_order="left")
    return known.with_columns(target=pl.coalesce("target", "_found")).drop("_found")


def as_decided(
    links: pl.DataFrame, clusters: pl.DataFrame, *, records: pl.DataFrame, same: pl.DataFrame, different: pl.DataFrame,
    conflicts: pl.DataFrame,
) -> pl.DataFrame:  # fmt: skip
    """Links as they stand: a pair that was put together is auto, one judged different is none, and one that the machine
    was sure of but that a constraint forbids waits in review. What the machine did not decide says who did.

    Parameters: `links` (`record`, `target`, `band`, `reasons`, …), `clusters` (`record`, `cluster`), `records`
    (`record`, `anchor`, `hard_ids`), judged pairs `same` and `different` (`left`, `right`), `conflicts` of the
    clustering.
    """
    anchors = records.filter(pl.col("anchor").is_not_null()).select("record", "anchor")
    joined = _with_what_is_known(paired(_found_otherwise(links, clusters, anchors)), clusters, records)
    refused = conflicts.filter(pl.col("link") == "machine").select("left", "right", refused="reason")
    for pairs, mark in ((same, "judged_same"), (different, "judged_different")):
        marks = pairs.select("left", "right", pl.lit(value=True).alias(mark)).unique()
        joined = joined.join(marks, on=["left", "right"], how="left", maintain_order="left")
    joined = joined.join(refused.unique(["left", "right"], keep="first", maintain_order=True), on=["left", "right"],
                         how="left", maintain_order="left")  # fmt: skip
    together = (pl.col("_c") == pl.col("_t")).fill_null(value=False)
    apart, auto = pl.col("judged_different").fill_null(value=False), pl.col("band") == "auto"
    shared = pl.col("_ids").list.set_intersection("_theirs").list.sort().list.join(", ")
    verdict = (
        pl.when(apart).then(pl.lit(DIFFERENT))
        .when(together & ~auto & pl.col("judged_same")).then(pl.lit(SAME))
        .when(together & ~auto & (shared != "")).then(pl.lit("taken: both state ") + shared)
        .when(together & ~auto).then(pl.lit(THROUGH_OTHERS))
        .when(~together & auto).then(pl.lit("to review: ") + pl.col("refused").fill_null("a constraint forbids it"))
    )  # fmt: skip
    band = pl.when(together).then(pl.lit("auto")).when(apart).then(pl.lit("none"))
    return joined.with_columns(
        target=pl.when(~apart).then("target"),
        band=band.when(auto).then(pl.lit("review")).otherwise("band"),
        reasons=reworded(verdict),
    ).select(links.columns)
