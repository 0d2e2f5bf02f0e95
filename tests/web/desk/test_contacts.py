"""Contacts and consent: used for what they agreed to, and for nothing else."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts import actions as people
from lifecluster.web.accounts import taking
from lifecluster.web.accounts.models import AuditRow, Person
from lifecluster.web.desk.actions import contacts, interactions
from lifecluster.web.desk.models import ChangedError, Consent, Contact
from lifecluster.web.desk.words import ERASED, PURPOSES
from lifecluster.web.directory.viewer import ANYBODY, PermissionDeniedError, Viewer
from tests.web.accounts.conftest import person
from tests.web.desk.conftest import NOW, TODAY, contact
from tests.web.directory.making import org


def agree(
    desk: Viewer, row: Contact, purpose: str = "case", given_on: date = TODAY, until: date | None = None
) -> Consent:
    return contacts.record_consent(contact=row.pk, purpose=purpose, given_by="Jo Marsh", how="e-mail",
                                   given_on=given_on, until=until, viewer=desk, at=NOW)  # fmt: skip


def test_nobody_is_usable_for_anything_before_they_agreed(desk: Viewer) -> None:
    row = contact(desk)
    assert not any(contacts.usable(row, purpose, TODAY) for purpose in PURPOSES)
    with pytest.raises(LifeclusterError, match="has not agreed"):
        contacts.reach(row, "news", TODAY)
    agree(desk, row, "case")
    assert [p for p in PURPOSES if contacts.usable(row, p, TODAY)] == ["case"]
    assert contacts.reach(row, "case", TODAY) == ("Jo Marsh", "jo@alpha.example")
    with pytest.raises(LifeclusterError, match="no 'profit'"):
        contacts.usable(row, "profit", TODAY)


DAYS = st.integers(-5, 5).map(lambda n: TODAY + timedelta(days=n))
GIVEN = st.tuples(
    st.sampled_from(sorted(PURPOSES)), DAYS.filter(lambda d: d <= TODAY), st.none() | DAYS, st.none() | DAYS
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(agreed=st.lists(GIVEN, max_size=4), on=DAYS, purpose=st.sampled_from(sorted(PURPOSES)))
def test_usable_is_what_one_would_read_off_the_records(
    desk: Viewer, agreed: list[tuple[str, date, date | None, date | None]], on: date, purpose: str
) -> None:
    row = contact(desk)
    for what, begins, until, withdrawn in agreed:
        Consent.objects.create(contact=row, purpose=what, given_by="x", how="form", given_on=begins, until=until,
                               withdrawn_on=withdrawn, recorded_by="x", recorded_at=NOW)  # fmt: skip
    twin = any(
        what == purpose and begins <= on and (until is None or on <= until) and (withdrawn is None or on < withdrawn)
        for what, begins, until, withdrawn in agreed
    )
    assert contacts.usable(row, purpose, on) == twin


def test_consent_is_taken_back_from_the_day_on(desk: Viewer) -> None:
    row = contact(desk)
    given_ = agree(desk, row, given_on=TODAY - timedelta(days=9))
    contacts.withdraw_consent(consent=given_.pk, viewer=desk, at=NOW)
    assert not contacts.usable(row, "case", TODAY)
    assert contacts.usable(row, "case", TODAY - timedelta(days=1))
    with pytest.raises(LifeclusterError, match="already"):
        contacts.withdraw_consent(consent=given_.pk, viewer=desk, at=NOW)


@pytest.mark.parametrize("more", [{"given_on": TODAY + timedelta(days=1)}, {"until": TODAY - timedelta(days=1)}])
def test_consent_on_impossible_days_is_refused(desk: Viewer, more: dict[str, date]) -> None:
    row = contact(desk)
    with pytest.raises(LifeclusterError, match="Consent cannot"):
        agree(desk, row, **more)  # type: ignore[arg-type]  # days
    assert not Consent.objects.exists()


def test_an_erased_contact_leaves_what_was_talked_about(desk: Viewer) -> None:
    row = contact(desk)
    agree(desk, row)
    talk = interactions.record_interaction(on=TODAY, kind="call", subject="Space", policy=False, viewer=desk, at=NOW,
                                           organisation_uid=org("alpha"), contacts=[row.pk])  # fmt: skip
    contacts.erase_contact(contact=row.pk, viewer=desk, at=NOW)
    row.refresh_from_db()
    assert (row.name, row.role, row.email, row.telephone, row.person) == ("", "", "", "", None)
    assert not Consent.objects.exists()
    assert not contacts.usable(row, "case", TODAY)
    assert [one.shown_name for one in talk.contacts.all()] == [ERASED]
    with pytest.raises(LifeclusterError, match="erased"):
        agree(desk, row)
    with pytest.raises(LifeclusterError, match="erased"):
        contacts.change_contact(contact=row.pk, name="Back", viewer=desk, at=NOW)


def test_the_audit_says_that_something_changed_and_not_what(desk: Viewer) -> None:
    row = contact(desk)
    contacts.change_contact(contact=row.pk, name="Jo Secretname", email="new@alpha.example", viewer=desk, at=NOW)
    agree(desk, row)
    contacts.erase_contact(contact=row.pk, viewer=desk, at=NOW, why="asked for")
    rows = list(AuditRow.objects.filter(subject=f"contact:{row.pk}").order_by("pk"))
    acts = ["contact.add", "contact.change", "consent.record", "contact.erase"]
    assert [one.action for one in rows] == acts
    bodies = "".join(one.body for one in rows)
    assert not any(secret in bodies for secret in ("Jo", "Marsh", "alpha.example", "0115"))
    assert rows[1].content["after"] == {"changed": ["name", "role", "email", "telephone"]}


def test_two_at_the_same_contact(desk: Viewer) -> None:
    row = contact(desk)
    contacts.change_contact(contact=row.pk, version=1, name="First", viewer=desk, at=NOW)
    with pytest.raises(ChangedError) as told:
        contacts.change_contact(contact=row.pk, version=1, name="Second", viewer=desk, at=NOW)
    assert told.value.row.version == 2
    assert Contact.objects.get(pk=row.pk).name == "First"


def test_only_the_desk(desk: Viewer) -> None:
    row = contact(desk)
    for viewer in (ANYBODY, Viewer(frozenset({"member", "member_administrator"}), frozenset({org("alpha")}))):
        assert not Contact.objects.visible_to(viewer).exists()
        with pytest.raises(PermissionDeniedError):
            contacts.erase_contact(contact=row.pk, viewer=viewer, at=NOW)
        with pytest.raises(PermissionDeniedError):
            contact(viewer)
    assert Contact.objects.visible_to(desk).count() == 1


@pytest.mark.parametrize(("field", "value"), [("name", "  "), ("email", "jo at alpha"), ("name", "x" * 121)])
def test_what_cannot_be_a_contact(desk: Viewer, field: str, value: str) -> None:
    with pytest.raises(LifeclusterError):
        contact(desk, **{field: value})
    with pytest.raises(LifeclusterError, match="no organisation"):
        contact(desk, key="nobody")


def test_a_person_takes_a_copy_and_goes(desk: Viewer, worker: Person) -> None:
    somebody = person("jo@alpha.example")
    row, other = contact(desk, email="Jo@Alpha.example"), contact(desk, name="Al", email="al@alpha.example")
    agree(desk, row)
    copy = taking.copy(person=somebody, at=NOW)
    assert [one["name"] for one in copy["contacts"]] == ["Jo Marsh"]
    assert copy["contacts"][0]["consents"][0]["purpose"] == "case"
    people.delete_person(person=somebody, viewer=somebody.viewer, at=NOW)
    row.refresh_from_db()
    other.refresh_from_db()
    assert row.shown_name == ERASED and other.shown_name == "Al"


def test_pages_of_a_contact(seat: Client, desk: Viewer) -> None:
    sent = {"name": "Jo Marsh", "role": "Site manager", "email": "jo", "telephone": ""}
    answer = seat.post(f"/desk/organisations/{org('alpha')}/contacts/new", sent)
    assert answer.status_code == 422
    assert b"Site manager" in answer.content and b"problems" in answer.content
    answer = seat.post(f"/desk/organisations/{org('alpha')}/contacts/new", sent | {"email": "jo@alpha.example"})
    row = Contact.objects.get()
    assert answer["Location"] == f"/desk/contacts/{row.pk}"
    page = seat.get(answer["Location"]).content.decode()
    assert "used for nothing" in page and "jo@alpha.example" in page
    agreed = {"purpose": "case", "given_by": "Jo", "how": "form", "given_on": "2026-11-20", "until": ""}
    assert seat.post(f"/desk/contacts/{row.pk}/consent", agreed).status_code == 302
    page = seat.get(f"/desk/contacts/{row.pk}").content.decode()
    assert "20\xa0November\xa02026" in page and "They took it back" in page
    assert seat.post(f"/desk/consents/{Consent.objects.get().pk}/withdraw").status_code == 302
    assert b"Taken back on" in seat.get(f"/desk/contacts/{row.pk}").content
    assert seat.post(f"/desk/contacts/{row.pk}/erase", {"why": ""}).status_code == 302
    assert ERASED.encode()[2:] in seat.get(f"/desk/contacts/{row.pk}").content


def test_the_second_writer_is_told_and_loses_nothing(seat: Client, desk: Viewer) -> None:
    row = contact(desk)
    path = f"/desk/contacts/{row.pk}/edit"
    assert b'name="version" value="1"' in seat.get(path).content
    mine = {"version": "1", "name": "Jo Marsh-Hill", "role": "Director", "email": "", "telephone": ""}
    contacts.change_contact(contact=row.pk, name="Jo Marsh", role="Head of quality", viewer=desk, at=NOW)
    answer = seat.post(path, mine)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Head of quality" in page and "Jo Marsh-Hill" in page and 'name="version" value="2"' in page
    assert Contact.objects.get(pk=row.pk).role == "Head of quality"
    assert seat.post(path, mine | {"version": "2"}).status_code == 302
    assert Contact.objects.get(pk=row.pk).role == "Director"


def test_no_public_page_and_no_export_names_a_contact(seat: Client, desk: Viewer, web: Client) -> None:
    contact(desk, name="Zerubbabel Quux", email="zq@alpha.example")
    for path in ("/export/csv", "/export/jsonld", "/export/csv?rows=statements", "/api/v1/statements?limit=500",
                 f"/organisations/{org('alpha')}/alpha-medical-limited", "/api/v1/search?q=Zerubbabel"):  # fmt: skip
        answer = web.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        assert answer.status_code == 200, path
        assert b"Zerubbabel" not in body.replace(b"q=Zerubbabel", b"") and b"zq@alpha" not in body, path
