"""An organisation's jobs, shared out among its sites, with the range that what is known leaves open.

What a site states itself is kept. What remains of the organisation's head count goes to its sites without a figure:
to the only one whole, to several in equal parts, each of which may in truth be anything from none to all of it.
The range says nothing about sites that the register does not know.
"""

from __future__ import annotations

import polars as pl

METHODS = {
    "stated": "stated for the site; the organisation's total agrees or is unknown",
    "stated, total differs": "stated for the site; the sites' sum and the organisation's total differ",
    "remainder": "what is left of the organisation's total for its only site without a figure",
    "equal share": "an equal share of what is left; in truth anything from none to all of it",
    "unknown": "neither the site nor the organisation states a figure",
}


def allocate(sites: pl.DataFrame, employees: pl.DataFrame) -> pl.DataFrame:
    """Jobs of each site with a range.

    Parameters: `sites` columns `id`, `organisation`, `jobs` (stated; null if not); `employees` columns `organisation`,
    `employees` (head count; at most one row an organisation).
    Returns `sites`' ids in their order with `jobs`, `jobs_low`, `jobs_high` (persons, Float64) and `jobs_method`.
    Where no site states a figure, or some do not and the total covers those that do, jobs add up to the total exactly.
    """
    stated = pl.col("jobs").cast(pl.Float64)
    total = pl.col("employees").cast(pl.Float64)
    silent = stated.is_null().sum().over("organisation")
    known = stated.sum().over("organisation")
    rest = (total - known).clip(lower_bound=0.0)
    differs = ((silent == 0) & (known != total)) | (known > total)
    scaled = stated * total / known
    frame = sites.join(employees, on="organisation", how="left", maintain_order="left").with_columns(
        jobs_method=pl.when(stated.is_not_null() & differs.fill_null(value=False)).then(pl.lit("stated, total differs"))
        .when(stated.is_not_null()).then(pl.lit("stated"))
        .when(total.is_null()).then(pl.lit("unknown"))
        .when(silent == 1).then(pl.lit("remainder"))
        .otherwise(pl.lit("equal share")),
        _jobs=pl.coalesce(stated, rest / silent),
        _rest=rest,
        _scaled=pl.when(known > 0).then(scaled).otherwise(stated),
    )  # fmt: skip
    method = pl.col("jobs_method")
    return frame.select(
        "id",
        jobs=pl.col("_jobs"),
        jobs_low=pl.when(method == "equal share").then(0.0)
        .when(method == "stated, total differs").then(pl.min_horizontal("_jobs", "_scaled")).otherwise("_jobs"),
        jobs_high=pl.when(method == "equal share").then("_rest")
        .when(method == "stated, total differs").then(pl.max_horizontal("_jobs", "_scaled")).otherwise("_jobs"),
        jobs_method=method,
    )  # fmt: skip
