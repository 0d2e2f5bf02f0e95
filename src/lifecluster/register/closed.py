"""What rows that are not public say: for whoever has the whole package, and for nobody else.

`linked_records` keeps the place of such a row without its words; the statements have them, each with its level, for the
rows of organisations that are in the register.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from lifecluster.register.package import Package

INSTEAD = {"postcode": "registered_postcode", "address": "registered_address", "town": "registered_town"}
"""What a row is placed by where it does not say where the organisation works."""
NAMES = ("name", *INSTEAD)
SAID = pl.Schema({"record": pl.String, "locator": pl.String, **dict.fromkeys(NAMES, pl.String)})
"""`locator` file and row (`file#row`) of the newest statement, and the words of a record of an organisation."""


def closed_frame(package: Package, records: Iterable[str]) -> pl.DataFrame:
    """What `records` say by their statements, whatever the level: a frame of `SAID`, by record.

    Of several editions of one row the newest speaks. A record that no statement is from has no row.
    """
    wanted = sorted(set(records))
    told = package.scan("statements").filter(
        pl.col("record").is_in(wanted), pl.col("kind") == "organisation",
        pl.col("property").is_in([*NAMES, *INSTEAD.values()]),
    )  # fmt: skip
    rows = told.select("record", "property", "value", "locator", "observed_on", "place").collect()
    newest = rows.sort("record", "property", "observed_on", "place", descending=[False, False, True, False],
                       nulls_last=True)  # fmt: skip
    first = newest.unique(["record", "property"], keep="first", maintain_order=True)
    answer = first.group_by("record", maintain_order=True).agg(
        pl.col("locator").sort_by(pl.col("property") != "name", maintain_order=True).first(),
        **{p: pl.col("value").filter(pl.col("property") == p).first() for p in (*NAMES, *INSTEAD.values())},
    )
    both = {p: pl.coalesce(p, INSTEAD.get(p, p)) for p in NAMES}
    return answer.select("record", "locator", **both).cast(SAID).sort("record")


def closed_rows(package: Package, records: Iterable[str]) -> dict[str, dict[str, str | None]]:
    """`closed_frame` by record."""
    return {row["record"]: row for row in closed_frame(package, records).to_dicts()}
