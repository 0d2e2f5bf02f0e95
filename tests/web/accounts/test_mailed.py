"""Links in mails that stand before what a thief with the password would want: a second step, another address."""

from __future__ import annotations

import re
import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core import signing
from django.test import Client, override_settings

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts import actions, address, mailed, rights
from lifecluster.web.accounts.models import AuditRow, Mail, Person
from lifecluster.web.directory.viewer import OPERATOR, PermissionDeniedError, Viewer
from tests.web.accounts.conftest import AT, PASSWORD, person
from tests.web.accounts.test_second_step import set_up, signed_in

pytestmark = pytest.mark.usefixtures("database")


def link(to: str, path: str) -> str:
    """The newest link to a path in a mail to an address."""
    texts = [mail.text for mail in Mail.objects.filter(to=to).order_by("-pk")]
    found = [one for text in texts for one in re.findall(rf"http://testserver({path}/\S+)", text)]
    return str(found[0])


def test_the_password_alone_wins_no_role() -> None:
    who = person("desk@example.org", "desk")
    thief = signed_in(who)
    for path in ("/account/second-step/app", "/account/second-step/passkeys/add"):
        for answer in (thief.get(path), thief.post(path, {"code": "123456"})):
            assert answer["Location"] == "/account/mail"
    thief.post("/account/mail")
    assert not Authenticator.objects.exists()
    assert thief.get("/desk/").status_code == 302
    assert "somebody knows your password" in Mail.objects.latest("pk").text


def test_a_link_is_for_one_person_one_hour_and_one_address(monkeypatch: pytest.MonkeyPatch) -> None:
    who, other = person("a@example.org"), person("b@example.org")
    mine, theirs = signed_in(who), signed_in(other)
    mine.post("/account/mail")
    path = link(who.email, "/account/mail")
    for client, status in ((theirs, 404), (mine, 200)):
        assert client.get(path).status_code == status
    assert theirs.post(path).status_code == 404
    assert mine.get("/account/second-step/app")["Location"] == "/account/mail"  # looking at it counts for nothing
    assert Client().get(path)["Location"].startswith("/account/sign-in")
    Person.objects.filter(pk=who.pk).update(email="c@example.org")
    assert mine.post(path).status_code == 404
    Person.objects.filter(pk=who.pk).update(email=who.email)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + mailed.LASTS + 1)
    assert not mailed.good(path.rpartition("/")[2], who)
    monkeypatch.setattr(time, "time", lambda: now)
    assert mine.post(path)["Location"] == "/account/second-step"
    assert mine.get("/account/second-step/app").status_code == 200
    assert signed_in(who).get("/account/second-step/app")["Location"] == "/account/mail"  # another session


def test_the_mark_of_a_session_ends_and_is_nobody_elses(monkeypatch: pytest.MonkeyPatch) -> None:
    who, other = person("a@example.org"), person("b@example.org")
    client = signed_in(who)
    session = client.session
    session[mailed.SHOWN] = [other.pk, time.time()]
    session.save()
    assert client.get("/account/second-step/app").status_code == 302
    session[mailed.SHOWN] = [who.pk, time.time() - mailed.LASTS - 1]
    session.save()
    assert client.get("/account/second-step/app").status_code == 302


def test_who_has_a_second_step_adds_another_without_a_mail() -> None:
    client = signed_in(person())
    set_up(client)
    session = client.session
    del session[mailed.SHOWN]
    session.save()
    assert client.get("/account/second-step/passkeys/add").status_code == 200


def test_who_came_by_a_link_from_a_mail_has_shown_it_already() -> None:
    who = person()
    client = Client()
    client.post("/account/password/forgotten", {"email": who.email})
    path = link(who.email, "/account/password/new")
    where = client.get(path)["Location"]
    other = "another sentence that is long"
    client.post(where, {"password1": other, "password2": other})
    client.post("/account/sign-in", {"login": who.email, "password": other})
    assert client.get("/account/second-step/app").status_code == 200


def test_a_steward_sees_who_waits() -> None:
    steward, waits = person("s@example.org", "steward"), person("d@example.org", "desk", "analyst")
    client = signed_in(steward)
    set_up(client)
    page = client.get("/people").content.decode()
    assert re.search(r"Desk \(waits for a second step\)", page)
    assert "Steward (waits" not in page
    assert "Analyst (waits" not in page
    assert "Waits until" in client.get(f"/people/{waits.uid}").content.decode()


def ask(client: Client, email: str) -> int:
    return client.post("/account/address", {"email": email}).status_code


def test_another_address_is_confirmed_from_its_mailbox_and_told_to_the_old_one() -> None:
    who = person("old@example.org")
    client = signed_in(who)
    assert ask(client, "  New@Example.ORG ") == 302
    assert Person.objects.get(pk=who.pk).email == "old@example.org"
    assert "Another address was asked for" in [mail.subject for mail in Mail.objects.filter(to="old@example.org")]
    path = link("new@example.org", "/account/address")
    assert Client().get(path)["Location"].startswith("/account/sign-in")
    assert client.get(path).status_code == 200
    assert Person.objects.get(pk=who.pk).email == "old@example.org"
    assert client.post(path)["Location"] == "/account"
    assert Person.objects.get(pk=who.pk).email == "new@example.org"
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [("new@example.org", True, True)]
    assert "was changed" in Mail.objects.filter(to="old@example.org").latest("pk").subject
    assert client.get(path).status_code == 404  # once
    signs = {mail: Client().post("/account/sign-in", {"login": mail, "password": PASSWORD}).status_code
             for mail in ("old@example.org", "new@example.org")}  # fmt: skip
    assert signs == {"old@example.org": 200, "new@example.org": 302}
    acts = list(AuditRow.objects.filter(action__startswith="person.address").values_list("action", "body"))
    assert [action for action, _ in acts] == ["person.address_asked", "person.address"]
    assert "example.org" not in str(acts)


def test_whether_an_address_is_taken_is_told_to_its_owner_alone() -> None:
    who, other = person("a@example.org"), person("b@example.org")
    client = signed_in(who)
    client.get("/account")  # shows what signing in had to say
    answers = []
    for email in (other.email, "nobody@example.org"):
        answer = client.post("/account/address", {"email": email}, follow=True)
        text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
        answers.append((answer.status_code, text.replace(email, "ADDRESS")))
    (one, first), (other_one, second) = answers
    assert one == other_one == 200
    assert [pair for pair in zip(first.splitlines(), second.splitlines(), strict=True) if pair[0] != pair[1]] == []
    path = link(other.email, "/account/address")
    answer = client.post(path)
    assert (answer.status_code, "there is an account with it" in answer.content.decode()) == (409, True)
    assert Person.objects.get(pk=who.pk).email == "a@example.org"


def test_what_is_no_address_and_whose_link_it_is() -> None:
    who, other = person("a@example.org"), person("b@example.org")
    client, theirs = signed_in(who), signed_in(other)
    for text in ("", "x", "a@example.org", "A@EXAMPLE.ORG", "\u0131@example.org", "x@y", "a" * 300 + "@example.org"):
        assert ask(client, text) == 422, text
    assert ask(client, "c@example.org") == 302
    path = link("c@example.org", "/account/address")
    assert theirs.get(path).status_code == theirs.post(path).status_code == 404
    assert client.get("/account/address/none").status_code == 404
    now = rights.moment()
    with pytest.raises(LifeclusterError, match="not good"):
        address.change(person=other, key=path.rpartition("/")[2], viewer=other.viewer, at=now)
    with pytest.raises(PermissionDeniedError):
        address.ask(person=who, email="x@example.org", viewer=other.viewer, at=now)
    by_token = Viewer(actor=who.actor, limits=frozenset({"account.edit"}))
    with pytest.raises(PermissionDeniedError, match="by a person"):
        address.ask(person=who, email="x@example.org", viewer=by_token, at=now)
    other_salt = signing.dumps([who.uid, who.email, "x@example.org"], salt=mailed.SALT)
    assert address.asked(other_salt, who) == ""


def test_a_link_from_before_a_change_is_good_no_more() -> None:
    who = person("a@example.org")
    client = signed_in(who)
    ask(client, "b@example.org")
    ask(client, "c@example.org")
    first, second = link("b@example.org", "/account/address"), link("c@example.org", "/account/address")
    assert client.post(second).status_code == 302
    assert client.post(first).status_code == 404
    assert Person.objects.get().email == "c@example.org"


def test_the_audit_is_found_by_person_action_and_day() -> None:
    steward, who = person("s@example.org", "steward", name="Stewart"), person("x@example.org", "analyst", name="Xenia")
    gone = person("gone@example.org")
    actions.delete_person(person=Person.objects.get(pk=gone.pk), viewer=OPERATOR, at=AT, why="left")
    client = signed_in(steward)
    set_up(client)

    def page(query: str) -> str:
        return str(client.get(f"/audit{query}").content.decode())

    everything = page("")
    assert "Xenia" in everything
    assert "somebody who is gone" in everything
    assert "the operator of this machine" in everything
    assert "{" not in re.sub(
        r"(?s)<(script|style).*?</\\1>", "", everything.partition("<table")[2].partition("</table")[0]
    )
    for query in (f"?person={who.actor}", "?person=x%40example.org", f"?person={who.uid}"):
        found = page(query)
        assert "Analyst" in found
        assert "Steward" not in found.partition("<table")[2]
    assert page("?person=nobody%40example.org").count("<tr") <= 2
    assert "a session began" in page("?action=session.begin").partition("<table")[2]
    assert "a role was given" not in page("?action=session.begin").partition("<table")[2]
    assert "a role was given" in page("?since=2026-11-01&until=2026-11-01").partition("<table")[2]
    assert "a session began" not in page("?until=2026-11-01").partition("<table")[2]
    assert client.get("/audit?since=tomorrow").status_code == 422
    assert client.get("/audit?action=no.such").status_code == 422
    for number in range(120):
        actions.rename(person=who, name=f"Name {number}", viewer=who.viewer, at=AT)
    assert "1 to 100 of" in page("?action=person.change")
    assert "101 to 120 of 120" in page("?action=person.change&page=2")


def test_an_account_fills_nobodys_mailbox() -> None:
    mine = signed_in(person("a@example.org"))
    with override_settings(RATE_LIMITS={"mail": (2, 3600)}):
        found = [mine.post("/account/address", {"email": "victim@example.net"}).status_code for _ in range(4)]
        assert found == [302, 302, 429, 429] and Mail.objects.filter(to="victim@example.net").count() == 2
        assert mine.post("/account/mail").status_code == 429
