"""A second look at links by the postcodes where organisations work, not only where they are registered.

The scorer was trained on registered offices, and a site's postcode in place of one would tell it more than it learnt.
So a working postcode makes no link and strengthens none: it is a reason in words, and it brings a pair whose names are
near, and that would have been left alone, before a person.
"""

from __future__ import annotations

import polars as pl

from lifecluster.build.decided import noted
from lifecluster.register.linkage.index import Index
from lifecluster.register.linkage.link import BATCH, score_pairs

NEAR = 0.6
"""How much of the query's name the register's must meet (weighted share of words, or likeness of the whole)."""
WORKS = "postcode of a site where it works"
AT_WORK = pl.Schema({"company_number": pl.String, "postcode": pl.String})
"""Keys of the register that linkage searches, and the postcodes where they are known to work."""


def at_work(records: pl.DataFrame, sites: pl.DataFrame, register: pl.DataFrame) -> pl.DataFrame:
    """Where organisations of the register work, other than at the address that the register has: a frame of `AT_WORK`.

    Parameters: `records` as given by `records.organisations`; `sites` as by `place.sites`; `register` columns
    `company_number` (the key), `record`, `postcode`. A site is an organisation's if the record that holds it is the
    register's own or states the same company number.
    """
    keyed = pl.concat([
        register.select("record", "company_number"),
        records.select("record", "company_number").drop_nulls(),
    ]).unique()  # fmt: skip
    placed = pl.concat([
        sites.select(record="organisation_record", postcode="postcode"),
        records.filter(pl.col("address_is") == "working").select("record", "postcode"),
    ]).drop_nulls()  # fmt: skip
    known = register.select("company_number", registered="postcode")
    found = placed.join(keyed, on="record").join(known, on="company_number")
    elsewhere = pl.col("postcode").ne_missing(pl.col("registered"))
    return found.filter(elsewhere).select(AT_WORK.names()).unique().sort(AT_WORK.names())


def second_look(asked: pl.DataFrame, answers: pl.DataFrame, working: pl.DataFrame, index: Index) -> pl.DataFrame:
    """`answers` of linkage with what working postcodes add: a reason, and links to review that were none.

    Parameters: `asked` queries with `id`, `name`, `postcode` …; `answers` as given by `link`, one for each; `working`
    as given by `at_work`. No link in the bands `auto` and `review` changes but for its reasons.
    """
    if working.is_empty():
        return answers
    there = asked.select("id", "postcode").join(working, on="postcode")
    told = answers.join(there.select("id", "company_number", works=pl.lit(value=True)), on=["id", "company_number"],
                        how="left", maintain_order="left")  # fmt: skip
    told = told.with_columns(reasons=noted(pl.when("works").then(pl.lit(WORKS)))).drop("works")
    alone = told.filter(pl.col("band") == "none").join(there, on="id", how="semi")
    lifted = _lifted(asked.join(alone, on="id", how="semi"), there, index)
    return told.update(lifted, on="id", how="left") if lifted.height else told


def _lifted(asked: pl.DataFrame, there: pl.DataFrame, index: Index) -> pl.DataFrame:
    """The best pair of each query with an organisation that works at its postcode and has a name near it."""
    parts = [score_pairs(asked.slice(start, BATCH), index) for start in range(0, asked.height, BATCH)]
    if not parts:
        return pl.DataFrame(schema={"id": pl.String})
    near = pl.max_horizontal("cover_query", "strings") >= NEAR
    pairs = pl.concat(parts).filter(near).join(there, on=["id", "company_number"], how="semi")
    best = pairs.sort("id", "probability", "score", "company_number", descending=[False, True, True, False])
    best = best.unique("id", keep="first", maintain_order=True)
    return best.select(
        "id", "company_number", organisation_id=pl.lit("GB-COH-") + pl.col("company_number"),
        probability=pl.col("probability").cast(pl.Float64).round(4), band=pl.lit("review"),
        reasons=pl.format("{}, and a name that is near: {} | to review: not sure enough", pl.lit(WORKS), "name"),
    )  # fmt: skip
