"""The benchmark of pages: its arithmetic, and one small run of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.web import client, speed


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=200), st.floats(0.01, 1))
def test_percentile_is_the_smallest_value_that_enough_do_not_exceed(values: list[float], share: float) -> None:
    found = client.percentile(values, share)
    assert found in values
    assert sum(v <= found for v in values) >= share * len(values) - 1


def test_percentile_of_a_hundred() -> None:
    assert client.percentile(list(range(1, 101)), 0.95) == 95
    assert client.percentile([3.0], 0.95) == 3.0


@pytest.mark.slow
def test_a_small_run(tmp_path: Path) -> None:
    out = tmp_path / "told.json"
    arguments = [
        "--organisations",
        "60",
        "--requests",
        "24",
        "--rounds",
        "2",
        "--work",
        str(tmp_path),
        "--json",
        str(out),
    ]
    assert speed.main(arguments) == 0
    told = json.loads(out.read_text())
    assert [row["addresses"] for row in told["pages"]] == ["new", "again"] * 3
    assert all(row["p95"] >= row["p50"] > 0 for row in told["pages"])
    assert told["statements"] > 1000
