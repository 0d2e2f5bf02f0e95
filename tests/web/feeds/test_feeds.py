"""Atom, iCalendar, oEmbed, sitemap, robots."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from urllib.robotparser import RobotFileParser

import lxml.etree
import lxml.html
import pytest
from django.test import Client

from lifecluster.web.directory.viewer import OPERATOR
from tests.web import machines

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def feed(web: Client, path: str) -> lxml.etree._Element:
    response = web.get(path)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    tree = lxml.etree.fromstring(response.content)
    for name in ("id", "title", "updated"):
        assert tree.findtext(ATOM + name)
    ids = [entry.findtext(f"{ATOM}id") for entry in tree.iter(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    for entry in tree.iter(f"{ATOM}entry"):
        assert datetime.fromisoformat(entry.findtext(f"{ATOM}updated")).tzinfo is not None
        assert entry.findtext(f"{ATOM}title").endswith("(sample)")
    return tree


def titles(tree: lxml.etree._Element) -> list[str]:
    return [entry.findtext(f"{ATOM}title") for entry in tree.iter(f"{ATOM}entry")]


def edit(register: machines.World, number: int, value: int) -> None:
    from lifecluster.web.directory import actions

    at = datetime(2026, 11, 22, 15, number, tzinfo=UTC)
    entry = actions.propose_edit(
        subject=register.plain[number], property="employees", value=value, viewer=OPERATOR, at=at
    )
    actions.approve_edit(entry=entry.id, viewer=OPERATOR, at=at)


def test_a_saved_search_is_followed(web: Client, register: machines.World) -> None:
    path = "/feeds/search.atom?capability=fill-finish"
    before = feed(web, path)
    assert "Coldharbour Therapeutics Limited (sample)" in titles(before)
    edit(register, 12, 501)
    edit(register, 13, 502)
    after = feed(web, path)
    assert titles(after)[0] == "Marlpit Therapeutics Limited was edited (sample)"
    assert not any("Netherfold" in title for title in titles(after))
    assert after.findtext(f"{ATOM}updated") > before.findtext(f"{ATOM}updated")
    assert "employees" in after.find(f"{ATOM}entry").findtext(f"{ATOM}summary")


def test_changes_and_one_organisation(web: Client, register: machines.World) -> None:
    edit(register, 14, 503)
    everything = feed(web, "/feeds/changes.atom")
    assert titles(everything)[0] == "Oakhanger Therapeutics Limited was edited (sample)"
    one = feed(web, f"/feeds/organisations/{register.plain[14]}.atom")
    assert len(titles(one)) >= 2
    assert web.get("/feeds/organisations/LCO-XXXX.atom").status_code == 404


def test_hostile_names_are_good_xml(web: Client, register: machines.World) -> None:
    tree = feed(web, "/feeds/search.atom?ended=1")
    found = " ".join(titles(tree))
    assert "<script>alert(1)</script>" in found
    assert "Bell\ufffd Implants" in found or "Bell Implants" in found


def calendar(web: Client, path: str) -> list[dict[str, str]]:
    response = web.get(path)
    assert response["Content-Type"].startswith("text/calendar")
    body = response.content.decode()
    assert body.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in body.split("\r\n"))
    events: list[dict[str, str]] = []
    for line in body.replace("\r\n ", "").split("\r\n"):
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events and ":" in line:
            key, _, value = line.partition(":")
            events[-1].setdefault(key, value)
    return events


def test_calendar_of_what_ends(web: Client, register: machines.World) -> None:
    events = calendar(web, "/feeds/dates.ics")
    assert [e["DTSTART;VALUE=DATE"] for e in events] == ["20261201", "20261224", "20270101", "20270202", "20270304"]
    assert events[-1]["UID"] == f"{register.licence}-ends@testserver"
    assert events[-1]["SUMMARY"] == "Licence ends: ISO 13485 (Abbeymere Therapeutics Limited)"
    assert events[-1]["DTEND;VALUE=DATE"] == "20270305"
    assert events[-1]["DESCRIPTION"].startswith("Sample data.")
    assert events[3]["SUMMARY"] == r"Trial ends: Trial\nof two lines (Coldharbour Therapeutics Limited)"


def test_calendar_of_a_query_and_of_kinds(web: Client, register: machines.World) -> None:
    assert len(calendar(web, "/feeds/dates.ics?kind=licence")) == 2
    assert [e["SUMMARY"] for e in calendar(web, "/feeds/dates.ics?q=abbeymere")] == [
        "Licence ends: ISO 13485 (Abbeymere Therapeutics Limited)"
    ]


def test_sitemap_and_robots(web: Client, register: machines.World) -> None:
    robots = web.get("/robots.txt")
    parser = RobotFileParser()
    parser.parse(robots.content.decode().splitlines())
    assert parser.can_fetch("any", "/directory")
    assert not parser.can_fetch("any", "/export/csv")
    assert parser.site_maps() == ["http://testserver/sitemap.xml"]
    parts = [e.text for e in lxml.etree.fromstring(web.get("/sitemap.xml").content).iter(f"{MAP}loc")]
    found: list[str] = []
    for part in parts:
        tree = lxml.etree.fromstring(web.get(part.removeprefix("http://testserver")).content)
        found += [e.text for e in tree.iter(f"{MAP}loc")]
    assert len(found) == len(set(found))
    assert sum(any(own in url for url in found) for own in register.plain) == len(register.plain)
    assert web.get("/sitemap-99.xml").status_code == 404


@pytest.mark.parametrize("form", ["json", "xml"])
def test_oembed_of_an_organisation(web: Client, register: machines.World, form: str) -> None:
    from lifecluster.web.api import links

    page = links.page("organisation", register.hostile["markup"]) or f"/id/{register.hostile['markup']}"
    response = web.get("/oembed", {"url": f"http://testserver{page}", "format": form, "maxwidth": 300})
    assert response.status_code == 200
    if form == "json":
        answer = json.loads(response.content)
    else:
        answer = {e.tag: e.text for e in lxml.etree.fromstring(response.content)}
    assert (answer["version"], answer["type"], str(answer["width"])) == ("1.0", "rich", "300")
    frame, below = lxml.html.fragments_fromstring(answer["html"])
    assert frame.tag == "iframe"
    (link,) = below.iter("a")  # for where frames are not shown
    assert link.get("href") == f"http://testserver{page}"
    assert link.text == machines.HOSTILE["markup"]
    assert web.get(page, follow=True).status_code == 200
    assert frame.get("sandbox").split() == [
        "allow-popups",
        "allow-popups-to-escape-sandbox",
    ]  # the page opened has script
    assert frame.get("title") == machines.HOSTILE["markup"]
    framed = web.get(frame.get("src").removeprefix("http://testserver"))
    assert framed.status_code == 200
    assert "frame-ancestors *" in framed["Content-Security-Policy"]
    assert "script-src 'none'" in framed["Content-Security-Policy"]


def test_oembed_refuses_what_is_not_ours(web: Client, register: machines.World) -> None:
    for url in (
        "",
        "http://elsewhere.example/",
        "http://testserver/nowhere",
        "javascript:alert(1)",
        "http://testserver/health",
    ):
        assert web.get("/oembed", {"url": url}).status_code == 404, url
    page = f"http://testserver/id/{register.plain[0]}"
    assert web.get("/oembed", {"url": page, "format": "yaml"}).status_code == 501
    assert web.get("/oembed", {"url": page, "maxwidth": "wide"}).status_code == 400
