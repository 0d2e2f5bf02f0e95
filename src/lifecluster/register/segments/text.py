"""Words in names and descriptions: one plain form for texts and phrases, and all phrases found in one pass."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

FIELDS = ("name", "other_names", "description")


def plain_text(text: pl.Expr) -> pl.Expr:
    """Lower case, no accents, possessive `'s` dropped, everything else than letters and digits one space.

    The result starts and ends with a space, so that ` word ` finds whole words.
    """
    lowered = text.str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_lowercase()
    joined = lowered.str.replace_all(r"['’`]s\b", "").str.replace_all(r"['’`]", "")
    spaced = joined.str.replace_all("&", " and ", literal=True).str.replace_all(r"[^\p{L}\p{N}]+", " ")
    return pl.concat_str(pl.lit(" "), spaced.str.strip_chars(), pl.lit(" "))


def patterns(phrases: Iterable[str]) -> pl.DataFrame:
    """`phrase` and the `pattern` that finds it in plain text; a `*` at an end leaves that end of the word open."""
    frame = pl.DataFrame({"phrase": sorted(set(phrases))}, schema={"phrase": pl.String})
    bare = plain_text(pl.col("phrase").str.strip_prefix("*").str.strip_suffix("*")).str.strip_chars()
    left = pl.when(pl.col("phrase").str.starts_with("*")).then(pl.lit("")).otherwise(pl.lit(" "))
    right = pl.when(pl.col("phrase").str.ends_with("*")).then(pl.lit("")).otherwise(pl.lit(" "))
    return frame.with_columns(pattern=pl.concat_str(left, bare, right))


def _texts(organisations: pl.DataFrame) -> pl.DataFrame:
    """Long form: row, field, plain text; other names one row each, so that no phrase runs across two names."""
    parts = [
        organisations.select("row", field=pl.lit(field), text=pl.col(field)).drop_nulls("text")
        for field in FIELDS
        if field != "other_names"
    ]
    listed = organisations.select("row", field=pl.lit("other_names"), text=pl.col("other_names"))
    parts.insert(1, listed.explode("text", empty_as_null=True).drop_nulls("text"))
    return pl.concat(parts).select("row", "field", text=plain_text(pl.col("text")))


def find_phrases(organisations: pl.DataFrame, phrases: Iterable[str]) -> pl.DataFrame:
    """Which phrases occur where, in one pass over the texts whatever the number of phrases (Aho-Corasick).

    Parameters: `organisations` with row, name, other_names (list), description; `phrases` as written in a definition.
    Returns: row, field, phrase; each combination once.
    """
    table = patterns(phrases)
    if table.is_empty():
        return pl.DataFrame(schema={"row": organisations.schema["row"], "field": pl.String, "phrase": pl.String})
    wanted = table["pattern"].unique().sort().to_list()
    hits = (
        _texts(organisations)
        .select("row", "field", pattern=pl.col("text").str.extract_many(wanted, overlapping=True))
        .filter(pl.col("pattern").list.len() > 0)
        .explode("pattern")
        .unique()
    )
    return hits.join(table, on="pattern").select("row", "field", "phrase").unique()
