"""`lifecluster people` and `lifecluster mail`, as a person runs them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from lifecluster.cli import app
from lifecluster.errors import LifeclusterError
from tests.web.accounts.smtp import inbox
from tests.web.directory.making import org

pytestmark = pytest.mark.usefixtures("database", "here")
run = CliRunner().invoke


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database of the tests, which is up to date."""
    monkeypatch.setattr("lifecluster.web.directory.operate.open_web", lambda: None)
    monkeypatch.setattr("lifecluster.web.directory.operate.require_web", lambda: None)


def said(*arguments: str) -> str:
    done = run(app, list(arguments), catch_exceptions=False, env={"COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    return done.output


def test_people_are_added_given_roles_and_listed() -> None:
    assert "/account/password/forgotten" in said("people", "add", "first@example.org", "--name", "First")
    said("people", "grant", "first@example.org", "desk", "--why", "joins the team", "--until", "2027-12-31")
    said("people", "join", "first@example.org", org("alpha"), "--administrator", "--why", "in charge")
    listed = said("people", "list")
    assert "desk, member_administrator" in listed
    assert org("alpha") in listed
    said("people", "revoke", "first@example.org", "desk", "--why", "over")
    said("people", "leave", "first@example.org", org("alpha"), "--why", "over")
    assert "desk" not in said("people", "list")
    said("people", "remove", "first@example.org", "--why", "asked for it")
    assert "first@example.org" not in said("people", "list")

    from lifecluster.web.accounts.models import AuditRow

    acts = list(AuditRow.objects.order_by("pk").values_list("action", flat=True))
    assert acts == ["person.add", "role.grant", "member.join", "role.revoke", "member.leave", "person.delete"]
    assert set(AuditRow.objects.values_list("actor", flat=True)) == {"role:operator"}


def test_a_name_commands_neither_the_list_nor_a_terminal() -> None:
    from lifecluster.web.accounts import actions
    from lifecluster.web.accounts.models import Person
    from lifecluster.web.accounts.rights import moment

    said("people", "add", "first@example.org", "--name", "[/] [red]x")
    assert "[/] [red]x" in said("people", "list")
    who = Person.objects.get()
    actions.rename(person=who, name=" A\x1b[2J\n\u202ebc\u200cd\r ", viewer=who.viewer, at=moment())
    assert Person.objects.get().name == "A[2J bc\u200cd"
    assert "\x1b[2J" not in said("people", "list")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("grant", "first@example.org", "desk", "--why", "x", "--until", "2020-01-01"), "must end after it begins"),
        (("grant", "nobody@example.org", "desk", "--why", "x"), "nobody here has the address"),
        (("add", "not an address"), "no e-mail address"),
        (("sample",), "no sample region"),
    ],
)
def test_refusals_are_words(arguments: tuple[str, ...], words: str) -> None:
    said("people", "add", "first@example.org")
    with pytest.raises(LifeclusterError, match=words):
        run(app, ["people", *arguments], catch_exceptions=False)


def test_the_worker_beside_a_server_goes_on_and_ends_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    from lifecluster.web.accounts import operate

    rounds: list[int] = []

    def troubled() -> None:
        rounds.append(1)
        raise OSError("the disk is full")

    parents = iter([7, 7, 1])  # whose parent ends is given to process 1
    monkeypatch.setattr(os, "getppid", lambda: next(parents))
    monkeypatch.setattr(os, "nice", lambda by: by)
    monkeypatch.setattr(operate, "run_jobs", troubled)
    monkeypatch.setattr(operate, "deliver", troubled)
    monkeypatch.setenv("LIFECLUSTER_MAIL", "smtp+plain://127.0.0.1")
    monkeypatch.setattr(operate, "PAUSE", 0)
    monkeypatch.setattr("django.db.close_old_connections", lambda: None)
    operate.work_beside(7)
    assert len(rounds) == 4  # jobs that fail keep no mail back
    parents = iter([7, 1])
    monkeypatch.delenv("LIFECLUSTER_MAIL")
    operate.work_beside(7)
    assert len(rounds) == 5  # without a mail server there are jobs all the same


def test_sessions_that_are_over_are_removed() -> None:
    from django.contrib.sessions.models import Session

    from lifecluster.web.accounts import jobs
    from lifecluster.web.accounts.models import Mail

    Session.objects.create(session_key="old", session_data="", expire_date=datetime(2020, 1, 1, tzinfo=UTC))
    Session.objects.create(session_key="new", session_data="", expire_date=datetime(2999, 1, 1, tzinfo=UTC))
    Mail.objects.create(to="first@example.org", written_at=datetime(2020, 1, 1, tzinfo=UTC))
    jobs.sessions(datetime(2026, 11, 1, tzinfo=UTC))
    assert jobs.old_mail(datetime(2026, 11, 1, tzinfo=UTC)) == "1 old messages removed"
    assert not Mail.objects.exists()
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]


def test_mail_is_sent_and_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.utils import timezone

    from lifecluster.web.accounts import outbox

    outbox.write(to="first@example.org", subject="Hello", text="A link")
    monkeypatch.setattr(timezone, "now", lambda: datetime.now(UTC) + timedelta(days=1))
    shown = said("mail", "--show")
    assert "To first@example.org: Hello" in shown
    assert "A link" in shown
    monkeypatch.delenv("LIFECLUSTER_MAIL", raising=False)
    with pytest.raises(LifeclusterError, match="no mail server"):
        run(app, ["mail"], catch_exceptions=False)
    with inbox() as post:
        monkeypatch.setenv("LIFECLUSTER_MAIL", f"smtp+plain://127.0.0.1:{post.server.port}")
        assert "1 sent, 0 wait" in said("mail")
        assert len(post.messages) == 1
