"""Rows that were written under an id that was merged since are found under the id of today."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from lifecluster.errors import LifeclusterError
from lifecluster.web.desk import badge, reads, whose
from lifecluster.web.desk.actions import contacts, interactions
from lifecluster.web.desk.models import Case, ClusterMembership, Contact
from lifecluster.web.directory.viewer import ANYBODY, Viewer
from tests.web.accounts.conftest import person, window
from tests.web.desk.conftest import NOW, TODAY, desk_of
from tests.web.directory import making
from tests.web.directory.conftest import load
from tests.web.directory.making import org

OLD = org("beta before it was merged")


@pytest.fixture
def merged(database: None, tmp_path: Path) -> Viewer:
    """The small register, in which an id leads to beta; and what was written under it."""
    load(making.small(tmp_path, events=[("redirect", OLD, org("beta"))]).path)
    Contact.objects.create(organisation=OLD, name="Ola Penn", added_by="x", added_at=NOW)
    Case.objects.create(title="From before", organisation=OLD, kind="other", opened_by="x", opened_at=NOW)
    ClusterMembership.objects.create(organisation=OLD, level="full", begins_on=TODAY, public=True, public_by="x")
    return desk_of(person("desk@example.org", "desk"))


def test_the_id_of_today_has_what_was_written_under_the_other(merged: Viewer) -> None:
    kept = reads.of_organisation(whose.today([OLD], merged)[OLD], merged)
    assert kept.whose.uid == org("beta")
    assert [one.name for one in kept.contacts] == ["Ola Penn"]
    assert [one.title for one in kept.cases] == ["From before"] and len(kept.events) == 2
    found = badge.membership_of(org("beta"), ANYBODY)
    assert found is not None and found.organisation == OLD
    assert whose.organisation_of(OLD, merged) == org("beta")
    assert whose.behind(org("beta")) == {org("beta"), OLD} and whose.behind(org("alpha")) == {org("alpha")}


def test_its_page_leads_on(merged: Viewer, monkeypatch: pytest.MonkeyPatch) -> None:
    from lifecluster.web.accounts.models import Person

    monkeypatch.setenv("LIFECLUSTER_AT", TODAY.isoformat())
    seat: Client = window(Person.objects.get(), second_step=True)
    answer = seat.get(f"/desk/organisations/{OLD}")
    assert answer["Location"] == f"/desk/organisations/{org('beta')}"
    assert b"Ola Penn" in seat.get(answer["Location"]).content


def test_new_rows_are_written_under_the_id_of_today(merged: Viewer) -> None:
    row = contacts.add_contact(organisation_uid=OLD, name="Second", viewer=merged, at=NOW)
    assert row.organisation == org("beta")
    old = Contact.objects.get(name="Ola Penn")
    talk = interactions.record_interaction(on=TODAY, kind="call", subject="x", policy=False, organisation_uid=OLD,
                                           contacts=[old.pk, row.pk], viewer=merged, at=NOW)  # fmt: skip
    assert talk.organisation == org("beta") and talk.contacts.count() == 2


def test_names_that_fit_none_or_several(merged: Viewer) -> None:
    for typed, words in (("zzzz", "No organisation"), (org("nobody"), "No organisation"), ("limited", "Several fit")):
        with pytest.raises(LifeclusterError, match=words):
            whose.organisation_of(typed, merged)
    assert whose.organisation_of("  ", merged) == ""
