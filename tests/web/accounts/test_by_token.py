"""The audit says by which token something was done: by its public part, and its name as long as its owner is here."""

from __future__ import annotations

from lifecluster.web.accounts import actions, audit, rights
from lifecluster.web.accounts.models import AuditRow, Person, Token
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.viewer import OPERATOR
from tests.web.accounts.conftest import AT, fresh, person, window
from tests.web.directory.conftest import at, small
from tests.web.tokens import Program, token

__all__ = ["at", "fresh", "small"]


def last(action: str) -> AuditRow:
    return AuditRow.objects.filter(action=action).latest("pk")


def steward() -> Person:
    return person("s@example.org", "steward", name="Sam")


def test_an_act_by_token_says_so_and_one_in_a_session_does_not(small: Package) -> None:
    who = steward()
    text = token(who, second_step=True, name="the nightly sync")
    prefix = Token.objects.get().prefix
    assert Program(text).post("/account/name", {"name": "Samuel"}).status_code == 200
    assert last("person.change").content["token"] == prefix
    assert text not in last("person.change").body
    assert "sync" not in last("person.change").body, "a name may name somebody, and the audit is for ever"
    window(who).post("/account/name", {"name": "Sam"})
    assert "token" not in last("person.change").content
    page = window(who, second_step=True).get("/audit?action=person.change").content.decode()
    assert page.count(f'by the token “the nightly sync” <span class="mono">lct_{prefix}…</span>') == 1
    items = Program(text).get("/audit?action=person.change").json()["items"]
    assert [(one["token"], one["token_name"]) for one in items] == [(None, None), (prefix, "the nightly sync")]


def test_what_follows_from_an_act_is_by_the_same_token_and_nothing_after_it(small: Package) -> None:
    text = token(steward(), second_step=True)
    other = person("o@example.org")
    assert Program(text).post(f"/people/{other.uid}/roles", {"role": "desk", "why": "new"}).status_code == 200
    assert "token" in last("role.grant").content
    assert Program(text).post(f"/people/{other.uid}/roles", {"role": "nobody", "why": "x"}).status_code == 422
    assert "token" not in audit.write("person.change", actor="x", subject="x", at=AT).content


def test_of_who_is_gone_the_public_part_is_left(small: Package) -> None:
    who = person("g@example.org")
    Program(token(who, name="my own name")).post("/account/name", {"name": "G"})
    actions.delete_person(person=who, viewer=OPERATOR, at=AT)
    row = last("person.change")
    assert audit.tokens([row]) == {}
    page = window(steward(), second_step=True).get("/audit?action=person.change").content.decode()
    assert "by a token whose owner is gone" in page
    assert "my own name" not in page


def test_reading_that_is_written_down_says_it_too(small: Package) -> None:
    who = person("r@example.org")
    Program(token(who)).get("/account/data")
    assert last("person.export").content["token"] == Token.objects.get().prefix
    assert rights.moment() >= last("person.export").at
