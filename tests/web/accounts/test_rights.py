"""Grants, memberships and what they let see; who may give them; and the audit of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.errors import LifeclusterError
from lifecluster.policy.roles import ROLES
from lifecluster.policy.visibility import Visibility
from lifecluster.web.accounts import actions, audit, rights
from lifecluster.web.accounts.models import AuditRow, Person
from lifecluster.web.directory import memo, remembered
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.viewer import ANYBODY, OPERATOR, PermissionDeniedError, viewer_of
from tests.web.accounts.conftest import AT, person, window
from tests.web.directory import making
from tests.web.directory.conftest import load
from tests.web.directory.making import org, said

pytestmark = pytest.mark.usefixtures("database")
LATER = AT + timedelta(days=1)


def test_a_person_without_roles_reads_what_everybody_reads_and_is_not_anybody() -> None:
    who = person()
    assert who.viewer.clearance is Visibility.PUBLIC
    assert viewer_of(who) == who.viewer != ANYBODY


def test_a_grant_begins_and_ends() -> None:
    who = person()
    actions.grant_role(person=who, role="analyst", viewer=OPERATOR, at=AT, why="a study", ends_at=LATER)
    assert rights.held(who, AT - timedelta(seconds=1)) == set()
    assert rights.held(who, AT) == {"analyst"}
    assert rights.held(who, LATER) == set()


def test_roles_of_many_are_those_of_each() -> None:
    people = [person("a@example.org", "desk"), person("b@example.org"), person("c@example.org", "analyst", "member")]
    actions.join(
        person=people[1], organisation=org("alpha"), viewer=OPERATOR, at=AT, why="in charge", administrator=True
    )
    assert rights.held_by(people, AT) == {one.pk: rights.held(one, AT) for one in people}


def test_a_member_belongs_and_an_administrator_speaks() -> None:
    who = person()
    actions.join(person=who, organisation=org("alpha"), viewer=OPERATOR, at=AT, why="works there")
    viewer = rights.viewer(who, AT, second_step=False)
    assert (viewer.roles, viewer.organisations) == ({"visitor", "member"}, {org("alpha")})
    assert viewer.may("organisation.edit", org("alpha"))
    assert not viewer.may("organisation.edit", org("beta"))
    assert not viewer.may("organisation.invite", org("alpha"))
    actions.join(
        person=who, organisation=org("alpha"), viewer=OPERATOR, at=LATER, why="is in charge", administrator=True
    )
    assert rights.viewer(who, LATER, second_step=False).may("organisation.invite", org("alpha"))
    actions.leave(person=who, organisation=org("alpha"), viewer=who.viewer, at=LATER + timedelta(days=1), why="goes")
    assert rights.viewer(who, LATER + timedelta(days=2), second_step=False).roles == {"visitor"}


@settings(max_examples=20)
@given(st.sets(st.sampled_from(rights.GIVEN)), st.booleans())
def test_without_a_second_step_nobody_is_more_than_a_member(names: set[str], second_step: bool) -> None:
    with transaction.atomic():
        who = person("any@example.org", *sorted(names))
        viewer = rights.viewer(who, AT, second_step=second_step)
        waiting = rights.waiting(who, AT, second_step=second_step)
        assert viewer.roles | waiting == names | {"visitor"}
        if second_step:
            assert not waiting
        else:
            assert viewer.clearance <= Visibility.MEMBERS
            assert not any(ROLES[name].second_step for name in viewer.roles)
        transaction.set_rollback(True)


def test_roles_are_given_by_who_may_and_never_to_oneself() -> None:
    steward, who = person("steward@example.org", "steward"), person()
    viewer = rights.viewer(steward, AT, second_step=True)
    actions.grant_role(person=who, role="desk", viewer=viewer, at=AT, why="joins the team")
    with pytest.raises(PermissionDeniedError, match="yourself"):
        actions.grant_role(person=steward, role="broker", viewer=viewer, at=AT, why="curious")
    with pytest.raises(PermissionDeniedError, match="by yourself"):
        actions.join(person=steward, organisation=org("alpha"), viewer=viewer, at=AT, why="curious")
    for weak in (ANYBODY, rights.viewer(steward, AT, second_step=False), rights.viewer(who, AT, second_step=True)):
        with pytest.raises(PermissionDeniedError):
            actions.grant_role(person=who, role="analyst", viewer=weak, at=AT, why="no")
    with pytest.raises(LifeclusterError, match="no role that is given"):
        actions.grant_role(person=who, role="emperor", viewer=viewer, at=AT, why="no")
    with pytest.raises(LifeclusterError, match="say why"):
        actions.grant_role(person=who, role="analyst", viewer=viewer, at=AT, why=" ")
    with pytest.raises(PermissionDeniedError, match="from yourself"):
        actions.revoke_role(person=steward, role="steward", viewer=viewer, at=AT, why="the last one goes")
    with pytest.raises(LifeclusterError, match="does not hold"):
        actions.revoke_role(person=who, role="analyst", viewer=viewer, at=AT, why="no")


def test_what_was_done_is_written_with_the_act_and_not_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    who = person()
    actions.grant_role(person=who, role="analyst", viewer=OPERATOR, at=AT, why="a study")
    row = AuditRow.objects.latest("pk")
    assert (row.actor, row.action, row.subject, row.at) == ("role:operator", "role.grant", who.actor, AT)
    assert row.content == {"before": None, "after": {"role": "analyst", "ends_at": None}, "why": "a study"}

    def broken(*args: object, **more: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(audit, "write", broken)
    with pytest.raises(OSError, match="full"):
        actions.revoke_role(person=who, role="analyst", viewer=OPERATOR, at=LATER, why="over")
    assert rights.held(who, LATER) == {"analyst"}


REPLACE = {
    "sqlite": "INSERT OR REPLACE INTO accounts_auditrow SELECT id, at, 'x', action, subject, body FROM accounts_auditrow",
    "postgresql": "INSERT INTO accounts_auditrow SELECT id, at, 'x', action, subject, body FROM accounts_auditrow "
                  "ON CONFLICT (id) DO UPDATE SET actor = 'x'",
}  # fmt: skip


@pytest.mark.parametrize(
    "statement",
    ["UPDATE accounts_auditrow SET actor = 'x'", "DELETE FROM accounts_auditrow", REPLACE[connection.vendor]],
)
def test_the_database_refuses_to_change_the_audit(statement: str) -> None:
    person()
    with pytest.raises(DatabaseError, match="only added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    for change in (
        AuditRow.objects.all().delete,
        lambda: AuditRow.objects.update(actor="x"),
        AuditRow.objects.first().delete,
    ):
        with pytest.raises(LifeclusterError, match="only added to"):
            change()
    row = AuditRow.objects.get()
    assert row.actor == "role:operator"
    for past_our_own in (AuditRow._base_manager.all().delete, lambda: AuditRow._base_manager.update(actor="x")):
        with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
            past_our_own()
    assert AuditRow.objects.count() == 1


def test_a_steward_gives_and_takes_roles_on_pages(web: Client) -> None:
    steward, who = person("steward@example.org", "steward"), person()
    client = window(steward, second_step=True)
    assert who.email in client.get("/people").content.decode()
    answer = client.post(f"/people/{who.uid}/grant", {"role": "analyst", "why": "a study"})
    assert answer["Location"] == f"/people/{who.uid}"
    assert rights.held(who, rights.moment()) == {"analyst"}
    assert client.post(f"/people/{who.uid}/grant", {"role": "analyst", "why": ""}).status_code == 422
    assert client.post(f"/people/{steward.uid}/grant", {"role": "broker", "why": "me"}).status_code == 422
    assert client.post(f"/people/{steward.uid}/revoke/steward", {"why": "me"}).status_code == 403
    assert client.get("/people").status_code == 200
    assert client.get(f"/people/{who.uid}/revoke/analyst").status_code == 200
    assert client.post(f"/people/{who.uid}/revoke/analyst", {"why": "over"}).status_code == 302
    assert rights.held(who, rights.moment()) == set()
    page = client.get("/audit").content.decode()
    assert "a study" in page
    assert steward.actor in page
    assert who.email not in page


def test_a_role_that_is_no_more_is_no_mistake_of_ours(database: None, web: Client) -> None:
    steward, who = person("steward@example.org", "steward"), person("first@example.org", "analyst")
    who.grants.create(role="emperor", begins_at=AT, given_by="role:operator", why="an older version")
    client = window(steward, second_step=True)
    assert client.get(f"/people/{who.uid}").status_code == 200
    for role in ("emperor", "desk"):
        assert client.post(f"/people/{who.uid}/revoke/{role}", {"why": "x"}).status_code == 404
    who.grants.create(role="analyst", begins_at=AT, given_by="role:operator", why="by two at once")
    assert client.post(f"/people/{who.uid}/revoke/analyst", {"why": "x"}).status_code == 302
    assert rights.held(who, rights.moment()) == set()


def test_a_copy_of_my_data_and_the_end_of_my_account(web: Client) -> None:
    who = person(name="First")
    actions.join(person=who, organisation=org("alpha"), viewer=OPERATOR, at=AT, why="works there")
    client = Client()
    client.post("/account/sign-in", {"login": who.email, "password": "a sentence that is long enough"})
    client.post("/account/password/forgotten", {"email": who.email})
    Client().post("/account/sign-in", {"login": who.email, "password": "a sentence that is long enough"})
    copy = client.get("/account/data.json").json()
    assert (copy["person"]["email"], copy["person"]["name"]) == (who.email, "First")
    assert copy["memberships"][0]["organisation"] == org("alpha")
    assert len(copy["sessions"]) == 2
    assert [mail["subject"] for mail in copy["mail"]] == ["Choose a new password"]
    assert who.password not in str(copy)
    assert client.get("/account/delete").status_code == 200
    assert client.post("/account/delete", {}).status_code == 422
    assert client.post("/account/delete", {"sure": "on"})["Location"] == "/"
    assert not Person.objects.exists()
    assert AuditRow.objects.filter(action="person.delete", subject=who.actor).exists()
    from django.apps import apps
    from django.contrib.sessions.models import Session

    for model in apps.get_models():
        if model._meta.app_label in {"accounts", "account", "mfa", "usersessions", "sessions"}:
            said_there = str(list(model._base_manager.values()))
            assert who.email not in said_there, model
    for session in Session.objects.all():  # what is in one is not read by the eye
        kept = session.get_decoded()
        assert "_auth_user_id" not in kept
        assert who.email not in str(kept)


def test_sessions_are_listed_and_ended(web: Client) -> None:
    who, other = person(), person("other@example.org")
    here, there, theirs = Client(), Client(), Client()
    for client, one in ((here, who), (there, who), (theirs, other)):
        client.post("/account/sign-in", {"login": one.email, "password": "a sentence that is long enough"})
    page = here.get("/account/sessions").content.decode()
    assert page.count("End it") == 1
    from allauth.usersessions.models import UserSession

    key = UserSession.objects.get(session_key=there.session.session_key).pk
    alien = UserSession.objects.get(user=other).pk
    assert here.post(f"/account/sessions/{alien}/end").status_code == 404
    assert here.post(f"/account/sessions/{key}/end").status_code == 302
    assert there.get("/account").status_code == 302
    assert here.get("/account").status_code == 200
    assert theirs.get("/account").status_code == 200


@pytest.fixture
def closed(database: None, tmp_path: Path, at: object) -> Package:
    """A register in which alpha tells members something, and the desk something else."""
    extra = said(org("beta"), {"employees": 77}, source="bench-member", visibility="members")
    extra += said(org("epsilon"), {"website": "https://desk-only.example"}, visibility="desk")
    return load(making.small(tmp_path, extra=extra).path)


def test_a_member_sees_what_members_share_and_nobody_else_is_shown_their_page(closed: Package) -> None:
    member, nobody = person("m@example.org", "member"), person("n@example.org")
    page, secret = f"/organisations/{org('epsilon')}/epsilon-therapeutics", "desk-only.example"
    desk = person("d@example.org", "desk")
    windows = {
        "visitor": window(None), "member": window(member), "no role": window(nobody),
        "desk without": window(desk), "desk": window(desk, second_step=True),
    }  # fmt: skip
    order = ["desk", "visitor", "desk without", "visitor", "member", "no role", "desk", "visitor"]
    seen = {who: windows[who].get(page, follow=True).content.decode() for who in order}
    assert {who for who, text in seen.items() if secret in text} == {"desk"}
    evidence = f"/evidence/{org('beta')}/employees"
    seen = {who: windows[who].get(evidence).content.decode() for who in order}
    assert {who for who, text in seen.items() if ">77" in text or "77 " in text} == {"member", "desk"}
    remembered.shelf.empty()
    memo.forget()


def test_who_acts_on_the_register_stands_in_its_log_by_an_opaque_name(small: Package) -> None:
    from lifecluster.web.directory.actions import propose_edit

    who = person("m@example.org", name="Mary Sample")
    actions.join(person=who, organisation=org("beta"), viewer=OPERATOR, at=AT, why="works there")
    entry = propose_edit(subject=org("beta"), property="employees", value=5, viewer=who.viewer, at=AT, why="we counted")
    assert entry.actor == who.actor
    assert "Mary" not in entry.to_json()
    with pytest.raises(PermissionDeniedError):
        propose_edit(subject=org("alpha"), property="employees", value=5, viewer=who.viewer, at=AT, why="no")


def test_visitors_pages_are_remembered_as_before_and_cost_no_question(closed: Package, web: Client) -> None:
    remembered.shelf.empty()
    first = web.get("/directory")
    assert not first.cookies
    assert "ETag" in first.headers
    with connection.execute_wrapper(forbid):
        again = web.get("/directory")
    assert again.content == first.content
    who = person("m@example.org", "member", name="Mary Sample")
    mine = window(who).get("/directory")
    assert "Mary Sample" in mine.content.decode()
    assert mine.headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in mine.headers
    assert "Cookie" in mine.headers["Vary"]
    for client in (web, Client()):
        shown = client.get("/directory").content.decode()
        assert "Mary Sample" not in shown
        assert "Sign in" in shown
    stale = Client()
    stale.cookies["sessionid"] = "0" * 32  # a session that is no more
    assert "Sign in" in stale.get("/directory").content.decode()
    remembered.shelf.empty()
    memo.forget()


def forbid(execute: object, sql: str, params: object, many: bool, context: object) -> object:
    """Lets nothing through that asks about sessions or people."""
    assert not any(word in sql for word in ("session", "accounts_", "mfa_")), sql
    return execute(sql, params, many, context)  # type: ignore[operator]
