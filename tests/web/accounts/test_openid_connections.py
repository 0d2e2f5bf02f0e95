"""Connecting another service with an account, taking it away, and showing there who one is."""

from __future__ import annotations

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.test import Client, override_settings

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts.models import AuditRow, Mail, Person, Token
from lifecluster.web.accounts.openid import connections
from lifecluster.web.accounts.tokens import actions as tokens
from lifecluster.web.directory.viewer import PermissionDeniedError, Viewer
from tests.web.accounts.conftest import AT, PASSWORD, person, window
from tests.web.accounts.openid_service import Service
from tests.web.accounts.openid_way import by_mail, leads, service, there, through
from tests.web.accounts.test_openid import connected, name_in
from tests.web.accounts.test_second_step import set_up, signed_in

__all__ = ["service"]
pytestmark = pytest.mark.usefixtures("database")
CONNECT = "/account/openid/connect"


def only_there(service: Service) -> tuple[Person, Client]:
    """Somebody with neither password nor second step, signed in through the service."""
    who = connected(service)
    who.set_unusable_password()
    who.save()
    client = Client()
    assert through(client)["Location"] == "/account"
    return who, client


def test_who_is_signed_in_connects_it_after_a_mail_and_signs_in_with_it(service: Service) -> None:
    who = person("grace@example.org")
    client = signed_in(who)
    assert "Connect Our directory" in client.get("/account/connections").content.decode()
    assert client.post(CONNECT)["Location"] == "/account/mail?before=connection"
    by_mail(client, who.email)
    assert through(client, CONNECT)["Location"] == "/account/connections"
    page = client.get("/account/connections").content.decode()
    assert "ada@example.org, connected on" in page
    assert AuditRow.objects.filter(action="connection.add", actor=who.actor, subject=who.actor).count() == 1
    assert "Our directory was connected to your account" in Mail.objects.filter(to=who.email).latest("pk").text
    other = Client()
    assert through(other)["Location"] == "/account"
    assert "grace@example.org" in name_in(other)
    assert through(client, CONNECT)["Location"] == "/account/connections"
    assert "It was connected already" in client.get("/account/connections").content.decode()
    assert SocialAccount.objects.count() == 1


def test_a_password_alone_connects_nothing(service: Service) -> None:
    """Who found a password out could else come back through their own account at the service, with its second step."""
    who = person("steward@example.org", "steward")
    thief = signed_in(who)
    assert thief.post(CONNECT)["Location"] == "/account/mail?before=connection"
    assert service.asked == []
    set_up(mine := signed_in(who))
    assert mine.get("/account").status_code == 200
    assert thief.post(CONNECT)["Location"].startswith("/account/sign-in")
    assert leads(mine.post(CONNECT)), "with a second step no mail is needed"


def test_connecting_asks_once_more_who_it_is(service: Service) -> None:
    client = window(person())
    assert client.post(CONNECT)["Location"].startswith("/account/again")
    assert service.asked == []


def test_what_belongs_to_another_account_is_not_connected(service: Service) -> None:
    first = connected(service, "first@example.org")
    second = person("second@example.org")
    client = signed_in(second)
    by_mail(client, second.email)
    through(client, CONNECT)
    assert SocialAccount.objects.get().user == first
    assert "belongs to another account" in client.get("/account/connections").content.decode()


def test_who_began_to_connect_must_be_who_comes_back(service: Service) -> None:
    first, second = person("first@example.org"), person("second@example.org")
    client = signed_in(first)
    by_mail(client, first.email)
    back = there(leads(client.post(CONNECT)))
    session = client.session
    states = dict(session["socialaccount_states"])
    client.post("/account/sign-out")
    assert client.get(back).status_code == 400, "signing out ends it"
    client.post("/account/sign-in", {"login": second.email, "password": PASSWORD})
    session = client.session
    session["socialaccount_states"] = states
    session.save()
    assert client.get(back).status_code == 400
    assert not SocialAccount.objects.exists()


def test_a_way_back_of_signing_in_signs_nobody_out(service: Service) -> None:
    connected(service, "ada@example.org")
    client = Client()
    back = there(leads(client.post("/account/openid/sign-in")))
    who = person("grace@example.org")
    client.post("/account/sign-in", {"login": who.email, "password": PASSWORD})
    assert client.get(back)["Location"] == "/account"
    assert "grace@example.org" in name_in(client)


def test_it_is_disconnected_where_something_else_lets_the_person_in(service: Service) -> None:
    who = connected(service)
    client, elsewhere = signed_in(who), Client()
    through(elsewhere)
    tokens.make_token(person=who, name="x", scopes=["account.edit"], expires_at=AT.replace(year=2027), second_step=False,
                      viewer=who.viewer, at=AT)  # fmt: skip
    path = f"/account/connections/{SocialAccount.objects.get().pk}/remove"
    assert "Disconnect it" in client.get(path).content.decode()
    assert client.post(path)["Location"] == "/account"
    assert not SocialAccount.objects.exists()
    assert name_in(elsewhere) == "", "it may have been begun by somebody else"
    assert Token.objects.get().revoked_at is not None
    assert AuditRow.objects.filter(action="connection.remove", subject=who.actor).count() == 1
    assert "was disconnected" in Mail.objects.filter(to=who.email).latest("pk").text


def test_the_last_way_in_stays(service: Service) -> None:
    who, client = only_there(service)
    found = SocialAccount.objects.get()
    with pytest.raises(LifeclusterError, match="nothing else would let you in"):
        connections.disconnect(person=who, connection=found, viewer=who.viewer, at=AT)
    service.who["auth_time"] = time.time()
    through(client, "/account/openid/again?next=/account")
    path = f"/account/connections/{found.pk}/remove"
    assert client.post(path).status_code == 409
    assert "It stays" in client.get(path).content.decode()
    SocialAccount.objects.create(user=who, provider="https://former.example", uid="x")
    assert connections.needed(who, found), "one that is not offered any more lets nobody in"
    Authenticator.objects.create(user=who, type=Authenticator.Type.WEBAUTHN, data={})
    assert not connections.needed(who, found)


def test_nobody_takes_the_connection_of_another(service: Service) -> None:
    who = connected(service)
    found = SocialAccount.objects.get()
    thief = signed_in(person("thief@example.org"))
    assert thief.post(f"/account/connections/{found.pk}/remove").status_code == 404
    other = person("x@example.org")
    for whose, viewer in ((who, Viewer(actor="person:thief")), (other, who.viewer), (other, other.viewer)):
        with pytest.raises(PermissionDeniedError):
            connections.disconnect(person=whose, connection=found, viewer=viewer, at=AT)
    assert SocialAccount.objects.count() == 1


def test_who_has_no_password_shows_at_the_service_who_they_are(service: Service) -> None:
    """Having come from there does not count: it may have let in a browser that somebody left open."""
    who, client = only_there(service)
    again = client.get("/account/tokens/make")["Location"]
    assert again == "/account/openid/again?next=%2Faccount%2Ftokens%2Fmake"
    assert "Show it at Our directory" in client.get(again).content.decode()
    url = leads(client.post(again))
    assert "max_age=300" in url
    assert client.get(there(url)).status_code == 400, "it does not say when"
    service.who["auth_time"] = 1_000_000_000
    assert client.get(there(leads(client.post(again)))).status_code == 400, "long ago"
    assert client.get("/account/tokens/make").status_code == 302
    service.who["auth_time"] = 32_000_000_000
    assert client.get(there(leads(client.post(again)))).status_code == 400, "in times to come"
    service.who["auth_time"] = time.time()
    assert client.get(there(leads(client.post(again))))["Location"] == "/account/tokens/make"
    assert client.get("/account/tokens/make").status_code == 200
    assert AuditRow.objects.filter(action="session.begin", actor=who.actor).count() == 1


def test_another_there_does_not_show_who_one_is(service: Service) -> None:
    _, client = only_there(service)
    url = leads(client.post("/account/openid/again?next=/account/delete"))
    service.who = {"sub": "somebody-else", "auth_time": time.time()}
    assert client.get(there(url)).status_code == 400
    assert client.get("/account/delete")["Location"].startswith("/account/openid/again")


def test_who_has_a_password_or_a_second_step_shows_that_instead(service: Service) -> None:
    who = connected(service)
    client = Client()
    through(client)
    assert client.get("/account/tokens/make")["Location"].startswith("/account/again")
    who.set_unusable_password()
    who.save()
    Authenticator.objects.create(user=who, type=Authenticator.Type.TOTP, data={"secret": "x"})
    other = window(Person.objects.get(pk=who.pk), second_step=True)
    assert other.get("/account/tokens/make")["Location"].startswith("/account/second-step/again")


def test_what_was_asked_for_goes_on_after_it(service: Service) -> None:
    _, client = only_there(service)
    assert client.post(CONNECT)["Location"] == "/account/openid/again?next=%2Faccount%2Fopenid%2Fconnect"
    service.who["auth_time"] = time.time()
    went_on = through(client, "/account/openid/again?next=/account/openid/connect")
    assert went_on["Location"] == "/account/mail?before=connection"


def test_a_first_password_is_asked_for_again_before_it_is_typed(service: Service) -> None:
    who, client = only_there(service)
    sent = {"password1": PASSWORD, "password2": PASSWORD}
    assert client.post("/account/password/first", sent)["Location"] == "/account/password/first"
    assert PASSWORD not in str(dict(client.session))
    assert client.get("/account/password/first")["Location"].startswith("/account/openid/again")
    service.who["auth_time"] = time.time()
    assert (
        through(client, "/account/openid/again?next=/account/password/first")["Location"] == "/account/password/first"
    )
    assert client.post("/account/password/first", sent).status_code == 302
    assert Person.objects.get(pk=who.pk).check_password(PASSWORD)


def test_a_connection_that_is_not_offered_any_more_is_shown_and_removable(service: Service) -> None:
    who = connected(service)
    client = signed_in(who)
    with override_settings(OPENID=None):
        page = client.get("/account/connections").content.decode()
        assert "It is not offered any more" in page
        assert service.issuer in page
        assert "Connect Our directory" not in page
        (path,) = re.findall(r"/account/connections/\d+/remove", page)
        assert client.post(path)["Location"] == "/account"
    assert not SocialAccount.objects.exists()


def test_a_service_that_goes_while_somebody_is_on_the_way_breaks_nothing(service: Service) -> None:
    who = connected(service)
    set_up(signed_in(who))
    cache.clear()
    client = Client()
    assert through(client)["Location"] == "/account/second-step/code"
    with override_settings(OPENID=None):
        assert client.get("/account/second-step/code")["Location"] == "/account/sign-in"


def test_the_service_does_not_stand_in_for_a_password_or_a_second_step(service: Service) -> None:
    who = connected(service)
    client = Client()
    through(client)
    service.who["auth_time"] = time.time()
    again = "/account/openid/again?next=/account/tokens/make"
    assert (client.get(again).status_code, client.post(again).status_code) == (404, 404)
    who.set_unusable_password()
    who.save()
    Authenticator.objects.create(user=who, type=Authenticator.Type.TOTP, data={"secret": "x"})
    other = window(Person.objects.get(pk=who.pk), second_step=True)
    assert (other.get(again).status_code, other.post(again).status_code) == (404, 404)


def test_a_time_that_is_none_shows_nothing(service: Service) -> None:
    _, client = only_there(service)
    again = "/account/openid/again?next=/account/tokens/make"
    for wrong in (10**400, "now", [time.time()], None):
        service.who["auth_time"] = wrong
        assert client.get(there(leads(client.post(again)))).status_code == 400
    assert client.get("/account/tokens/make").status_code == 302
