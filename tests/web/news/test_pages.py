"""Pages, panels and feeds of news: for each reader what is theirs, made anew when news changes, with few questions."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import lxml.etree
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lifecluster.web.accounts import sample
from lifecluster.web.directory.models import Identity, Package
from lifecluster.web.news import actions, reads
from lifecluster.web.news.models import Item
from tests.web.directory.making import org
from tests.web.news.conftest import (
    CALL,
    DESK,
    DESK_ROLE,
    EVENT,
    MEMBERS,
    NEWS,
    NOW,
    TODAY,
    member,
    person,
    put,
    window,
)
from tests.web.pages.conftest import Look, words

pytestmark = pytest.mark.usefixtures("register")
ALPHA = f"/organisations/{org('alpha')}/alpha-medical-limited"


def test_the_list_is_filtered_by_kind(look: Look) -> None:
    for draft in (NEWS, CALL, EVENT):
        put(draft)
    assert all(title in words(look("/news")) for title in (NEWS.title, CALL.title, EVENT.title))
    one = words(look("/news?kind=opportunity"))
    assert CALL.title in one and EVENT.title not in one and "Closes 1 December 2026" in one
    assert "An evening" in words(look("/news?kind=nonsense"))
    assert "3 December 2026, Derby" in words(look("/news?kind=event&page=99"))
    assert "A new cold store" not in words(look("/news?page=x&kind=event"))


def test_an_empty_list_says_what_will_be_here(look: Look) -> None:
    assert "Nothing is told at the moment" in words(look("/news"))
    assert not look("/").xpath("//section[@id='news']")


def test_each_reader_sees_what_is_theirs(web: Client) -> None:
    items = {level: put(title=f"Level {level}", level=level) for level in (0, MEMBERS, DESK)}
    who, team = window(member()), window(person("d@example.org", "desk"), second_step=True)
    for client, sees in ((web, {0}), (who, {0, MEMBERS}), (team, {0, MEMBERS, DESK})):
        for path in ("/news", "/", ALPHA):
            page = client.get(path).content.decode()
            if path == ALPHA:
                continue
            assert {level for level in items if f"Level {level}" in page} == sees, path
        for level, item in items.items():
            assert client.get(f"/news/{item.pk}").status_code == (200 if level in sees else 404)
    for feed in ("/feeds/news.atom", "/feeds/news.ics"):
        page = team.get(feed).content.decode()
        assert "Level 1" not in page and "Level 2" not in page
    gone, never = web.get(f"/news/{items[2].pk}"), web.get("/news/999999")
    assert gone.content.replace(b"x", b"") == never.content.replace(b"x", b"")


def test_it_is_shown_from_and_until_its_days(web: Client) -> None:
    soon = put(title="Soon", shown_from=TODAY + timedelta(days=1))
    past = put(title="Past", shown_until=TODAY - timedelta(days=1))
    today = put(title="Today", shown_from=TODAY, shown_until=TODAY)
    page = web.get("/news").content.decode()
    assert "Today" in page and "Soon" not in page and "Past" not in page
    assert web.get(f"/news/{soon.pk}").status_code == 404
    assert b"This is over" in web.get(f"/news/{past.pk}").content  # links to it still lead somewhere
    assert b"This is over" not in web.get(f"/news/{today.pk}").content


def test_pages_kept_for_everybody_are_made_anew_when_news_changes(web: Client) -> None:
    assert NEWS.title not in web.get("/").content.decode()
    item = put(organisations=(org("alpha"),))
    for path in ("/", ALPHA, "/news"):
        assert NEWS.title in web.get(path).content.decode(), path
    actions.change(item=item.pk, draft=replace(NEWS, title="Zebra crossing", organisations=(org("alpha"),)), seen=1,
                   viewer=DESK_ROLE, at=NOW)  # fmt: skip
    for path in ("/", ALPHA, "/news", f"/news/{item.pk}"):
        assert "Zebra" in web.get(path).content.decode(), path
    actions.withdraw(item=item.pk, seen=2, viewer=DESK_ROLE, at=NOW, why="x")
    for path in ("/", ALPHA, "/news"):
        assert "Zebra" not in web.get(path).content.decode(), path
    assert web.get(f"/news/{item.pk}").status_code == 404


def test_a_proposal_alone_makes_no_page_anew() -> None:
    before = Package.objects.get().told
    item = actions.propose(draft=NEWS, viewer=member().viewer, at=NOW)
    actions.refuse(item=item.pk, seen=1, viewer=DESK_ROLE, at=NOW, why="x")
    assert Package.objects.get().told == before


def test_a_visitor_pays_one_question_for_a_panel(look: Look) -> None:
    put(organisations=(org("alpha"),))
    for path in ("/", ALPHA):
        look(path)  # at most twelve questions, and its markup is harmless
    package = Package.objects.get()
    for read in (lambda: reads.newest(None, TODAY), lambda: reads.about(org("alpha"), None, package, TODAY)):
        read()
        with CaptureQueriesContext(connection) as asked:
            assert len(read()) == 1
        assert len(asked) == 1


def test_it_follows_an_organisation_that_was_merged(web: Client) -> None:
    item = put(organisations=(org("alpha"),))
    package = Package.objects.get()
    Identity.objects.filter(uid=org("alpha"), package=package).update(status="redirected", target=org("beta"))
    assert [one.pk for one in reads.about(org("beta"), None, package, TODAY)] == [item.pk]
    page = web.get(f"/news/{item.pk}").content.decode()
    assert f"/organisations/{org('beta')}" in page and org("alpha") not in page


def test_an_organisation_that_is_hidden_is_not_named(web: Client) -> None:
    item = put(organisations=(org("alpha"),))
    Identity.objects.filter(uid=org("alpha")).update(level=DESK, known=DESK)
    page = web.get(f"/news/{item.pk}").content.decode()
    assert org("alpha") not in page and "Alpha" not in page
    assert reads.about(org("beta"), None, Package.objects.get(), TODAY) == []


HOSTILE = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ settings }}{% debug %}", "</title><b>x",
    "فرصة تمويل جديدة للشركات", "x" * 160, "a\u0301" * 60, "]]></title>", "' OR 1=1 --", "\\u003cscript>",
]  # fmt: skip


@pytest.mark.parametrize("title", HOSTILE)
def test_markup_in_titles_is_text_everywhere(look: Look, title: str) -> None:
    item = put(replace(EVENT, title=title, text=title, place=title[:160], organisations=(org("alpha"),)))
    for path in ("/", "/news", ALPHA, f"/news/{item.pk}"):
        page = look(path)
        assert not page.xpath("//img|//b[text()='x']"), path
        assert words(page).replace("\u00ad", "").count(title.strip()[:40]) >= 1, path
    (block,) = page.xpath("//script[@type='application/ld+json']")
    assert json.loads(block.text)["name"] == title
    feed = Client().get("/feeds/news.atom")
    tree = lxml.etree.fromstring(feed.content)
    assert title in tree.xpath("//*[local-name()='title']/text()")


def test_json_ld_says_what_it_is(web: Client) -> None:
    said = {}
    for draft in (NEWS, CALL, EVENT):
        page = lxml.html.document_fromstring(web.get(f"/news/{put(draft).pk}").content)
        said[draft.kind] = json.loads(page.xpath("//script[@type='application/ld+json']")[0].text)
    assert (said["event"]["@type"], said["event"]["startDate"]) == ("Event", "2026-12-03")
    assert said["opportunity"]["expires"] == "2026-12-01"
    assert said["news"]["description"] == "It is open."


def test_the_feed_is_atom_and_answers_304(web: Client) -> None:
    item = put(CALL)
    answer = web.get("/feeds/news.atom?kind=opportunity")
    tree = lxml.etree.fromstring(answer.content)
    space = {"a": "http://www.w3.org/2005/Atom"}
    (entry,) = tree.xpath("a:entry", namespaces=space)
    assert entry.findtext("a:id", namespaces=space) == f"http://testserver/news/{item.pk}"
    assert entry.findtext("a:summary", namespaces=space) == "Closes 1\u00a0December\u00a02026. Apply."
    assert entry.findtext("a:content", namespaces=space) == "<p>Apply.</p>\n"
    again = web.get("/feeds/news.atom?kind=opportunity", headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    put(CALL, title="Another")
    assert web.get("/feeds/news.atom?kind=opportunity", headers={"If-None-Match": answer["ETag"]}).status_code == 200
    assert web.get("/feeds/news.atom?kind=x").status_code == 400
    assert web.get("/feeds/news.atom?kid=news").status_code == 400
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_the_calendar_has_what_has_a_day(web: Client) -> None:
    for draft in (NEWS, CALL, replace(EVENT, title="Long, with; marks\\ and " + "é" * 90, ends_on=date(2026, 12, 5))):
        put(draft)
    text = web.get("/feeds/news.ics").content.decode()
    assert text.count("BEGIN:VEVENT") == 2
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    plain = text.replace("\r\n ", "")
    assert "SUMMARY:Closes: A call\r\nDESCRIPTION" in plain and "DTSTART;VALUE=DATE:20261201" in plain
    assert "DTSTART;VALUE=DATE:20261203\r\nDTEND;VALUE=DATE:20261206" in plain
    assert "SUMMARY:Long\\, with\\; marks\\\\ and é" in plain and "LOCATION:Derby" in plain


def test_nothing_is_loaded_yet(web: Client) -> None:
    Package.objects.all().update(state="superseded")
    assert web.get("/news").status_code == 503
    assert web.get("/feeds/news.atom").status_code == 503
    assert web.get("/").status_code == 200


def test_the_sample_region_has_a_few(web: Client) -> None:
    Package.objects.update(sample=True)
    sample.make(Package.objects.get(), at=NOW)
    assert Item.objects.filter(sample=True).count() == 5
    page = web.get("/news").content.decode()
    assert "Makers meet buyers" in page and "resin" not in page and "What members said" not in page
    sample.make(Package.objects.get(), at=NOW)
    assert Item.objects.filter(sample=True).count() == 5
    sample.remove(at=NOW)
    assert not Item.objects.filter(state="waiting").exists()
