"""Character 3-gram tf-idf with sparse_dot_topn: the plain way, and with previous names and the postcode."""

from __future__ import annotations

import numpy as np
import polars as pl
from sklearn.feature_extraction.text import TfidfVectorizer
from sparse_dot_topn import sp_matmul_topn

from benchmarks.linkage.peers.tidy import register_names, tidy_name, tidy_postcode

SAME_POSTCODE, SAME_OUTWARD, OTHER_AREA = 0.25, 0.06, -0.05
"""What the place adds to a cosine; the usual hand-set values."""


def _neighbours(register: pl.DataFrame, queries: pl.DataFrame, top: int) -> pl.DataFrame:
    """The nearest names: id, company_number, cosine, postcode, query_postcode."""
    vectoriser = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3), sublinear_tf=True, dtype=np.float32)
    names = register.select(tidy_name("name"))["name"].to_list()
    matrix = vectoriser.fit_transform(names)
    asked = vectoriser.transform(queries.select(tidy_name("name"))["name"].to_list())
    found = sp_matmul_topn(asked, matrix.T.tocsr(), top_n=top, threshold=0.1, n_threads=2).tocoo()
    return pl.DataFrame(
        {
            "id": queries["id"].gather(found.row),
            "company_number": register["company_number"].gather(found.col),
            "cosine": found.data,
            "postcode": register.select(tidy_postcode("postcode"))["postcode"].gather(found.col),
            "query_postcode": queries.select(tidy_postcode("postcode"))["postcode"].gather(found.row),
        }
    )


def _best(pairs: pl.DataFrame) -> pl.DataFrame:
    best = pairs.sort("score", "company_number", descending=[True, False])
    return best.unique("id", keep="first", maintain_order=True).select("id", "company_number", "score")


def link(register: pl.DataFrame, queries: pl.DataFrame, labels_tune: pl.DataFrame) -> pl.DataFrame:
    """Link each query to the company with the nearest name; no labels are needed."""
    return _best(_neighbours(register, queries, 1).rename({"cosine": "score"}))


def link_with_postcode(register: pl.DataFrame, queries: pl.DataFrame, labels_tune: pl.DataFrame) -> pl.DataFrame:
    """As ``link``, over current and previous names, choosing among the twenty nearest with a bonus for the postcode."""
    pairs = _neighbours(register_names(register), queries, 20)
    here, there = pl.col("postcode"), pl.col("query_postcode")
    bonus = (
        pl.when(here == there)
        .then(SAME_POSTCODE)
        .when(here.str.head(here.str.len_chars() - 3) == there.str.head(there.str.len_chars() - 3))
        .then(SAME_OUTWARD)
        .when(here.str.extract(r"^([A-Z]+)") != there.str.extract(r"^([A-Z]+)"))
        .then(OTHER_AREA)
        .otherwise(0.0)
    )
    return _best(pairs.with_columns(score=pl.col("cosine") + bonus))
