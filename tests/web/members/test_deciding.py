"""The desk decides: old beside new, accept, amend, refuse, take back; the next one follows; the member hears."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lifecluster.errors import LifeclusterError
from lifecluster.register import edits
from lifecluster.web.accounts import actions as accounts
from lifecluster.web.accounts import outbox
from lifecluster.web.accounts.models import Person
from lifecluster.web.desk import waiting
from lifecluster.web.directory import actions as register
from lifecluster.web.directory.models import LogRow, Package
from lifecluster.web.directory.viewer import OPERATOR, PermissionDeniedError, Viewer
from lifecluster.web.members import actions, proposals
from tests.web.accounts.conftest import AT, person, window
from tests.web.accounts.smtp import Inbox
from tests.web.directory.conftest import NOW
from tests.web.directory.making import uid
from tests.web.members.conftest import ALPHA, desk, fields, mails, member, said, shown, tree
from tests.web.pages.conftest import assert_harmless
from tests.web.pages.test_hostile import HOSTILE

DESK = Viewer(frozenset({"desk"}), actor="person:desk")


def propose(who: Person, prop: str, value: Any, subject: str = ALPHA, **more: Any) -> str:
    made = actions.propose(subject=subject, property=prop, value=value, viewer=who.viewer, at=NOW, **more)
    return made.id


def send(client: Client, entry: str, number: int = 0, **changed: Any) -> Any:
    path = f"/desk/edits/{entry}"
    return client.post(path, {**fields(client.get(path), number), **changed})


@pytest.fixture
def who(small: Package) -> Person:
    return member()


def test_what_else_waits_for_the_same_value_is_said(who: Person) -> None:
    first, second = propose(who, "employees", 55), propose(who, "employees", 66, visibility="members")
    alone = propose(who, "jobs", 12, uid("site", "alpha-2"))
    office = desk()
    page = tree(office.get(f"/desk/edits/{first}"))
    (link,) = page.cssselect(f".callout a[href='/desk/edits/{second}']")
    assert link.text_content() == "66"
    assert "also waits" not in said(office.get(f"/desk/edits/{alone}"))


def test_the_queue_shows_old_beside_new_and_who(who: Person) -> None:
    propose(who, "employees", 55, why="as of June")
    entry = propose(who, "jobs", 12, uid("site", "alpha-2"), visibility="members")
    office = desk()
    text = said(office.get("/desk/edits"))
    assert "2 proposals wait" in text and "Employees" in text and "55" in text and "ALPHA" not in text
    page = office.get(f"/desk/edits/{entry}")
    text = said(page)
    assert "12" in text and "10" in text and "member@example.org" in text and "For: Members" in text
    assert "Nottingham" in text or "site" in text.lower()
    assert_harmless(tree(page))
    front = said(office.get("/desk/"))
    assert "Employees of Alpha Medical Limited" in front


def test_nobody_is_named_in_the_log(who: Person) -> None:
    entry = propose(who, "employees", 55)
    send(desk(), entry)
    for body in LogRow.objects.values_list("body", flat=True):
        assert "example.org" not in body and "member" not in body.replace("members", "")


def test_accepted_shows_at_once_and_the_next_one_follows(who: Person) -> None:
    first, second = propose(who, "employees", 55), propose(who, "ownership", "family-owned")
    office = desk()
    done = send(office, first, why="thank you")
    assert done.headers["Location"] == f"/desk/edits/{second}"
    assert shown("employees") == "55"
    (mail,) = mails("member@example.org")
    assert "was accepted" in mail.subject and "thank you" in mail.text and f"http://testserver/my/{ALPHA}" in mail.text
    assert "55" not in mail.text, "a value may be for few: it stays behind the address"
    done = send(office, second)
    assert done.headers["Location"] == "/desk/edits" and shown("ownership") == "family-owned"
    assert "Nothing waits" in said(office.get("/desk/edits"))


def test_accepted_with_another_value(who: Person) -> None:
    entry = propose(who, "employees", 5500)
    assert send(desk(), entry, value="550", why="one zero too many").status_code == 302
    assert shown("employees") == "550"
    assert "with a change" in mails("member@example.org")[0].subject
    assert "550" in said(window(who).get(f"/my/{ALPHA}/values/{ALPHA}/employees"))


@pytest.mark.parametrize(
    ("prop", "value"),
    [("capability", ["injection-moulding", "clean-room-iso-8"]), ("description", "One.\nTwo."), ("turnover", 1200.5),
     ("opened_on", "2019-11-30"), ("trading_name", ["A", "B"]), ("description", None), ("employees", 0)],
)  # fmt: skip
def test_what_is_left_as_it_was_proposed_is_no_amendment(who: Person, prop: str, value: Any) -> None:
    entry = propose(who, prop, value)
    assert send(desk(), entry).status_code == 302
    edit = edits.fold(register.log.entries())[entry]
    assert (
        edit.state == "approved" and edit.value == value and "amended" not in (edit.decided or edit.proposed).evidence
    )


def test_a_refusal_needs_a_reason(who: Person) -> None:
    entry = propose(who, "employees", 55)
    office = desk()
    without = send(office, entry, 1, why=" ")
    assert (
        without.status_code == 422 and tree(without).cssselect("#refuse_why_error") and not mails("member@example.org")
    )
    address = send(office, entry, 1, why="ask jo@example.org")
    assert address.status_code == 422 and "jo@example.org" in fields(address, 1)["why"]
    assert send(office, entry, 1, why="the accounts say 30").status_code == 302
    (mail,) = mails("member@example.org")
    assert "was not accepted" in mail.subject and "the accounts say 30" in mail.text
    assert shown("employees") == "30"


def test_a_wrong_amendment_is_said_and_kept(who: Person) -> None:
    entry = propose(who, "employees", 55)
    done = send(desk(), entry, value="plenty", why="hm")
    assert done.status_code == 422 and "no whole number" in said(done)
    assert fields(done, 0)["value"] == "plenty" and fields(done, 0)["why"] == "hm"
    assert send(desk("second@example.org"), entry, value="").status_code == 422


def test_taken_back_after_seeing_what_follows(who: Person) -> None:
    entry = propose(who, "employees", 55)
    office = desk()
    send(office, entry)
    assert f"/desk/edits/{entry}/retract" in office.get("/desk/edits").content.decode()
    page = office.get(f"/desk/edits/{entry}/retract")
    assert tree(page).cssselect("section[aria-labelledby=new] .big")[0].text == "30"
    assert office.post(page.request["PATH_INFO"], {"why": ""}).status_code == 422
    assert office.post(page.request["PATH_INFO"], {"why": "a slip"}).status_code == 302
    assert shown("employees") == "30"
    assert [mail.subject.partition(": ")[2] for mail in mails("member@example.org")] == [
        "your proposal was accepted", "your proposal is no longer shown",
    ]  # fmt: skip
    assert office.get(f"/desk/edits/{entry}/retract").status_code == 404
    assert "a slip" in said(window(who).get(f"/my/{ALPHA}"))


def test_two_of_the_desk_at_one_proposal(who: Person) -> None:
    entry = propose(who, "employees", 55)
    one, two = desk("one@example.org"), desk("two@example.org")
    opened = fields(two.get(f"/desk/edits/{entry}"), 0)
    send(one, entry)
    late = two.post(f"/desk/edits/{entry}", opened, follow=True)
    assert "Somebody else decided this one meanwhile" in said(late)
    assert len(mails("member@example.org")) == 1


def test_a_decision_and_its_mail_stand_or_fall_together(who: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = propose(who, "employees", 55)

    def down(**_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(outbox, "write", down)
    with pytest.raises(RuntimeError):
        actions.approve(entry=entry, viewer=DESK, at=NOW)
    assert edits.fold(register.log.entries())[entry].state == "pending" and shown("employees") == "30"


def test_the_member_hears_over_a_real_conversation(who: Person, post: Inbox) -> None:
    actions.refuse(entry=propose(who, "employees", 55), viewer=DESK, at=NOW, why="no", home="https://cluster.example")
    from datetime import timedelta

    from django.utils import timezone

    outbox.deliver(post.server, at=timezone.now() + timedelta(seconds=1))
    (message,) = post.to("member@example.org")
    assert f"https://cluster.example/my/{ALPHA}" in message.get_body(("plain",)).get_content()


def test_who_is_gone_hears_nothing_and_is_not_named(who: Person) -> None:
    entry = propose(who, "employees", 55)
    accounts.delete_person(person=who, viewer=OPERATOR, at=AT)
    office = desk()
    assert "Somebody whose account is gone" in said(office.get(f"/desk/edits/{entry}"))
    assert send(office, entry).status_code == 302 and shown("employees") == "55"


def test_counting_takes_one_question(who: Person) -> None:
    for value in range(5):
        propose(who, "employees", value)
    line = next(one for one in waiting.lines(DESK) if one.name == "edits")
    with CaptureQueriesContext(connection) as asked:
        assert line.count(DESK) == 5
    assert len(asked) == 1
    assert [item.title for item in line.first(DESK, 2)] == ["Employees of Alpha Medical Limited"] * 2


def test_what_is_read_row_by_row_is_what_the_whole_log_says(who: Person) -> None:
    """The questions to the database against the library's fold of everything."""
    ids = [propose(who, prop, 1) for prop in ("employees", "turnover", "employees", "turnover", "employees")]
    actions.approve(entry=ids[0], viewer=DESK, at=NOW)
    actions.refuse(entry=ids[1], viewer=DESK, at=NOW, why="no")
    actions.withdraw(entry=ids[2], viewer=who.viewer, at=NOW)
    actions.retract(entry=ids[0], viewer=DESK, at=NOW, why="no")
    whole = edits.fold(register.log.entries())
    assert {edit.proposed.id: edit for edit in proposals.of([ALPHA])} == whole
    assert [edit.proposed.id for edit in proposals.waiting()] == ids[3:]
    assert proposals.waiting_count() == 2
    assert [proposals.one(one) for one in ids] == [whole[one] for one in ids]
    for prop in ("employees", "turnover", "name"):
        assert proposals.newest(ALPHA, prop) == edits.newest(register.log.entries(), ALPHA, prop)


def test_only_the_desk(who: Person) -> None:
    entry = propose(who, "employees", 55)
    for client in (window(who), window(person("analyst@example.org", "analyst"), second_step=True)):
        for path in ("/desk/edits", f"/desk/edits/{entry}", f"/desk/edits/{entry}/retract"):
            assert client.get(path).status_code == 404
    waits = window(person("waits@example.org", "desk"))
    assert (
        waits.post(f"/desk/edits/{entry}", {"decision": "accept", "value": "55"}).headers["Location"]
        == "/account/second-step"
    )
    for act in (actions.approve, actions.refuse, actions.retract):
        with pytest.raises(PermissionDeniedError):
            act(entry=entry, viewer=who.viewer, at=NOW, why="mine")  # type: ignore[operator]
    assert desk().get(f"/desk/edits/{'0' * 64}").status_code == 404


@pytest.mark.parametrize("key", HOSTILE)
def test_hostile_words_stay_words(who: Person, key: str) -> None:
    try:
        entry = propose(who, "description", HOSTILE[key], why=HOSTILE[key])
    except LifeclusterError:  # some cannot be written at all, which another test looks at
        return
    office = desk()
    for path in ("/desk/edits", f"/desk/edits/{entry}", "/desk/"):
        assert_harmless(tree(office.get(path)))
    assert send(office, entry).status_code == 302
    for path in ("/desk/edits", f"/desk/edits/{entry}/retract"):
        assert_harmless(tree(office.get(path)))


def test_what_an_organisation_keeps_for_itself_is_nothing_to_the_desk(who: Person) -> None:
    entry = actions.propose(subject=ALPHA, property="employees", value=98_765, viewer=who.viewer, at=NOW,
                            visibility="owner")  # fmt: skip
    page = desk()
    assert "98,765" not in said(page.get("/desk/edits"))
    for path in (f"/desk/edits/{entry.id}", f"/desk/edits/{entry.id}/retract"):
        assert page.get(path).status_code == page.post(path, {"why": "curious"}).status_code == 404
    assert shown("employees", viewer=who.viewer) == "98765"
