"""Mass-registration addresses: where a formation agent is, not where people work."""

from __future__ import annotations

import polars as pl

THRESHOLD = 50
"""More registrations than this at one postcode and number make a hub."""

NUMBER = r"(?i)(?:^|,\s*|\s)(\d{1,5}[a-z]?(?:\s*-\s*\d{1,5}[a-z]?)?)\s+[a-z]"
"""The number of the building: the last number that a word follows (`UNIT 5, 12 HIGH STREET` is number 12)."""


def street_number(address: pl.Expr) -> pl.Expr:
    """Number of the building in an address, lower case; null where the address has none or is missing."""
    return (
        address.str.extract_all(NUMBER)
        .list.last()
        .str.extract(r"(\d{1,5}[A-Za-z]?(?:\s*-\s*\d{1,5}[A-Za-z]?)?)")
        .str.to_lowercase()
    )


def mark(companies: pl.DataFrame) -> pl.Series:
    """Whether each company is registered at a hub.

    Parameters: `companies` columns `postcode` and `address` (both may be null). Companies whose address gives no number
    are counted together within their postcode. Without a postcode nothing is said (false).
    """
    number = street_number(pl.col("address").cast(pl.String))
    counted = companies.select("postcode", number=number).select(
        hub=(pl.len().over("postcode", "number") > THRESHOLD) & pl.col("postcode").is_not_null()
    )
    return counted["hub"]
