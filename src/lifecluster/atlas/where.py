"""Where a hot spot is, in names that people use: district, town, outward codes, and whether it is one address."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

import polars as pl

from lifecluster.places.areas import area_name
from lifecluster.places.spoken import listed
from lifecluster.register.package import Package

MOST = 0.2
"""Share of the members from which a district, a town or an outward code is named."""


def where(package: Package, cases: pl.DataFrame, members: Collection[str]) -> dict[str, Any]:
    """Of the organisations `members`: place in words, districts, towns, outwards, one_postcode and
    one_address (None: several).

    `cases` the companies of the region that count, with district and coordinates. Names come most frequent first.
    """
    mine = cases.filter(pl.col("organisation").is_in(sorted(members)))
    own = package.table("organisations").filter(pl.col("id").is_in(sorted(members)))
    post = package.table("universe").filter(pl.col("organisation").is_in(sorted(members)))
    found = {
        "districts": _frequent([area_name(code) or code for code in mine["lad"].drop_nulls().to_list()]),
        "towns": _frequent([_town(row.get("registered_town") or row.get("town")) for row in own.iter_rows(named=True)]),
        "outwards": _frequent([str(row["postcode"]).split()[0] for row in post.iter_rows(named=True)
                               if row.get("postcode")]),
        "one_postcode": _only([row.get("postcode") for row in post.iter_rows(named=True)]),
        "one_address": one_address([(row.get("registered_address"), row.get("registered_postcode"))
                                    for row in own.iter_rows(named=True)]),
    }  # fmt: skip
    return {"place": spoken_place(found), **found}


def _town(text: str | None) -> str:
    return (text or "").strip().title() if (text or "").isupper() else (text or "").strip()


def _frequent(names: Sequence[str]) -> list[str]:
    counts = Counter(name for name in names if name)
    most = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return [name for name, n in most if n >= MOST * sum(counts.values())][:3]


def _only(postcodes: Sequence[str | None]) -> str | None:
    """The postcode that two or more share; None where one differs or is not known."""
    return postcodes[0] if len(postcodes) > 1 and len(set(postcodes)) == 1 else None


def one_address(rows: Sequence[tuple[str | None, str | None]]) -> str | None:
    """The address (address, postcode) that all share, however it is written; None where one differs or is not known."""
    keys = {re.sub(r"[^a-z0-9]", "", f"{a or ''}{p or ''}".lower()) if a and p else None for a, p in rows}
    if len(rows) < 2 or len(keys) != 1 or None in keys:
        return None
    return f"{rows[0][0]}, {rows[0][1]}"


def spoken_place(found: dict[str, Any]) -> str:
    """Where it is, in words: towns within districts, and the outward codes."""
    districts, towns = found["districts"], [t for t in found["towns"] if t not in found["districts"]]
    names = listed(districts) or "a district that is not known"
    if towns:
        names = f"{listed(towns)} ({names})"
    if found["one_address"]:
        return f"{names}, all at one address: {found['one_address']}"
    if found["one_postcode"]:
        return f"{names}, all at one postcode: {found['one_postcode']}"
    return f"{names}, {', '.join(found['outwards'])}" if found["outwards"] else names
