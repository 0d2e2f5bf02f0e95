"""Links as they stand after clustering; the last reason says who or what decided: a rule, a person, an identifier."""

from __future__ import annotations

import polars as pl

VERDICT = r"(^| \| )(?:taken|to review): .*$"
"""The last reason of a link: the rule that gave its band."""
UNSURE = "to review: a person looked and was unsure"
DIFFERENT = "a person judged them different"
SAME = "taken: a person judged them the same"
THROUGH_OTHERS = "taken: other records of the organisation join the two"


def reworded(verdict: pl.Expr) -> pl.Expr:
    """`reasons` with another verdict at their end; they stay as they are where `verdict` is null."""
    bare = pl.col("reasons").str.replace(VERDICT, "").replace("", None)
    whole = pl.concat_str(bare, verdict, separator=" | ", ignore_nulls=True)
    return pl.when(verdict.is_not_null()).then(whole).otherwise("reasons")


def noted(note: pl.Expr) -> pl.Expr:
    """`reasons` with a note (null: none) put before the verdict."""
    verdict = pl.col("reasons").str.extract(r"((?:taken|to review): .*)$")
    bare = pl.col("reasons").str.replace(VERDICT, "").replace("", None)
    whole = pl.concat_str(bare, note, verdict, separator=" | ", ignore_nulls=True)
    return pl.when(note.is_not_null()).then(whole).otherwise("reasons")


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


def as_decided(
    links: pl.DataFrame, clusters: pl.DataFrame, *, ids: pl.DataFrame, same: pl.DataFrame, different: pl.DataFrame,
    conflicts: pl.DataFrame,
) -> pl.DataFrame:  # fmt: skip
    """Links as they stand: a pair that was put together is auto, one judged different is none, and one that the machine
    was sure of but that a constraint forbids waits in review. What the machine did not decide says who did.

    Parameters: `links` (`record`, `target`, `band`, `reasons`, …), `clusters` (`record`, `cluster`), `ids` (`record`,
    `hard_ids`), judged pairs `same` and `different` (`left`, `right`), `conflicts` of the clustering.
    """
    refused = conflicts.filter(pl.col("link") == "machine").select("left", "right", refused="reason")
    joined = paired(links)
    for pairs, mark in ((same, "judged_same"), (different, "judged_different")):
        marks = pairs.select("left", "right", pl.lit(value=True).alias(mark)).unique()
        joined = joined.join(marks, on=["left", "right"], how="left", maintain_order="left")
    joined = joined.join(refused.unique(["left", "right"], keep="first", maintain_order=True), on=["left", "right"],
                         how="left", maintain_order="left")  # fmt: skip
    for side, cluster, stated in (("record", "_c", "_ids"), ("target", "_t", "_theirs")):
        about = clusters.join(ids, on="record").select(
            pl.col("record").alias(side), pl.col("cluster").alias(cluster), pl.col("hard_ids").alias(stated)
        )
        joined = joined.join(about, on=side, how="left", maintain_order="left")
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
