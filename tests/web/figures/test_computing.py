"""Computing: nothing that is not for everybody, nothing twice, and what changed is told."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from lifecluster.errors import LifeclusterError
from lifecluster.figures import history
from lifecluster.figures.claim import claims, load_claim
from lifecluster.web.directory.models import LogRow, Package
from lifecluster.web.directory.viewer import ANYBODY, PermissionDeniedError
from lifecluster.web.figures import actions, computing
from lifecluster.web.figures.computing import Computed, compute_all
from lifecluster.web.figures.models import ClaimRecord, ClaimResult
from tests.web.directory.conftest import NOW
from tests.web.directory.making import org
from tests.web.figures.conftest import DAY, LATER, register, silent, store


def test_every_claim_that_ships_is_computed(computed: list[Computed]) -> None:
    assert [one.claim for one in computed] == [claim.name for claim in claims()]
    for one in computed:
        history.check(one.entry)
        assert one.new
        assert one.body["record"] == one.entry["id"]


def test_rows_of_organisations_do_not_leave(computed: list[Computed]) -> None:
    records = json.dumps([one.entry for one in computed])
    assert org("alpha") in records  # the record has them, for the desk
    public = json.dumps([one.body for one in computed])
    for private in (org("alpha"), org("beta"), "row_list", "definition_digest"):
        assert private not in public
    for one in computed:
        for basis in one.body["result"]["bases"]:
            if basis["source"] == "register" or basis["withheld"]:
                assert basis["basis"] not in one.body["cells"]


def test_cells_of_official_tables_are_shown(computed: list[Computed]) -> None:
    jobs = next(one for one in computed if one.claim == "jobs")
    cells = jobs.body["cells"]["bres/dbt-sic/jobs"]
    assert cells["of"] == len(cells["rows"]) == 30
    assert sum(int(row["value"]) for row in cells["rows"]) == 7645
    assert {row["group"] for row in cells["rows"]} == {"this"}


def test_what_says_the_same_is_not_recorded_twice(claimed: Package, tmp_path: Path) -> None:
    records = ClaimRecord.objects.count()
    assert store(claimed, tmp_path) == 0
    revision = claimed.revision
    assert store(claimed, tmp_path, again=True) == len(claims())
    assert ClaimRecord.objects.count() == records
    assert ClaimResult.objects.filter(package="small-1").count() == len(claims())
    assert Package.objects.get(name="small-1").revision == revision + 1


def test_another_register_gives_another_record_and_says_why(
    computed: list[Computed], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    names = ("businesses", "largest-by-turnover")
    monkeypatch.setattr(computing, "claims", lambda: tuple(load_claim(name) for name in names))
    before = {one.claim: one.entry for one in computed}
    files = register(tmp_path, "small-2", without=org("beta"))
    again = compute_all(files, at=date(2027, 1, 5), latest=lambda claim, _: before[claim], progress=silent)
    businesses, turnover = again
    assert (turnover.new, turnover.entry["at"]) == (False, "2026-11-22")
    assert businesses.new
    assert businesses.entry["previous"] == before["businesses"]["id"]
    deciding = businesses.body["result"]["basis"]
    change = next(b for b in businesses.body["result"]["bases"] if b["basis"] == deciding)["change"]
    assert change["after"] - change["before"] == change["difference"] == sum(r["difference"] for r in change["reasons"])
    history.append([before["businesses"]], businesses.entry)


def test_only_who_may_load_computes(small: Package, tmp_path: Path) -> None:
    with pytest.raises(PermissionDeniedError):
        actions.compute_claims(package=small, path=tmp_path, viewer=ANYBODY, at=NOW)


def test_computing_is_written_to_the_log(claimed: Package) -> None:
    row = LogRow.objects.get(action="claim.compute")
    assert row.subject == "small-1"
    assert json.loads(row.body)["evidence"] == {"claims": len(claims()), "new": len(claims())}


def test_results_of_packages_that_are_gone_go_too(claimed: Package, tmp_path: Path) -> None:
    old = ClaimResult.objects.first()
    ClaimResult.objects.create(package="long-gone", claim="jobs", record=old.record, body=old.body)
    store(claimed, tmp_path, again=True, at=LATER)
    assert set(ClaimResult.objects.values_list("package", flat=True)) == {"small-1"}


def test_a_failure_while_writing_leaves_what_was_there(
    claimed: Package, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = list(ClaimResult.objects.order_by("pk").values_list("pk", "body"))

    def fail(*_: object) -> None:
        raise LifeclusterError("the disk is full")

    monkeypatch.setattr(actions.reads, "touched", fail)
    with pytest.raises(LifeclusterError, match="the disk is full"):
        store(claimed, tmp_path, again=True)
    assert list(ClaimResult.objects.order_by("pk").values_list("pk", "body")) == before


def test_the_day_is_that_of_the_caller(computed: list[Computed]) -> None:
    assert {one.entry["at"] for one in computed} == {DAY.isoformat()}
