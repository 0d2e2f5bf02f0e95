"""Pages say for whom they are, and what can be taken away from them is told apart from what they show."""

from __future__ import annotations

from pathlib import Path

import lxml.html
import pytest
from django.test import Client

from lifecluster.web.directory.models import Package
from tests.web.accounts.conftest import person, window
from tests.web.directory import making
from tests.web.directory.conftest import load
from tests.web.directory.making import org, said, uid
from tests.web.pages.conftest import words

pytestmark = pytest.mark.one_database

NOTE = "With what everybody may know"
THINGS = {"members": ("listed", "For members"), "desk": ("kept", "For the desk")}
FOR = {"visitor": (), "policy_reader": (), "member": ("members",), "desk": ("members", "desk")}
"""What each reader sees beside what everybody sees."""


def addresses(key: str) -> list[str]:
    """The pages of an organisation that a closed list names, and of all it has."""
    return [f"/organisations/{org(key)}/{key}", f"/sites/{uid('site', key)}", f"/things/{uid('licence', key)}",
            f"/groups/{uid('group', key)}"]  # fmt: skip


@pytest.fixture
def closed(database: None, tmp_path: Path) -> Package:
    """A register with an organisation that only members know of, and one that only the desk does."""
    extra, presence = [], {}
    for level, (key, _) in THINGS.items():
        extra += said(uid("group", key), {"name": f"{key} group"})
        extra += said(org(key), {"name": key, "organisation_type": "company", "parent": uid("group", key)})
        extra += said(uid("site", key), {"holder": org(key), "town": "Leicester", "postcode": "LE1 1AA"})
        extra += said(uid("licence", key), {"holder": org(key), "licence_type": "MIA", "state": "active"})
        presence |= {uid(kind, key): level for kind in ("organisation", "site", "licence", "group")}
    return load(making.small(tmp_path, "closed", extra=extra, presence=presence).path)


def signed_in(role: str) -> Client:
    """A window of a reader with this role."""
    if role == "visitor":
        return window(None)
    return window(person(f"{role}@example.org", role), second_step=True)


def read(window_: Client, path: str) -> lxml.html.HtmlElement:
    answer = window_.get(path, follow=True)
    assert answer.status_code == 200, path
    return lxml.html.document_fromstring(answer.content.decode())


def taken(page: lxml.html.HtmlElement) -> list[str]:
    """Addresses for machines that a page leads to."""
    found = page.xpath("//main//a/@href | //link[@rel='alternate']/@href")
    return [one for one in found if one.startswith(("/api/", "/feeds/", "/oembed"))]


@pytest.mark.parametrize("role", FOR)
def test_what_is_not_public_is_marked_and_leads_to_nothing_for_machines(closed: Package, role: str) -> None:
    mine = signed_in(role)
    for level, (key, badge) in THINGS.items():
        for path in addresses(key):
            if level not in FOR[role]:
                assert mine.get(path, follow=True).status_code == 404
                continue
            page = read(mine, path)
            assert [words(one) for one in page.cssselect(".pagehead .badge-locked")] == [badge], path
            assert not taken(page), path
            assert NOTE.lower() not in words(page).lower()


@pytest.mark.parametrize("role", FOR)
def test_what_is_public_keeps_its_links_which_say_what_they_hold(closed: Package, role: str) -> None:
    mine = signed_in(role)
    page = read(mine, f"/organisations/{org('alpha')}")
    assert not page.cssselect(".pagehead .badge-locked")
    links = taken(page)
    assert {one.partition("?")[0].split("/")[1] for one in links} == {"api", "feeds", "oembed"}
    assert all(mine.get(one).status_code == 200 for one in links)
    assert (NOTE.lower() in words(page.cssselect(".meta")[0])) == bool(FOR[role])


@pytest.mark.parametrize("role", FOR)
def test_a_list_says_it_beside_what_can_be_taken(closed: Package, role: str) -> None:
    mine = signed_in(role)
    for path in ("/directory", "/directory?q=listed"):
        said_ = words(read(mine, path).cssselect("#take")[0])
        assert (NOTE in said_) == bool(FOR[role])
    found = read(mine, "/directory?q=listed").xpath("//table[contains(@class, 'hits')]//tr/@data-uid")
    assert (org("listed") in found) == bool(FOR[role])
    rows = b"".join(mine.get("/export/csv?q=listed").streaming_content)
    assert org("listed") not in rows.decode()
