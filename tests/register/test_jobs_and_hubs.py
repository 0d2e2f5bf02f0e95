"""Jobs of an organisation are shared out without losing one; mass-registration addresses are marked."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.register import hubs, jobs

SITES = {"id": pl.String, "organisation": pl.String, "jobs": pl.Int64}
STAFF = {"organisation": pl.String, "employees": pl.Int64}


def allocate(stated: list[int | None], total: int | None) -> list[dict[str, object]]:
    sites = pl.DataFrame([(f"s{i}", "o", j) for i, j in enumerate(stated)], schema=SITES, orient="row")
    staff = pl.DataFrame([("o", total)] if total is not None else [], schema=STAFF, orient="row")
    return jobs.allocate(sites, staff).to_dicts()


@given(st.lists(st.none() | st.integers(0, 5000), min_size=1, max_size=8), st.none() | st.integers(0, 20000))
def test_shares_lie_in_their_range_and_add_up(stated, total):
    rows = allocate(stated, total)
    assert [r["id"] for r in rows] == [f"s{i}" for i in range(len(stated))]
    for said, row in zip(stated, rows, strict=True):
        assert row["jobs_method"] in jobs.METHODS
        if said is not None:
            assert row["jobs"] == said, "what a site states is kept"
        if row["jobs"] is None:
            assert (said, total, row["jobs_method"]) == (None, None, "unknown")
        else:
            assert 0 <= row["jobs_low"] <= row["jobs"] <= row["jobs_high"] + 1e-9
    known = sum(j for j in stated if j is not None)
    if total is not None and None in stated and known <= total:
        assert sum(r["jobs"] for r in rows) == pytest.approx(total)


def test_each_method_by_example():
    assert allocate([None], 40)[0] == {
        "id": "s0",
        "jobs": 40,
        "jobs_low": 40,
        "jobs_high": 40,
        "jobs_method": "remainder",
    }
    two = allocate([None, None, 10], 40)
    assert [(r["jobs"], r["jobs_low"], r["jobs_high"]) for r in two] == [(15, 0, 30), (15, 0, 30), (10, 10, 10)]
    differs = allocate([60, 40], 50)
    assert [(r["jobs_low"], r["jobs"], r["jobs_high"]) for r in differs] == [(30, 60, 60), (20, 40, 40)]
    assert {r["jobs_method"] for r in differs} == {"stated, total differs"}


def test_organisations_do_not_mix():
    sites = pl.DataFrame([("a", "o1", None), ("b", "o2", None), ("c", "o2", None)], schema=SITES, orient="row")
    staff = pl.DataFrame([("o1", 7), ("o2", 10)], schema=STAFF, orient="row")
    assert jobs.allocate(sites, staff)["jobs"].to_list() == [7, 5, 5]


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("12 High Street, Derby", "12"), ("UNIT 5, 12 HIGH STREET", "12"), ("Flat 2, 8a Mill Lane", "8a"),
        ("The Old Barn, Mill Lane", None), (None, None), ("10-12 Church Road", "10-12"),
    ],
)  # fmt: skip
def test_the_number_of_the_building(address, number):
    frame = pl.DataFrame({"a": [address]}, schema={"a": pl.String})
    assert frame.select(hubs.street_number(pl.col("a")))["a"].to_list() == [number]


def test_a_hub_needs_more_than_fifty_at_one_postcode_and_number():
    rows = [("DE1 1AA", "5 Mill Lane")] * 51 + [("DE1 1AA", "7 Mill Lane")] * 50 + [(None, "5 Mill Lane")] * 60
    frame = pl.DataFrame(rows, schema={"postcode": pl.String, "address": pl.String}, orient="row")
    assert hubs.mark(frame).to_list() == [True] * 51 + [False] * 110
    bare = pl.DataFrame([("S11 9PA", None)] * 51, schema={"postcode": pl.String, "address": pl.String}, orient="row")
    assert all(hubs.mark(bare))
