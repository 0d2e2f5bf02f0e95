"""Rows without a key that were edited: their record has a new name, and is still what it was.

A row without a key is named by a fingerprint of what it says, so a corrected postcode makes another record of it. Where
one row of a source left and one came that has the same name, and no other row there has it, or the same postcode and a
name that differs little, the ledger learns the new name before ids are given. Nothing else is guessed: of two rows with
one name, and of a new name at a new place, nobody can tell, and an id must never come to mean another.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl
from rapidfuzz import fuzz

from lifecluster.register.ledger import Ledger
from lifecluster.register.package import Package
from lifecluster.register.rebind import KEYLESS, words

SAID = pl.Schema({"record": pl.String, "name": pl.String, "postcode": pl.String})
"""What a row said of itself."""
ALIKE = 85
"""How alike (0 to 100) two names at one postcode are to be those of one row."""


def said_before(package: Package) -> pl.DataFrame:
    """What records of organisations said in a package: a frame of `SAID`."""
    told = package.scan("statements").filter(
        pl.col("kind") == "organisation", pl.col("property").is_in(["name", "postcode", "registered_postcode"]),
        pl.col("record").str.contains(KEYLESS),
    )  # fmt: skip
    rows = told.select("record", "property", "value").collect().sort("record", "property", "value")
    first = rows.unique(["record", "property"], keep="first", maintain_order=True)

    def of(name: str) -> pl.DataFrame:
        return first.filter(pl.col("property") == name).select("record", pl.col("value").alias(name))

    joined = first.select("record").unique(maintain_order=True)
    for name in ("name", "postcode", "registered_postcode"):
        joined = joined.join(of(name), on="record", how="left", maintain_order="left")
    return joined.select("record", "name", postcode=pl.coalesce("postcode", "registered_postcode"))


def successors(before: pl.DataFrame, now: pl.DataFrame, known: pl.Series) -> dict[str, str]:
    """Which record each record that left is now, for rows without a key.

    Parameters: `before`, `now` frames of `SAID`: all records then and now; `known` records that the ledger has seen.
    Returns old record -> new record; each at most once.
    """
    old = _prepared(before)
    new = _prepared(now)
    left = old.filter(~pl.col("record").is_in(now["record"].implode()))
    came = new.filter(~pl.col("record").is_in(known.implode()))
    by_name = ("source", "words")
    once = new.group_by(by_name).len().filter(pl.col("len") == 1).select(by_name)
    same = left.join(_single(came, by_name).join(once, on=by_name, how="semi"), on=by_name, suffix="_new")
    found = dict(_one_to_one(same).iter_rows())
    taken = pl.Series([*found, *found.values()], dtype=pl.String).implode()
    rest_left = left.filter(~pl.col("record").is_in(taken)).drop_nulls("postcode")
    rest_came = came.filter(~pl.col("record").is_in(taken)).drop_nulls("postcode")
    pairs = rest_left.join(rest_came, on=["source", "postcode"], suffix="_new")
    alike = [fuzz.token_sort_ratio(a, b) >= ALIKE for a, b in pairs.select("words", "words_new").iter_rows()]
    return found | dict(_one_to_one(pairs.filter(pl.Series(alike, dtype=pl.Boolean))).iter_rows())


def _prepared(said: pl.DataFrame) -> pl.DataFrame:
    """Rows without a key that have a name, with their source and the words of the name."""
    rows = said.filter(pl.col("record").str.contains(KEYLESS)).drop_nulls("name")
    told = pl.Series("words", [words(name) for name in rows["name"]], dtype=pl.String)
    return rows.with_columns(told, source=pl.col("record").str.split(":").list.first()).filter(pl.col("words") != "")


def _single(rows: pl.DataFrame, by: tuple[str, ...]) -> pl.DataFrame:
    """Rows that nothing else is like."""
    return rows.filter(pl.len().over(by) == 1)


def _one_to_one(pairs: pl.DataFrame) -> pl.DataFrame:
    """`record` and `record_new` of the pairs of which neither side is in another pair."""
    alone = (pl.len().over("record") == 1) & (pl.len().over("record_new") == 1)
    return pairs.filter(alone).select("record", "record_new").sort("record")


def succeed(ledger: Ledger, before: pl.DataFrame, now: pl.DataFrame) -> Ledger:
    """The ledger with records that were edited under their new names; see `successors` for the frames."""
    known = ledger.members["record_id"]
    live = ledger.members.filter("live").select(record="record_id")
    renamed = successors(before.join(live, on="record", how="semi"), now, known)
    if not renamed:
        return ledger
    members = ledger.members.with_columns(pl.col("record_id").replace(renamed))
    return replace(ledger, members=members)
