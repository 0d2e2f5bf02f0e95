"""Second steps, and the powers that wait for them."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from lifecluster.web.accounts import actions, rights
from lifecluster.web.accounts.models import AuditRow, Mail, Person
from lifecluster.web.directory.viewer import OPERATOR
from tests.web.accounts.conftest import AT, PASSWORD, person, window
from tests.web.accounts.totp import code

pytestmark = pytest.mark.usefixtures("database")


def signed_in(who: Person) -> Client:
    """A window that was signed in by password, as a person does."""
    client = Client()
    answer = client.post("/account/sign-in", {"login": who.email, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def open_mail(client: Client) -> None:
    """Ask for the link by mail, open it, and press its button."""
    first = client.get("/account/second-step/app")
    if first.status_code == 200:
        return  # this session has done so already
    assert first["Location"] == "/account/mail"
    client.post("/account/mail")
    (link,) = re.findall(r"http://testserver(/account/mail/\S+)", Mail.objects.latest("pk").text)
    assert client.get(link).status_code == 200
    assert client.post(link)["Location"] == "/account/second-step"


def set_up(client: Client) -> str:
    """Set an app up; the secret it holds."""
    open_mail(client)
    page = client.get("/account/second-step/app").content.decode()
    secret = re.search(r'class="key">(\w+)<', page)
    assert secret
    assert "<svg" in page
    assert "style=" not in page
    answer = client.post("/account/second-step/app", {"code": code(secret[1])})
    assert answer["Location"] == "/account/second-step/recovery-codes"
    return secret[1]


def test_the_desk_has_its_powers_with_a_second_step_only() -> None:
    who = person("desk@example.org", "desk", "member")
    client = Client()
    answer = client.post("/account/sign-in", {"login": who.email, "password": PASSWORD})
    assert answer["Location"] == "/account/second-step"
    page = client.get("/account").content.decode()
    assert "waits for a second step" in page
    assert rights.viewer(who, AT, second_step=False).roles == {"visitor", "member"}
    secret = set_up(client)
    assert "waits for a second step" not in client.get("/account").content.decode()
    client.post("/account/sign-out")
    cache.clear()  # a code works once; the next is half a minute away
    answer = client.post("/account/sign-in", {"login": who.email, "password": PASSWORD})
    assert answer["Location"] == "/account/second-step/code"
    assert client.get("/account")["Location"].startswith("/account/sign-in")
    assert client.post("/account/second-step/code", {"code": "000000"}).status_code == 200
    assert client.get("/account")["Location"].startswith("/account/sign-in")
    assert client.post("/account/second-step/code", {"code": code(secret)})["Location"] == "/account"
    assert "waits for a second step" not in client.get("/account").content.decode()


def test_a_recovery_code_opens_once() -> None:
    who = person("first@example.org")
    client = signed_in(who)
    set_up(client)
    codes = client.get("/account/second-step/recovery-codes.txt").content.decode().split()
    assert len(set(codes)) == 10
    for expected in (302, 200):
        other = Client()
        other.post("/account/sign-in", {"login": who.email, "password": PASSWORD})
        assert other.post("/account/second-step/code", {"code": codes[0]}).status_code == expected


def test_a_code_of_an_app_opens_once_as_long_as_clocks_let_it_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    who = person("first@example.org")
    secret = set_up(signed_in(who))
    now = time.time() // 30 * 30 + 120
    shown = code(secret, now + 29)
    monkeypatch.setattr("time.time", lambda: now)
    for seconds, expected in ((0, 302), (20, 200), (31, 200), (59, 200)):
        monkeypatch.setattr("time.time", lambda seconds=seconds: now + seconds)
        other = Client()
        other.post("/account/sign-in", {"login": who.email, "password": PASSWORD})
        again = f" {shown[:3]}-{shown[3:]} " if seconds == 20 else shown
        assert other.post("/account/second-step/code", {"code": again}).status_code == expected, seconds
    monkeypatch.undo()


def test_the_code_that_set_an_app_up_opens_nothing_else() -> None:
    who = person("first@example.org")
    client = signed_in(who)
    open_mail(client)
    page = client.get("/account/second-step/app").content.decode()
    secret = re.search(r'class="key">(\w+)<', page)
    assert secret
    shown = code(secret[1])
    assert client.post("/account/second-step/app", {"code": shown}).status_code == 302
    other = Client()
    other.post("/account/sign-in", {"login": who.email, "password": PASSWORD})
    assert other.post("/account/second-step/code", {"code": shown}).status_code == 200


def test_sessions_begun_with_a_stolen_password_end_when_a_second_step_is_set_up() -> None:
    who = person("desk@example.org", "desk")
    thief, mine = signed_in(who), signed_in(who)
    set_up(mine)
    for path in ("/account", "/account/second-step/passkeys/add", "/account/second-step/recovery-codes.txt"):
        assert thief.get(path)["Location"].startswith("/account/sign-in")
    thief.post("/account/second-step/app/remove")
    assert Authenticator.objects.filter(user=who, type=Authenticator.Type.TOTP).exists()
    assert mine.get("/account").status_code == 200
    assert AuditRow.objects.filter(action="session.end", subject=who.actor).count() == 1


def test_who_removes_the_second_step_loses_the_powers_that_ask_for_one() -> None:
    who = person("steward@example.org", "steward")
    here = signed_in(who)
    secret = set_up(here)
    cache.clear()
    there = Client()
    there.post("/account/sign-in", {"login": who.email, "password": PASSWORD})
    there.post("/account/second-step/code", {"code": code(secret)})
    assert here.get("/people").status_code == there.get("/people").status_code == 200
    assert here.post("/account/second-step/app/remove").status_code == 302
    assert here.get("/people")["Location"] == "/account/second-step"
    assert there.get("/people")["Location"].startswith("/account/sign-in")
    set_up(here)
    assert here.get("/people").status_code == 200


def test_what_codes_are_made_from_is_not_in_the_database_in_clear() -> None:
    who = person("first@example.org")
    client = signed_in(who)
    secret = set_up(client)
    rows = dict(Authenticator.objects.values_list("type", "data"))
    assert secret not in str(rows)
    codes = client.get("/account/second-step/recovery-codes.txt").content.decode().split()
    assert not any(one in str(rows) for one in codes)


def test_each_change_of_a_second_step_is_written_down_and_told() -> None:
    who = person("first@example.org")
    client = signed_in(who)
    set_up(client)
    assert client.post("/account/second-step/app/remove")["Location"] == "/account/second-step"
    acts = AuditRow.objects.filter(action__startswith="step.").order_by("pk")
    assert [row.action for row in acts][:2] == ["step.add", "step.add"]
    assert [row.action for row in acts].count("step.remove") >= 1
    assert {row.actor for row in acts} == {who.actor}
    told = list(Mail.objects.filter(to=who.email).order_by("pk").values_list("subject", flat=True))
    assert told == [
        "Set up your second step",
        "An app for codes was added to your account as a second step",
        "An app for codes was removed from your account",
    ]
    assert not Authenticator.objects.exists()


def test_a_second_step_is_set_up_by_who_has_just_shown_who_they_are() -> None:
    who = person("first@example.org")
    client = window(who)  # signed in without having given a password lately
    assert client.get("/account/mail")["Location"].startswith("/account/again")
    session = client.session
    session["mail_reached"] = [who.pk, time.time()]
    session.save()
    answer = client.get("/account/second-step/app")
    assert answer["Location"].startswith("/account/again?next=")
    assert client.post(answer["Location"], {"password": "wrong"}).status_code == 200
    assert client.post(answer["Location"], {"password": PASSWORD})["Location"] == "/account/second-step/app"
    assert client.get("/account/second-step/app").status_code == 200


def test_a_role_taken_away_is_gone_with_the_next_page() -> None:
    who = person("steward@example.org", "steward")
    client = window(who, second_step=True)
    assert client.get("/people").status_code == 200
    actions.revoke_role(person=who, role="steward", viewer=OPERATOR, at=rights.moment(), why="has left")
    assert client.get("/people").status_code == 404


def test_a_session_of_somebody_else_lends_no_second_step() -> None:
    who, other = person("steward@example.org", "steward"), person("other@example.org")
    client = window(who, second_step=True)
    session = client.session
    session["account_authentication_methods_user"] = str(other.pk)
    session.save()
    assert client.get("/people")["Location"] == "/account/second-step"
