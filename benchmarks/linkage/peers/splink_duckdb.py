"""Splink 5 on DuckDB: m from labels, u from a large random sample, previous names, one address comparison.

What was done to give it its best: legal forms removed; every previous name a record of its own; trading-as and
bracketed parts of a query records of their own; the rarest word with a term-frequency adjustment; seven blocking
rules; and one comparison for the whole address (separate ones count the same evidence several times, and then
a second site of the right company is lost).
"""

from __future__ import annotations

from collections import Counter

import duckdb
import polars as pl
import splink.comparison_level_library as level
import splink.comparison_library as comparison
from rapidfuzz.distance import JaroWinkler
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from benchmarks.linkage.peers.tidy import register_names, tidy_name, tidy_postcode

MANY = 3000
"""A second word as frequent as this in the register does not help to find candidates."""
_PARTS = r"(?:\s+(?:T/AS?|TA|TRADING AS|DBA|-)\s+|\s*[()]+\s*)"


def link(register: pl.DataFrame, queries: pl.DataFrame, labels_tune: pl.DataFrame) -> pl.DataFrame:
    """Link with u estimated from 1e8 random pairs."""
    return _link(register, queries, labels_tune, max_pairs=1e8)


def link_quick(register: pl.DataFrame, queries: pl.DataFrame, labels_tune: pl.DataFrame) -> pl.DataFrame:
    """Link with u estimated from 1e7 random pairs."""
    return _link(register, queries, labels_tune, max_pairs=1e7)


def _link(register: pl.DataFrame, queries: pl.DataFrame, labels: pl.DataFrame, *, max_pairs: float) -> pl.DataFrame:
    companies = _records(register_names(register).rename({"company_number": "key"}))
    asked = _records(_query_parts(queries.rename({"id": "key"})))
    frequency = Counter(word for words in companies["words"].to_list() for word in words)
    companies, asked = _rarest(companies, frequency), _rarest(asked, frequency)
    # An acronym is in the query, its full name in the register, so each side offers its own column to the rule.
    companies = companies.with_columns(short=pl.Series(_acronyms(companies), dtype=pl.List(pl.String)))
    asked = asked.with_columns(short=pl.concat_list("compact"))
    api = DuckDBAPI(connection=duckdb.connect())
    tables = [
        api.register(frame.to_arrow(), table_name=name) for name, frame in (("asked", asked), ("companies", companies))
    ]
    linker = Linker(tables, _settings(1 / companies.height), log_level=30)
    linker.training.estimate_u_using_random_sampling(max_pairs=max_pairs, seed=1, min_count_per_level=None)
    pairs = api.register(_labelled_pairs(labels, asked, companies).to_arrow(), table_name="true_pairs")
    linker.training.estimate_m_from_pairwise_labels(pairs)  # type: ignore[no-untyped-call]  # untyped in Splink 5.0
    found = linker.inference.predict(threshold_match_weight=-12.0)
    columns = "key_l, key_r, source_dataset_l, match_weight"
    return _best(api.duckdb_con.sql(f"select {columns} from {found.physical_name}").pl())


def _query_parts(queries: pl.DataFrame) -> pl.DataFrame:
    """The query as a whole and, where it has a trading-as or a bracket, each part."""
    parts = queries.with_columns(name=pl.col("name").str.to_uppercase().str.replace_all(_PARTS, "\n").str.split("\n"))
    parts = parts.filter(pl.col("name").list.len() > 1).explode("name").filter(pl.col("name").str.len_chars() > 3)
    return pl.concat([queries, parts])


def _records(frame: pl.DataFrame) -> pl.DataFrame:
    frame = frame.select(
        "key",
        pl.int_range(pl.len()).cast(pl.String).alias("unique_id"),
        tidy_name("name").alias("name"),
        tidy_postcode("postcode").alias("postcode"),
        pl.col("town").str.to_uppercase().alias("town"),
        pl.col("address").str.extract(r"(\d+)[A-Ca-c]?(?:-\d+)? [A-Za-z]").alias("number"),
    )
    words = pl.col("name").str.split(" ")
    postcode = pl.col("postcode")
    return frame.with_columns(
        words=words,
        compact=pl.col("name").str.replace_all(" ", ""),
        start=pl.col("name").str.replace_all(" ", "").str.head(6),
        end=pl.col("name").str.replace_all(" ", "").str.tail(8),
        outward=postcode.str.head(postcode.str.len_chars() - 3),
        area=postcode.str.extract(r"^([A-Z]+)"),
        town=pl.when(pl.col("town").str.len_chars() > 0).then(pl.col("town")),
    )


def _rarest(frame: pl.DataFrame, frequency: Counter[str]) -> pl.DataFrame:
    """Add the rarest word of each name that the register knows, the two rarest together, and both as a list."""

    def rank(word: str) -> tuple[bool, int, str]:
        return len(word) < 3, frequency[word] or 10**9, word

    ranked = [sorted(set(words), key=rank) for words in frame["words"].to_list()]
    second = [words[:1] + [w for w in words[1:2] if frequency[w] < MANY] for words in ranked]
    return frame.with_columns(
        rare=pl.Series([words[0] for words in ranked]),
        pair=pl.Series([" ".join(sorted(words[:2])) if len(words) > 1 else None for words in ranked]),
        keys=pl.Series(second),
    )


def _acronyms(companies: pl.DataFrame) -> list[list[str]]:
    """The initials of each name, and the initials of all but its last word with that word."""
    result = []
    for words in companies["words"].to_list():
        full = [w for w in words if w not in {"AND", "OF", "THE", "FOR", "IN"}]
        letters = "".join(w[0] for w in full)
        result.append([letters, letters[:-1] + full[-1]] if len(full) > 2 else [])
    return result


def _settings(prior: float) -> SettingsCreator:
    shared = "len(list_intersect(words_l, words_r))"
    name = comparison.CustomComparison(
        output_column_name="name",
        comparison_levels=[
            level.NullLevel("name"),
            level.CustomLevel("name_l = name_r or compact_l = compact_r", "same name"),
            level.CustomLevel("jaro_winkler_similarity(name_l, name_r) >= 0.96", "JW 0.96"),
            level.CustomLevel(f"{shared} = len(words_l) and {shared} = len(words_r)", "same words, other order"),
            level.CustomLevel(f"{shared} >= least(len(words_l), len(words_r)) and rare_l = rare_r", "part").configure(
                tf_adjustment_column="rare", disable_tf_exact_match_detection=True
            ),
            level.CustomLevel("list_has_any(short_l, short_r)", "acronym"),
            level.CustomLevel("jaro_winkler_similarity(name_l, name_r) >= 0.90 ", "JW 0.90"),
            level.CustomLevel("rare_l = rare_r", "rarest word").configure(
                tf_adjustment_column="rare", disable_tf_exact_match_detection=True
            ),
            level.CustomLevel(f"{shared} * 2 >= greatest(len(words_l), len(words_r))", "half of the words"),
            level.CustomLevel("jaro_winkler_similarity(name_l, name_r) >= 0.80", "JW 0.80"),
            level.ElseLevel(),
        ],
    )
    address = comparison.CustomComparison(
        output_column_name="address",
        comparison_levels=[
            level.CustomLevel(
                "(postcode_l is null or postcode_r is null) and (town_l is null or town_r is null)", "no place"
            ).configure(is_null_level=True),
            level.CustomLevel("postcode_l = postcode_r and number_l = number_r", "postcode and number").configure(
                tf_adjustment_column="postcode", disable_tf_exact_match_detection=True
            ),
            level.CustomLevel("postcode_l = postcode_r", "postcode").configure(
                tf_adjustment_column="postcode", disable_tf_exact_match_detection=True
            ),
            level.CustomLevel("damerau_levenshtein(postcode_l, postcode_r) <= 1 and number_l = number_r", "typo"),
            level.CustomLevel("outward_l = outward_r", "outward code"),
            level.CustomLevel("area_l = area_r or town_l = town_r", "area or town"),
            level.ElseLevel(),
        ],
    )
    return SettingsCreator(
        link_type="link_only",
        comparisons=[name, address],
        blocking_rules_to_generate_predictions=[
            *(block_on(column) for column in ("compact", "pair", "postcode", "start", "end")),
            block_on("keys", arrays_to_explode=["keys"]),
            block_on("short", arrays_to_explode=["short"]),
        ],
        probability_two_random_records_match=prior,
        additional_columns_to_retain=["key"],
        retain_matching_columns=False,
    )


def _labelled_pairs(labels: pl.DataFrame, asked: pl.DataFrame, companies: pl.DataFrame) -> pl.DataFrame:
    """For each label the two records, among parts and previous names, whose names are most alike."""
    pairs = labels.drop_nulls("company_number").filter(pl.col("company_number") != "")
    pairs = pairs.join(asked.select(id="key", asked="unique_id", asked_name="name"), on="id")
    known = companies.select(company_number="key", known="unique_id", known_name="name")
    pairs = pairs.join(known, on="company_number")
    alike = [JaroWinkler.similarity(a, b) for a, b in pairs.select("asked_name", "known_name").rows()]
    pairs = pairs.with_columns(alike=pl.Series(alike)).sort("alike", descending=True)
    return pairs.unique("id", keep="first", maintain_order=True).select(
        source_dataset_l=pl.lit("asked"),
        unique_id_l="asked",
        source_dataset_r=pl.lit("companies"),
        unique_id_r="known",
    )


def _best(found: pl.DataFrame) -> pl.DataFrame:
    left_asks = pl.col("source_dataset_l") == "asked"
    found = found.select(
        id=pl.when(left_asks).then("key_l").otherwise("key_r"),
        company_number=pl.when(left_asks).then("key_r").otherwise("key_l"),
        score="match_weight",
    )
    found = found.sort("score", "company_number", descending=[True, False])
    return found.unique("id", keep="first", maintain_order=True)
