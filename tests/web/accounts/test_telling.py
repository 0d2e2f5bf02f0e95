"""How people are told: at once, in digests, or not at all; nothing lost, nothing twice, and one click ends it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import lxml.html
import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts import actions, choosing, digest, outbox, stopping, taking, telling
from lifecluster.web.accounts.models import AuditRow, Choice, How, Mail, Person, Told
from lifecluster.web.accounts.telling import Kind, tell
from lifecluster.web.directory.viewer import OPERATOR, PermissionDeniedError
from tests.web.accounts.conftest import AT, person, window
from tests.web.accounts.smtp import Inbox, inbox

pytestmark = pytest.mark.usefixtures("database")
SOON = AT + timedelta(days=365 * 5)
KINDS = (Kind("test.edit", 900, "What became of your edits"), Kind("test.note", 901, "Notes & more"),
         Kind("test.safe", 902, "Security", always=True))  # fmt: skip


@pytest.fixture(autouse=True)
def registered() -> Iterator[None]:
    for kind in KINDS:
        telling.register(kind)
    yield
    for kind in KINDS:
        telling.remove(kind.name)


def choose(who: Person, how: How, kind: str = "test.edit") -> None:
    choosing.choose(person=who, kind=kind, how=how, viewer=who.viewer, at=AT)


def say(who: Person, subject: str, kind: str = "test.edit", text: str = "See https://here.example/page") -> None:
    tell(who, kind=kind, subject=subject, text=text, at=AT)


def test_who_chose_nothing_is_told_at_once_in_two_forms(post: Inbox) -> None:
    who = person()
    say(who, "Approved <b>", text="Your edit is <i>shown</i>.\n\nhttps://here.example/a?b=1&c=2")
    outbox.deliver(post.server, at=SOON)
    (mail,) = post.messages
    assert mail["Subject"] == "Approved <b>"
    plain, rich = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None and rich is not None
    assert "Your edit is <i>shown</i>." in plain.get_content()
    tree = lxml.html.document_fromstring(rich.get_content())
    assert not tree.xpath("//i") and not tree.xpath("//h1/b") and not tree.xpath("//script|//img|//link")
    assert "https://here.example/a?b=1&c=2" in [a.get("href") for a in tree.iter("a")]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].strip(" <>") in plain.get_content()


def test_a_digest_holds_all_that_waited_and_is_sent_once(post: Inbox) -> None:
    who, other = person(), person("second@example.org")
    choose(who, How.DAY)
    choose(who, How.DAY, "test.note")
    choose(other, How.WEEK)
    for subject in ("one", "two"):
        say(who, subject)
    say(who, "three", "test.note", "its words")
    say(other, "for Monday")
    assert not Mail.objects.exists()
    assert digest.send(How.DAY, AT) == "1\u00a0digest"
    assert digest.send(How.DAY, AT) == "0\u00a0digests"
    outbox.deliver(post.server, at=SOON)
    (mail,) = post.to(who.email)
    assert not post.to(other.email)
    plain, rich = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None and rich is not None
    words = lxml.html.document_fromstring(rich.get_content()).text_content()
    for said in ("one", "two", "three", "its words", "What became of your edits", "Notes & more"):
        assert said in words
        assert said.upper() in plain.get_content().upper()
    assert len(re.findall(r"/account/messages/stop/\S+", plain.get_content())) == 2  # one for each kind
    assert list(Told.objects.values_list("subject", flat=True)) == ["for Monday"]


def test_whoever_dies_in_between_has_done_neither(post: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    who = person()
    choose(who, How.DAY)
    say(who, "one")
    whole = outbox.write

    def dies(**given: object) -> None:
        whole(**given)  # type: ignore[arg-type]  # passed through
        raise KeyboardInterrupt

    monkeypatch.setattr(outbox, "write", dies)
    with pytest.raises(KeyboardInterrupt):
        digest.send(How.DAY, AT)
    monkeypatch.setattr(outbox, "write", whole)
    assert Told.objects.count() == 1 and not Mail.objects.exists()
    digest.send(How.DAY, AT)
    outbox.deliver(post.server, at=SOON)
    assert len(post.messages) == 1


def test_a_server_that_is_down_delays_the_digest() -> None:
    who = person()
    choose(who, How.DAY)
    say(who, "one")
    digest.send(How.DAY, AT)
    with inbox() as gone:
        server = gone.server
    assert outbox.deliver(server, at=SOON).delayed == 1
    with inbox(server.port) as back:
        assert outbox.deliver(server, at=SOON + timedelta(hours=7)).sent == 1
        assert len(back.messages) == 1


def test_what_is_undone_is_not_told_later_either() -> None:
    who = person()
    choose(who, How.DAY)
    with transaction.atomic():
        say(who, "no")
        transaction.set_rollback(True)
    assert digest.send(How.DAY, AT).startswith("0")


def test_security_is_told_whatever_somebody_chose(post: Inbox) -> None:
    who = person()
    with pytest.raises(LifeclusterError, match="always"):
        choose(who, How.NEVER, "test.safe")
    Choice.objects.create(person=who, kind="test.safe", how=How.NEVER)  # from before it was always told
    say(who, "New sign-in", "test.safe")
    outbox.deliver(post.server, at=SOON)
    assert post.messages[0]["Subject"] == "New sign-in"
    assert "List-Unsubscribe" not in post.messages[0]


def test_what_waits_goes_with_the_choice() -> None:
    who = person()
    choose(who, How.WEEK)
    say(who, "one")
    choose(who, How.NOW)
    assert Told.objects.get().how == How.DAY  # nothing is lost: the next digest has it
    choose(who, How.WEEK)
    assert Told.objects.get().how == How.WEEK
    choose(who, How.NEVER)
    assert not Told.objects.exists()
    say(who, "two")
    assert not Told.objects.exists() and not Mail.objects.exists()


def test_nobody_chooses_for_somebody_else() -> None:
    who, other = person(), person("second@example.org", "steward")
    with pytest.raises(PermissionDeniedError):
        choosing.choose(person=who, kind="test.edit", how=How.NEVER, viewer=other.viewer, at=AT)
    with pytest.raises(LifeclusterError):
        choose(who, How.DAY, "test.none")
    with pytest.raises(ValueError, match="no kind"):
        say(who, "x", "test.none")
    with pytest.raises(LifeclusterError):
        choosing.choose(person=who, kind="test.edit", how="hourly", viewer=who.viewer, at=AT)


def test_the_page_keeps_choices(web: Client) -> None:
    who = person()
    client = window(who)
    page = client.get("/account/messages")
    assert page.status_code == 200 and b"Security" in page.content
    form = dict.fromkeys(re.findall(r'<select name="([^"]+)"', page.content.decode()), "now")
    assert "test.edit" in form and "test.safe" not in form
    assert client.post("/account/messages", {**form, "test.edit": "week"}).status_code == 302
    assert telling.how(who, KINDS[0]) == How.WEEK
    assert Choice.objects.filter(person=who).count() == 1  # what was not changed is not written
    bad = client.post("/account/messages", {**form, "test.edit": "hourly"})
    assert bad.status_code == 422
    assert AuditRow.objects.filter(action="person.told").count() == 1


def test_one_click_stops_a_kind_and_opening_stops_nothing(web: Client) -> None:
    who = person()
    url = stopping.address(who, "test.edit")
    path = url.removeprefix("http://localhost:8000")
    assert web.get(path).status_code == 200
    assert telling.how(who, KINDS[0]) == How.NOW  # programs open links
    strict = Client(enforce_csrf_checks=True)  # as a mail program posts: no cookie, no token
    answer = strict.post(path, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200 and not answer.cookies
    assert telling.how(who, KINDS[0]) == How.NEVER
    assert strict.post(path).status_code == 200  # once more changes nothing
    assert AuditRow.objects.filter(action="person.told").count() == 1


@pytest.mark.parametrize("made", ["nonsense", "", "x:y:z"])
def test_a_link_that_was_not_made_here_opens_nothing(web: Client, made: str) -> None:
    assert web.post(f"/account/messages/stop/{made or 'e30'}").status_code == 404
    other = stopping.token("another.salt", person().uid, "test.edit")
    assert web.post(f"/account/messages/stop/{other}").status_code == 404
    assert not Choice.objects.exists()


def test_no_link_stops_what_is_always_told_nor_for_who_is_gone(web: Client) -> None:
    who = person()
    safe = stopping.address(who, "test.safe").removeprefix("http://localhost:8000")
    assert web.post(safe).status_code == 404
    link = stopping.address(who, "test.edit", "test.note").removeprefix("http://localhost:8000")
    actions.delete_person(person=who, viewer=OPERATOR, at=AT)
    assert web.post(link).status_code == 404


def test_it_is_in_the_copy_and_goes_with_the_account() -> None:
    who = person()
    choose(who, How.DAY)
    say(who, "one")
    copied = taking.copy(person=who, at=AT)["messages"]
    assert [row.get("subject", row["how"]) for row in copied] == ["day", "one"]
    actions.delete_person(person=who, viewer=OPERATOR, at=AT)
    assert not Choice.objects.exists() and not Told.objects.exists()


def test_a_closed_account_is_told_nothing() -> None:
    who = person()
    Person.objects.update(is_active=False)
    who.refresh_from_db()
    say(who, "one")
    assert not Mail.objects.exists() and not Told.objects.exists()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=600))
def test_no_subject_becomes_a_header(subject: str) -> None:
    line = outbox.one_line(subject)
    assert len(line) <= outbox.SUBJECT and "\n" not in line and "\r" not in line
    assert not set(line) & set("\u202e\u202d\u2066\u2067\u2068\x00")
    with transaction.atomic():
        mail = outbox.write(to="a@example.org", subject=subject, text="x", html="<p>x</p>")
        head = mail.raw.partition("\n\n")[0]
        assert not re.search(r"^(Bcc|X-Evil):", head, re.M | re.I)
        transaction.set_rollback(True)


def test_a_header_in_a_subject_stays_in_the_subject(post: Inbox) -> None:
    who = person()
    say(who, "Hello\r\nBcc: thief@example.org\r\n\r\n<html>", text="x")
    outbox.deliver(post.server, at=SOON)
    (mail,) = post.messages
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Hello Bcc: thief@example.org <html>"


def test_subjects_of_other_scripts_arrive(post: Inbox) -> None:
    who = person()
    for subject in ("فرصة تمويل جديدة", "می‌خواهم", "é" * 500):
        say(who, subject)
    outbox.deliver(post.server, at=SOON)
    assert [str(one["Subject"]).strip() for one in post.messages] == ["فرصة تمويل جديدة", "می‌خواهم", "é" * 149 + "…"]
