"""Nothing is sent without consent to exactly what is sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts import outbox
from lifecluster.web.accounts.models import AuditRow, Mail
from lifecluster.web.desk import letters
from lifecluster.web.desk.actions import cases, contacts, referrals
from lifecluster.web.desk.models import Case, ChangedError, Referral
from lifecluster.web.directory.viewer import ANYBODY, PermissionDeniedError, Viewer
from tests.web.accounts.smtp import Inbox
from tests.web.desk.conftest import NOW, TODAY, case, contact
from tests.web.directory.making import org

USUAL: dict[str, Any] = {"email": "desk@agency.example", "about": "A firm looks for a QP.", "body": "The Agency"}


def draft(desk: Viewer, of: Case | None = None, **more: Any) -> Referral:
    row = of or case(desk)
    return referrals.draft_referral(case=row.pk, viewer=desk, at=NOW, **(USUAL | more))


def agree(desk: Viewer, row: Referral, covers: str = "") -> Referral:
    return referrals.record_referral_consent(referral=row.pk, given_by="Site manager", how="e-mail", given_on=TODAY,
                                             covers=covers or letters.referral(row).digest, viewer=desk, at=NOW)  # fmt: skip


def agreed(desk: Viewer, of: Case | None = None, **more: Any) -> Referral:
    return agree(desk, draft(desk, of, **more))


def send(desk: Viewer, row: Referral) -> Referral:
    row.refresh_from_db()
    return referrals.send_referral(referral=row.pk, covers=letters.referral(row).digest, viewer=desk, at=NOW)


def test_without_consent_the_action_refuses(desk: Viewer) -> None:
    row = draft(desk)
    with pytest.raises(LifeclusterError, match="consent"):
        send(desk, row)
    assert not Mail.objects.exists() and Referral.objects.get().state == "drafted"
    assert not AuditRow.objects.filter(action="referral.send").exists()


def test_what_is_sent_is_what_was_previewed(desk: Viewer, post: Inbox) -> None:
    row = agreed(desk)
    letter = letters.referral(row)
    sent = send(desk, row)
    assert (sent.state, sent.text, sent.sent_by) == ("sent", letter.text, desk.actor)
    outbox.deliver(post.server, at=Mail.objects.get().written_at)
    (message,) = post.to("desk@agency.example")
    assert message["Subject"] == letter.subject
    assert message.get_content().replace("\r\n", "\n").strip() == letter.text.strip()
    with pytest.raises(LifeclusterError, match="already"):
        send(desk, row)


CHANGES = st.fixed_dictionaries({}, optional={
    "email": st.sampled_from(["desk@agency.example", "other@agency.example"]),
    "about": st.sampled_from(["A firm looks for a QP.", "A firm looks for a QP, soon."]),
    "body": st.sampled_from(["The Agency", "Another Agency"]),
})  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(CHANGES, min_size=1, max_size=3))
def test_a_letter_that_changed_after_consent_is_not_sent(desk: Viewer, changes: list[dict[str, str]]) -> None:
    row = agreed(desk)
    first, same = letters.referral(row).digest, True
    for change in changes:
        row = referrals.change_referral(referral=row.pk, viewer=desk, at=NOW, **(USUAL | change))
        same = same and letters.referral(row).digest == first
    if same:
        assert send(desk, row).state == "sent"
    else:
        with pytest.raises(LifeclusterError, match="consent"):
            send(desk, row)
        assert agree(desk, row) and send(desk, row).state == "sent"


def test_consent_to_an_older_letter_is_refused(desk: Viewer) -> None:
    row = draft(desk)
    seen = letters.referral(row).digest
    referrals.change_referral(referral=row.pk, viewer=desk, at=NOW, **(USUAL | {"about": "Other words."}))
    with pytest.raises(ChangedError):
        agree(desk, row, covers=seen)


def test_a_contact_goes_with_it_only_as_they_agreed(desk: Viewer) -> None:
    who = contact(desk)
    row = agreed(desk, contact=who.pk)
    assert "Jo Marsh, Site manager, jo@alpha.example" in letters.referral(row).text
    with pytest.raises(LifeclusterError, match="has not agreed"):
        send(desk, row)
    contacts.record_consent(contact=who.pk, purpose="referral", given_by="Jo", how="telephone",
                            given_on=TODAY, viewer=desk, at=NOW)  # fmt: skip
    assert send(desk, row).state == "sent"
    contacts.erase_contact(contact=who.pk, viewer=desk, at=NOW)
    row.refresh_from_db()
    assert "Jo" not in row.text


def test_a_contact_erased_before_sending_takes_consent_with_them(desk: Viewer) -> None:
    who = contact(desk)
    row = agreed(desk, contact=who.pk)
    contacts.erase_contact(contact=who.pk, viewer=desk, at=NOW)
    row.refresh_from_db()
    assert row.contact is None
    with pytest.raises(LifeclusterError, match="no longer what was agreed"):
        send(desk, row)


def test_what_cannot_be_a_referral(desk: Viewer) -> None:
    stranger = contact(desk, key="beta")
    for more in ({"email": "none"}, {"about": " "}, {"body": ""}, {"contact": stranger.pk}, {"enquirer": True},
                 {"organisation_uid": org("nobody")}):  # fmt: skip
        with pytest.raises(LifeclusterError):
            draft(desk, **more)
    row = draft(desk, body="", organisation_uid=org("gamma"))
    assert row.body == "Gamma University"
    with pytest.raises(PermissionDeniedError):
        draft(ANYBODY, row.case)
    with pytest.raises(LifeclusterError, match="not sent yet"):
        cases.move_case(case=row.case_id, state="closed", outcome="referred", viewer=desk, at=NOW)
    referrals.withdraw_referral(referral=row.pk, viewer=desk, at=NOW)
    cases.move_case(case=row.case_id, state="closed", outcome="referred", viewer=desk, at=NOW)
    with pytest.raises(LifeclusterError, match="closed"):
        draft(desk, row.case)


def test_answers_come_after_sending(desk: Viewer) -> None:
    row = agreed(desk)
    how: dict[str, Any] = {"referral": row.pk, "state": "accepted", "viewer": desk, "at": NOW}
    with pytest.raises(LifeclusterError, match="not sent"):
        referrals.answer_referral(answered_on=TODAY, **how)
    send(desk, row)
    for day in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(LifeclusterError, match="comes after"):
            referrals.answer_referral(answered_on=day, **how)
    assert referrals.answer_referral(answered_on=TODAY, answer="We ring them.", **how).state == "accepted"


def test_by_its_pages(seat: Client, desk: Viewer) -> None:
    row = case(desk)
    new = {"organisation": "", "body": "", "email": "desk@agency.example", "about": "A <firm>."}
    assert seat.post(f"/desk/cases/{row.pk}/referrals/new", new).status_code == 422
    assert seat.post(f"/desk/cases/{row.pk}/referrals/new", new | {"body": "The Agency"}).status_code == 302
    one = Referral.objects.get()
    page = seat.get(f"/desk/referrals/{one.pk}").content.decode()
    assert "It cannot be sent yet" in page and "A &lt;firm&gt;." in page and "Send it" not in page
    seen = letters.referral(one).digest
    assert seat.post(f"/desk/referrals/{one.pk}/send", {"covers": seen}, follow=True).status_code == 200
    assert Referral.objects.get().state == "drafted"
    referrals.change_referral(referral=one.pk, viewer=desk, at=NOW, email=one.email, body=one.body, about="Changed.")
    consent = {"given_by": "Site manager", "how": "writing", "given_on": "2026-11-21", "covers": seen}
    answer = seat.post(f"/desk/referrals/{one.pk}/consent", consent)
    now = letters.referral(Referral.objects.get()).digest
    assert answer.status_code == 422 and f'value="{now}"' in answer.content.decode()
    assert seat.post(f"/desk/referrals/{one.pk}/consent", consent | {"covers": now}).status_code == 302
    assert "Send it" in seat.get(f"/desk/referrals/{one.pk}").content.decode()
    assert seat.post(f"/desk/referrals/{one.pk}/send", {"covers": now}).status_code == 302
    assert Mail.objects.get().to == "desk@agency.example"
    answered = {"state": "declined", "answered_on": "2026-11-22", "answer": "Not us."}
    assert seat.post(f"/desk/referrals/{one.pk}/answer", answered).status_code == 302
    page = seat.get(f"/desk/cases/{row.pk}").content.decode()
    assert "Not us." in page and "Declined" in page
