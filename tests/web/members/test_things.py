"""Things that were proposed wait at the desk: accepted as they are or with other values, refused, taken back."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from lifecluster.web.accounts.models import Person
from lifecluster.web.desk import waiting
from lifecluster.web.directory import adding as register
from lifecluster.web.directory import proposals, reads
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.viewer import OPERATOR
from lifecluster.web.members import adding
from lifecluster.web.members.proposals import things, things_count
from tests.web.accounts.conftest import person
from tests.web.directory.conftest import NOW
from tests.web.directory.making import org
from tests.web.members.conftest import ALPHA, desk, fields, mails, member, said, tree
from tests.web.pages.conftest import assert_harmless
from tests.web.pages.test_hostile import HOSTILE
from tests.web.tokens import Program, token

SITE = {"name": "North works", "town": "Derby", "postcode": "DE1 1AA", "capability": ["gene-editing"]}
LINE = next(one for one in waiting.lines(OPERATOR) if one.name == "additions")


def propose(who: Person, values: Any = None, kind: str = "site", **more: Any) -> str:
    made = adding.propose(kind=kind, organisation=ALPHA, values=values or SITE, viewer=who.viewer, at=NOW, **more)
    return made.id


def send(client: Client, entry: str, number: int = 0, **changed: Any) -> Any:
    path = f"/desk/additions/{entry}"
    return client.post(path, {**fields(client.get(path), number), **changed})


def state(entry: str) -> str:
    found = proposals.addition(entry, OPERATOR)
    assert found is not None
    return found.state


def shown(entry: str) -> str:
    found = proposals.addition(entry, OPERATOR)
    assert found is not None
    stated = reads.values([found.uid], None).of(found.uid, "postcode")
    return stated.text if stated else "nothing"


@pytest.fixture
def who(small: Package) -> Person:
    return member()


def test_what_waits_is_a_line_of_work_with_a_page(who: Person) -> None:
    first = propose(who, why="we moved in")
    second = propose(who, {"title": "Cold store", "facility_type": "laboratory"}, "facility", visibility="members")
    assert LINE.count(OPERATOR) == things_count() == 2
    assert [one.title for one in LINE.first(OPERATOR, 5)] == [
        "Site of Alpha Medical Limited", "Facility of Alpha Medical Limited"]  # fmt: skip
    office = desk()
    assert "Things to add" in said(office.get("/desk/")) and "Site of Alpha Medical Limited" in said(
        office.get("/desk/")
    )
    queue = office.get("/desk/additions")
    assert "2 proposals wait" in said(queue) and "North works" in said(queue) and "Cold store" in said(queue)
    page = office.get(f"/desk/additions/{first}")
    assert "member@example.org" in said(page) and "we moved in" in said(page) and "For: Everybody" in said(page)
    assert "For: Members" in said(office.get(f"/desk/additions/{second}"))
    for one in (queue, page):
        assert_harmless(tree(one))
    assert office.get(f"/desk/additions/{'0' * 64}").status_code == 404


def test_accepted_it_shows_at_once_the_next_follows_and_who_proposed_it_hears(who: Person) -> None:
    first, second = propose(who), propose(who, {"title": "Hours in a clean room"}, "offer")
    office = desk()
    done = send(office, first, why="welcome")
    assert (done.status_code, done.headers["Location"]) == (302, f"/desk/additions/{second}")
    assert (state(first), shown(first)) == ("approved", "DE1 1AA")
    (mail,) = mails("member@example.org")
    assert "was accepted" in mail.subject and "welcome" in mail.text and f"http://testserver/my/{ALPHA}" in mail.text
    assert "DE1" not in mail.text, "a value may be for few: it stays behind the address"
    assert send(office, second).headers["Location"] == "/desk/additions"
    assert LINE.count(OPERATOR) == 0 and LINE.first(OPERATOR, 5) == []
    assert "accepted." in said(office.get("/desk/additions"))


def test_with_other_values_and_what_does_not_fit_is_said_beside_its_field(who: Person) -> None:
    entry, office = propose(who, {**SITE, "opened_on": "2024-05-31"}), desk()
    wrong = send(office, entry, opened_on="lately")
    assert wrong.status_code == 422 and "North works" in wrong.content.decode()
    assert tree(wrong).cssselect("#id_opened_on")[0].get("value") == "lately", "what was typed stays"
    assert tree(wrong).cssselect("#id_opened_on")[0].get("aria-invalid") == "true"
    assert send(office, entry, postcode="", town="", name="").status_code == 422, "nobody could tell what it is"
    assert state(entry) == "pending"
    assert send(office, entry, postcode="DE1 1AB", name="").status_code == 302
    found = proposals.addition(entry, OPERATOR)
    assert found is not None
    kept = {k: v for k, v in SITE.items() if k != "name"} | {"opened_on": "2024-05-31", "postcode": "DE1 1AB"}
    assert {k: list(v) if isinstance(v, tuple) else v for k, v in found.values.items()} == kept
    assert shown(entry) == "DE1 1AB"
    assert "accepted with a change" in mails("member@example.org")[-1].text


def test_refused_with_a_reason_and_taken_back_with_one(who: Person) -> None:
    first, second, office = propose(who), propose(who, {"title": "Hours in a clean room"}, "offer"), desk()
    assert send(office, first, 1, why="").status_code == 422
    assert send(office, first, 1, why="nobody is there").status_code == 302
    assert state(first) == "refused"
    assert "nobody is there" in mails("member@example.org")[-1].text
    again = office.post(f"/desk/additions/{first}", {"decision": "accept"})
    assert again.status_code == 422 and state(first) == "refused", "it is decided already"
    send(office, second)
    assert send(office, second, 0, why="it closed").status_code == 302
    assert state(second) == "retracted"
    assert "is no longer shown" in mails("member@example.org")[-1].text


def test_what_a_list_of_a_member_brought_waits_here_too(who: Person) -> None:
    register.take(things=[register.New("site", ALPHA, SITE)], said=[], viewer=who.viewer, at=NOW)
    assert [one.values["town"] for one in things()] == ["Derby"]


def test_what_only_the_organisation_sees_and_who_may_not(who: Person) -> None:
    entry, hidden = propose(who), propose(who, {"title": "Secret"}, "need", visibility="owner")
    office = desk()
    assert office.get(f"/desk/additions/{hidden}").status_code == 404
    assert "Secret" not in said(office.get("/desk/additions")) + said(office.get("/desk/"))
    plain = Program(token(who))
    assert plain.post(f"/additions/{entry}/approve", {}).status_code == 403
    assert plain.get(f"/additions/{hidden}").json()["state"] == "pending"
    other = Program(token(member("other@example.org", org("beta"))))
    assert other.get(f"/additions/{entry}").status_code == other.get(f"/additions/{'0' * 64}").status_code == 404


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_do_no_harm(who: Person, text: str) -> None:
    entry = propose(who, {**SITE, "name": text})
    office = desk()
    for path in ("/desk/additions", f"/desk/additions/{entry}", "/desk/"):
        assert_harmless(tree(office.get(path)))


def test_by_api_from_proposal_to_what_everybody_reads_and_back(who: Person) -> None:
    mine = Program(token(who))
    office = Program(token(person("d@example.org", "desk"), second_step=True))
    body = {"kind": "site", "organisation": ALPHA, "values": SITE, "why": "we moved in"}
    made = mine.post("/additions", body, Idempotency_Key="one").json()
    assert mine.post("/additions", body, Idempotency_Key="one").json() == made
    assert mine.post("/additions", body).status_code == 422, "the same thing twice is one thing"
    assert (made["state"], made["organisation"], made["kind"]) == ("pending", ALPHA, "site")
    assert office.get("/additions?whose=everybody&state=pending").json()["items"] == [made]
    assert mine.get(f"/sites/{made['thing']}").status_code == 404
    assert office.post(f"/additions/{made['id']}/approve", {}).json()["state"] == "approved"
    assert Program(None).get(f"/sites/{made['thing']}").json()["postcode"] == "DE1 1AA"
    assert "was accepted" in mails("member@example.org")[-1].subject
    assert office.post(f"/additions/{made['id']}/retract", {"why": "a slip"}).json()["decision"] == "a slip"
    assert Program(None).get(f"/sites/{made['thing']}").status_code == 404
    bad = mine.post("/additions", {**body, "values": {"postcode": "DE1", "colour": "red"}})
    assert (bad.status_code == 422 and "postcode" in bad.json()["detail"]) or "colour" in bad.json()["detail"]
    assert mine.post("/additions", {**body, "values": {**SITE, "postcode": "LE1 1AA"}}).status_code == 422
