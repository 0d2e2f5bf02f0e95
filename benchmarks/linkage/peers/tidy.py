"""The cleaning that every peer gets, so that none loses for want of an upper-case call."""

from __future__ import annotations

import polars as pl

_FORMS = r"\b(?:LIMITED|LTD|PLC|LLP|CIC|C I C|INC|P L C|LIMITED LIABILITY PARTNERSHIP|PUBLIC LIMITED COMPANY)\b"


def tidy_name(column: str) -> pl.Expr:
    """Upper case, ``&`` as AND, letters and digits only, no legal form, accents or leading THE."""
    text = pl.col(column).str.to_uppercase().str.normalize("NFKD").str.replace_all(r"\p{M}", "")
    text = text.str.replace_all("&", " AND ", literal=True)
    text = text.str.replace_all(r"['.’]", "").str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars()
    bare = text.str.replace_all(_FORMS, " ").str.replace_all(r" +", " ").str.strip_chars()
    bare = bare.str.replace(r"^THE ", "").str.replace(r" (?:AND )?(?:CO|COMPANY)$", "")
    return pl.when(bare.str.len_chars() > 0).then(bare).otherwise(text)


def tidy_postcode(column: str) -> pl.Expr:
    """Upper case without spaces; null where there is none."""
    text = pl.col(column).cast(pl.String).str.to_uppercase().str.replace_all(r"[^A-Z0-9]", "")
    return pl.when(text.str.len_chars() >= 5).then(text)


def register_names(register: pl.DataFrame) -> pl.DataFrame:
    """One row per current or previous name: company_number, name, and the company's other columns."""
    previous = register.explode("previous_names").drop_nulls("previous_names")
    previous = previous.with_columns(name=pl.col("previous_names")).drop("previous_names")
    return pl.concat([register.drop("previous_names"), previous])
