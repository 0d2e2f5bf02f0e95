"""Signing in and up through another service, with a real provider on this machine."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.core.cache import cache
from django.test import Client, override_settings

from lifecluster.web.accounts import actions, rights
from lifecluster.web.accounts.models import AuditRow, Mail, Person
from lifecluster.web.directory.viewer import OPERATOR
from tests.web.accounts.conftest import AT, PASSWORD, person, window
from tests.web.accounts.openid_service import SECRET, Service
from tests.web.accounts.openid_way import leads, link, service, there, through
from tests.web.accounts.test_second_step import set_up, signed_in

__all__ = ["service"]
pytestmark = pytest.mark.usefixtures("database")


def connected(service: Service, email: str = "ada@example.org", *roles: str) -> Person:
    """Somebody with an account that is connected with who signs in at the service next."""
    who = person(email, *roles)
    SocialAccount.objects.create(user=who, provider=service.issuer, uid=service.who["sub"])
    return who


def name_in(client: Client) -> str:
    page = client.get("/account")
    return page.content.decode() if page.status_code == 200 else ""


def test_nothing_of_it_is_there_without_a_service() -> None:
    client, mine = Client(), window(person())
    assert "openid" not in client.get("/account/sign-in").content.decode()
    assert "connections" not in name_in(mine)
    assert client.post("/account/openid/sign-in").status_code == 404
    assert client.get("/account/openid/return?state=x&code=y").status_code == 404
    for path in ("/account/openid/again", "/account/connections"):
        assert mine.get(path).status_code == 404
    assert client.get("/account/openid/sign-up")["Location"] == "/account/sign-in"


def test_who_is_connected_signs_in(service: Service) -> None:
    who = connected(service)
    client = Client()
    page = client.get("/account/sign-in?next=/about").content.decode()
    assert "Sign in with Our directory" in page
    url = leads(client.post("/account/openid/sign-in", {"next": "/about"}))
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert asked["redirect_uri"] == "http://testserver/account/openid/return"
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["nonce"]) > 40
    assert len(asked["state"]) >= 16
    assert "openid" in asked["scope"].split()
    answer = client.get(there(url))
    assert answer["Location"] == "/about"
    assert "You are signed in as ada@example.org" in name_in(client)
    assert AuditRow.objects.filter(action="session.begin", actor=who.actor).count() == 1
    assert client.session.get_expire_at_browser_close()
    assert not Mail.objects.exists()


def test_somebody_is_known_by_issuer_and_subject_not_by_the_address(service: Service) -> None:
    who = connected(service)
    service.who = {"sub": "person-1", "email": "married@example.org", "email_verified": True}
    client = Client()
    through(client)
    assert "ada@example.org" in name_in(client)
    SocialAccount.objects.filter(user=who).update(provider="http://another.example")
    other = Client()
    assert through(other)["Location"] == "/account/check-your-mail"
    assert name_in(other) == ""
    assert Person.objects.get(email="married@example.org").pk != who.pk


def test_an_address_alone_opens_no_account_trusted_or_not(service: Service) -> None:
    """The service says that the address of somebody else was verified: it is told by mail, and nothing is opened."""
    who = person("ada@example.org", "steward")
    for domains in ((), ("example.org",)):
        with override_settings(OPENID=service.settings(domains=domains)):
            cache.clear()
            client = Client()
            assert through(client)["Location"] == "/account/check-your-mail"
            assert name_in(client) == ""
    assert not SocialAccount.objects.exists()
    assert Person.objects.get().pk == who.pk
    mails = list(Mail.objects.filter(to="ada@example.org"))
    assert len(mails) == 2
    assert "connect it on the page of your account" in mails[0].text


def test_new_people_confirm_their_address_by_mail_and_have_no_role(service: Service) -> None:
    service.who |= {"name": "Ada \u202eSample"}
    client = Client()
    assert through(client)["Location"] == "/account/check-your-mail"
    who = Person.objects.get()
    assert (who.email, who.name, who.has_usable_password()) == ("ada@example.org", "Ada Sample", False)
    assert not EmailAddress.objects.get(user=who).verified
    assert name_in(client) == ""
    cache.clear()
    assert through(Client())["Location"] == "/account/check-your-mail"
    assert client.post(link("/account/confirm/", "ada@example.org"))["Location"] in {"/account", "/account/sign-in"}
    again = Client()
    assert through(again)["Location"] == "/account"
    assert "You hold no role yet" in name_in(again)
    assert rights.held(who, rights.moment()) == frozenset()
    acts = list(AuditRow.objects.filter(subject=who.actor).values_list("action", flat=True))
    assert {"person.add", "connection.add", "person.confirm", "session.begin"} <= set(acts)


def test_the_same_is_answered_whether_the_address_has_an_account(service: Service) -> None:
    fresh = through(Client())
    person("grace@example.org")
    service.who = {"sub": "person-2", "email": "grace@example.org", "email_verified": True}
    known = through(Client())
    assert (fresh.status_code, fresh["Location"]) == (known.status_code, known["Location"])
    assert Mail.objects.filter(to="ada@example.org").count() == Mail.objects.filter(to="grace@example.org").count() == 1


def test_who_signs_up_with_the_address_of_another_gets_nothing_when_its_owner_confirms(service: Service) -> None:
    thief = Client()
    service.who = {"sub": "thief", "email": "victim@example.org", "email_verified": True}
    through(thief)
    owner = Client()
    answer = owner.post(link("/account/confirm/", "victim@example.org"))
    assert answer["Location"].startswith("/account/password/new/")
    assert not SocialAccount.objects.exists()
    assert AuditRow.objects.filter(action="connection.remove").count() == 1
    cache.clear()
    assert through(thief)["Location"] == "/account/check-your-mail"
    assert name_in(thief) == ""


def test_nor_when_its_owner_has_another_password_sent(service: Service) -> None:
    """Who chose the password is known then; who connected the service is not."""
    thief, owner = Client(), Client()
    service.who = {"sub": "thief", "email": "victim@example.org", "email_verified": True}
    through(thief)
    owner.post("/account/password/forgotten", {"email": "victim@example.org"})
    page = owner.get(link("/account/password/new/", "victim@example.org"), follow=True)
    sent = {"password1": PASSWORD, "password2": PASSWORD}
    assert owner.post(page.redirect_chain[-1][0], sent).status_code == 302
    cache.clear()
    owner.post("/account/sign-in", {"login": "victim@example.org", "password": PASSWORD})
    assert owner.post(link("/account/confirm/", "victim@example.org")).status_code == 302
    assert not SocialAccount.objects.exists()
    cache.clear()
    through(thief)
    assert name_in(thief) == ""
    assert "victim@example.org" in name_in(signed_in(Person.objects.get()))


def test_trusted_addresses_need_no_mail_and_others_do(service: Service) -> None:
    with override_settings(OPENID=service.settings(domains=("example.org",))):
        client = Client()
        assert through(client)["Location"] == "/account"
        assert EmailAddress.objects.get(email="ada@example.org").verified
        assert not Mail.objects.exists()
        assert not Person.objects.get().grants.exists()
        for number, said in enumerate(({"email_verified": False}, {"email_verified": None}, {"email": "a@sub.example.org"},
                                       {"email": "b@example.org.evil.example"}, {"email_verified": 1.5},
                                       {"email_verified": ["true"]})):  # fmt: skip
            service.who = {"sub": f"other-{number}", "email": f"o{number}@example.org", "email_verified": True, **said}
            assert through(Client())["Location"] == "/account/check-your-mail", said
    assert EmailAddress.objects.filter(verified=True).count() == 1


def test_who_comes_without_an_address_is_asked_for_one(service: Service) -> None:
    service.who = {"sub": "person-1"}
    client = Client()
    assert through(client)["Location"] == "/account/openid/sign-up"
    assert not Person.objects.exists()
    assert client.post("/account/openid/sign-up", {"email": "no address"}).status_code == 200
    taken = person("taken@example.org")
    assert (
        client.post("/account/openid/sign-up", {"email": "taken@example.org"})["Location"] == "/account/check-your-mail"
    )
    assert not SocialAccount.objects.exists()
    assert Person.objects.get().pk == taken.pk
    through(client)
    assert (
        client.post("/account/openid/sign-up", {"email": "ADA@example.org"})["Location"] == "/account/check-your-mail"
    )
    assert SocialAccount.objects.get().user.email == "ada@example.org"
    client.post(link("/account/confirm/", "ada@example.org"))
    back = Client()
    assert through(back)["Location"] == "/account"


def test_own_second_step_is_asked_for_and_roles_wait_for_it(service: Service) -> None:
    service.who |= {"amr": ["pwd", "mfa"], "acr": "gold"}
    who = connected(service, "ada@example.org", "desk")
    client = Client()
    assert through(client)["Location"] == "/account/second-step"
    assert "waits for a second step" in name_in(client)
    set_up(signed_in(who))
    cache.clear()
    after = Client()
    assert through(after)["Location"] == "/account/second-step/code"
    assert name_in(after) == ""


@pytest.mark.parametrize(("said", "counts"), [
    ({"amr": ["pwd", "otp"]}, True), ({"acr": "gold"}, True), ({"amr": ["pwd"]}, False), ({"amr": "otp"}, False),
    ({"amr": [["otp"], None, {}]}, False), ({"acr": ["gold"]}, False), ({}, False),
])  # fmt: skip
def test_the_second_step_of_the_service_counts_where_the_settings_say_so(
    service: Service, said: dict[str, object], counts: bool
) -> None:
    service.who |= said
    connected(service, "ada@example.org", "steward")
    client = Client()
    with override_settings(OPENID=service.settings(steps=("otp", "gold"))):
        through(client)
        assert (client.get("/people").status_code == 200) is counts
        client.post("/account/sign-out")
        client.post("/account/sign-in", {"login": "ada@example.org", "password": PASSWORD})
        assert client.get("/people")["Location"] == "/account/second-step"
        through(other := Client())
    assert other.get("/people").status_code != 200, "the settings were changed while somebody was signed in"


def test_a_closed_account_stays_closed(service: Service) -> None:
    who = connected(service)
    Person.objects.filter(pk=who.pk).update(is_active=False)
    client = Client()
    assert through(client)["Location"] == "/account/closed"
    assert name_in(client) == ""


def test_nothing_secret_is_kept_or_logged(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    connected(service)
    client = Client()
    with caplog.at_level(logging.DEBUG):
        through(client)
        service.wrong["signed"] = "another"
        through(Client())
    kept = json.dumps([dict(client.session), *SocialAccount.objects.values("uid", "extra_data")], default=str)
    assert not SocialToken.objects.exists()
    assert len(service.secrets) == 4
    for secret in (SECRET, *service.secrets):
        assert secret not in caplog.text
        assert secret not in kept
    assert SECRET not in repr(service.settings())
    assert SocialAccount.objects.get().extra_data == {"email": "ada@example.org"}


def test_only_the_service_is_asked_and_only_as_often_as_needed(service: Service) -> None:
    connected(service)
    through(Client())
    well_known = "/.well-known/openid-configuration"
    assert service.asked == [well_known, "/authorize", well_known, "/token", "/keys", "/userinfo"]
    service.asked.clear()
    service.wrong["inline"] = "the address is in the token"
    through(Client())
    assert service.asked == [well_known, "/authorize", well_known, "/token", "/keys"]
    assert SocialAccount.objects.get().extra_data == {"email": "ada@example.org"}


@pytest.mark.parametrize("ways", [["client_secret_post"], ["client_secret_basic", "client_secret_post"],
                                  ["client_secret_basic"]])  # fmt: skip
def test_the_client_shows_who_it_is_as_the_service_wants_it(service: Service, ways: list[str]) -> None:
    connected(service)
    service.wrong["description"] = {"token_endpoint_auth_methods_supported": ways}
    assert through(Client())["Location"] == "/account"


def test_the_copy_of_ones_data_has_it_and_deletion_takes_it(service: Service) -> None:
    who = connected(service)
    client = Client()
    through(client)
    copy = client.get("/account/data.json").json()["connections"]
    assert [(one["issuer"], one["subject"], one["email"]) for one in copy] == [
        (service.issuer, "person-1", "ada@example.org")
    ]
    assert datetime.fromisoformat(copy[0]["connected_at"])
    actions.delete_person(person=Person.objects.get(pk=who.pk), viewer=OPERATOR, at=AT)
    assert not SocialAccount.objects.exists()
    assert not AuditRow.objects.filter(action="connection.remove").exists()
