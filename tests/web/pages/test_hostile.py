"""Values that try to break or to script a page stay text on every page, feed and data file."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as Tree

import lxml.html
import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifecluster.web.directory import remembered
from lifecluster.web.directory.models import Organisation, Package, SourceFile
from lifecluster.web.directory.values import _Files as values_of
from tests.web.directory import making
from tests.web.directory.conftest import load
from tests.web.directory.making import org, said, uid
from tests.web.pages.conftest import Look, assert_harmless, words

pytestmark = pytest.mark.one_database

HOSTILE = {
    "markup": "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "closing": "</script></title></textarea><svg onload=alert(3)>",
    "quotes": '"\' onmouseover="alert(4)" x=\'',
    "right-to-left": "\u202eevil\u202c שלום Pharma مختبر",
    "long": "Extraordinarily" * 33,
    "emoji": "🧬🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f Labs 👩🏽‍🔬",
    "template": "{{ request }} {% load x %} ${7*7} <%= 7 %>",
    "entities": "&lt;b&gt; &amp;amp; &#x3c;script&#x3e;",
    "controls": "a\u0001b\u000bc\u2028d\u2029e",
    "zalgo": "Z̷̨̛̤a̸l̵g̴o̶" * 12,
}


def rows() -> list[dict[str, object]]:
    found = []
    for key, text in HOSTILE.items():
        holder = org(key)
        held = {"holder": holder, "state": "active"}
        found += said(holder, {"name": text, "description": text, "trading_name": [text], "capability": [text],
                               "website": f"javascript:alert('{key}')", "ownership": text, "member_of": [text],
                               "employees": 10})  # fmt: skip
        found += said(uid("site", key), {"holder": holder, "name": text, "town": text, "address": text,
                                         "postcode": "LE1 1AA", "activity": [text]})  # fmt: skip
        found += said(uid("licence", key), {**held, "licence_type": text, "scope": [text], "reference": text})
        found += said(uid("award", key), {**held, "title": text, "programme": text, "url": f"javascript:{text}",
                                          "partner": [org("alpha")]})  # fmt: skip
        found += said(uid("product", key), {**held, "name": text, "description": text, "classification": [text]})
        found += said(uid("need", key), {**held, "title": text, "topic": [text]})
    return found


@pytest.fixture
def hostile(database: None, tmp_path: Path) -> Package:
    return load(making.small(tmp_path, "hostile-1", extra=rows()).path)


def page_of(key: str) -> str:
    row = Organisation.objects.get(uid=org(key))
    return f"/organisations/{row.uid}/{row.slug or 'page'}"


@pytest.mark.parametrize("key", HOSTILE)
def test_an_organisation_with_such_a_name_has_a_page(key: str, hostile: Package, look: Look) -> None:
    page = look(page_of(key))
    shown = words(page.cssselect("h1")[0])
    assert shown == " ".join(HOSTILE[key].split())
    (block,) = page.cssselect('script[type="application/ld+json"]')
    assert json.loads(block.text_content())["name"] == HOSTILE[key]
    assert "sameAs" not in json.loads(block.text_content())


@pytest.mark.parametrize("key", HOSTILE)
def test_so_have_its_parts_and_their_evidence(key: str, hostile: Package, look: Look) -> None:
    for kind in ("licence", "award", "product", "need"):
        look(f"/things/{uid(kind, key)}")
    look(f"/sites/{uid('site', key)}")
    for prop in ("name", "capability", "website", "description"):
        page = look(f"/evidence/{org(key)}/{prop}")
        assert page.cssselect(".panel-value")
        for link in page.cssselect(".panel-links a"):
            look(link.get("href"))


def test_the_list_the_home_page_and_the_embedded_list_hold_them_all(hostile: Package, look: Look) -> None:
    for path in ("/directory", "/directory/embed", "/", "/directory?ended=1&sort=size"):
        page = look(path)
        assert page.cssselect("main")
    listed = {words(link) for link in look("/directory").cssselect("table.hits th a")}
    assert {" ".join(text.split()) for text in HOSTILE.values()} <= listed


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_a_hostile_question_is_only_a_question(text: str, hostile: Package, look: Look, web: Client) -> None:
    for name in ("q", "near", "definition", "sort", "place", "licence", "within", "page", "counted"):
        look(f"/directory?{name}={quote(text)}")
    for path in ("/directory/suggest", "/directory/embed"):
        answer = web.get(f"{path}?q={quote(text)}")
        assert answer.status_code == 200
        assert b"<script>alert" not in answer.content
        assert b"<img src=x" not in answer.content
    look(f"/organisations/{quote(text, safe='')}", status=404)


def test_feeds_and_data_can_be_parsed(hostile: Package, web: Client) -> None:
    root = Tree.fromstring(web.get("/feeds/search.atom").content)
    assert len(root.findall("{http://www.w3.org/2005/Atom}entry")) == 4 + len(HOSTILE)
    data = json.loads(web.get("/directory/points.json").content)
    assert len(data["uids"]) >= 3 * 12


def test_no_address_of_a_value_runs_anything(hostile: Package, look: Look) -> None:
    page = look(page_of("markup"))
    assert not page.cssselect("a.out")
    assert not [a for a in page.iter("a") if "javascript" in (a.get("href") or "")]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(min_size=1, max_size=40),
    name=st.sampled_from(["q", "near", "licence", "definition", "counted", "segment"]),
)
def test_any_text_may_be_asked(text: str, name: str, small: Package, web: Client) -> None:
    answer = web.get("/directory", {name: text})
    assert answer.status_code == 200
    assert_harmless(lxml.html.document_fromstring(answer.content.decode()))
    remembered.shelf.empty()


@pytest.mark.parametrize("key", HOSTILE)
def test_what_a_publisher_calls_itself_stays_text(key: str, hostile: Package, look: Look, web: Client) -> None:
    """Sources come from mappings that anybody may write; they stand in pages, the footer, exports and feeds."""
    text = HOSTILE[key]
    SourceFile.objects.filter(package=hostile).update(
        title=text, publisher=text, licence_title=text, attribution=text, file=text, refresh=text,
        url=f"javascript:alert('{key}')", licence_url="data:text/html,<script>alert(1)</script>",
    )  # fmt: skip
    Package.objects.filter(pk=hostile.pk).update(credits=[text], title=text, region={**hostile.region, "title": text})
    hostile.manifest.data["inputs"][0]["file"] = text
    hostile.manifest.data["software"] = text
    hostile.manifest.save()
    values_of.key = ()
    for path in ("/sources", "/package", "/about", "/definitions", "/directory", "/directory/embed", page_of(key),
                 f"/evidence/{org(key)}/name",  "/api/"):  # fmt: skip
        page = look(path)
        assert page.cssselect("h1, h2, caption, strong"), path
    assert " ".join(text.split()) in words(look("/sources"))
    assert_harmless(lxml.html.document_fromstring(web.get(f"/reconcile/preview?id={org(key)}").content.decode()))
    for path in ("/feeds/changes.atom", "/feeds/search.atom", f"/feeds/organisations/{org(key)}.atom", "/sitemap.xml"):
        Tree.fromstring(web.get(path).content)
    Tree.fromstring(web.get("/oembed", {"url": f"http://testserver{page_of(key)}", "format": "xml"}).content)
    for path in ("/api/v1/sources", "/api/v1/package", "/export/jsonld", "/export/geojson", "/reconcile"):
        response = web.get(path)
        json.loads(b"".join(response.streaming_content) if response.streaming else response.content)
    Tree.fromstring(b"".join(web.get("/export/graphml").streaming_content))
