"""Postcodes of the United Kingdom as text: shape, outward and inward part, area."""

from __future__ import annotations

import polars as pl

SHAPE = r"^[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}$"
"""A tidy postcode: outward part, one space, inward part. Says nothing about whether Royal Mail has issued it.
Source: https://www.gov.uk/government/publications/bulk-data-transfer-for-sponsors-xml-schema (the outline of the
pattern that government systems use)."""
INWARD_LETTERS = "[ABD-HJLNP-UW-Z]"
"""Letters of the inward part; C, I, K, M, O and V are never used there."""


PSEUDO = "^ZZ99 "
"""Beginning of tidy postcodes that stand for no place: unknown, abroad, of no fixed abode. Source: NHS Data Dictionary,
pseudo postcodes (postcode, default and pseudo country codes)."""


def tidy(text: pl.Series) -> pl.Series:
    """Upper case with one space before the last three characters; null where it has not the shape of a postcode."""
    odd = ~text.str.contains(SHAPE).fill_null(True)
    if not odd.any():
        return text
    # Nearly all are tidy already; only the others are worth the work.
    return text.clone().scatter(odd.arg_true(), _shaped(text.filter(odd)))


def _shaped(text: pl.Series) -> pl.Series:
    squeezed = text.str.to_uppercase().str.replace_all(r"[^A-Z0-9]", "")
    shaped = squeezed.str.replace(r"^([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})$", "$1 $2")
    return shaped.set(~shaped.str.contains(" ", literal=True), None)


def tidy_one(text: str) -> str | None:
    """`tidy` for one value."""
    value: str | None = tidy(pl.Series([text], dtype=pl.String))[0]
    return value


def outward(postcode: pl.Expr) -> pl.Expr:
    """Outward part of tidy postcodes: `S11` of `S11 9PA`."""
    return postcode.str.split(" ").list.first()


def placed(postcode: pl.Expr) -> pl.Expr:
    """Tidy postcodes without those that stand for no place (ZZ99 and an inward part)."""
    return pl.when(~postcode.str.contains(PSEUDO)).then(postcode)


def area(postcode: pl.Expr) -> pl.Expr:
    """Postcode area, the leading letters: `S` of `S11 9PA`."""
    return postcode.str.extract(r"^([A-Z]{1,2})[0-9]")


def issuable(postcode: pl.Expr) -> pl.Expr:
    """Whether a tidy postcode could have been issued: no letter in its inward part that is never used there."""
    return postcode.str.contains(rf" [0-9]{INWARD_LETTERS}{{2}}$")
