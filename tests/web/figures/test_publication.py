"""A published claim is frozen, citable, and written to the log; records are only added to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client

from lifecluster.errors import LifeclusterError
from lifecluster.figures import history
from lifecluster.web.directory.models import LogRow, Package
from lifecluster.web.directory.viewer import ANYBODY, OPERATOR, PermissionDeniedError, Viewer
from lifecluster.web.figures import actions, reads
from lifecluster.web.figures.models import SHORT, ClaimRecord, ClaimResult
from tests.web.directory.conftest import NOW
from tests.web.figures.conftest import LATER
from tests.web.pages.conftest import Look, words


def publish(claim: str = "jobs", note: str = "", viewer: Viewer = OPERATOR) -> ClaimRecord:
    return actions.publish_claim(claim=claim, viewer=viewer, at=NOW, note=note)


def address(made: ClaimRecord) -> str:
    return f"/claims/{made.claim}/{made.record[:SHORT]}"


def test_it_stays_as_it_was_published(claimed: Package, look: Look) -> None:
    made = publish(note="For the yearly report")
    before = words(look(address(made)))
    result = ClaimResult.objects.get(claim="jobs")
    result.body["result"]["sentence"] = "9,999 jobs"
    result.save()
    reads.touched(claimed)
    assert "9,999 jobs" in words(look("/claims/jobs"))
    assert words(look(address(made))) == before
    Package.objects.update(state="superseded")  # whatever becomes of the package that was shown
    page = words(look(address(made)))
    for part in (
        "7,645 jobs",
        "Published 22 November 2026",
        "For the yearly report",
        f"http://testserver{address(made)}",
    ):
        assert part in page


def test_pages_kept_of_an_earlier_package_name_it_too(claimed: Package, web: Client) -> None:
    web.get("/claims/jobs")  # kept for visitors
    later = Package.objects.get(pk=claimed.pk)
    Package.objects.update(state="superseded")
    later.pk, later.name, later.state = None, "later", "current"
    later.save()
    for result in ClaimResult.objects.filter(package=claimed.name):
        result.pk, result.package = None, "later"
        result.save()
    made = publish()
    Package.objects.filter(name="later").update(state="superseded")
    Package.objects.filter(pk=claimed.pk).update(state="current")
    assert address(made) in web.get("/claims/jobs").content.decode()


def test_it_is_the_librarys_publication_without_rows(claimed: Package) -> None:
    made = publish()
    entry = made.content
    history.check(entry)
    assert entry["by"] == "role:operator"
    assert "row_list" not in made.body
    cited = history.citation(entry, instance="https://region.example")
    assert cited.endswith(f"https://region.example/claims/jobs/midlands/{made.record[:SHORT]}")


def test_its_addresses_lead_to_one_page(claimed: Package, web: Client, look: Look) -> None:
    made = publish()
    for path in (f"/claims/jobs/{made.record}", f"/{made.content['address']}"):
        response = web.get(path)
        assert (response.status_code, response["Location"]) == (301, address(made))
    for path in ("/claims/jobs/000000000000", f"/claims/businesses/{made.record[:SHORT]}",
                 f"/claims/jobs/elsewhere/{made.record[:SHORT]}", f"/claims/jobs/{made.record[:11]}"):  # fmt: skip
        assert web.get(path).status_code == 404
    links = [a.get("href") for a in look("/claims/jobs").cssselect("#cite a")]
    assert links == [address(made)]


def test_publishing_twice_is_publishing_once(claimed: Package) -> None:
    first = publish()
    again = actions.publish_claim(claim="jobs", viewer=OPERATOR, at=LATER)
    assert again.pk == first.pk
    assert LogRow.objects.filter(action="claim.publish").count() == 1


def test_only_who_may_publish_does_and_the_log_knows(claimed: Package) -> None:
    with pytest.raises(PermissionDeniedError, match="publish a claim"):
        publish(viewer=ANYBODY)
    with pytest.raises(PermissionDeniedError):
        publish(viewer=Viewer(frozenset({"desk"})))
    made = publish(note="agreed")
    entry = json.loads(LogRow.objects.get(action="claim.publish").body)
    assert (entry["actor"], entry["subject"], entry["why"]) == ("role:operator", "jobs", "agreed")
    assert entry["evidence"]["record"] == made.record


def test_what_is_not_there_is_not_published(claimed: Package) -> None:
    with pytest.raises(LifeclusterError, match="no claim 'nonsense'"):
        publish("nonsense")


def test_records_are_only_added_to(claimed: Package) -> None:
    made = publish()
    made.body = "{}"
    for change in (made.save, made.delete, ClaimRecord.objects.all().delete,
                   lambda: ClaimRecord.objects.update(body="{}")):  # fmt: skip
        with pytest.raises(LifeclusterError, match="only added to"):
            change()
    assert ClaimRecord.objects.get(pk=made.pk).content["record"] == made.record
    assert str(made) == f"jobs {made.entry[:SHORT]}"


def test_files_are_not_needed_to_publish(claimed: Package, tmp_path: Path) -> None:
    assert publish("largest-by-turnover").content["result"]["verdict"] == "false"
