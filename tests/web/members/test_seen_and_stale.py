"""Who saw what was shared with few; and what is stale, by importance."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lifecluster.errors import LifeclusterError
from lifecluster.reference.freshness import freshness
from lifecluster.register import edits
from lifecluster.web.accounts.models import Person
from lifecluster.web.desk import waiting
from lifecluster.web.directory import actions as register
from lifecluster.web.directory import reads
from lifecluster.web.directory.models import Organisation, Package
from lifecluster.web.directory.viewer import ANYBODY, OPERATOR, PermissionDeniedError, Viewer
from lifecluster.web.members import stale
from lifecluster.web.members.models import Sighting
from tests.web.accounts.conftest import person, window
from tests.web.directory.conftest import NOW, TODAY
from tests.web.directory.making import org, uid
from tests.web.members.conftest import ALPHA, desk, mails, member, said, tree

PUBLIC = f"/organisations/{ALPHA}/alpha-medical-limited"
DESK = Viewer(frozenset({"desk"}), actor="person:desk")


def share(prop: str, value: Any, level: str, subject: str = ALPHA) -> None:
    """Something that alpha shares with few."""
    who = Viewer(frozenset({"member"}), frozenset({ALPHA}), actor="person:alpha")
    entry = register.propose_edit(subject=subject, property=prop, value=value, viewer=who, at=NOW, visibility=level)
    register.approve_edit(entry=entry.id, viewer=OPERATOR, at=NOW)


def test_members_and_the_desk_are_seen_once_a_day_and_no_person_is_named(small: Package) -> None:
    share("capability", ["secret-sauce"], "members")
    share("turnover", 5, "desk")
    other, office = window(member("other@example.org", org("beta"))), desk()
    for client in (other, office, other, office):
        assert client.get(PUBLIC).status_code == 200
    found = list(Sighting.objects.order_by("pk").values_list("organisation", "role", "reader", "values", "day"))
    assert found == [
        (ALPHA, "member", org("beta"), [f"{ALPHA} capability"], TODAY),
        (ALPHA, "desk", "", [f"{ALPHA} capability", f"{ALPHA} turnover"], TODAY),
    ]
    page = window(member("mine@example.org")).get(f"/my/{ALPHA}/seen")
    text = said(page)
    assert "A member, of Bêta Diagnostics Ltd" in text and "Desk, of the cluster team" in text
    assert "Capabilities, Turnover" in text and "other@" not in text and "desk@" not in text


def test_the_evidence_and_a_site_are_read_too(small: Package) -> None:
    site = uid("site", "alpha-2")
    share("jobs", 7, "members", site)
    other = window(member("other@example.org", org("beta")))
    assert other.get(f"/evidence/{site}/jobs").status_code == 200
    assert [row.values for row in Sighting.objects.all()] == [[f"{site} jobs"]]
    assert other.get(f"/sites/{site}").status_code == 200
    assert Sighting.objects.count() == 1, "the same values on the same day"
    assert other.get(f"/evidence/{ALPHA}/employees").status_code == 200
    assert Sighting.objects.count() == 1


def test_ones_own_and_visitors_are_not_written_down(small: Package) -> None:
    share("capability", ["secret-sauce"], "members")
    window(member("mine@example.org")).get(PUBLIC)
    window(person("nobody@example.org")).get(PUBLIC)
    Client().get(PUBLIC)
    assert not Sighting.objects.exists()


def test_visitors_pay_nothing(small: Package) -> None:
    share("capability", ["secret-sauce"], "members")
    with CaptureQueriesContext(connection) as asked:
        Client().get(PUBLIC)
    assert not [query for query in asked.captured_queries if "members_" in query["sql"]]


def test_only_ones_own_readings(small: Package) -> None:
    other = window(member("other@example.org", org("beta")))
    assert other.get(f"/my/{ALPHA}/seen").status_code == other.get(f"/my/{org('never')}/seen").status_code == 404
    assert "Nobody else yet" in said(other.get(f"/my/{org('beta')}/seen"))


@pytest.fixture
def later(small: Package, monkeypatch: pytest.MonkeyPatch) -> Package:
    """Years later, when much is stale."""
    monkeypatch.setattr(settings, "LIFECLUSTER_AT", TODAY.replace(year=2028, month=6))
    return small


def brute(package: Package) -> dict[str, set[str]]:
    """What is stale by what everybody is shown, value by value."""
    at = settings.LIFECLUSTER_AT
    found: dict[str, set[str]] = {}
    for row in Organisation.objects.filter(package=package, live=True, level=0):
        for stated in reads.values([row.uid], ANYBODY).subject(row.uid):
            first = next(iter(stated.shown), None)
            if first is None or not first.value or not edits.counts(stated.property, first.source.rank):
                continue
            age = freshness(stated.property, observed_on=first.observed_on, verified_on=first.verified_on, at=at)
            if age.stale:
                found.setdefault(row.uid, set()).add(stated.property)
    return found


@pytest.mark.parametrize("years", [0, 1, 2, 3])
def test_what_is_stale_is_what_pages_show_as_stale(small: Package, years: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for month in (1, 6, 11):
        day = TODAY.replace(year=TODAY.year + years, month=month)
        monkeypatch.setattr(settings, "LIFECLUSTER_AT", day)
        found = {one.uid: set(one.properties) for one in stale.organisations(small, day)}
        assert found == brute(small), day


def test_the_most_important_first(later: Package) -> None:
    found = stale.waiting(NOW)
    assert [one.weight for one in found] == sorted((one.weight for one in found), reverse=True)
    assert found[0].uid == ALPHA and found[0].licensed
    assert org("delta") not in {one.uid for one in found}, "it ended"
    text = said(desk().get("/desk/stale"))
    assert text.index("Alpha Medical") < text.index("Gamma University") and "Nobody is here yet" in text


def test_asking_by_mail_once_in_thirty_days(later: Package) -> None:
    who = member()
    office = desk()
    before = len(stale.waiting(NOW))
    assert "Ask 1 by mail" in said(office.get("/desk/stale"))
    assert office.post(f"/desk/stale/{ALPHA}/ask").status_code == 302
    (mail,) = mails(who.email)
    assert "Is this still right?" in mail.subject and f"http://testserver/my/{ALPHA}" in mail.text
    assert "It was asked within 30 days" in said(office.post(f"/desk/stale/{ALPHA}/ask", follow=True))
    from lifecluster.web.accounts.rights import moment

    assert len(stale.waiting(moment())) == before - 1
    assert len(stale.waiting(moment() + timedelta(days=31))) == before
    assert len(mails(who.email)) == 1


def test_who_cannot_be_asked(later: Package) -> None:
    with pytest.raises(LifeclusterError, match="nobody"):
        stale.ask(organisation=ALPHA, viewer=DESK, at=NOW)
    with pytest.raises(LifeclusterError, match="nothing"):
        stale.ask(organisation=org("never"), viewer=DESK, at=NOW)
    with pytest.raises(PermissionDeniedError):
        stale.ask(organisation=ALPHA, viewer=ANYBODY, at=NOW)
    assert window(member()).get("/desk/stale").status_code == 404


def test_what_was_confirmed_is_stale_no_more(later: Package, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = Person.objects.get(pk=member().pk)
    found = next(one for one in stale.waiting(NOW) if one.uid == ALPHA)
    at = NOW.replace(year=2028, month=6)
    for prop in found.properties:
        register.confirm_value(subject=ALPHA, property=prop, viewer=mine.viewer, at=at)
    assert ALPHA not in {one.uid for one in stale.waiting(NOW)}


def test_counting_asks_once(later: Package) -> None:
    line = next(one for one in waiting.lines(DESK) if one.name == "stale")
    line.count(DESK)
    with CaptureQueriesContext(connection) as asked:
        assert line.count(DESK) > 0
    assert len([q for q in asked.captured_queries if "directory_package" not in q["sql"]]) == 1
    page = desk().get("/desk/")
    assert tree(page).cssselect("a[href='/desk/stale']")
