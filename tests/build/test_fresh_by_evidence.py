"""A value grows fresh by evidence alone: not by another build, another load, or a file that was touched."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from lifecluster.build.run import Request, build
from lifecluster.reference.freshness import freshness
from lifecluster.region import load_region
from lifecluster.register.aging import stale_of
from lifecluster.register.edits import SOURCE
from lifecluster.register.entry import Draft
from lifecluster.register.log import FileLog
from lifecluster.register.package import Package
from tests.commands import tiny
from tests.commands.tiny import run

FIRST, LATER = date(2026, 11, 1), date(2028, 11, 1)
DATES = ["subject", "property", "value", "source", "observed_on", "verified_on"]


def built(folder: Path, at: date, previous: Package | None = None, log: Path | None = None) -> Package:
    return build(Request(region=load_region("midlands"), inputs=folder / "in", out=folder / "out", at=at,
                         previous=previous, log=FileLog(log) if log else None)).package  # fmt: skip


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> tuple[Package, Package]:
    """The same inputs built two years apart, every file touched in between."""
    folder = tmp_path_factory.mktemp("fresh")
    tiny.write_inputs(folder / "in")
    first = built(folder, FIRST)
    for path in (folder / "in").iterdir():
        os.utime(path, (datetime(2028, 10, 31, tzinfo=UTC).timestamp(),) * 2)
    return first, built(folder, LATER, first)


def test_another_build_of_the_same_inputs_changes_no_date(twice: tuple[Package, Package]) -> None:
    frames = [package.whole.table("statements").select(DATES).sort(DATES, nulls_last=True) for package in twice]
    assert frames[0].height > 20 and twice[0].name != twice[1].name
    assert_frame_equal(*frames)
    assert frames[0]["verified_on"].null_count() == frames[0].height, "nobody has verified anything"


def test_what_was_stale_stays_so_and_more_becomes_stale(twice: tuple[Package, Package]) -> None:
    first, later = twice
    ids = first.table("organisations")["id"].to_list()
    before, after = stale_of(first, ids, at=FIRST), stale_of(later, ids, at=LATER)
    assert after == stale_of(first, ids, at=LATER), "which package is asked makes no difference"
    for one, props in before.items():
        assert set(props) <= set(after[one])
    assert sum(map(len, after.values())) > sum(map(len, before.values()))


def test_an_edit_is_as_old_as_its_proposal(tmp_path: Path, twice: tuple[Package, Package]) -> None:
    """Who proposed a value knew it on that day; approving it and building with it adds no knowledge."""
    folder, log = tmp_path, tmp_path / "log.jsonl"
    tiny.write_inputs(folder / "in")
    one = twice[0].table("organisations").filter(company_number="09100003")["id"].item()
    kept = FileLog(log)
    said = {"subject": one, "property": "employees", "value": 12, "visibility": "public"}
    proposed = kept.append(Draft(action="edit.propose", actor="member", at="2026-05-01T09:00:00+00:00", **said))
    kept.append(
        Draft(action="edit.approve", actor="desk", at="2026-10-30T09:00:00+00:00", refers_to=proposed.id, **said)
    )
    later = built(folder, LATER, log=log)
    rows = later.table("statements").filter(
        pl.col("subject") == one, pl.col("property") == "employees", pl.col("shown")
    )
    assert rows.select("value", "verified_on", "observed_on").rows() == [("12", date(2026, 5, 1), date(2026, 5, 1))]
    assert "employees" in stale_of(later, [one], at=LATER)[one]
    told = run("show", one, "--package", later.path, "--at", LATER).out
    assert f"employees: 12  ({SOURCE}, verified 2026-05-01, observed 2026-05-01; stale)" in told


def test_a_day_between_observation_and_verification() -> None:
    """The later of the two counts, and no other date."""
    seen, checked = date(2025, 1, 1), date(2026, 1, 1)
    for observed, verified in ((seen, checked), (checked, seen), (checked, None), (None, checked)):
        age = freshness("employees", observed_on=observed, verified_on=verified, at=checked + timedelta(days=541))
        assert (age.since, age.state) == (checked, "stale")
