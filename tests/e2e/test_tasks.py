"""The five things people come for, each at 320 and at 1440 px, light and dark, with and without script, and by keys
alone: find a firm, read the evidence of its head count, follow a search, embed a list, reconcile a list."""

from __future__ import annotations

import functools
import http.server
import json
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as Tree

import pytest

from tests.e2e import harness
from tests.e2e.conftest import NewVisitor
from tests.e2e.region import Firm
from tests.e2e.test_style_guide import unexpected

ATOM = "{http://www.w3.org/2005/Atom}"
WAYS = {
    "wide": {"width": 1440, "theme": "light"}, "narrow and dark": {"width": 320, "theme": "dark"},
    "narrow without script": {"width": 320, "script": False},
    "dark without script": {"width": 1440, "theme": "dark", "script": False},
}  # fmt: skip
EDIT = """
import sys
from datetime import UTC, datetime
from lifecluster.web.directory.operate import open_web
open_web()
from lifecluster.web.directory import actions
from lifecluster.web.directory.viewer import OPERATOR
at = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
entry = actions.propose_edit(subject=sys.argv[1], property="employees", value=int(sys.argv[2]), viewer=OPERATOR, at=at)
actions.approve_edit(entry=entry.id, viewer=OPERATOR, at=at)
"""


@pytest.fixture(scope="session")
def server(region_server: harness.Server) -> harness.Server:
    """The web app that visitors of these tests see."""
    return region_server


@pytest.fixture(params=WAYS)
def visitor(request: pytest.FixtureRequest, new_visitor: NewVisitor) -> Iterator[harness.Visitor]:
    """Somebody who looks in one of the ways; nothing may have gone wrong when they leave."""
    one = new_visitor(**WAYS[request.param])
    yield one
    assert unexpected(one) == []


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A page of somebody else, on another origin."""
    handler = functools.partial(Quiet, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}", tmp_path
        running.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *_: object) -> None:
        """Nothing."""


def list_of(firm: Firm) -> str:
    """The list that holds the firm and a few others."""
    return "/directory?" + urlencode({"capability": firm.capability, "near": firm.postcode, "within": 8})


def press(visitor: harness.Visitor, selector: str) -> None:
    """Reach something with the Tab key and press Enter on it."""
    visitor.tab_to(selector)
    visitor.page.keyboard.press("Enter")


def test_find_a_firm_by_keys(firm: Firm, visitor: harness.Visitor) -> None:
    page = visitor.go("/")
    visitor.tab_to("#q")
    page.keyboard.type(firm.capability.replace("-", " "))
    visitor.enter()
    assert "/directory?q=" in page.url
    visitor.tab_to("#near")
    page.keyboard.type(firm.postcode)
    page.keyboard.press("Enter")
    page.wait_for_url("**near=**")
    page.locator(f'tr[data-uid="{firm.uid}"]').wait_for()
    visitor.tab_to(f'tr[data-uid="{firm.uid}"] th a')
    visitor.enter()
    assert f"/organisations/{firm.uid}/" in page.url
    assert page.inner_text("h1") == firm.name


def test_read_the_evidence_by_keys(firm: Firm, visitor: harness.Visitor) -> None:
    page = visitor.go(f"/organisations/{firm.uid}")
    mark = f'#facts a.ev[href="/evidence/{firm.uid}/employees"]'
    assert firm.employees in page.inner_text(mark)
    press(visitor, mark)
    panel = page.locator("#facts .inset .panel.is-open, .panel-page").first
    panel.wait_for()
    text = panel.inner_text()
    for part in (firm.employees, "Source", "Licence", "Observed", "Verified", "shown"):
        assert part in text
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_follow_a_search(firm: Firm, server: harness.Server, visitor: harness.Visitor) -> None:
    page = visitor.go(list_of(firm))
    visitor.tab_to('.take a[href^="/feeds/search.atom"]')
    feed = server.url + str(page.evaluate("document.activeElement.getAttribute('href')"))
    with urllib.request.urlopen(feed) as first:
        before, tag = Tree.fromstring(first.read()), first.headers["ETag"]
    assert firm.name in {str(e.findtext(f"{ATOM}title")).removesuffix(" (sample)") for e in before.iter(f"{ATOM}entry")}
    again = urllib.request.Request(feed, headers={"If-None-Match": tag})  # as a reader of feeds asks
    with pytest.raises(urllib.error.HTTPError) as unchanged:
        urllib.request.urlopen(again)
    assert unchanged.value.code == 304
    home = before.find(f"{ATOM}link[@rel='alternate']")
    assert home is not None
    page.goto(home.get("href", ""))
    assert page.locator(f'tr[data-uid="{firm.uid}"]').count() == 1


def test_who_follows_hears_of_a_change(firm: Firm, server: harness.Server, new_visitor: NewVisitor) -> None:
    page = new_visitor().go(list_of(firm))
    rows = [str(row.get_attribute("data-uid")) for row in page.locator("tr[data-uid]").all()]
    other = next(uid for uid in rows if uid != firm.uid)
    feed = server.url + str(page.get_attribute("link[type='application/atom+xml']", "href"))
    with urllib.request.urlopen(feed) as first:
        tag = first.headers["ETag"]
    done = [sys.executable, "-c", EDIT, other, "4321"]
    subprocess.run(done, env=server.environment, check=True, capture_output=True, text=True)
    with urllib.request.urlopen(urllib.request.Request(feed, headers={"If-None-Match": tag})) as answer:
        newest = next(Tree.fromstring(answer.read()).iter(f"{ATOM}entry"))
    assert "was edited" in str(newest.findtext(f"{ATOM}title"))
    assert "employees" in str(newest.findtext(f"{ATOM}summary"))
    page.reload()
    assert "4,321" in page.inner_text(f'tr[data-uid="{other}"]')


def test_embed_a_list_by_keys(firm: Firm, elsewhere: tuple[str, Path], visitor: harness.Visitor) -> None:
    url, folder = elsewhere
    page = visitor.go(list_of(firm))
    press(visitor, ".take summary")
    assert visitor.tab() == "snippet"
    snippet = page.input_value("#snippet")
    (folder / "page.html").write_text(f"<!doctype html><title>Elsewhere</title>{snippet}", "utf-8")
    page.goto(f"{url}/page.html")
    frame = page.frame_locator("iframe")
    assert firm.name in frame.locator("table").inner_text()
    assert "Sample data" in frame.locator("main").inner_text()
    assert frame.locator("script").count() == 0
    inner = page.frames[1]
    assert inner.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


ASK = """async ([url, queries]) => {
  const sent = { method: "POST", body: new URLSearchParams({ queries: JSON.stringify(queries) }) };
  return (await fetch(url, queries ? sent : {})).json();
}"""
FETCH = "async (url) => { const answer = await fetch(url); return await answer.json(); }"
EXTEND = """async ([url, extend]) => (await fetch(url, {
  method: "POST", body: new URLSearchParams({ extend: JSON.stringify(extend) }) })).json()"""


@pytest.mark.parametrize("how", [{"width": 1440}, {"width": 320, "theme": "dark"}], ids=["wide", "narrow and dark"])
def test_reconcile_a_list_from_a_page_elsewhere(
    how: dict[str, Any], firm: Firm, server: harness.Server, elsewhere: tuple[str, Path], new_visitor: NewVisitor
) -> None:
    """As OpenRefine's pages do, from another origin: manifest, a batch of queries, preview, values, the page."""
    url, folder = elsewhere
    (folder / "page.html").write_text("<!doctype html><title>A tool</title>", "utf-8")
    visitor = new_visitor(**how)
    page = visitor.page
    page.goto(f"{url}/page.html")
    manifest = page.evaluate(FETCH, f"{server.url}/reconcile")
    assert "0.2" in manifest["versions"]
    kind = manifest["defaultTypes"][0]["id"]
    names = {"q0": firm.written, "q1": slip(firm.name), "q2": "Zzyzx Quarrying Holdings"}
    queries = {
        key: {"query": name, "type": kind, "limit": 5, "properties": [{"pid": "postcode", "v": firm.postcode}]}
        for key, name in names.items()
    }
    answers = page.evaluate(ASK, [f"{server.url}/reconcile", queries])
    first = answers["q0"]["result"][0]
    assert first["id"] == firm.uid
    assert first["match"] is True
    assert answers["q1"]["result"][0]["id"] == firm.uid
    assert not any(candidate["match"] for candidate in answers["q2"]["result"])
    values = page.evaluate(
        EXTEND, [f"{server.url}/reconcile", {"ids": [firm.uid], "properties": [{"id": "employees"}]}]
    )
    cells = values["rows"][firm.uid]["employees"]
    assert firm.employees.replace(",", "") in json.dumps(cells)
    preview = manifest["preview"]["url"].replace("{{id}}", firm.uid)
    (folder / "preview.html").write_text(
        f'<!doctype html><title>A tool</title><iframe src="{preview}"></iframe>', "utf-8"
    )
    page.goto(f"{url}/preview.html")
    assert firm.name.split()[0].lower() in page.frame_locator("iframe").locator("body").inner_text().lower()
    page.goto(manifest["view"]["url"].replace("{{id}}", firm.uid))
    assert page.inner_text("h1") == firm.name
    assert unexpected(visitor) == []


def slip(name: str) -> str:
    """The name with two letters in the wrong order, as a list that somebody typed has it."""
    return name[:3] + name[4] + name[3] + name[5:]
