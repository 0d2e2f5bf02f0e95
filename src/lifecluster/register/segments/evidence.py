"""Where the evidence of the definitions is found among the organisations: one row per finding, all by joins."""

from __future__ import annotations

import polars as pl

from lifecluster.register.segments.rules import Rules
from lifecluster.register.segments.text import find_phrases

LISTS = {"registers": "sources", "organisation_types": "organisation_type", "licences": "licence_type"}
FOUND = ("row", "definition", "node", "kind", "value", "weight", "detail")
_FIELD_NAMES = {"name": "name", "other_names": "other name", "description": "description"}


def _sic_hits(organisations: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Per node, every code with its most specific prefix; prefixes of one node do not add up."""
    codes = organisations.select("row", code="sic").explode("code", empty_as_null=True).drop_nulls("code")
    distinct = codes.select("code").unique()
    entries = rules.entries.filter(pl.col("field") == "sic")
    parts = [
        distinct.with_columns(value=pl.col("code").str.slice(0, length)).join(
            entries.filter(pl.col("value").str.len_chars() == length), on="value"
        )
        for length in range(2, 6)
    ]
    longest = pl.col("value").str.len_chars()
    matches = pl.concat(parts).sort(longest, descending=True).unique(["code", "definition", "node"], keep="first")
    found = codes.join(matches, on="code")
    return found.select("row", "definition", "node", "kind", "weight", value=pl.col("code"), detail=pl.col("value"))


def _word_hits(organisations: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Every phrase once per node, with the weight of the place where it counts most."""
    entries = rules.entries.filter(pl.col("field").is_in(["words", "name_words"])).rename({"field": "list"})
    entries = entries.join(rules.models, on="definition")
    found = find_phrases(organisations, entries["value"].to_list()).join(entries, left_on="phrase", right_on="value")
    found = found.filter((pl.col("list") == "words") | (pl.col("field") != "description"))
    factor = pl.when(pl.col("field") == "description").then("description_factor").otherwise(1.0)
    weighted = found.with_columns(weight=pl.col("weight") * factor, detail=pl.col("field").replace(_FIELD_NAMES))
    order = weighted.sort(pl.col("weight").abs(), "detail", descending=[True, False])
    best = order.unique(["row", "definition", "node", "phrase"], keep="first")
    return best.select("row", "definition", "node", "kind", "weight", "detail", value="phrase")


def _list_hits(organisations: pl.DataFrame, rules: Rules, field: str) -> pl.DataFrame:
    held = (
        organisations.select("row", value=LISTS[field])
        .explode("value", empty_as_null=True)
        .drop_nulls("value")
        .unique()
    )
    found = held.join(rules.entries.filter(pl.col("field") == field), on="value")
    return found.select("row", "definition", "node", "kind", "value", "weight", detail=pl.lit(LISTS[field]))


def _stated_hits(organisations: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Per node, every segment code that is stated, with the longest entry that begins it."""
    codes = organisations.select("row", code="segment").explode("code", empty_as_null=True).drop_nulls("code")
    codes = codes.with_columns(pl.col("code").str.strip_chars().str.to_uppercase()).unique()
    entries = rules.entries.filter(pl.col("field") == "stated")
    fits = codes.select("code").unique().join_where(entries, pl.col("code").str.starts_with(pl.col("value")))
    length = pl.col("value").str.len_chars()
    best = fits.sort(length, descending=True).unique(["code", "definition", "node"], keep="first")
    found = codes.join(best, on="code")
    return found.select("row", "definition", "node", "kind", "weight", value=pl.col("code"), detail=pl.col("value"))


def find_evidence(organisations: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """All findings: row, definition, node, kind, value, weight, detail.

    `detail` is the SIC prefix or the beginning of a stated segment code that matched, the field in which a phrase
    stands, or the column of a register or licence.
    Only organisations with evidence that opens a segment (`lead` of the model) are kept: counter-evidence and
    companions alone have nothing to argue about.
    """
    parts = [hits(organisations, rules) for hits in (_sic_hits, _word_hits, _stated_hits)]
    parts += [_list_hits(organisations, rules, field) for field in LISTS]
    found = pl.concat([part.select(FOUND) for part in parts])
    leads = found.join(rules.models.select("definition", "lead"), on="definition")
    argued = leads.filter(pl.col("weight") >= pl.col("lead"), pl.col("weight") > 0).select("row", "definition").unique()
    return found.join(argued, on=["row", "definition"], how="semi")
