"""Memberships of the cluster, and the lines of work of the first page."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from lifecluster.errors import LifeclusterError
from lifecluster.web.desk import sample, waiting
from lifecluster.web.desk.actions import memberships, tasks
from lifecluster.web.desk.models import ChangedError, ClusterMembership
from lifecluster.web.desk.when import when
from lifecluster.web.directory.actions import roll_back
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.viewer import ANYBODY, OPERATOR, PermissionDeniedError, Viewer
from tests.web.accounts.conftest import person
from tests.web.desk.conftest import NOW, TODAY, case
from tests.web.directory import making
from tests.web.directory.conftest import load
from tests.web.directory.making import org


def join(desk: Viewer, key: str = "alpha", **more: Any) -> ClusterMembership:
    given: dict[str, Any] = {"level": "full", "begins_on": date(2024, 1, 1), "renews_on": date(2026, 12, 1)} | more
    return memberships.add_membership(organisation_uid=org(key), viewer=desk, at=NOW, **given)


def test_an_organisation_is_an_active_member_once(desk: Viewer) -> None:
    row = join(desk)
    with pytest.raises(LifeclusterError, match="active member already"):
        join(desk)
    memberships.change_membership(membership=row.pk, level="full", begins_on=row.begins_on, state="ended",
                                  ends_on=TODAY, viewer=desk, at=NOW)  # fmt: skip
    join(desk, begins_on=TODAY, renews_on=None)
    with pytest.raises(LifeclusterError, match="another active"):
        memberships.change_membership(membership=row.pk, level="full", begins_on=row.begins_on, state="active",
                                      viewer=desk, at=NOW)  # fmt: skip
    with pytest.raises(PermissionDeniedError):
        join(ANYBODY, "beta")
    assert not ClusterMembership.objects.visible_to(ANYBODY).exists()


def test_nothing_is_public_unless_somebody_agreed(desk: Viewer, small: Package) -> None:
    with pytest.raises(LifeclusterError, match="who agreed"):
        join(desk, public=True)
    told = Package.objects.get(pk=small.pk).told
    row = join(desk)
    assert Package.objects.get(pk=small.pk).told == told
    memberships.change_membership(membership=row.pk, level="full", begins_on=row.begins_on, state="active",
                                  public=True, public_by="Site manager", viewer=desk, at=NOW)  # fmt: skip
    after = Package.objects.get(pk=small.pk)
    assert (after.told, after.revision) == (told + 1, small.revision)  # sets and lists of the register stay as they are
    with pytest.raises(ChangedError):
        memberships.change_membership(membership=row.pk, level="partner", begins_on=row.begins_on, state="active",
                                      version=1, viewer=desk, at=NOW)  # fmt: skip


@pytest.mark.parametrize("more", [{"level": "gold"}, {"renews_on": date(2020, 1, 1)}])
def test_what_cannot_be_a_membership(desk: Viewer, more: dict[str, Any]) -> None:
    with pytest.raises(LifeclusterError):
        join(desk, **more)


def test_everybody_sees_the_badge_only_with_consent(seat: Client, web: Client, desk: Viewer) -> None:
    path = f"/organisations/{org('alpha')}/alpha-medical-limited"
    row = join(desk)
    assert b"Full member" not in web.get(path).content
    memberships.change_membership(membership=row.pk, level="full", begins_on=row.begins_on, state="active",
                                  public=True, public_by="Site manager", viewer=desk, at=NOW)  # fmt: skip
    page = web.get(path).content.decode()
    assert "Full member" in page and "Site manager" not in page
    memberships.change_membership(membership=row.pk, level="full", begins_on=row.begins_on, state="ended",
                                  ends_on=TODAY, public=True, public_by="x", viewer=desk, at=NOW)  # fmt: skip
    assert b"Full member" not in web.get(path).content


def test_a_page_kept_of_an_earlier_package_says_it_too(
    web: Client, desk: Viewer, small: Package, tmp_path: Path
) -> None:
    path = f"/organisations/{org('alpha')}/alpha-medical-limited"
    assert b"Full member" not in web.get(path).content  # kept for visitors
    load(making.small(tmp_path, "small-2").path)
    join(desk, public=True, public_by="Site manager")
    assert b"Full member" in web.get(path).content
    roll_back(viewer=OPERATOR, at=NOW)
    assert b"Full member" in web.get(path).content
    ClusterMembership.objects.update(note=sample.NOTE)
    sample.clear(person(sample.DESK, "desk"), NOW)
    assert b"Full member" not in web.get(path).content


@pytest.mark.parametrize(("days", "shown"), [((0, 0), True), ((1, 9), False), ((-9, -1), False), ((-9, None), True)])
def test_everybody_is_told_from_the_first_day_to_the_last(
    seat: Client, web: Client, desk: Viewer, days: tuple[int, int | None], shown: bool
) -> None:
    path = f"/organisations/{org('alpha')}/alpha-medical-limited"
    first, last = (None if one is None else TODAY + timedelta(days=one) for one in days)
    assert first is not None
    row = join(desk, begins_on=first, renews_on=None, public=True, public_by="Site manager")
    memberships.change_membership(membership=row.pk, level="full", begins_on=first, ends_on=last, state="active",
                                  public=True, public_by="Site manager", viewer=desk, at=NOW)  # fmt: skip
    assert (b"Full member" in web.get(path).content) is shown
    assert b"Full member" in seat.get(path).content


def lines(viewer: Viewer) -> dict[str, int]:
    return {
        one.line.name: one.waits
        for one in waiting.counted(viewer)
        if one.line.name in {"cases", "tasks", "memberships"}
    }


def test_lines_count_what_is_due_and_show_the_most_pressing_first(desk: Viewer) -> None:
    assert lines(desk) == {"cases": 0, "tasks": 0, "memberships": 0}
    assert lines(ANYBODY) == {}
    for days, title in ((3, "soon"), (-2, "late"), (30, "far"), (None, "whenever")):
        due = None if days is None else TODAY + timedelta(days=days)
        case(desk, title=title, due_on=due)
        tasks.add_task(title=title, organisation_uid=org("alpha"), due_on=due, viewer=desk, at=NOW)
    case(desk, title="urgent", priority=1)
    join(desk, renews_on=TODAY + timedelta(days=59))
    join(desk, "beta", renews_on=TODAY - timedelta(days=1))
    join(desk, "gamma", renews_on=TODAY + timedelta(days=61))
    assert lines(desk) == {"cases": 3, "tasks": 2, "memberships": 2}
    found = {one.name: [item.title for item in one.first(desk, 9)] for one in waiting.lines(desk)}
    assert found["cases"] == ["late", "soon", "urgent"]
    assert found["tasks"] == ["late", "soon"]
    assert found["memberships"] == ["Bêta Diagnostics Ltd", "Alpha Medical Limited"]


def test_pages_of_memberships(seat: Client, desk: Viewer) -> None:
    sent = {"level": "associate", "begins_on": "2026-01-01", "renews_on": "2026-12-31", "public": "on", "public_by": ""}
    path = f"/desk/organisations/{org('alpha')}/membership"
    answer = seat.post(path, sent)
    assert answer.status_code == 422 and b"say who agreed" in answer.content
    assert seat.post(path, sent | {"public": ""}).status_code == 302
    row = ClusterMembership.objects.get()
    page = seat.get("/desk/memberships").content.decode()
    assert "Associate member" in page and "in 39\xa0days" in page
    change = sent | {"public": "", "state": "active", "renews_on": "2027-12-31", "version": "1", "ends_on": ""}
    assert seat.post(f"/desk/memberships/{row.pk}", change).status_code == 302
    assert lines(desk)["memberships"] == 0
    assert "Not shown outside the desk" in seat.get(f"/desk/organisations/{org('alpha')}").content.decode()


@pytest.mark.parametrize(("days", "words", "late"), [(-1, "1\xa0day late", True), (0, "today", False), (1, "tomorrow", False),
                                                     (8, "in 8\xa0days", False)])  # fmt: skip
def test_days_in_words(days: int, words: str, late: bool) -> None:
    found = when(TODAY + timedelta(days=days), TODAY)
    assert found is not None and (found.words, found.late, found.soon) == (words, late, 0 <= days <= 7)
    assert when(None, TODAY) is None
    waited = when(None, TODAY, TODAY - timedelta(days=4))
    assert waited is not None and waited.words == "waits 4\xa0days"
