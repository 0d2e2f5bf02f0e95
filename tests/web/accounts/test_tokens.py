"""Tokens: made once, shown once, never more than their owner, gone with what gave them."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.test import Client, override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.errors import LifeclusterError
from lifecluster.policy.roles import OF_A_PERSON, PERMISSIONS, ROLES, permissions, sees
from lifecluster.policy.visibility import Visibility
from lifecluster.web.accounts import actions, rights, taking
from lifecluster.web.accounts.models import AuditRow, Mail, Person, Token
from lifecluster.web.accounts.tokens import bearer, secrets
from lifecluster.web.accounts.tokens.actions import LONGEST, MOST, make_token, revoke_token
from lifecluster.web.accounts.tokens.scopes import WORDS, offered
from lifecluster.web.api import middleware
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.viewer import ANYBODY, OPERATOR, Viewer
from tests.web.accounts.conftest import AT, PASSWORD, person, window
from tests.web.directory.making import org
from tests.web.tokens import Program, token

pytestmark = pytest.mark.usefixtures("database")
NAMES = sorted(set(ROLES) - {"visitor"})


@settings(max_examples=200)
@given(st.sets(st.sampled_from(NAMES)), st.sets(st.sampled_from(sorted(WORDS))))
def test_a_token_is_never_more_than_its_owner_or_than_what_was_chosen(roles: set[str], scopes: set[str]) -> None:
    belongs = roles & {"member", "member_administrator"}  # whoever belongs to an organisation is one of the two
    organisations = frozenset({org("alpha")} if belongs else ())
    whole = Viewer(frozenset(roles | {"visitor"}), organisations, "person:x")
    limited = Viewer(whole.roles, organisations, "person:x", frozenset(scopes))
    public = permissions(["visitor"])
    assert limited.permissions <= whole.permissions
    assert limited.permissions <= scopes | public
    assert limited.clearance <= whole.clearance
    assert limited.owned <= whole.owned
    for name in PERMISSIONS:
        plain = name.removesuffix(":own")
        for place in (None, org("alpha"), org("beta")):
            if limited.may(plain, place):
                assert whole.may(plain, place)
                assert {plain, f"{plain}:own"} & (scopes | public)
    if not limited.permissions - public:  # a token for public things and its owner's account reads as a visitor
        assert limited.sees == ANYBODY.sees
    everything = Viewer(whole.roles, organisations, "person:x", frozenset(WORDS))
    assert (everything.permissions, everything.sees) == (whole.permissions, whole.sees)


def test_what_a_permission_lets_see_is_what_its_least_trusted_holder_sees() -> None:
    expected = {"member.read": "members", "edit.review": "desk", "broker.read": "broker", "register.read": "public",
                "role.grant": "desk", "analysis.run": "members", "ask.reply": "public"}  # fmt: skip
    assert {name: sees([name]).label for name in expected} == expected
    assert sees([]) is sees(OF_A_PERSON) is Visibility.PUBLIC
    for name in PERMISSIONS:
        holders = [role for role in ROLES if name in permissions([role])]
        assert all(sees([name]) <= ROLES[role].clearance for role in holders)


def test_what_is_kept_opens_nothing() -> None:
    who = person()
    text = token(who, "account.read")
    row = Token.objects.get()
    assert secrets.FORM.fullmatch(text)
    assert secrets.prefix_of(text) == row.prefix
    assert row.digest == hashlib.sha256(text.encode()).hexdigest()
    everything = str(list(Token.objects.values())) + str(list(AuditRow.objects.values())) + str(
        [mail.raw for mail in Mail.objects.all()]
    ) + json.dumps(taking.copy(person=who, at=AT))  # fmt: skip
    assert row.prefix in everything
    assert text.rpartition("_")[2][:20] not in everything
    assert text.split("_", 2)[2] not in everything
    assert row.digest not in json.dumps(taking.copy(person=who, at=AT))


@given(st.text())
def test_only_what_looks_like_one_is_looked_up(text: str) -> None:
    assert secrets.prefix_of(text) is None or secrets.FORM.fullmatch(text)
    with pytest.raises(bearer.BadTokenError):
        bearer.check(f"Bearer {text}", AT)


def refused(match: str, error: type[Exception] = LifeclusterError) -> object:
    return pytest.raises(error, match=match)


def test_what_is_refused_when_one_is_made() -> None:
    who, other = person("a@example.org", "member"), person("b@example.org", "desk")
    viewer = rights.viewer(who, AT, second_step=False)
    good = {"person": who, "name": "x", "scopes": ["member.read"], "expires_at": AT + timedelta(days=9),
            "second_step": False, "viewer": viewer, "at": AT}  # fmt: skip
    for change, words, error in (
        ({"person": other}, "themselves", PermissionDenied),
        ({"viewer": OPERATOR}, "themselves", PermissionDenied),
        ({"viewer": Viewer(viewer.roles, actor=viewer.actor, limits=frozenset(WORDS))}, "session", PermissionDenied),
        ({"scopes": ["edit.review"]}, "approve, amend", PermissionDenied),
        ({"scopes": ["member.read", "no.such"]}, "no.such", PermissionDenied),
        ({"scopes": ["register.read"]}, "may not", PermissionDenied),
        ({"scopes": []}, "choose", LifeclusterError),
        ({"name": " \u202e "}, "name", LifeclusterError),
        ({"expires_at": AT}, "within a year", LifeclusterError),
        ({"expires_at": AT + LONGEST + timedelta(seconds=1)}, "within a year", LifeclusterError),
    ):
        with refused(words, error):  # type: ignore[attr-defined]
            make_token(**{**good, **change})
    made, _ = make_token(**good)
    with refused("another name"):  # type: ignore[attr-defined]
        make_token(**good)
    for number in range(MOST - 1):
        make_token(**{**good, "name": f"number {number}"})
    with refused("already"):  # type: ignore[attr-defined]
        make_token(**{**good, "name": "one too many"})
    revoke_token(token=made, viewer=viewer, at=AT)
    make_token(**{**good, "name": "in its place"})
    with refused("revoked already"):  # type: ignore[attr-defined]
        revoke_token(token=made, viewer=viewer, at=AT)
    acts = AuditRow.objects.filter(action__startswith="token.")
    assert acts.filter(action="token.make").count() == MOST + 1
    assert acts.get(action="token.revoke").content["before"] == {"token": made.prefix}


def test_who_waits_for_a_second_step_cannot_choose_what_asks_for_it() -> None:
    who = person("d@example.org", "desk")
    assert set(offered(rights.viewer(who, AT, second_step=False))) == set(OF_A_PERSON)
    assert "edit.review" in offered(rights.viewer(who, AT, second_step=True))


def status(text: str, path: str = "/edits?whose=everybody") -> int:
    return Program(text).get(path).status_code


def test_a_role_taken_away_is_gone_at_the_next_request(small: Package) -> None:
    who = person("d@example.org", "desk")
    text = token(who, second_step=True)
    assert status(text) == 200
    actions.revoke_role(person=who, role="desk", viewer=OPERATOR, at=rights.moment(), why="left the team")
    answer = Program(text).get("/edits?whose=everybody")
    assert (answer.status_code, answer.json()["detail"]) == (
        403,
        "you may not propose values for one's own organisation",
    )
    assert status(text, "/token") == 200


def test_a_token_of_a_session_without_second_step_does_not_grow_into_one_with_it(small: Package) -> None:
    who = person("d@example.org", "desk", "member")
    plain = token(who, "member.read")
    assert status(plain) == 403
    with_step = token(who, "edit.review", "case.edit", second_step=True)  # its setup ends what was made before it
    assert status(plain) == 401
    assert status(with_step) == 200
    Authenticator.objects.filter(user=who).delete()
    assert status(with_step) == 401
    unsure = token(who, "member.read", second_step=False)
    Token.objects.filter(prefix=secrets.prefix_of(unsure)).update(scopes=["edit.review", "member.read"])
    answer = Program(unsure).get("/edits?whose=everybody")
    assert answer.status_code == 403  # whatever its row says, it was made without a second step


def test_a_closed_account_and_an_ended_token_are_401() -> None:
    who = person("a@example.org", "member")
    text = token(who)
    assert status(text, "/token") == 200
    row = Token.objects.get()
    for change, back in ((lambda: Person.objects.update(is_active=False), lambda: Person.objects.update(is_active=True)),
                         (lambda: Token.objects.update(expires_at=AT), lambda: Token.objects.update(expires_at=row.expires_at)),
                         (lambda: Token.objects.update(revoked_at=AT), lambda: Token.objects.update(revoked_at=None))):  # fmt: skip
        change()
        assert status(text, "/token") == 401
        back()
        assert status(text, "/token") == 200
    actions.delete_person(person=Person.objects.get(pk=who.pk), viewer=OPERATOR, at=AT)
    assert status(text, "/token") == 401
    assert not Token.objects.exists()


def test_a_new_password_ends_all_tokens_and_says_so() -> None:
    who = person("a@example.org", "member")
    texts = [token(who) for _ in range(2)]
    who.set_password("another sentence that is long")
    who.save()
    assert [status(text, "/token") for text in texts] == [401, 401]
    rows = AuditRow.objects.filter(action="token.revoke")
    assert [row.content["why"] for row in rows] == ["the password was changed"] * 2


def test_the_day_of_the_last_use_is_kept_and_written_once() -> None:
    who = person("a@example.org", "member")
    text = token(who)
    assert Token.objects.get().last_used_on is None
    assert status(text, "/token") == 200
    assert Token.objects.get().last_used_on == rights.moment().date()
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        assert status(text, "/token") == 200
    assert not [one for one in asked.captured_queries if one["sql"].startswith("UPDATE")]


def test_a_token_may_take_back_itself_and_no_other() -> None:
    who = person("a@example.org", "member")
    one, other = token(who), token(who)
    viewer = bearer.check(f"Bearer {one}", rights.moment()).viewer
    with pytest.raises(PermissionDenied):
        revoke_token(token=Token.objects.get(prefix=secrets.prefix_of(other)), viewer=viewer, at=AT)
    assert Program(one).post("/token/revoke").status_code == 200
    assert (status(one, "/token"), status(other, "/token")) == (401, 200)


def signed_in(who: Person) -> Client:
    client = Client(raise_request_exception=False)
    client.post("/account/sign-in", {"login": who.email, "password": PASSWORD})
    return client


def test_made_and_revoked_on_pages(web: Client) -> None:
    who = person("a@example.org", "member")
    client = signed_in(who)
    assert "You have none" in client.get("/account/tokens").content.decode()
    page = client.get("/account/tokens/make").content.decode()
    assert "edit.review" not in page
    assert "member.read" in page
    body = {"name": "figures", "scopes": ["member.read"], "lasts": "30"}
    assert client.post("/account/tokens/make", {**body, "scopes": []}).status_code == 422
    assert client.post("/account/tokens/make", {**body, "scopes": ["edit.review"]}).status_code == 422
    assert client.post("/account/tokens/make", {**body, "lasts": "9999"}).status_code == 422
    made = client.post("/account/tokens/make", body)
    assert (made.status_code, made["Cache-Control"]) == (200, "private, no-store")
    (text,) = re.findall(r"lct_[a-z0-9]{12}_[\w-]{43}", made.content.decode())
    assert client.post("/account/tokens/make", body).status_code == 422  # the page loaded anew makes no second one
    assert status(text, "/token") == 200
    listed = client.get("/account/tokens").content.decode()
    assert text not in listed
    assert secrets.prefix_of(text) in listed
    key = Token.objects.get().pk
    theirs = signed_in(person("b@example.org"))
    assert theirs.post(f"/account/tokens/{key}/revoke").status_code == 404
    assert client.post(f"/account/tokens/{key}/revoke").status_code == 302
    assert client.post(f"/account/tokens/{key}/revoke").status_code == 404
    assert status(text, "/token") == 401
    assert [mail.subject for mail in Mail.objects.filter(to=who.email)] == ["A token was made for your account"]


def test_to_make_one_asks_once_more_who_it_is() -> None:
    who = person("a@example.org", "member")
    late = window(who)  # signed in, and nothing within the last minutes
    answer = late.get("/account/tokens/make")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/again")
    late.post("/account/tokens/make", {"name": "x", "scopes": ["member.read"], "lasts": "30"})
    assert not Token.objects.exists()


def test_a_copy_of_my_data_lists_my_tokens() -> None:
    who = person("a@example.org", "member")
    text = token(who, "account.read")
    copy = Program(text).get("/account/data").json()
    assert [one["scopes"] for one in copy["tokens"]] == [["account.read"]]


def test_a_token_is_counted_by_itself(register_limits: None) -> None:
    who = person("a@example.org", "member")
    one, other = token(who), token(who)
    with override_settings(RATE_LIMITS={"token": (3, 60), "write": (2, 60)}):
        assert [Program(one).post("/account/name", {"name": str(n)}).status_code for n in range(3)] == [200, 200, 429]
        answer = Program(one).get("/token")
        assert (answer.status_code, "Retry-After" in answer) == (429, True)
        assert "with this token" in answer.json()["detail"]
        assert status(other, "/token") == 200


@pytest.fixture
def register_limits(tmp_path: object) -> object:
    middleware.counters.cache_clear()
    with override_settings(HOME=tmp_path), transaction.atomic():
        yield
    middleware.counters.cache_clear()
