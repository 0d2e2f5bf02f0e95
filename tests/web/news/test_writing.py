"""Forms of news: what was typed is kept, errors stand beside fields, two writers are told of each other."""

from __future__ import annotations

from typing import Any

import lxml.html
import pytest
from django.test import Client

from lifecluster.web.news.models import Item, State
from tests.web.accounts.conftest import person, window
from tests.web.directory.making import org
from tests.web.news.conftest import CALL, NEWS, member, put
from tests.web.pages.conftest import words

pytestmark = pytest.mark.usefixtures("register")
FORM = {"kind": "opportunity", "title": "A call", "text": "Apply **now**.", "level": "0", "shown_from": "2026-11-22",
        "closes_on": "2026-12-24", "organisations": "Alpha Medical Limited"}  # fmt: skip


def tree(answer: Any) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(answer.content)


@pytest.fixture
def desk() -> Client:
    return window(person("desk@example.org", "desk"), second_step=True)


def test_a_member_proposes_and_sees_what_becomes_of_it(web: Client, desk: Client) -> None:
    client = window(member())
    page = tree(client.get("/news/propose"))
    assert org("alpha") in page.xpath("string(//textarea[@name='organisations'])")
    assert client.post("/news/propose", FORM)["Location"] == "/news/mine"
    item = Item.objects.get()
    assert [row.organisation for row in item.abouts.all()] == [org("alpha")]
    assert "Waits for the desk" in words(tree(client.get("/news/mine")))
    assert "A call" in words(tree(desk.get("/desk/")))
    assert "A call" not in web.get("/news").content.decode()
    look = tree(desk.get(f"/desk/news/{item.pk}"))
    assert look.xpath("//strong[text()='now']") and look.xpath("//button[@name='approve']")
    assert desk.post(f"/desk/news/{item.pk}", {"seen": "1", "approve": "1"}).status_code == 302
    assert "A call" in web.get("/news").content.decode()
    assert "Is shown" in words(tree(client.get("/news/mine")))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("title", "x" * 500, "The title has 500 characters"), ("title", "", "Give it a title"),
        ("closes_on", "", "which day it closes"), ("closes_on", "31.2.2026", "valid date"),
        ("organisations", "No Such Firm Ltd", "is not in the directory"), ("level", "2", "Select a valid choice"),
        ("link", "javascript:alert(1)", "whole address"), ("kind", "x", "Select a valid choice"),
        ("shown_until", "2026-01-01", "before the day"),
    ],
)  # fmt: skip
def test_what_was_typed_is_kept_beside_what_is_wrong(field: str, value: str, said: str) -> None:
    client = window(member())
    answer = client.post("/news/propose", {**FORM, field: value})
    page = tree(answer)
    assert answer.status_code == 422
    assert said in words(page.get_element_by_id("problems")) and said in words(page.xpath("//form[@class='form']")[0])
    assert page.xpath("string(//textarea[@name='text'])").strip() == FORM["text"]
    if value and field in {"title", "closes_on", "link"}:
        assert page.xpath(f"//input[@name='{field}']/@value") == [value]
    assert not Item.objects.exists()


def test_a_preview_keeps_nothing_and_shows_it(desk: Client) -> None:
    page = tree(desk.post("/desk/news/new", {**FORM, "preview": "1"}))
    assert page.xpath("//section[@id='preview']//strong[text()='now']")
    assert page.xpath("//input[@name='title']/@value") == ["A call"]
    assert not Item.objects.exists()
    assert desk.post("/desk/news/new", FORM).status_code == 302
    assert Item.objects.get().state == State.SHOWN


def test_the_second_of_two_writers_sees_both_versions(desk: Client) -> None:
    item = put(CALL)
    form = {**FORM, "seen": "1"}
    assert desk.get(f"/news/{item.pk}/change").status_code == 200
    assert desk.post(f"/news/{item.pk}/change", {**form, "text": "From the first"}).status_code == 302
    answer = desk.post(f"/news/{item.pk}/change", {**form, "text": "From the second"})
    page = tree(answer)
    assert answer.status_code == 409
    assert "From the first" in words(page) and "somebody else has changed it" in words(page)
    assert "From the second" in page.xpath("string(//textarea[@name='text'])")
    assert desk.post(f"/news/{item.pk}/change", {**form, "text": "From the second", "seen": "2"}).status_code == 302
    item.refresh_from_db()
    assert (item.text, item.number) == ("From the second", 3)
    look = words(tree(desk.get(f"/desk/news/{item.pk}")))
    assert "Version 1" in look and "From the first" in look


def test_a_decision_over_an_old_version_is_not_taken(desk: Client) -> None:
    item = put()
    for form, status in (({"seen": "9", "withdraw": "1", "why": "x"}, 422), ({"seen": "1", "withdraw": "1"}, 422),
                         ({"seen": "1", "approve": "1"}, 422), ({"seen": "", "approve": "1"}, 422),
                         ({"seen": "1", "withdraw": "1", "why": "Wrong."}, 302), ({"seen": "1", "approve": "1"}, 302)):  # fmt: skip
        answer = desk.post(f"/desk/news/{item.pk}", form)
        assert answer.status_code == status, form
    item.refresh_from_db()
    assert item.state == State.SHOWN


def test_only_who_wrote_it_finds_the_form(desk: Client) -> None:
    who = member()
    client, other = window(who), window(member("other@example.org", "beta"))
    client.post("/news/propose", FORM)
    item = Item.objects.get()
    for path in (f"/news/{item.pk}/change", f"/news/{item.pk}/remove"):
        assert client.get(path).status_code == 200
        assert other.get(path).status_code == 404
        assert client.get(path.replace(str(item.pk), "99999999999")).status_code == 404
    assert desk.get(f"/news/{item.pk}/remove").status_code == 404
    assert client.post(f"/news/{item.pk}/remove").status_code == 302
    assert not Item.objects.exists()
    assert NEWS.title not in words(tree(client.get("/news/mine")))
