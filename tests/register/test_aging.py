"""Stale values of a package, against a slow twin over its statements."""

from __future__ import annotations

from datetime import date

import pytest

from lifecluster.reference.freshness import freshness
from lifecluster.register.aging import stale_of


@pytest.mark.parametrize("at", [date(2026, 11, 1), date(2028, 6, 1), date(2035, 1, 1)])
def test_a_slow_twin(sample_package, at):
    ids = sample_package.table("organisations")["id"].to_list()[::40]
    expected: dict[str, set[str]] = {}
    told = set()
    rows = sample_package.table("statements").sort("place").to_dicts()
    for row in rows:
        key = (row["subject"], row["property"])
        if row["subject"] not in set(ids) or not row["shown"] or not row["value"] or key in told:
            continue
        told.add(key)
        if freshness(row["property"], observed_on=row["observed_on"], verified_on=row["verified_on"], at=at).stale:
            expected.setdefault(row["subject"], set()).add(row["property"])
    found = stale_of(sample_package, ids, at=at)
    assert {one: set(names) for one, names in found.items()} == expected
    assert all(len(set(names)) == len(names) for names in found.values())
    assert at < date(2030, 1, 1) or found


def test_what_is_not_asked_for_is_not_told(sample_package):
    assert stale_of(sample_package, [], at=date(2035, 1, 1)) == {}
    own = sample_package.table("organisations")["id"][0]
    assert set(stale_of(sample_package, [own], at=date(2035, 1, 1))) <= {own}
