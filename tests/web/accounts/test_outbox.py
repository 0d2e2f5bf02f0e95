"""Mail is written with the act, sent over a real conversation, delayed by a server that is down, and never lost."""

from __future__ import annotations

import smtplib
from datetime import UTC, datetime, timedelta

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts import mailserver, outbox
from lifecluster.web.accounts.mailserver import MailServer
from lifecluster.web.accounts.models import Mail
from tests.web.accounts.conftest import person
from tests.web.accounts.smtp import Inbox, inbox

pytestmark = pytest.mark.usefixtures("database")
SOON = datetime.now(UTC) + timedelta(days=1)


def test_a_message_arrives_as_it_was_written(post: Inbox) -> None:
    text = "Grüße\n.a line that begins with a dot\n" + "long " * 300
    outbox.write(to="first@example.org", subject="Wörter", text=text)
    assert outbox.deliver(post.server, at=SOON).sent == 1
    (message,) = post.messages
    assert message["Subject"] == "Wörter"
    assert message.get_content().replace("\r\n", "\n").rstrip("\n") == text.rstrip("\n")
    assert message["Auto-Submitted"] == "auto-generated"
    row = Mail.objects.get()
    assert (row.raw, row.due_at, row.sent_at, row.tries) == ("", None, SOON, 1)
    assert outbox.deliver(post.server, at=SOON + timedelta(days=9)).sent == 0


def test_an_act_that_is_undone_sends_nothing(post: Inbox) -> None:
    with transaction.atomic():
        outbox.write(to="first@example.org", subject="no", text="no")
        transaction.set_rollback(True)
    assert outbox.deliver(post.server, at=SOON).sent == 0


def test_each_address_gets_a_message_of_its_own(post: Inbox) -> None:
    message = EmailMultiAlternatives("News", "plain", None, ["a@example.org"], bcc=["b@example.org"])
    message.attach_alternative("<p>rich</p>", "text/html")
    assert message.send() == 2
    outbox.deliver(post.server, at=SOON)
    assert sorted(str(one["To"]) for one in post.messages) == ["a@example.org", "b@example.org"]
    assert all("bcc" not in {name.lower() for name in one} for one in post.messages)


def test_a_server_that_is_down_delays_and_loses_nothing() -> None:
    with inbox() as gone:
        server = gone.server
    for number in range(3):
        outbox.write(to=f"{number}@example.org", subject=str(number), text="x")
    done = outbox.deliver(server, at=SOON)
    assert (done.sent, done.delayed) == (0, 1)  # it does not knock three times at a door that nobody opens
    assert "refused" in Mail.objects.exclude(trouble="").get().trouble.lower()
    with inbox(server.port) as back:
        assert outbox.deliver(server, at=SOON).sent == 2
        assert outbox.deliver(server, at=SOON + timedelta(minutes=2)).sent == 1
        assert sorted(str(one["Subject"]) for one in back.messages) == ["0", "1", "2"]


def test_later_is_later_and_never_is_told(post: Inbox) -> None:
    post.answers = {"busy@example.org": "451 try later", "none@example.org": "550 no such user"}
    for who in ("busy", "none", "fine"):
        outbox.write(to=f"{who}@example.org", subject=who, text="secret link")
    done = outbox.deliver(post.server, at=SOON)
    assert (done.sent, done.delayed, done.refused) == (1, 1, 1)
    refused = Mail.objects.get(to="none@example.org")
    assert (refused.due_at, refused.raw) == (None, "")
    assert "no such user" in refused.trouble
    post.answers = {}
    assert outbox.deliver(post.server, at=SOON + timedelta(minutes=1)).sent == 1


def test_an_address_that_cannot_be_said_holds_nobody_else_up(post: Inbox) -> None:
    for who in ("fırst@example.org", "first@bücher.example", "fine@example.org"):
        Mail.objects.create(sender="a@example.org", to=who, raw="Subject: x\n\nx", written_at=SOON, due_at=SOON)
    done = outbox.deliver(post.server, at=SOON)
    assert (done.sent, done.refused) == (1, 2)
    assert not Mail.objects.exclude(due_at=None).exists()


def test_a_sender_that_is_refused_is_our_mistake_and_loses_no_message(post: Inbox) -> None:
    outbox.write(to="first@example.org", subject="x", text="a link")
    post.answers = {"MAIL": "550 who are you"}
    assert outbox.deliver(post.server, at=SOON).delayed == 1
    assert "who are you" in Mail.objects.get().trouble
    post.answers = {}
    assert outbox.deliver(post.server, at=SOON + timedelta(hours=1)).sent == 1
    assert "a link" in post.messages[0].get_content()


def test_a_round_ends_before_what_it_takes_is_for_others(post: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that is slow: else a second worker would take, and send, what the first still holds."""
    for number in range(9):
        outbox.write(to=f"{number}@example.org", subject="x", text="x")
    seconds = iter(range(0, 10_000, 100))
    monkeypatch.setattr(outbox.time, "monotonic", lambda: next(seconds))
    sent = outbox.deliver(post.server, at=SOON).sent
    assert 1 <= sent * 100 <= outbox.LEASE.total_seconds()
    assert outbox.deliver(post.server, at=SOON).sent > 0  # the others were not taken


def test_to_whom_a_message_went_is_not_kept_for_ever(post: Inbox) -> None:
    outbox.write(to="nobody@example.org", subject="There is no account with this address", text="x")
    outbox.deliver(post.server, at=SOON)
    outbox.write(to="waits@example.org", subject="x", text="x")
    outbox.forget(at=SOON)
    assert Mail.objects.count() == 2
    outbox.forget(at=SOON + outbox.KEPT)
    assert [mail.to for mail in Mail.objects.all()] == ["waits@example.org"]
    long_ago = SOON - outbox.KEPT - timedelta(days=2)
    Mail.objects.create(sender="a@example.org", to="old@example.org", written_at=long_ago)
    assert outbox.deliver(post.server, at=SOON).sent == 1  # a round that sends something forgets
    assert [mail.to for mail in Mail.objects.all()] == ["waits@example.org"]


def test_a_worker_that_dies_leaves_the_message_to_the_next(post: Inbox) -> None:
    outbox.write(to="first@example.org", subject="x", text="x")
    assert outbox._take(SOON) is not None  # and then the power goes
    assert outbox.deliver(post.server, at=SOON).sent == 0
    assert outbox.deliver(post.server, at=SOON + outbox.LEASE).sent == 1


def test_who_takes_a_message_takes_it_alone() -> None:
    outbox.write(to="first@example.org", subject="x", text="x")
    assert outbox._take(SOON) is not None
    assert outbox._take(SOON) is None


def test_mail_goes_with_the_person(post: Inbox) -> None:
    who = person("first@example.org")
    mail = outbox.write(to=who.email, subject="x", text="x")
    assert mail.person_id == who.pk
    who.delete()
    assert not Mail.objects.exists()


@given(st.integers(0, 10_000))
def test_waiting_doubles_and_ends(tries: int) -> None:
    assert timedelta(minutes=1) <= outbox.wait(tries) <= outbox.LONGEST_WAIT
    assert outbox.wait(tries) <= outbox.wait(tries + 1)
    assert [outbox.wait(n).seconds // 60 for n in (1, 2, 3)] == [1, 2, 4]


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://u:p%40ss@mail.example.org", MailServer("mail.example.org", 587, "starttls", "u", "p@ss")),
        ("smtps://mail.example.org:4465", MailServer("mail.example.org", 4465, "tls")),
        ("smtp+plain://localhost", MailServer("localhost", 25, "none")),
    ],
)
def test_addresses_of_mail_servers(url: str, server: MailServer) -> None:
    assert MailServer.parse(url) == server
    assert "p@ss" not in repr(server)


@pytest.mark.parametrize("url", ["mail.example.org", "http://u:secret@h", "smtp://", "smtp://h:x"])
def test_other_addresses_are_refused_without_telling_the_password(url: str) -> None:
    with pytest.raises(LifeclusterError, match=mailserver.VARIABLE) as error:
        MailServer.parse(url)
    assert "secret" not in str(error.value)


def test_a_server_that_cannot_encrypt_gets_no_password(post: Inbox) -> None:
    """The conversation ends before the password where STARTTLS is asked for and not to be had."""
    server = MailServer("127.0.0.1", post.server.port, "starttls", "u", "p", timeout=5)
    with pytest.raises(smtplib.SMTPException):
        outbox.open_server(server)
