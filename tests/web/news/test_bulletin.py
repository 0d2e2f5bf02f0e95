"""Bulletins: gathered, edited, sent once to each, for each what is theirs; and wanting them takes two steps, or one to end."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import lxml.html
import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from lifecluster.errors import LifeclusterError
from lifecluster.web.accounts import actions as accounts
from lifecluster.web.accounts import outbox, taking
from lifecluster.web.accounts.models import AuditRow, Mail, Person
from lifecluster.web.directory.models import Change, Identity, Organisation, Package
from lifecluster.web.directory.viewer import ANYBODY, OPERATOR, PermissionDeniedError
from lifecluster.web.news import actions as news
from lifecluster.web.news.bulletin import actions, compose, deliver, gather, subscribing
from lifecluster.web.news.models import Bulletin, Item, Section, Sending, Stage, Subscriber
from tests.web.accounts.smtp import Inbox, inbox
from tests.web.directory.making import org
from tests.web.news.conftest import CALL, DESK, DESK_ROLE, EVENT, MEMBERS, NEWS, NOW, member, person, put, window
from tests.web.pages.conftest import Look, words

pytestmark = pytest.mark.usefixtures("register")
LATER = NOW + actions.HOLD
SOON = datetime(2030, 1, 1, tzinfo=UTC)
BASE = "http://localhost:8000"


def follow(who: Person) -> Subscriber:
    return subscribing.follow(person=who, viewer=who.viewer, at=NOW)


def visitor(email: str = "visitor@example.org") -> Subscriber:
    return Subscriber.objects.create(email=email, since=NOW)


def ready(**more: Any) -> Bulletin:
    """A bulletin that is to be sent."""
    made = actions.make(viewer=DESK_ROLE, at=NOW)
    made.refresh_from_db()
    return actions.send(bulletin=made.pk, seen=made.number, viewer=DESK_ROLE, at=NOW)


def body(mail: Any, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_what_is_new_is_gathered_in_its_sections() -> None:
    for draft in (NEWS, CALL, EVENT):
        put(draft)
    put(NEWS, title="For the desk alone", level=DESK)
    old = put(CALL, title="Closes soon")
    type(old).objects.filter(pk=old.pk).update(
        approved_at=NOW - timedelta(days=90), shown_from=NOW - timedelta(days=90)
    )
    Change.objects.create(package="x", at=NOW, uid=org("alpha"), name="Alpha", what="new")
    Change.objects.create(package="x", at=NOW, uid=org("beta"), name="Beta", what="new", undone=True)
    made = actions.make(viewer=DESK_ROLE, at=NOW)
    found = [(part.section, part.title) for part in made.parts.order_by("place")]
    assert found[:5] == [
        ("news", NEWS.title), ("opportunity", CALL.title), ("event", EVENT.title), ("closing", "Closes soon"),
        ("organisation", "Alpha Medical Limited"),
    ]  # fmt: skip
    assert "For the desk alone" not in str(found) and "Beta" not in str(found)
    with pytest.raises(LifeclusterError, match="already"):
        actions.make(viewer=DESK_ROLE, at=NOW)
    with pytest.raises(PermissionDeniedError):
        actions.make(viewer=ANYBODY, at=NOW)


def test_what_came_meanwhile_can_be_added_and_nothing_comes_twice() -> None:
    put()
    made = actions.make(viewer=DESK_ROLE, at=NOW)
    assert actions.look_again(bulletin=made.pk, viewer=DESK_ROLE, at=NOW) == 0
    put(CALL)
    assert actions.look_again(bulletin=made.pk, viewer=DESK_ROLE, at=NOW) == 1
    assert made.parts.filter(item__isnull=False).count() == 2


def test_the_desk_edits_orders_and_leaves_out() -> None:
    for draft in (NEWS, CALL):
        put(draft)
    made = actions.make(viewer=DESK_ROLE, at=NOW)
    first, second = made.parts.filter(item__isnull=False).order_by("place")
    actions.change(bulletin=made.pk, title="Our <b>news</b>", opening="Hello **all**", seen=1, viewer=DESK_ROLE, at=NOW,
                   parts={first.pk: (99, False), second.pk: (1, True)})  # fmt: skip
    made.refresh_from_db()
    assert [one.title for one in compose.parts(made, MEMBERS) if one.item_id] == [NEWS.title]
    with pytest.raises(news.ConflictError):
        actions.change(bulletin=made.pk, title="x", opening="", parts={}, seen=1, viewer=DESK_ROLE, at=NOW)
    with pytest.raises(LifeclusterError, match="title"):
        actions.change(bulletin=made.pk, title=" ", opening="", parts={}, seen=2, viewer=DESK_ROLE, at=NOW)
    said = compose.mail(made, MEMBERS, stop="https://stop.example", why="because", day=NOW.date())
    assert said is not None
    tree = lxml.html.document_fromstring(said.html())
    assert tree.xpath("//strong[text()='all']") and not tree.xpath("//h1/b")


def test_each_reader_gets_what_is_theirs(post: Inbox) -> None:
    put(title="For all")
    put(title="For members", level=MEMBERS)
    hidden = put(title="Was public", level=0)
    who, policy = member(), person("policy@example.org", "policy_reader")
    team = person("team@example.org", "desk")
    for one in (who, policy, team):
        follow(one)
    visitor()
    ready()
    news.change(item=hidden.pk, draft=news.Draft.of(hidden).__class__(**{**_plain(hidden), "level": DESK}), seen=1,
                viewer=DESK_ROLE, at=NOW)  # fmt: skip
    assert deliver.run(LATER) == "4\u00a0mails"
    outbox.deliver(post.server, at=SOON)
    for address, sees in (("visitor@example.org", False), (policy.email, False), (who.email, True), (team.email, True)):
        (mail,) = post.to(address)
        for kind in ("plain", "html"):
            assert "For all" in body(mail, kind)
            assert ("For members" in body(mail, kind)) is sees, (address, kind)
            assert "Was public" not in body(mail, kind)  # it was made the desk's after it was gathered


def _plain(item: Any) -> dict[str, Any]:
    from lifecluster.web.news.draft import Draft

    draft = Draft.of(item)
    return {name: getattr(draft, name) for name in Draft.__dataclass_fields__}


def test_nobody_gets_it_twice_whoever_dies(post: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    put()
    for number in range(5):
        visitor(f"{number}@example.org")
    bulletin = ready()
    whole, left = outbox.write, [2]

    def dies(**given: Any) -> Any:
        mail = whole(**given)
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        return mail

    monkeypatch.setattr(outbox, "write", dies)
    with pytest.raises(KeyboardInterrupt):
        deliver.run(LATER)
    assert Mail.objects.count() == Sending.objects.count() == 2  # of the third, neither
    monkeypatch.setattr(outbox, "write", whole)
    deliver.run(LATER)
    deliver.run(LATER)
    bulletin.refresh_from_db()
    assert bulletin.stage == Stage.SENT
    outbox.deliver(post.server, at=SOON)
    assert sorted(str(one["To"]) for one in post.messages) == [f"{number}@example.org" for number in range(5)]
    assert Sending.objects.count() == 5


def test_a_half_sent_bulletin_goes_on_where_it_was(post: Inbox) -> None:
    put()
    first, second = visitor("a@example.org"), visitor("b@example.org")
    bulletin = ready()
    assert deliver.one(bulletin, first.pk, LATER)  # and then the power goes
    assert not deliver.one(bulletin, first.pk, LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Sending.objects.create(bulletin=bulletin, subscriber=first, at=LATER)
    assert deliver.run(LATER) == "1\u00a0mail"
    assert second.sendings.get().written
    outbox.deliver(post.server, at=SOON)
    assert sorted(str(one["To"]) for one in post.messages) == ["a@example.org", "b@example.org"]


def test_a_server_that_is_down_delays_and_loses_none() -> None:
    put()
    visitor()
    ready()
    deliver.run(LATER)
    with inbox() as gone:
        server = gone.server
    assert outbox.deliver(server, at=SOON).delayed == 1
    with inbox(server.port) as back:
        assert outbox.deliver(server, at=SOON + timedelta(hours=7)).sent == 1
        assert len(back.messages) == 1


def test_it_can_be_held_back_until_it_has_gone_out() -> None:
    put()
    visitor()
    bulletin = ready()
    assert deliver.run(NOW) == "0\u00a0mails"
    actions.hold(bulletin=bulletin.pk, viewer=DESK_ROLE, at=NOW)
    assert deliver.run(LATER) == "0\u00a0mails"
    actions.send(bulletin=bulletin.pk, seen=1, viewer=DESK_ROLE, at=NOW)
    assert deliver.run(LATER) == "1\u00a0mail"
    for act in (actions.hold, actions.discard):
        with pytest.raises(LifeclusterError):
            act(bulletin=bulletin.pk, viewer=DESK_ROLE, at=LATER)


def test_who_asks_after_it_went_out_gets_the_next(post: Inbox) -> None:
    put()
    ready()
    deliver.run(LATER)
    Subscriber.objects.create(email="late@example.org", since=LATER + timedelta(minutes=1))
    assert deliver.run(LATER + timedelta(minutes=2)) == "0\u00a0mails"
    put(CALL)
    made = actions.make(viewer=DESK_ROLE, at=NOW + timedelta(days=7))
    assert NEWS.title not in [part.title for part in made.parts.all()]  # that was in the last


def test_what_is_approved_at_the_moment_of_the_last_bulletin_is_not_lost() -> None:
    put()
    ready()
    deliver.run(LATER)
    put(CALL)  # at the same moment, after it was gathered
    made = actions.make(viewer=DESK_ROLE, at=NOW)
    assert [part.title for part in made.parts.filter(item__isnull=False)] == [CALL.title]


def test_where_nothing_is_for_a_reader_no_mail_goes() -> None:
    put(level=MEMBERS)
    visitor()
    made = actions.make(viewer=DESK_ROLE, at=NOW)
    made.parts.filter(item__isnull=True).delete()
    actions.send(bulletin=made.pk, seen=1, viewer=DESK_ROLE, at=NOW)
    assert deliver.run(LATER) == "0\u00a0mails"
    assert not Sending.objects.get().written
    assert Client().get(f"/news/bulletins/{made.pk}").status_code == 404


def test_an_empty_bulletin_is_not_sent() -> None:
    made = actions.make(viewer=DESK_ROLE, at=NOW)
    made.parts.all().delete()
    with pytest.raises(LifeclusterError, match="nothing"):
        actions.send(bulletin=made.pk, seen=1, viewer=DESK_ROLE, at=NOW)


def test_a_visitor_asks_confirms_and_ends_it_by_one_click(web: Client, post: Inbox) -> None:
    answer = web.post("/news/bulletins/subscribe", {"email": " Visitor@Example.org "})
    assert answer.status_code == 200 and not answer.cookies
    assert not Subscriber.objects.exists()  # nothing is kept before it is confirmed
    outbox.deliver(post.server, at=SOON)
    link = re.search(r"\S+/news/bulletins/confirm/\S+", body(post.messages[0]))
    assert link is not None
    path = link.group().removeprefix(BASE)
    assert web.get(path).status_code == 200
    assert not Subscriber.objects.exists()  # programs open links
    for _ in range(2):
        assert Client(enforce_csrf_checks=True).post(path).status_code == 200
    assert Subscriber.objects.get().email == "visitor@example.org"
    put()
    made = actions.make(viewer=DESK_ROLE, at=NOW + timedelta(days=1))
    made.refresh_from_db()
    Subscriber.objects.update(since=NOW)
    actions.send(bulletin=made.pk, seen=1, viewer=DESK_ROLE, at=NOW)
    deliver.run(LATER)
    outbox.deliver(post.server, at=SOON)
    mail = post.messages[-1]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "bulletin.localhost" in mail["List-Id"]
    stop = mail["List-Unsubscribe"].strip(" <>")
    assert stop in body(mail) and stop in body(mail, "html")
    assert web.get(stop.removeprefix(BASE)).status_code == 200 and Subscriber.objects.exists()
    one_click = Client(enforce_csrf_checks=True)
    for _ in range(2):
        assert one_click.post(stop.removeprefix(BASE), {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Subscriber.objects.exists()
    assert not Mail.objects.filter(to="visitor@example.org").exists()  # the address is kept nowhere
    assert "visitor@" not in str(list(AuditRow.objects.values()))


def test_nobody_learns_who_gets_it(web: Client) -> None:
    person("known@example.org")
    visitor("wants@example.org")
    pages = {}
    for email in ("known@example.org", "wants@example.org", "nobody@example.org"):
        answer = web.post("/news/bulletins/subscribe", {"email": email})
        pages[email] = answer.content.decode().replace(email, "X")
    assert len(set(pages.values())) == 1
    assert Mail.objects.count() == 3
    assert web.post("/news/bulletins/subscribe", {"email": "wants@example.org"}).status_code == 200
    assert Mail.objects.count() == 3  # not again within the hour, whoever asks
    assert "already" in Mail.objects.get(to="wants@example.org").text


@pytest.mark.parametrize(
    "email", ["", "nonsense", "a@b", "x@example.org\nBcc: y@example.org", "a" * 300 + "@example.org"]
)
def test_what_is_no_address_is_said_and_kept(web: Client, email: str) -> None:
    answer = web.post("/news/bulletins/subscribe", {"email": email})
    assert answer.status_code == 422
    assert not Mail.objects.exists()


def test_links_that_were_not_made_here_do_nothing(web: Client) -> None:
    from lifecluster.web.accounts import stopping

    visitor()
    for token in ("none", stopping.token(subscribing.CONFIRM, "a@example.org") + "x",
                  stopping.token("another", Subscriber.objects.get().key)):  # fmt: skip
        for what in ("confirm", "stop"):
            assert web.post(f"/news/bulletins/{what}/{token}").status_code == 404
            assert web.get(f"/news/bulletins/{what}/{token}").status_code == 404
    assert Subscriber.objects.count() == 1


def test_one_address_gets_one_bulletin(post: Inbox) -> None:
    """Somebody asked as a visitor, and has an account that asked too."""
    from lifecluster.web.accounts import stopping

    who = member("both@example.org")
    visitor("both@example.org")
    follow(who)
    assert subscribing.confirm(token=stopping.token(subscribing.CONFIRM, "both@example.org"), at=NOW)
    assert Subscriber.objects.count() == 1
    put()
    ready()
    assert deliver.run(LATER) == "1\u00a0mail"


def test_people_choose_and_it_goes_with_the_account() -> None:
    who, other = member(), member("other@example.org", "beta")
    client = window(who)
    assert "Send me the bulletin" in client.get("/news/bulletins").content.decode()
    assert client.post("/news/bulletins/follow").status_code == 302
    assert "You get the bulletin" in client.get("/news/bulletins").content.decode()
    assert taking.copy(person=who, at=NOW)["news"][0]["bulletin"] is True
    with pytest.raises(PermissionDeniedError):
        subscribing.leave(person=who, viewer=other.viewer, at=NOW)
    assert client.post("/news/bulletins/follow", {"stop": "1"}).status_code == 302
    assert not Subscriber.objects.exists()
    follow(who)
    visitor(other.email)
    for one in (who, other):
        accounts.delete_person(person=one, viewer=OPERATOR, at=NOW)
    assert not Subscriber.objects.exists()


def test_the_archive_shows_each_reader_theirs(web: Client, look: Look) -> None:
    put(title="For all")
    withdrawn = put(title="Was wrong")
    put(title="For members", level=MEMBERS)
    bulletin = ready()
    assert web.get(f"/news/bulletins/{bulletin.pk}").status_code == 404
    assert bulletin.title not in web.get("/news/bulletins").content.decode()
    deliver.run(LATER)
    assert bulletin.title in words(look("/news/bulletins"))
    page = words(look(f"/news/bulletins/{bulletin.pk}"))
    assert "For all" in page and "Was wrong" in page and "For members" not in page
    assert "For members" in window(member()).get(f"/news/bulletins/{bulletin.pk}").content.decode()
    news.withdraw(item=withdrawn.pk, seen=1, viewer=DESK_ROLE, at=NOW, why="wrong")
    assert "Was wrong" not in words(look(f"/news/bulletins/{bulletin.pk}"))


def test_what_is_hidden_since_it_was_gathered_is_told_to_nobody(post: Inbox, web: Client, look: Look) -> None:
    put(title="Stays")
    later = put(title="Begins later")
    for key in ("alpha", "beta"):
        Change.objects.create(package="x", at=NOW, uid=org(key), name=key, what="new")
    visitor()
    follow(member())
    bulletin = ready()
    titles = {part.title for part in compose.parts(bulletin, 0)}
    assert {"Alpha Medical Limited", "Begins later", "Stays"} < titles
    Identity.objects.filter(uid=org("alpha")).update(level=DESK, known=DESK)
    Identity.objects.filter(uid=org("beta")).update(status="absent")
    Item.objects.filter(pk=later.pk).update(shown_from=NOW.date() + timedelta(days=9))
    deliver.run(LATER)
    outbox.deliver(post.server, at=SOON)
    assert len(post.messages) == 2
    page = words(look(f"/news/bulletins/{bulletin.pk}"))
    for text in (page, *(body(one, kind) for one in post.messages for kind in ("plain", "html"))):
        assert "Stays" in text
        assert not any(word in text for word in ("Alpha Medical", "Diagnostics", "Begins later"))


def test_the_desk_does_it_all_on_its_pages(look: Look) -> None:
    put()
    put(CALL)
    visitor()
    desk = window(person("desk@example.org", "desk"), second_step=True)
    path = desk.post("/desk/news/bulletins")["Location"]
    bulletin = Bulletin.objects.get()
    page = desk.get(path).content.decode()
    assert NEWS.title in page and "As members get it" in page
    part = bulletin.parts.get(item__kind="news")
    form = {"title": "Our news", "opening": "Hello", "seen": "1", f"out-{part.pk}": "on", f"place-{part.pk}": "x"}
    assert desk.post(path, form).status_code == 302
    assert desk.post(path, form).status_code == 409
    assert desk.post(path, {**form, "seen": "2", "title": ""}).status_code == 422
    part.refresh_from_db()
    assert part.left_out and part.place == 10
    preview = desk.get(f"{path}/send").content.decode()
    assert "1 other address" in preview and CALL.title in preview and NEWS.title not in preview
    desk.post(f"{path}/send", {"seen": "2"})
    bulletin.refresh_from_db()
    assert bulletin.stage == Stage.SENDING
    assert "Hold it back" in desk.get(path).content.decode()
    desk.post(path, {"hold": "1"})
    desk.post(path, {"discard": "1"})
    assert not Bulletin.objects.exists()
    assert desk.get(path).status_code == 404


@pytest.mark.parametrize("hostile", ["<script>x</script>", "a\r\nBcc: thief@example.org", "فرصة", "x" * 160, "]]>"])
def test_hostile_titles_stay_words_in_mails(post: Inbox, hostile: str) -> None:
    put(title=hostile)
    made = actions.make(viewer=DESK_ROLE, at=NOW)
    made = actions.change(bulletin=made.pk, title=hostile, opening=hostile, parts={}, seen=1, viewer=DESK_ROLE, at=NOW)
    visitor()
    actions.send(bulletin=made.pk, seen=made.number, viewer=DESK_ROLE, at=NOW)
    deliver.run(LATER)
    outbox.deliver(post.server, at=SOON)
    (mail,) = post.messages
    assert mail["Bcc"] is None and mail["To"] == "visitor@example.org"
    tree = lxml.html.document_fromstring(body(mail, "html"))
    assert not tree.xpath("//script|//img")
    line = outbox.one_line(hostile, 160)
    assert line in tree.text_content() and line in body(mail)


def test_every_word_of_the_html_is_in_the_plain_text() -> None:
    for draft in (NEWS, CALL, EVENT):
        put(draft)
    made = actions.make(viewer=DESK_ROLE, at=NOW)
    said = compose.mail(made, MEMBERS, stop="https://stop.example/x", why="because you asked", day=NOW.date())
    assert said is not None
    plain = " ".join(said.text().split()).lower()
    tree = lxml.html.document_fromstring(said.html())
    for element in tree.iter("h1", "h2", "h3", "p"):
        text = " ".join(element.text_content().split()).lower()
        if text != "read it on the web":
            assert text.strip("“”") in plain, text
    for link in tree.iter("a"):
        assert link.get("href") in said.text()


def test_a_bulletin_of_a_sample_region_says_so() -> None:
    put()
    made = actions.make(viewer=DESK_ROLE, at=NOW)
    for sample in (False, True):
        Package.objects.update(sample=sample)
        said = compose.mail(made, MEMBERS, stop="https://stop.example/x", why="x", day=NOW.date())
        assert said is not None
        assert ("Sample data" in said.text(), "Sample data" in said.html()) == (sample, sample)


def test_sections_are_all_gathered_or_known() -> None:
    assert set(gather.SECTIONS.values()) | {
        Section.CLOSING,
        Section.ORGANISATION,
        Section.LICENCE,
        Section.AWARD,
    } == set(Section)
    assert Organisation.objects.exists()
