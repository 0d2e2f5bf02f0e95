"""From the public form to the answer, and what becomes of it in the end."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client, override_settings
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts import actions as people
from lifecluster.web.accounts import taking
from lifecluster.web.accounts.models import AuditRow, Mail
from lifecluster.web.api.middleware import counters
from lifecluster.web.desk.actions import cases, enquiries, referrals, tasks
from lifecluster.web.desk.models import Case, ChangedError, Enquiry, Interaction, Note
from lifecluster.web.directory.viewer import ANYBODY, PermissionDeniedError, Viewer
from tests.web.accounts.conftest import person
from tests.web.desk.conftest import NOW, TODAY
from tests.web.directory.making import org

SENT = {"looking_for": "laboratory", "space_m2": "200", "cleanroom": "iso-7", "power_kw": "", "when": "year",
        "text": "Near a hospital", "name": "Sam Firth", "firm": "Firth Bio", "email": "sam@firth.example",
        "telephone": ""}  # fmt: skip


def receive(**more: Any) -> tuple[Enquiry, str]:
    given_ = {"name": "Sam Firth", "email": "sam@firth.example", "looking_for": "laboratory", "space_m2": 200} | more
    return enquiries.receive_enquiry(where="http://t/enquiries/", viewer=ANYBODY, at=NOW, **given_)


def test_an_enquiry_becomes_a_case_with_a_clock_and_a_private_link(small: Any, web: Client) -> None:
    answer = web.post("/enquiries", SENT)
    row = Enquiry.objects.get()
    assert row.case.title == "Laboratory, ISO 7, 200 m²"
    assert row.case.due_on is not None and row.case.due_on > row.received_at.date()
    mail = Mail.objects.get(to="sam@firth.example")
    (link,) = re.findall(r"http://\S+", mail.text)
    assert link.endswith(answer["Location"])
    secret = link.rpartition("/")[2]
    assert len(secret) == 32 and row.token == enquiries.hashed(secret) and secret not in row.token
    page = web.get(f"/enquiries/{secret}")
    assert page["Cache-Control"] == "private, no-store" and page["Referrer-Policy"] == "same-origin"
    assert "Near a hospital" in page.content.decode() and "noindex" in page.content.decode()
    assert web.get(f"/enquiries/{secret[:-1]}x").status_code == web.get("/enquiries/none").status_code == 404
    assert not any(secret in one.body for one in AuditRow.objects.all())


def test_mail_is_said_to_be_on_its_way_only_where_it_is(
    small: Any, web: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LIFECLUSTER_MAIL", raising=False)
    page = web.post("/enquiries", SENT, follow=True).content.decode()
    assert "goes as soon as mail is set up" in page and "on its way" not in page
    monkeypatch.setenv("LIFECLUSTER_MAIL", "smtp://localhost")
    assert "is on its way" in web.post("/enquiries", SENT, follow=True).content.decode()


@pytest.mark.parametrize(("field", "value"), [("email", "sam"), ("name", ""), ("space_m2", "0"), ("space_m2", "1e9"),
                                              ("looking_for", "gold"), ("cleanroom", "iso-1"), ("text", "x" * 3001)])  # fmt: skip
def test_what_is_wrong_is_said_beside_the_field(small: Any, web: Client, field: str, value: str) -> None:
    answer = web.post("/enquiries", SENT | {field: value})
    page = answer.content.decode()
    assert answer.status_code == 422 and f"id_{field}" in page
    assert field in {"name"} or "Sam Firth" in page
    assert not Enquiry.objects.exists() and not Mail.objects.exists()


def test_the_form_wants_its_token(small: Any) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    assert client.post("/enquiries", SENT).status_code == 403
    token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get("/enquiries").content.decode())[0]
    assert client.post("/enquiries", SENT | {"csrfmiddlewaretoken": token}).status_code == 302


def test_one_address_may_ask_a_few_times_an_hour(small: Any, web: Client) -> None:
    counters.cache_clear()
    with override_settings(RATE_LIMITS={"enquiry": (2, 3600)}, RATE_LIMIT_LOCAL=True):
        found = [web.post("/enquiries", SENT, REMOTE_ADDR="198.51.100.77").status_code for _ in range(4)]
    assert found.count(429) >= 1 and found[0] == 302
    assert Enquiry.objects.count() == found.count(302)


def test_the_desk_answers_and_the_clock_stops(seat: Client, desk: Viewer) -> None:
    row, secret = receive()
    assert b"Laboratory, 200 m" in seat.get("/desk/enquiries").content
    assert b"by " in seat.get(f"/enquiries/{secret}").content
    with pytest.raises(LifeclusterError, match="answer first"):
        cases.move_case(case=row.case_id, state="closed", outcome="helped", viewer=desk, at=NOW)
    assert seat.post(f"/desk/cases/{row.case_id}/answer", {"text": "", "version": "1"}).status_code == 422
    sent = {"text": "There is one in <Leicester>.", "version": "1"}
    assert seat.post(f"/desk/cases/{row.case_id}/answer", sent).status_code == 302
    row.refresh_from_db()
    case = Case.objects.get()
    assert row.answered_at is not None and case.due_on is None
    assert "There is one in <Leicester>." in Mail.objects.get(subject="An answer to your enquiry").text
    assert "&lt;Leicester&gt;" in seat.get(f"/enquiries/{secret}").content.decode()
    assert seat.post(f"/desk/cases/{row.case_id}/answer", sent | {"text": "Other"}).status_code == 422
    with pytest.raises(ChangedError):
        enquiries.answer_enquiry(enquiry=row.pk, text="x", version=1, viewer=desk, at=NOW)
    with pytest.raises(PermissionDeniedError):
        enquiries.answer_enquiry(enquiry=row.pk, text="x", viewer=ANYBODY, at=NOW)
    cases.move_case(case=case.pk, state="closed", outcome="helped", viewer=desk, at=NOW)
    assert b"Every enquiry is answered" in seat.get("/desk/enquiries").content


def closed(desk: Viewer, at: datetime) -> Enquiry:
    row, _ = receive()
    enquiries.answer_enquiry(enquiry=row.pk, text="Yes.", viewer=desk, at=NOW)
    cases.add_note(case=row.case_id, text="Sam called", viewer=desk, at=NOW)
    cases.move_case(case=row.case_id, state="closed", outcome="helped", viewer=desk, at=at)
    return row


def test_what_was_told_goes_a_year_after_closing(desk: Viewer) -> None:
    old, new = closed(desk, datetime(2025, 11, 22, 23, tzinfo=UTC)), closed(desk, datetime(2025, 11, 23, 1, tzinfo=UTC))
    still = receive()[0]
    assert enquiries.forget_old(at=NOW) == 1
    assert set(Enquiry.objects.values_list("pk", flat=True)) == {new.pk, still.pk}
    case = Case.objects.get(pk=old.case_id)
    assert case.title == "Laboratory, 200 m²" and not case.notes.exists()
    assert Note.objects.count() == 1
    assert enquiries.forget_old(at=NOW) == 0
    assert AuditRow.objects.filter(action="enquiry.forget", subject=f"case:{case.pk}").count() == 1


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 60))
def test_months_before(day: date, months: int) -> None:
    found = enquiries.months_before(day, months)
    assert (day.year * 12 + day.month) - (found.year * 12 + found.month) == months
    assert found.day == day.day or (found + timedelta(days=1)).month != found.month


def test_the_enquirer_deletes_it(small: Any, web: Client) -> None:
    row, secret = receive()
    assert web.post(f"/enquiries/{secret}/delete").status_code == 302
    assert Enquiry.objects.exists()
    assert web.get(f"/enquiries/{secret}/delete").status_code == 405
    assert web.post(f"/enquiries/{secret}/delete", {"sure": "yes"})["Location"] == "/enquiries"
    assert not Enquiry.objects.exists() and Case.objects.filter(pk=row.case_id).exists()
    assert web.get(f"/enquiries/{secret}").status_code == 404
    assert web.post(f"/enquiries/{secret}/delete", {"sure": "yes"}).status_code == 404


def test_what_the_desk_wrote_of_the_enquirer_goes_too(desk: Viewer) -> None:
    row, secret = receive()
    task = tasks.add_task(title="Ring Sam Firth", viewer=desk, at=NOW, case=row.case_id)
    Case.objects.filter(pk=row.case_id).update(outcome_note="Sam Firth moved in")
    enquiries.forget_enquiry(secret=secret, viewer=ANYBODY, at=NOW)
    task.refresh_from_db()
    assert "Sam" not in task.title + Case.objects.get(pk=row.case_id).outcome_note
    assert not Mail.objects.filter(to="sam@firth.example").exists()


def test_deleting_an_account_deletes_its_enquiries(desk: Viewer) -> None:
    receive(email="Sam@firth.example")
    somebody = person("sam@firth.example")
    assert taking.copy(person=somebody, at=NOW)["enquiries"][0]["name"] == "Sam Firth"
    people.delete_person(person=somebody, viewer=somebody.viewer, at=NOW)
    assert not Enquiry.objects.exists()


def test_what_was_referred_goes_too(desk: Viewer) -> None:
    row, secret = receive()
    from tests.web.desk.test_referrals import agreed

    one = agreed(desk, Case.objects.get(pk=row.case_id), enquirer=True)
    Interaction.objects.create(case=row.case, on=TODAY, kind="call", subject="Sam", added_by="x", added_at=NOW)
    referrals.send_referral(referral=one.pk, covers=one.consent_covers, viewer=desk, at=NOW)
    enquiries.forget_enquiry(secret=secret, viewer=ANYBODY, at=NOW)
    one.refresh_from_db()
    assert "Sam" not in one.text + one.about and not Interaction.objects.exists()
    assert org("alpha")  # of the register nothing was touched
