"""Companies beyond the border of the region: neighbours for curves that would otherwise end where the region does.

They are no part of the register: they have no id, no statements, and no page. Like the companies of the universe they
stand at their registered offices, and by what the company register itself says of them a definition counts them or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from math import ceil, hypot

import polars as pl
from scipy.spatial import cKDTree

from lifecluster.build import scope
from lifecluster.places.outlines import Ring, outlines
from lifecluster.register.definition import Definition
from lifecluster.register.segments.classify import classify

STEP = 2_000.0
"""Metres between places of an outline where its distance is measured."""
REACH = 20_000.0
"""Metres from the nearest company of the region within which a company is a neighbour."""
COLUMNS = ("record", "company_number", "accounts_category", "sic", "live", "hub", "easting", "northing", "lad",
           "sample", "quality")  # fmt: skip
LICENCES = pl.DataFrame(schema={"record": pl.String, "licence_type": pl.String})
"""What companies beyond hold is not asked: the licences at hand are those of the region."""
SEGMENTS = ("record", "definition", "segment", "probability")


def beside(lads: frozenset[str]) -> frozenset[str]:
    """Codes of the other districts that come within REACH of these, as far as outlines good to a kilometre tell: rather
    one too many."""
    table = outlines()
    border = _places(table.merged(lads))
    if not border:
        return frozenset()
    tree = cKDTree(border)
    others = {code: _places(table.merged([code])) for code in table.areas if code not in lads}
    return frozenset(code for code, places in others.items() if tree.query(places)[0].min() <= REACH + STEP)


def _places(rings: Iterable[Ring]) -> Ring:
    """Places on rings, none more than STEP from the next."""
    made: Ring = []
    for ring in rings:
        for (x, y), (to_x, to_y) in pairwise(ring):
            parts = max(1, ceil(hypot(to_x - x, to_y - y) / STEP))
            made += [(x + (to_x - x) * i / parts, y + (to_y - y) * i / parts) for i in range(parts)]
    return made


def surroundings(records: pl.DataFrame, lads: frozenset[str]) -> pl.DataFrame:
    """Companies outside these districts, up to REACH metres from one inside, in the columns of the universe.

    Parameters: `records` of the company register, placed, with `live` and `hub`. Empty where the files hold none.
    """
    companies = records.drop_nulls(["easting", "northing", "lad"])
    inside = pl.col("lad").is_in(sorted(lads))
    core, beyond = companies.filter(inside), companies.filter(~inside)
    if core.is_empty() or beyond.is_empty():
        near = beyond.clear()
    else:
        points = core.select("easting", "northing").unique(maintain_order=True).to_numpy().astype(float)
        places = beyond.select("easting", "northing").to_numpy().astype(float)
        near = beyond.filter(pl.Series(cKDTree(points).query(places, distance_upper_bound=REACH)[0] <= REACH))
    return near.select(COLUMNS).rename({"quality": "place_quality"}).sort("record")


def segments(near: pl.DataFrame, records: pl.DataFrame, definitions: Sequence[Definition], *, at: date) -> pl.DataFrame:
    """Which definitions count the companies of `near`, with a probability of one half or more: columns SEGMENTS.

    Each stands alone, as the company register has it: its name, former names and SIC codes.
    """
    alone = near.select("record", cluster="record")
    mine = records.join(alone.select("record"), on="record", how="semi", maintain_order="left")
    found = classify(scope.whole(mine, alone, LICENCES, at=at), tuple(definitions))
    industry = scope.of_industry(found).select("organisation_id").unique()
    likely = found.filter(pl.col("probability") >= scope.EVEN)
    kept = likely.join(industry, on="organisation_id", how="semi")
    return kept.select("definition", "segment", "probability", record="organisation_id").select(SEGMENTS).sort(SEGMENTS)
