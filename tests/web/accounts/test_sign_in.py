"""Signing up, in and out; what is answered does not tell who has an account."""

from __future__ import annotations

import re
from typing import Any

import lxml.html
import pytest
from django.contrib.auth import hashers
from django.test import Client, override_settings

from lifecluster.web.accounts import outbox
from lifecluster.web.accounts.models import AuditRow, Mail, Person
from tests.web.accounts.conftest import PASSWORD, person
from tests.web.accounts.smtp import Inbox

pytestmark = pytest.mark.usefixtures("database")


def send(client: Client, path: str, **fields: str) -> Any:
    return client.post(path, fields)


def links(text: str) -> list[str]:
    return [link.removeprefix("http://testserver") for link in re.findall(r"http://testserver\S+", text)]


def text_of(response: Any) -> str:
    """What a page says, without tokens."""
    page = lxml.html.fromstring(response.content)
    for token in page.xpath("//input[@name='csrfmiddlewaretoken']"):
        token.getparent().remove(token)
    return str(page.xpath("string(//main)"))


def test_who_signs_up_confirms_by_mail_and_signs_in(web: Client, post: Inbox) -> None:
    answer = send(web, "/account/sign-up", email="First@Example.org", password1=PASSWORD)
    assert (answer.status_code, answer["Location"]) == (302, "/account/check-your-mail")
    assert (
        send(web, "/account/sign-in", login="first@example.org", password=PASSWORD)["Location"]
        == "/account/check-your-mail"
    )
    outbox.deliver(post.server, at=Mail.objects.latest("pk").written_at)
    (message,) = post.to("first@example.org")
    (link,) = links(message.get_content())
    assert web.get(link).status_code == 200
    assert send(web, link)["Location"] == "/account/sign-in"
    answer = send(web, "/account/sign-in", login="FIRST@example.org", password=PASSWORD)
    assert answer["Location"] == "/account"
    page = web.get("/account")
    assert "first@example.org" in page.content.decode()
    acts = list(AuditRow.objects.order_by("pk").values_list("action", flat=True))
    assert acts == ["person.add", "person.confirm", "session.begin"]
    who = Person.objects.get()
    assert {row.actor for row in AuditRow.objects.all()} == {who.actor}
    assert "first@" not in " ".join(AuditRow.objects.values_list("body", flat=True))
    assert send(web, "/account/sign-out").status_code == 302
    assert web.get("/account")["Location"] == "/account/sign-in?next=/account"


def test_sign_up_answers_alike_whether_there_is_an_account(web: Client) -> None:
    person("first@example.org")
    told = []
    for address in ("first@example.org", "new@example.org"):
        client = Client()
        answer = send(client, "/account/sign-up", email=address, password1=PASSWORD)
        told.append((answer.status_code, answer["Location"], text_of(client.get(answer["Location"]))))
    assert told[0] == told[1]
    subjects = dict(Mail.objects.values_list("to", "subject"))
    assert subjects == {"first@example.org": "You have an account already", "new@example.org": "Confirm your address"}


def test_sign_up_takes_as_long_whether_there_is_an_account(web: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    person("first@example.org")
    hashed: list[str] = []
    hasher = hashers.get_hasher()
    encode = type(hasher).encode

    def counted(self: Any, password: str, salt: str) -> str:
        hashed.append(password)
        return str(encode(self, password, salt))

    monkeypatch.setattr(type(hasher), "encode", counted)
    counts = []
    for address in ("first@example.org", "new@example.org"):
        hashed.clear()
        send(Client(), "/account/sign-up", email=address, password1=PASSWORD)
        counts.append(len(hashed))
    assert counts == [1, 1]


def test_an_address_that_waits_for_confirmation_may_be_tried_again(web: Client) -> None:
    for password in (PASSWORD, "quite another sentence"):
        answer = send(web, "/account/sign-up", email="first@example.org", password1=password)
        assert (answer.status_code, answer["Location"]) == (302, "/account/check-your-mail")
        web = Client()
    assert Person.objects.count() == 1
    assert Person.objects.get().check_password(PASSWORD)


def test_who_signs_up_with_the_address_of_another_gets_nothing_when_that_one_confirms(web: Client) -> None:
    thief, stolen = Client(), "a sentence that the thief knows"
    send(thief, "/account/sign-up", email="first@example.org", password1=stolen)
    (link,) = [one for one in links(Mail.objects.get().text) if "/confirm/" in one]
    choose = send(web, link)["Location"]
    assert "/account/password/new/" in choose
    for client in (thief, Client()):
        assert send(client, "/account/sign-in", login="first@example.org", password=stolen).status_code == 200
        assert client.get("/account").status_code == 302
    form = web.get(choose)["Location"]
    assert "Now choose a password" in web.get(form).content.decode()
    assert send(web, form, password1=PASSWORD, password2=PASSWORD)["Location"] == "/account/password/changed"
    assert send(web, "/account/sign-in", login="first@example.org", password=PASSWORD)["Location"] == "/account"


def test_who_chose_a_new_password_before_confirming_keeps_it(web: Client) -> None:
    send(Client(), "/account/sign-up", email="first@example.org", password1=PASSWORD)
    (confirm,) = [one for one in links(Mail.objects.get().text) if "/confirm/" in one]
    send(web, "/account/password/forgotten", email="first@example.org")
    (reset,) = [one for one in links(Mail.objects.latest("pk").text) if "/password/new/" in one]
    new = "another sentence, long enough"
    send(web, web.get(reset)["Location"], password1=new, password2=new)
    assert send(web, confirm)["Location"] == "/account/sign-in"
    assert send(web, "/account/sign-in", login="first@example.org", password=new)["Location"] == "/account"


@override_settings(ACCOUNT_RATE_LIMITS={"signup": "1/m/ip"})
def test_who_asks_too_often_is_told_to_wait(web: Client) -> None:
    send(web, "/account/sign-up", email="a@example.org", password1=PASSWORD)
    answer = send(Client(), "/account/sign-up", email="b@example.org", password1=PASSWORD)
    assert answer.status_code == 429
    assert "Wait a few minutes" in answer.content.decode()


def test_a_forgotten_password_answers_alike_and_the_link_works_once(web: Client) -> None:
    who = person("first@example.org")
    told = []
    for address in ("first@example.org", "nobody@example.org"):
        client = Client()
        answer = send(client, "/account/password/forgotten", email=address)
        told.append((answer.status_code, answer["Location"], text_of(client.get(answer["Location"]))))
    assert told[0] == told[1]
    (link,) = [one for one in links(Mail.objects.get(to=who.email).raw) if "/password/new/" in one]
    form = web.get(link)["Location"]
    assert web.get(form).status_code == 200
    new = "another sentence, long enough"
    assert send(web, form, password1=new, password2=new)["Location"] == "/account/password/changed"
    assert web.get("/account/password/changed").status_code == 200
    assert "used already" in Client().get(link, follow=True).content.decode()
    assert send(web, "/account/sign-in", login=who.email, password=PASSWORD).status_code == 200
    assert send(web, "/account/sign-in", login=who.email, password=new)["Location"] == "/account"
    assert AuditRow.objects.filter(action="person.password", subject=who.actor).count() == 1
    assert Mail.objects.filter(subject="The password of your account was changed", to=who.email).count() == 1


def test_sign_in_answers_alike_for_a_wrong_password_and_for_nobody(web: Client) -> None:
    person("first@example.org")
    answers = [
        send(Client(), "/account/sign-in", login=who, password="not the password").content.decode().replace(who, "WHO")
        for who in ("first@example.org", "nobody@example.org")
    ]
    plain = [re.sub(r'csrfmiddlewaretoken" value="\w+"', "", text) for text in answers]
    assert plain[0] == plain[1]
    assert "do not fit together" in plain[0]


def test_too_many_attempts_are_refused_even_with_the_right_password(web: Client) -> None:
    person("first@example.org")
    for _ in range(5):
        assert send(web, "/account/sign-in", login="first@example.org", password="wrong").status_code == 200
    answer = send(web, "/account/sign-in", login="first@example.org", password=PASSWORD)
    assert "too many attempts" in answer.content.decode()


def test_another_port_in_the_host_begins_no_new_count_of_attempts(web: Client) -> None:
    person("first@example.org")
    for number in range(6):
        host, client = f"localhost:{9000 + number}", f"192.0.2.{number}"
        fields = {"login": "first@example.org", "password": "wrong"}
        answer = Client().post("/account/sign-in", fields, headers={"host": host}, REMOTE_ADDR=client)
    assert "too many attempts" in answer.content.decode()


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "\\\\evil.example"]
)
def test_nobody_is_led_to_another_host(web: Client, elsewhere: str) -> None:
    who = person("first@example.org")
    answer = web.post(
        f"/account/sign-in?next={elsewhere}", {"login": who.email, "password": PASSWORD, "next": elsewhere}
    )
    assert answer["Location"] == "/account"
    assert web.post("/account/sign-out", {"next": elsewhere})["Location"] == "/"


def test_a_way_back_within_this_host_is_kept(web: Client) -> None:
    who = person("first@example.org")
    answer = web.post(
        "/account/sign-in?next=/directory", {"login": who.email, "password": PASSWORD, "next": "/directory"}
    )
    assert answer["Location"] == "/directory"


def test_forms_need_their_token() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/account/sign-in", {"login": "a@example.org", "password": "x"}).status_code == 403


def test_a_weak_password_is_refused_beside_its_field(web: Client) -> None:
    for weak in ("short", "password1234", "ada.lovelace@x"):
        page = send(web, "/account/sign-up", email="ada.lovelace@example.org", password1=weak)
        assert page.status_code == 200
        assert lxml.html.fromstring(page.content).cssselect("#id_password1_error"), weak
    assert not Person.objects.exists()


def test_what_signing_up_writes_stands_or_falls_together(web: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **more: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(outbox, "_put", broken)
    assert send(web, "/account/sign-up", email="first@example.org", password1=PASSWORD).status_code == 500
    assert not Person.objects.exists()
    assert not AuditRow.objects.exists()
