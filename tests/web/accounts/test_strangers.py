"""What a stranger tries: forms sent from elsewhere, ways back that lead away, other names for this host, others' keys."""

from __future__ import annotations

import json
import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import get_resolver

from lifecluster.web.accounts.models import Mail, Person
from tests.web.accounts.conftest import PASSWORD, person, window
from tests.web.accounts.test_second_step import set_up, signed_in
from tests.web.accounts.totp import code
from tests.web.test_doors import routes

pytestmark = pytest.mark.usefixtures("database")
AWAY = ("//evil.example/x", "https://evil.example", "/\\evil.example", "https:evil.example", "\x08//evil.example",
        "http://testserver@evil.example/", "http://testserver.evil.example/", "javascript:alert(1)")  # fmt: skip


def test_every_form_needs_its_token() -> None:
    """Each address of people, with one that stands for every part of it that varies."""
    steward = person("steward@example.org", "steward")
    client = Client(enforce_csrf_checks=True)
    client.cookies = window(steward, second_step=True).cookies
    found = [one for one in routes(get_resolver()) if one.startswith(("account", "people", "audit"))]
    paths = ["/" + re.sub(r"\(\?P<\w+>[^)]*\)|<\w+:\w+>", "1", one).replace("^", "").replace("$", "") for one in found]
    assert len(paths) > 30
    mailed = "/account/messages/stop/1"  # mail programs post there by themselves (RFC 8058): the link is what counts
    expected = {**dict.fromkeys(paths, 403), mailed: 404}
    assert {path: client.post(path).status_code for path in paths} == expected


@pytest.mark.parametrize("away", AWAY)
def test_no_form_leads_to_another_host(away: str) -> None:
    who = person()
    client = signed_in(who)
    secret = set_up(client)
    new = "another sentence, long enough"
    forms = {
        "/account/again": {"password": PASSWORD},
        "/account/second-step/again": {"code": code(secret)},
        "/account/password": {"oldpassword": PASSWORD, "password1": new, "password2": new},
        "/account/name": {"name": "First"},
        "/theme": {"theme": "dark"},
        "/account/second-step/app/remove": {},
        "/account/sign-out": {},
    }
    for path, fields in forms.items():
        answer = client.post(path, {**fields, "next": away}, query_params={"next": away})
        assert answer.status_code in {200, 302}, path
        assert re.fullmatch(r"/[\w/-]*", answer.headers.get("Location", "/")), path


def test_links_in_mails_name_a_host_that_settings_allow() -> None:
    who = person()
    for host in ("evil.example", "testserver:80@evil.example", "testserver, evil.example", "evil.example:80"):
        path, fields = "/account/password/forgotten", {"email": who.email}
        assert Client(raise_request_exception=False).post(path, fields, headers={"host": host}).status_code == 400
    told = {"x-forwarded-host": "evil.example", "forwarded": "host=evil.example", "x-original-host": "evil.example"}
    Client().post("/account/password/forgotten", {"email": who.email}, headers=told)
    assert re.findall(r"https?://[^/]*", Mail.objects.get().text) == ["http://testserver"]


def test_a_session_that_was_laid_under_somebody_is_not_theirs() -> None:
    who = person()
    set_up(signed_in(who))
    client = Client()
    laid = client.session
    laid["laid"] = True
    laid.save()
    client.cookies["sessionid"] = laid.session_key
    client.post("/account/sign-in", {"login": who.email, "password": PASSWORD})
    codes = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES).wrap().get_unused_codes()
    assert client.post("/account/second-step/code", {"code": codes[0]})["Location"] == "/account"
    assert client.get("/account").status_code == 200
    thief = Client()
    thief.cookies["sessionid"] = laid.session_key
    assert thief.get("/account")["Location"].startswith("/account/sign-in")


HANDLES = [None, "", "MQ", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "AAAA", 1, [], "\u0000"]
SHAPES = [
    1, None, [], "x", {}, {"id": 1, "rawId": 2, "response": {}}, {"id": "\u0000"}, {"id": "a", "rawId": "a"},
    *({"id": "AA", "rawId": "AA", "type": "public-key", "response": {
        "clientDataJSON": "e30", "authenticatorData": "A" * 50, "signature": "AA", "userHandle": handle}}
      for handle in HANDLES),
]  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_what_is_no_passkey_opens_nothing_and_breaks_nothing(shape: object) -> None:
    person()
    client = Client(raise_request_exception=False)
    begun = client.get("/account/second-step/passkeys/sign-in", headers={"accept": "application/json"})
    assert "challenge" in str(begun.json())
    answer = client.post("/account/second-step/passkeys/sign-in", {"credential": json.dumps(shape)})
    assert (answer.status_code, answer["Location"]) == (302, "/account/sign-in")
    assert client.get("/account").status_code == 302


def test_a_passkey_is_removed_by_its_owner_alone() -> None:
    mine, theirs = person("first@example.org"), person("other@example.org")
    key = Authenticator.objects.create(user=theirs, type=Authenticator.Type.WEBAUTHN, data={"name": "a key"})
    client = signed_in(mine)
    for _ in range(2):
        assert client.post(f"/account/second-step/passkeys/{key.pk}/remove").status_code == 404
    assert Authenticator.objects.filter(pk=key.pk).exists()


def test_others_see_no_people() -> None:
    member, who = person("member@example.org", "member", "analyst"), person("first@example.org")
    desk = person("desk@example.org", "desk")
    for client in (window(member), window(desk, second_step=True)):
        for path in ("/people", f"/people/{who.uid}", f"/people/{who.uid}/revoke/member", "/people/no-such", "/audit"):
            answer = client.get(path)
            assert answer.status_code == 404
            assert who.email not in answer.content.decode()
        assert client.post(f"/people/{who.uid}/grant", {"role": "steward", "why": "x"}).status_code == 404
    assert not Person.objects.get(pk=who.pk).grants.exists()
