"""Why a row of the exchange layout cannot be used. Each check gives the frame with `_why`: null, or the reason.

A reason is `column<tab>words`, or `column<tab>words with {}<tab>what the row says`: what a row says is shown only where
the row is public.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from lifecluster.policy.visibility import Visibility
from lifecluster.reference.properties import vocabulary

Check = Callable[[pl.DataFrame], pl.DataFrame]
DATES = ("observed_on", "valid_from", "valid_to")
SUBJECT = ("kind", "key", "property")


def _first(*tests: tuple[pl.Expr, str, str, pl.Expr | None]) -> pl.Expr:
    """The first reason that holds; each test has its column, words, and what is quoted in them."""
    whys = []
    for test, field, words, quoted in tests:
        parts = [pl.lit(f"{field}\t{words}")] + ([pl.lit("\t"), quoted] if quoted is not None else [])
        whys.append(pl.when(test.fill_null(False)).then(pl.concat_str(parts, ignore_nulls=True)))
    return pl.coalesce(whys)


def known(values: pl.DataFrame) -> pl.DataFrame:
    """Reasons of words that the vocabulary does not have; properties borne by the kind pass."""
    words = vocabulary()
    bears = [f"{kind} {name}" for kind in words.kinds for name in words.of(kind)]
    pair = pl.concat_str("kind", pl.lit(" "), "property")
    levels = [level.label for level in Visibility]
    prop, kind, seen_by = pl.col("property"), pl.col("kind"), pl.col("visibility")
    of = pl.concat_str("property", pl.lit(" is no property of "), "kind")
    return values.with_columns(_why=_first(
        *((pl.col(c).is_null(), c, "is empty", None) for c in ("kind", "key", "property", "value")),
        (~kind.is_in(list(words.kinds)), "kind", "there is no kind {}", kind),
        (~prop.is_in(list(words.properties)), "property", "there is no property {}", prop),
        (~pair.is_in(bears), "property", "{}", of),
        (seen_by.is_not_null() & ~seen_by.is_in(levels), "visibility", "is none of " + ", ".join(levels), None),
    ))  # fmt: skip


def dated(values: pl.DataFrame) -> pl.DataFrame:
    """Reasons of dates that are none, that do not follow each other, or that lie after the day of the build (`_at`)."""
    tests: list[tuple[pl.Expr, str, str, pl.Expr | None]] = []
    for name in DATES:
        parsed = pl.col(name).str.strptime(pl.Date, "%Y-%m-%d", strict=False)
        values = values.with_columns(parsed.alias(f"_{name}"))
        wrong = pl.col(name).is_not_null() & pl.col(f"_{name}").is_null()
        tests.append((wrong, name, "{} is no date (YYYY-MM-DD)", pl.col(name)))
    at = pl.col("_at").cast(pl.String)
    tests.append((pl.col("_valid_to") < pl.col("_valid_from"), "valid_to", "is before valid_from", None))
    tests.append((pl.col("_observed_on") > pl.col("_at"), "observed_on", "lies after {}, the day of the build", at))
    return values.with_columns(_why=_first(*tests))


def parsed(values: pl.DataFrame) -> pl.DataFrame:
    """The dates as dates, once rows whose dates are none were put aside (as they were written)."""
    return values.with_columns(pl.col(f"_{name}").alias(name) for name in DATES).drop([f"_{name}" for name in DATES])


def repeats(values: pl.DataFrame) -> pl.DataFrame:
    """Reasons of rows that say the same of the same with the same dates for the same eyes as an earlier one."""
    said = [*SUBJECT, "_text", *DATES, pl.col("visibility").fill_null(Visibility.PUBLIC.label).alias("_eyes")]
    marked = values.with_columns(
        _again=pl.int_range(pl.len()).over(said) > 0, _first=pl.col("row").first().over(said).cast(pl.String)
    )
    why = _first((pl.col("_again"), "value", "repeats the value of row {}", pl.col("_first")))
    return marked.with_columns(_why=why).drop("_again", "_first")


def refer(values: pl.DataFrame) -> pl.DataFrame:
    """Reasons of references whose subject has no row left; a subject may vanish with its only row, so repeat."""
    refs = [name for name, prop in vocabulary().properties.items() if prop.type == "ref"]
    is_ref = pl.col("property").is_in(refs)
    subject = pl.concat_str("kind", pl.lit(":"), "key")
    left, dangling = values, values.clear()
    while True:
        gone = left.filter(is_ref & ~pl.col("_text").is_in(left.select(subject.alias("s"))["s"].implode()))
        if gone.is_empty():
            break
        dangling = pl.concat([dangling, gone])
        left = left.join(gone.select("_n"), on="_n", how="anti", maintain_order="left")
    lost = pl.col("_n").is_in(dangling["_n"].implode())
    return values.with_columns(_why=_first((lost, "value", "there are no rows for {}", pl.col("_text"))))
