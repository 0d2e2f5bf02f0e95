"""Rooms and their navigation, panels, the package in the footer, themes, error pages, npm files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import lxml.html
import pytest
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory, override_settings
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.web.shell import checks, errors, npm, packages, panels, rooms, theme
from lifecluster.web.shell.registry import Registry

pytestmark = pytest.mark.one_database


def tree(content: bytes) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(content)


@pytest.fixture
def style_room() -> Iterator[rooms.Room]:
    """The style guide as a room: it has addresses already."""
    room = rooms.register(rooms.Room("style", "Style", 10, "lifecluster.web.styleguide.urls", ""))
    yield room
    rooms.remove("style")


@pytest.fixture
def no_panels(monkeypatch: pytest.MonkeyPatch) -> None:
    """The panels of a test alone: those of rooms are about organisations of a register."""
    monkeypatch.setattr(panels._panels, "_things", {})
    monkeypatch.setattr(panels._panels, "_ordered", None)


def test_before_anything_is_loaded_that_is_said(database: None, web: Client) -> None:
    assert "Nothing is loaded yet" in tree(web.get("/").content).text_content()


def test_the_navigation_has_the_rooms_there_are_and_says_where_one_is(
    database: None, style_room: rooms.Room, web: Client
) -> None:
    links = tree(web.get("/").content).xpath("//nav[@id='nav']//a")
    shown = [(a.text, a.get("href"), a.get("aria-current")) for a in links]
    assert ("Style", "/style", None) in shown
    request = RequestFactory().get("/style/form")
    open_ = [room.title for room in rooms.registered() if room.entry and room.visible(request)]
    assert [text for text, *_ in shown] == open_
    assert "Desk" not in open_
    from django.urls import resolve

    request.resolver_match = resolve("/style/form")
    assert [link.title for link in rooms.navigation(request) if link.current] == ["Style"]


def test_a_room_can_hide_its_link(database: None, web: Client) -> None:
    def nobody(request: HttpRequest) -> bool:
        return False

    rooms.register(rooms.Room("hidden", "Hidden", 1, "x", "", visible=nobody))
    rooms.register(rooms.Room("silent", "Silent", 1, "x", "", entry=None))
    try:
        assert b"Hidden" not in web.get("/").content
        assert b"Silent" not in web.get("/").content
    finally:
        rooms.remove("hidden")
        rooms.remove("silent")


@given(st.lists(st.tuples(st.text(max_size=3), st.integers(-5, 5)), unique_by=lambda pair: pair[0]))
def test_a_register_gives_things_back_in_order(pairs: list[tuple[str, int]]) -> None:
    registry: Registry[panels.Panel] = Registry("panel")
    for name, order in pairs:
        registry.register(panels.Panel(name, "home", order, "", "", lambda _r, _s: None))
    assert [(p.order, p.name) for p in registry.all()] == sorted((order, name) for name, order in pairs)


def test_two_things_cannot_have_one_name() -> None:
    registry: Registry[rooms.Room] = Registry("room")
    room = rooms.Room("a", "A", 1, "x", "")
    registry.register(room)
    registry.register(room)  # the same again is no conflict: Django may load an app twice
    with pytest.raises(ValueError, match="already a room called 'a'"):
        registry.register(rooms.Room("a", "Another", 1, "x", ""))


@pytest.fixture
def two_panels() -> Iterator[None]:
    def context(request: HttpRequest, subject: object) -> dict[str, object] | None:
        return {"title": f"For {subject}", "text": "A < B"} if subject != "hide" else None

    one = panels.Panel("one", "organisation", 20, "Later <b>", "kit/empty.html", context, note="A note")
    two = panels.Panel("two", "organisation", 10, "Opening", "kit/empty.html", context, bare=True)
    panels.register(one)
    panels.register(two)
    yield
    panels.remove("one")
    panels.remove("two")


@pytest.mark.usefixtures("no_panels")
def test_panels_stand_in_order_in_their_sections(two_panels: None) -> None:
    request = RequestFactory().get("/")
    shown = panels.shown("organisation", request, "Thornwick")
    page = lxml.html.fromstring(render_to_string("shell/home.html", {"panels": shown}, request=request))
    assert [h.text_content() for h in page.xpath("//main//h2 | //main//h3")] == [
        "For Thornwick",
        "Later <b>",
        "For Thornwick",
    ]
    section = page.get_element_by_id("one")
    assert section.get("aria-labelledby") == "one-h"
    assert "A < B" in section.text_content()


@pytest.mark.usefixtures("no_panels")
def test_a_panel_with_nothing_to_say_is_not_there(two_panels: None) -> None:
    assert panels.shown("organisation", RequestFactory().get("/"), "hide") == []
    assert panels.shown("home", RequestFactory().get("/")) == []


@pytest.mark.usefixtures("no_panels")
def test_a_panel_can_be_had_alone(two_panels: None) -> None:
    request = RequestFactory().get("/")
    assert "For Orrin" in panels.body(panels.shown("organisation", request, "Orrin")[0], request)


def test_a_panel_needs_a_place_that_exists() -> None:
    with pytest.raises(ValueError, match="home, organisation"):
        panels.Panel("x", "cellar", 1, "", "", lambda _r, _s: None)


def test_the_footer_names_the_package_and_a_sample_says_so(web: Client) -> None:
    info = packages.PackageInfo("Vale", "2026.11", date(2026, 11, 20), sample=True, credits=("© Somebody",))
    known = packages._Source.function
    packages.provide(lambda: info)
    try:
        text = " ".join(tree(web.get("/").content).text_content().split())
    finally:
        packages.provide(known)
    assert "2026.11, as of 20 November 2026, from sample sources." in text
    assert "© Somebody" in text
    assert "Sample data." in text
    assert "(sample)" in text
    assert "Sample data." not in web.get("/").content.decode()


@pytest.mark.parametrize(("value", "shown"), [("dark", "dark"), ("light", "light"), ("", None)])
def test_a_theme_is_kept_in_a_cookie(value: str, shown: str | None, web: Client) -> None:
    web.cookies["theme"] = "dark"
    answer = web.post("/theme", {"theme": value, "next": "/style?page=2"})
    assert answer.headers["Location"] == "/style?page=2"
    page = tree(web.get("/").content)
    assert page.get("data-theme") == shown
    assert page.xpath("//form[@class='theme']//button[@aria-pressed='true']/@value") == [value]


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil.example"])
def test_the_theme_form_leads_nowhere_else(back: str, web: Client) -> None:
    assert web.post("/theme", {"theme": "dark", "next": back}).headers["Location"] == "/"


def test_the_theme_is_not_changed_by_a_link(web: Client) -> None:
    assert web.get("/theme?theme=dark").status_code == 405


def test_a_strange_cookie_is_no_theme(web: Client) -> None:
    web.cookies["theme"] = '"><script>'
    assert tree(web.get("/").content).get("data-theme") is None
    assert theme.chosen(RequestFactory().get("/")) == ""


@pytest.mark.parametrize("status", [400, 403, 404, 500])
def test_error_pages(status: int, web: Client) -> None:
    web.cookies["theme"] = "dark"
    answer = web.get(f"/style/error/{status}")
    assert answer.status_code == status
    page = tree(answer.content)
    assert page.xpath("//h1")[0].text == errors.MESSAGES[status].title
    assert page.get("data-theme") == "dark"
    assert page.xpath("//main//a/@href") == ["/"]


def test_a_form_without_its_token_gets_the_page_for_it() -> None:
    answer = Client(enforce_csrf_checks=True).post("/style/form", {})
    assert answer.status_code == 403
    assert "repeat the step" in answer.content.decode()


def test_the_error_page_survives_the_failure_of_its_template(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*arguments: object, **named: object) -> str:
        raise RuntimeError("no templates today")

    monkeypatch.setattr(errors, "render_to_string", broken)
    answer = errors.failed(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert b"We made a mistake" in answer.content


def test_health_is_plain(web: Client) -> None:
    assert web.get("/health").content == b"ok\n"


def test_only_listed_files_of_node_modules_are_served(tmp_path: Path) -> None:
    for path in (*npm.FILES.values(), "htmx.org/package.json", "secret/.env"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("x")
    with override_settings(NODE_MODULES=tmp_path):
        finder = npm.NpmFinder()
        assert [name for name, _ in finder.list([])] == list(npm.FILES)
        assert finder.find("npm/htmx.js") == str(tmp_path / npm.FILES["npm/htmx.js"])
        assert finder.find("npm/htmx.js", find_all=True) == [str(tmp_path / npm.FILES["npm/htmx.js"])]
        for outside in ("htmx.org/package.json", "npm/../secret/.env", "secret/.env", "npm/package.json"):
            assert finder.find(outside) == []
        assert npm.missing() == []
        assert checks.npm_files(None) == []


def test_missing_npm_files_are_named_with_what_to_do(tmp_path: Path) -> None:
    with override_settings(NODE_MODULES=tmp_path):
        assert npm.NpmFinder().find("npm/htmx.js") == []
        assert list(npm.NpmFinder().list([])) == []
        warning = checks.npm_files(None)[0]
    assert "make front" in (warning.hint or "")


def test_every_static_file_of_a_page_exists(web: Client) -> None:
    page = tree(web.get("/style").content)
    addresses = page.xpath("//link/@href | //script/@src")
    ours = [a.removeprefix("/static/") for a in addresses if a.startswith("/static/")]
    assert len(ours) >= 10
    listed = set(npm.FILES)
    assert [a for a in ours if a not in listed and not finders.find(a)] == []
    assert [a for a in ours if a.startswith("npm/") and a not in listed] == []
