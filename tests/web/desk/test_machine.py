"""The desk by token: contacts and consent, a referral word for word, an enquiry, a batch; versions and erased people."""

from __future__ import annotations

from typing import Any

import pytest

from lifecluster.web.accounts.models import AuditRow, Mail
from lifecluster.web.desk.actions import enquiries
from lifecluster.web.desk.models import BulkEdit
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.viewer import ANYBODY
from tests.web.accounts.conftest import AT, fresh, person
from tests.web.directory.conftest import at, small
from tests.web.directory.making import org
from tests.web.examples import AGREED, BATCH, REFER, TALK
from tests.web.tokens import Program, token

__all__ = ["at", "fresh", "small"]
ALPHA = f"/organisations/{org('alpha')}"


@pytest.fixture
def office(small: Package) -> Program:
    return Program(token(person("d@example.org", "desk"), second_step=True, name="the old CRM"))


def done(answer: Any) -> Any:
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_contact_with_consent_until_it_is_erased(office: Program) -> None:
    made = done(office.post(f"{ALPHA}/contacts", {"name": "A. Person", "email": "a@example.org"}))
    path = f"/contacts/{made['key']}"
    changed = done(office.post(f"{path}/change", {"name": "B. Person"}, If_Match=f'"{made["version"]}"'))
    assert (changed["name"], changed["email"]) == ("B. Person", "")
    assert office.post(f"{path}/change", {"name": "C"}, If_Match=f'"{made["version"]}"').status_code == 412
    assert office.post(f"{path}/consents", {**AGREED, "purpose": "anything"}).status_code == 422
    agreed = done(office.post(f"{path}/consents", {**AGREED, "purpose": "news"}))
    assert done(office.get(path))["consents"] == [agreed]
    assert done(office.post(f"/consents/{agreed['key']}/withdraw"))["withdrawn_on"]
    talk = done(office.post(f"{ALPHA}/interactions", {**TALK, "contacts": [made["key"]]}))
    for nobody in (0, 10**12, 10**30):
        assert office.post(f"{ALPHA}/interactions", {**TALK, "contacts": [nobody]}).status_code == 422
    erased = done(office.post(f"{path}/erase", {"why": "they asked"}))
    assert (erased["erased"], erased["name"], erased["consents"]) == (True, "", [])
    assert done(office.get(f"/contacts?organisation={org('alpha')}"))["items"] == []
    assert done(office.get("/interactions"))["items"][0]["contacts"] == talk["contacts"]
    assert "Person" not in " ".join(
        AuditRow.objects.filter(subject=f"contact:{made['key']}").values_list("body", flat=True)
    )
    assert {row.content.get("token") is None for row in AuditRow.objects.filter(action__startswith="contact.")} == {
        False
    }


def test_a_referral_goes_out_word_for_word_and_only_with_consent_to_it(office: Program) -> None:
    case = done(office.post("/cases", {"title": "Premises", "kind": "premises"}))
    made = done(office.post(f"/cases/{case['key']}/referrals", REFER))
    path = f"/referrals/{made['key']}"
    assert made["hindered"] and "A cleanroom" in made["letter"]
    assert office.post(f"{path}/send", {"covers": made["covers"]}).status_code == 422
    assert office.post(f"{path}/consent", {**AGREED, "covers": "0" * 32}).status_code == 409
    assert done(office.post(f"{path}/consent", {**AGREED, "covers": made["covers"]}))["hindered"] == ""
    changed = done(office.post(f"{path}/change", {**REFER, "about": "Another thing"}))
    assert changed["hindered"], "consent to what it was before counts no longer"
    done(office.post(f"{path}/consent", {**AGREED, "covers": changed["covers"]}))
    sent = done(office.post(f"{path}/send", {"covers": changed["covers"]}))
    assert Mail.objects.get(to="hub@example.org").text == sent["letter"] == changed["letter"]
    assert office.post(f"{path}/withdraw").status_code == 422
    day = sent["sent_at"][:10]
    assert done(office.post(f"{path}/answer", {"state": "accepted", "answered_on": day}))["state"] == "accepted"
    assert done(office.get("/referrals"))["items"][0]["state"] == "accepted"


def test_an_enquiry_is_answered_by_mail(office: Program) -> None:
    enquiries.receive_enquiry(name="A. Person", email="firm@example.org", looking_for="office", where="http://t/",
                              viewer=ANYBODY, at=AT)  # fmt: skip
    row = done(office.get("/enquiries"))["items"][0]
    assert row["answered_at"] is None
    answered = done(
        office.post(f"/enquiries/{row['key']}/answer", {"text": "In Derby"}, If_Match=f'"{row["version"]}"')
    )
    assert answered["answer"] == "In Derby"
    assert "In Derby" in Mail.objects.filter(to="firm@example.org").latest("pk").text
    late = office.post(f"/enquiries/{row['key']}/answer", {"text": "In York"}, If_Match=f'"{row["version"]}"')
    assert late.status_code == 412
    assert done(office.get(f"/cases/{row['case']}"))["due_on"] is None


def test_a_batch_is_what_was_previewed(office: Program) -> None:
    seen = done(office.post("/batches/preview", BATCH))
    assert not BulkEdit.objects.exists()
    assert office.post("/batches", {**BATCH, "digest": "0" * 32, "why": "x"}).status_code == 409
    made = done(office.post("/batches", {**BATCH, "digest": seen["digest"], "why": "a survey"}))
    assert made["organisations"] == [one["uid"] for one in seen["lines"] if not one["why"]]
    assert done(office.post(f"/batches/{made['key']}/undo", {"why": "a slip"}))["undone_at"]


def test_members_of_the_cluster_and_pages_of_a_list(office: Program) -> None:
    keys = [done(office.post("/cases", {"title": str(n), "kind": "other"}))["key"] for n in range(5)]
    first = done(office.get("/cases?limit=2"))
    second = done(office.get(f"/cases?limit=2&after={first['cursor']}"))
    last = done(office.get(f"/cases?limit=2&after={second['cursor']}"))
    assert [one["key"] for page in (first, second, last) for one in page["items"]] == keys
    assert last["cursor"] is None
    member = done(office.post(f"{ALPHA}/membership", {"level": "full", "begins_on": "2026-01-01"}))
    assert office.post(f"{ALPHA}/membership", {"level": "full", "begins_on": "2026-01-01"}).status_code == 422
    ended = {"level": "full", "begins_on": "2026-01-01", "state": "ended"}
    assert office.post(f"/memberships/{member['key']}/change", ended).status_code == 422
    assert (
        done(office.post(f"/memberships/{member['key']}/change", {**ended, "ends_on": "2026-10-01"}))["state"]
        == "ended"
    )
    assert (
        office.post(
            f"/organisations/{org('nobody')}/membership", {"level": "full", "begins_on": "2026-01-01"}
        ).status_code
        == 404
    )
