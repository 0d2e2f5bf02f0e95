"""Who a request comes from, and what of it is kept where."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.policy.roles import PERMISSIONS, ROLES, permissions
from lifecluster.web.accounts import rights
from lifecluster.web.directory import memo, remembered
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.pages_kept import Files
from lifecluster.web.directory.viewer import Viewer
from lifecluster.web.doors import GUEST, OPEN, PERSON, Outcome, outcome
from tests.web.accounts.conftest import person, window
from tests.web.directory.making import org

pytestmark = pytest.mark.one_database

OPEN_PAGES = ("/", "/directory", "/definitions", "/about", "/claims", "/privacy", "/health", "/robots.txt")
MACHINES = ("/api/v1/organisations", "/export/csv", "/feeds/changes.atom", f"/id/{org('alpha')}", "/reconcile")


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    remembered.shelf.empty()
    yield
    remembered.shelf.empty()
    memo.forget()


@pytest.mark.parametrize("path", OPEN_PAGES)
def test_no_cache_between_gives_a_visitors_page_to_somebody_else(small: Package, web: Client, path: str) -> None:
    answer = web.get(path)
    assert "private" in answer.headers["Cache-Control"]
    assert "Cookie" in answer.headers["Vary"]


@pytest.mark.parametrize("path", [*OPEN_PAGES, *MACHINES])
def test_a_visitor_gets_no_cookie_and_no_question_is_asked_about_people(small: Package, web: Client, path: str) -> None:
    asked: list[str] = []

    def note(execute: Any, sql: str, params: object, many: bool, context: object) -> object:
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        answer = web.get(path)
    assert answer.status_code < 400
    assert not answer.cookies
    assert [sql for sql in asked if "django_session" in sql or "accounts_" in sql or "mfa_" in sql] == []


@pytest.mark.parametrize("path", MACHINES)
def test_machines_are_answered_as_visitors_whatever_cookie_they_send(small: Package, web: Client, path: str) -> None:
    client = window(person("d@example.org", "desk", name="Dora Sample"), second_step=True)
    asked: list[str] = []

    def note(execute: Any, sql: str, params: object, many: bool, context: object) -> object:
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        mine = client.get(path)
    theirs = web.get(path)
    assert (mine.status_code, mine.headers.get("Cache-Control")) == (
        theirs.status_code,
        theirs.headers.get("Cache-Control"),
    )
    assert not [sql for sql in asked if "django_session" in sql]


def test_pages_of_people_are_never_in_the_shared_folder(
    small: Package, tmp_path: Path, web: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "pages"
    monkeypatch.setattr(remembered, "_files", lambda: Files(folder))
    client = window(person("m@example.org", "member", name="Mary Sample"))
    for path in ("/directory", "/definitions", f"/organisations/{org('alpha')}/alpha-medical-limited"):
        assert "Mary Sample" in client.get(path).content.decode()
    assert not [path for path in folder.rglob("*") if path.is_file()]
    shown = [web.get("/directory").content.decode() for _ in range(2)][1]  # it goes to a file when asked for again
    assert [path for path in folder.rglob("*") if path.is_file()]
    remembered.shelf.empty()  # as another process
    assert Client().get("/directory").content.decode() == shown
    assert "Mary Sample" in client.get("/directory").content.decode()


WAYS_IN = ("sign-in", "sign-up", "password/forgotten", "password/forgotten/sent", "check-your-mail", "closed",
           "password/changed", "confirm/x", "password/new/1-x", "sign-out", "second-step/passkeys/sign-in")  # fmt: skip


@pytest.mark.parametrize("path", WAYS_IN)
def test_ways_in_are_kept_by_no_cache(database: None, web: Client, path: str) -> None:
    assert "no-store" in web.get(f"/account/{path}").headers["Cache-Control"]


def test_a_page_with_a_message_for_one_reader_is_kept_by_no_cache(small: Package) -> None:
    client = window(person("m@example.org", "member"))
    client.post("/account/name", {"name": "Mary"})
    client.cookies.pop(settings.SESSION_COOKIE_NAME)
    answer = client.get("/directory")
    assert "Your name is saved" in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert "ETag" not in answer.headers


@pytest.mark.parametrize(
    "path",
    ["people/%00", "people/a%00b/revoke/desk", "organisations/%00", "organisations/%00/x", "evidence/%00/name",
     f"evidence/{org('alpha')}/%00", "things/%00", "statements/%00", "sites/%00", "groups/%00", "directory?q=%00",
     "account/sign-in?next=%00"],
)  # fmt: skip
def test_a_nul_in_an_address_is_no_mistake_of_ours(small: Package, path: str) -> None:
    """PostgreSQL takes none in a text."""
    for client in (Client(), window(person("steward@example.org", "steward"), second_step=True)):
        assert client.get(f"/{path}").status_code in {200, 302, 404}


def test_an_account_that_is_closed_is_nobody(database: None) -> None:
    who = person("c@example.org", "analyst")
    client = window(who)
    assert client.get("/account").status_code == 200
    who.is_active = False
    who.save()
    assert client.get("/account")["Location"].startswith("/account/sign-in")
    assert rights.viewer(who, rights.moment(), second_step=True).roles == {"visitor"}
    answer = Client().post("/account/sign-in", {"login": who.email, "password": "a sentence that is long enough"})
    assert answer["Location"] == "/account/closed"


def test_a_session_cookie_that_was_made_up_is_nobody(database: None) -> None:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "made-up"
    assert client.get("/account")["Location"].startswith("/account/sign-in")
    assert client.get("/people")["Location"].startswith("/account/sign-in")


NAMES = st.frozensets(st.sampled_from(sorted(ROLES)))


@given(NAMES, st.booleans(), st.sampled_from([OPEN, GUEST, PERSON, *sorted(PERMISSIONS)]))
def test_what_becomes_of_a_reader_at_a_door(names: frozenset[str], second_step: bool, door: str) -> None:
    waiting = frozenset(name for name in names if ROLES[name].second_step and not second_step)
    viewer = Viewer((names - waiting) | {"visitor"})
    name = door.removesuffix(":own")
    found = outcome(name, viewer, signed_in=True, waiting=waiting)
    stranger = outcome(name, Viewer(), signed_in=False)
    assert stranger is not Outcome.HIDDEN
    assert (found is Outcome.LED_ON) == (door == GUEST)
    if door not in {OPEN, GUEST, PERSON}:
        held, later = permissions(viewer.roles), permissions(waiting)
        assert (found is Outcome.ALLOWED) == (name in held)
        assert (found is Outcome.SECOND_STEP) == (name not in held and name in later)
        assert (stranger is Outcome.ALLOWED) == (name in permissions(["visitor"]))


def test_a_door_that_is_none_is_a_mistake_and_no_refusal() -> None:
    with pytest.raises(ValueError, match="no permission"):
        outcome("register.raed", Viewer(), signed_in=True)
