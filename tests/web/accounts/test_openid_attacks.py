"""What a service, or somebody between it and us, may get wrong: each ends on one page, and nobody is signed in."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client, override_settings

from lifecluster.web.accounts.models import Person
from lifecluster.web.accounts.openid import network
from tests.web.accounts.openid_service import Service
from tests.web.accounts.openid_way import leads, service, there, through
from tests.web.accounts.test_openid import connected, name_in

__all__ = ["service"]
pytestmark = [pytest.mark.usefixtures("database"), pytest.mark.one_database]
START = "/account/openid/sign-in"
FAILED = "did not let us know who you are"
DESCRIPTION, EVIL = "/.well-known/openid-configuration", "https://evil.example/x"


def refused(client: Client, answer: Any, status: int = 400) -> None:
    """The page for all that goes wrong; nobody came in, nothing was made."""
    page = answer.content.decode()
    assert answer.status_code == status, page[:500]
    assert FAILED in page
    assert "Traceback" not in page
    assert "private, no-store" in answer["Cache-Control"]
    assert name_in(client) == ""
    assert Person.objects.count() == SocialAccount.objects.count() == 1


@pytest.mark.parametrize("wrong", [
    {"signed": "another"},
    {"signed": "none"},
    {"signed": "with the public key"},
    {"kid": "unknown"},
    {"claims": {"iss": "http://127.0.0.1:1"}},
    {"claims": {"iss": None}},
    {"claims": {"aud": "another-client"}},
    {"claims": {"aud": ["lifecluster", "another-client"]}},
    {"claims": {"azp": "another-client"}},
    {"claims": {"nonce": "of another sign-in"}},
    {"claims": {"nonce": None}},
    {"claims": {"exp": 1_000_000_000}},
    {"claims": {"exp": None}},
    {"claims": {"exp": []}},
    {"claims": {"exp": float("inf")}},
    {"claims": {"iat": {}}},
    {"claims": {"iat": 32_000_000_000}},
    {"claims": {"sub": None}},
    {"claims": {"sub": ""}},
    {"claims": {"sub": "x" * 192}},
    {"claims": {"sub": 7}},
    {"userinfo": {"sub": "person-2"}},
    {"back": {"iss": "https://another.example"}},
    {"back": {"state": "of another browser"}},
    {"error": "server_error"},
    {"error": "<script>alert(1)</script>"},
    {"/token": {"access_token": "x"}},
    {"/token": {"access_token": "x", "id_token": 7}},
    {"/token": {"access_token": "x", "id_token": "no token"}},
    {"/token": []},
    {"/token": (b"", 200)},
    {"/token": ({"error": "invalid_grant"}, 400)},
    {"/keys": {"keys": "none"}},
    {"/keys": {"keys": [{"kty": "oct", "kid": "right", "k": "c2VjcmV0"}]}},
    {"/keys": {"keys": [{"kty": "RSA", "kid": "right", "n": "!", "e": "AQAB"}]}},
    {"/keys": {"keys": [{"kty": "RSA", "kid": "right", "n": 5, "e": "AQAB"}]}},
    {"/keys": {"keys": [{"kty": "EC", "alg": "RS256", "kid": "right", "crv": [], "x": None, "y": 7}]}},
    {"/keys": (b"<html>", 200)},
    {"/userinfo": (b"", 500)},
    {"/userinfo": (b'"' + b"x" * 2**20 + b'"', 200)},
], ids=str)  # fmt: skip
def test_a_wrong_answer_lets_nobody_in(service: Service, wrong: dict[str, Any]) -> None:
    connected(service)
    client = Client()
    service.wrong = wrong
    refused(client, through(client))
    service.wrong = {}
    assert through(client)["Location"] == "/account", "the next time it is right"


@pytest.mark.parametrize("wrong", [
    {"description": {"issuer": "https://evil.example"}},
    {"description": {"authorization_endpoint": EVIL}},
    {"description": {"token_endpoint": EVIL}},
    {"description": {"jwks_uri": "file:///etc/passwd"}},
    {"description": {"authorization_endpoint": "http://user@127.0.0.1/"}},
    {"description": {"authorization_endpoint": "javascript:alert(1)"}},
    {"description": {"token_endpoint": None}},
    {"description": {"token_endpoint": ["x"]}},
    {DESCRIPTION: (b"", 302)},
    {DESCRIPTION: (b"\xff{", 200)},
    {DESCRIPTION: ([], 200)},
], ids=str)  # fmt: skip
def test_a_wrong_description_leads_nowhere(service: Service, wrong: dict[str, Any]) -> None:
    connected(service)
    service.wrong = wrong
    client = Client()
    refused(client, client.post(START))
    assert service.asked == [DESCRIPTION]


def test_the_service_leads_us_nowhere_else(service: Service) -> None:
    """An address that it leads on to is not asked, even where the right answer would be there."""
    connected(service)
    service.wrong = {DESCRIPTION: (b"", 302, {"Location": "/moved"}), "/moved": service.description()}
    client = Client()
    refused(client, client.post(START))
    assert service.asked == [DESCRIPTION]


def test_what_is_asked_with_a_token_is_on_the_service_too(service: Service) -> None:
    connected(service)
    service.wrong = {"description": {"userinfo_endpoint": EVIL}}
    client = Client()
    refused(client, through(client))


def test_a_service_that_does_not_answer_is_said_to_be_away(service: Service) -> None:
    connected(service)
    client = Client()
    back = there(leads(client.post(START)))
    gone = service.settings()
    service.shutdown()
    service.server_close()
    with override_settings(OPENID=gone):
        refused(client, client.post(START), 502)
        refused(client, client.get(back), 502)


def test_a_service_that_never_answers_is_given_up(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    connected(service)
    monkeypatch.setattr(network, "SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        issuer = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with override_settings(OPENID=service.settings(issuer=issuer)):
            client = Client()
            refused(client, client.post(START), 502)


def test_an_answer_that_does_not_end_is_given_up(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    connected(service)
    monkeypatch.setattr(network, "IN_ALL", -1)
    client = Client()
    refused(client, client.post(START), 502)


def test_a_way_back_is_good_once_in_the_browser_that_began(service: Service) -> None:
    connected(service)
    client, other = Client(), Client()
    back = there(leads(client.post(START)))
    refused(other, other.get(back))
    assert client.get(back)["Location"] == "/account"
    client.post("/account/sign-out")
    refused(client, client.get(back))
    refused(client, client.get("/account/openid/return"))
    refused(client, client.get("/account/openid/return?state=&code=x&error=x"))


def test_a_code_of_another_sign_in_is_refused(service: Service) -> None:
    """A code that somebody else was given, put into one's own way back: PKCE and the nonce do not fit."""
    connected(service)
    client, thief = Client(), Client()
    stolen = there(leads(client.post(START))).rpartition("code=")[2]
    own = there(leads(thief.post(START))).rpartition("code=")[0]
    refused(thief, thief.get(f"{own}code={stolen}"))


def test_leaving_at_the_service_is_no_mistake(service: Service) -> None:
    connected(service)
    service.wrong["error"] = "access_denied"
    client = Client()
    assert through(client)["Location"] == "/account/sign-in"
    assert "You left at Our directory" in client.get("/account/sign-in").content.decode()


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_led_to_another_host(service: Service, url: str) -> None:
    connected(service)
    client = Client()
    assert through(client, next=url)["Location"] == "/account"


def test_it_is_begun_by_a_form_of_ours_only(service: Service) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(START).status_code == 403
    assert strict.get(START).status_code == 405
    assert strict.post("/account/openid/return").status_code in {403, 405}
    assert service.asked == []


def test_beginning_is_counted_with_other_attempts_to_sign_in(service: Service) -> None:
    client = Client()
    answers = [client.post(START).status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]
    assert client.post("/account/sign-in", {"login": "a@example.org", "password": "x"}).status_code == 429
