"""What visitors do, in a real browser, with the sample region: find, read the evidence, follow, embed, at any width,
by keyboard alone, without script, light and dark."""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.e2e import harness
from tests.e2e.conftest import NewVisitor
from tests.e2e.region import DAY, Firm
from tests.e2e.test_style_guide import unexpected

ATOM = "{http://www.w3.org/2005/Atom}"
KINDS = (
    "home", "directory", "search", "nothing", "closed", "university", "site", "licence", "award", "group", "evidence",
    "statement", "definitions", "sources", "package", "about", "accessibility", "privacy", "embed", "unknown", "missing",
    "interfaces", "claims", "claim", "claim of the register", "atlas", "atlas segment",
    "atlas cluster", "atlas areas", "atlas ranks", "atlas network", "premises", "news",
)  # fmt: skip


@pytest.fixture(scope="session")
def server(region_server: harness.Server) -> harness.Server:
    """The web app that visitors of these tests see."""
    return region_server


def in_words(code: str) -> str:
    return code.replace("-", " ")


def around(firm: Firm) -> str:
    """A search that gives a few organisations, the firm among them."""
    return urlencode({"capability": firm.capability, "near": firm.postcode, "within": 8})


@pytest.mark.parametrize("kind", KINDS)
def test_any_kind_of_page_is_right_for_all(kind: str, kinds: dict[str, str], new_visitor: NewVisitor) -> None:
    visitor = new_visitor(theme="light")
    page = visitor.go(kinds[kind])
    for theme in harness.THEMES:
        page.emulate_media(color_scheme=theme)
        for width in (1440, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert visitor.axe(colours=theme == "dark") == []
    assert [found for width in harness.EDGES if (found := visitor.overflow(width))] == [], "a page scrolls sideways"
    assert unexpected(visitor) == []


def test_find_a_firm_by_capability_near_a_postcode(firm: Firm, new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    page = visitor.go("/")
    page.fill("#q", in_words(firm.capability))
    page.wait_for_selector("#suggested a")
    visitor.enter()
    assert "/directory?q=" in page.url
    page.fill("#near", firm.postcode)
    visitor.until("location.search.includes('near=')")
    visitor.until(f"document.querySelector('tr[data-uid=\"{firm.uid}\"]')")
    assert page.locator(".chips li").count() == 3  # words, place, all
    visitor.follow(f'tr[data-uid="{firm.uid}"] th a')
    assert f"/organisations/{firm.uid}/" in page.url
    assert page.inner_text("h1") == firm.name
    assert unexpected(visitor) == []


def test_list_facets_and_map_stay_in_step(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    page = visitor.go("/directory")
    visitor.until("document.getElementById('map').dataset.live", 20)
    before = page.inner_text(".hits-sentence")
    page.click(".facets li a >> nth=0")
    visitor.until("document.querySelector('.chips')")
    assert page.inner_text(".hits-sentence") != before
    assert "segment=" in page.url
    assert page.locator(".facets li a[aria-current]").count() == 1
    visitor.until("document.getElementById('map').dataset.live", 20)
    assert visitor.focus() != "body"
    page.go_back()
    visitor.until("!document.querySelector('.chips')")
    assert page.inner_text(".hits-sentence") == before
    page.reload()
    assert page.inner_text(".hits-sentence") == before
    assert unexpected(visitor) == []


def test_a_dot_says_who_is_there(firm: Firm, new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    page = visitor.go("/directory?" + urlencode({"q": firm.name}))
    assert page.locator("tr[data-uid]").count() == 1  # so the map is centred on it
    visitor.until("document.getElementById('map').dataset.live", 30)
    box = page.locator(".map-live canvas").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_selector(f'.maplibregl-popup a:text-is("{firm.name}")')
    assert unexpected(visitor) == []


def test_the_drawing_stays_where_the_map_cannot_run(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    page = visitor.page
    page.route("**/npm/maplibre-gl.js", lambda route: route.abort())
    visitor.go("/directory")
    page.wait_for_selector("text=cannot run in this browser")
    assert page.locator(".map-still svg").is_visible()


def test_on_narrow_windows_the_map_moves_only_when_asked(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(width=320)
    page = visitor.go("/directory")
    page.wait_for_timeout(600)
    loaded = "performance.getEntriesByType('resource').some(e => e.name.includes('maplibre'))"
    assert not page.evaluate(loaded)
    page.click(".map-move")
    visitor.until("document.getElementById('map').dataset.live", 20)
    assert page.evaluate(loaded)
    assert visitor.axe() == []
    assert unexpected(visitor) == []


@pytest.mark.parametrize(("width", "theme"), [(1440, "light"), (320, "dark")])
def test_read_the_evidence_of_a_head_count(width: int, theme: str, firm: Firm, new_visitor: NewVisitor) -> None:
    visitor = new_visitor(width=width, theme=theme)
    page = visitor.go(f"/organisations/{firm.uid}")
    mark = page.locator("#facts a.ev", has_text=firm.employees).first
    mark.click()
    page.wait_for_selector("#facts .inset .panel.is-open")
    text = page.inner_text("#facts .inset .panel")
    for part in (firm.employees, "Source", "Licence", "Observed", "shown"):
        assert part in text
    assert visitor.axe() == []
    assert visitor.overflow(width) == ""
    visitor.picture(f"evidence-in-place-{width}-{theme}", full=False)
    page.keyboard.press("Escape")
    assert not page.locator("#facts .inset .panel").is_visible()
    assert mark.evaluate("e => e === document.activeElement")
    mark.click()
    visitor.follow("#facts .inset .panel-links a >> nth=0")
    assert "How do we know?" in page.inner_text("main")
    assert unexpected(visitor) == []


def test_by_keyboard_alone_at_320_pixels(firm: Firm, new_visitor: NewVisitor) -> None:
    visitor = new_visitor(width=320)
    page = visitor.go("/")
    visitor.tab_to("#q")
    page.keyboard.type(in_words(firm.capability))
    visitor.enter()
    assert "/directory?q=" in page.url
    visitor.tab_to("#near")
    page.keyboard.type(firm.postcode)
    visitor.until(f"document.querySelector('tr[data-uid=\"{firm.uid}\"]')")
    visitor.tab_to("button.facets-open")
    page.keyboard.press("Enter")
    assert page.locator("#facets").is_visible()
    assert visitor.axe() == []
    page.keyboard.press("Escape")
    assert not page.locator("#facets").is_visible()
    visitor.tab_to(f'tr[data-uid="{firm.uid}"] th a')
    visitor.enter()
    assert f"/organisations/{firm.uid}/" in page.url
    visitor.tab_to(f'a.ev[href="/evidence/{firm.uid}/employees"]')
    page.keyboard.press("Enter")
    page.wait_for_selector("#facts .inset .panel.is-open")
    assert visitor.tab() == "a Close"
    page.keyboard.press("Enter")
    assert not page.locator("#facts .inset .panel").is_visible()
    assert unexpected(visitor) == []


@pytest.mark.parametrize("path", ["home", "directory", "university"])
def test_every_stop_of_the_keyboard_can_be_seen(path: str, kinds: dict[str, str], new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    visitor.go(kinds[path])
    assert [stop for stop in visitor.tab_order(150) if "UNSEEN" in stop] == []


@pytest.mark.parametrize("width", [320, 1440])
def test_without_script_everything_works(width: int, firm: Firm, new_visitor: NewVisitor) -> None:
    visitor = new_visitor(width=width, script=False)
    page = visitor.go("/")
    page.click("h1 a.ev >> nth=0")
    assert page.locator(".panel:target").is_visible()
    page.fill("#q", in_words(firm.capability))
    visitor.follow("form.find button")
    page.fill("#near", firm.postcode)
    visitor.follow("#finder button[type=submit]")
    assert "near=" in page.url
    if width == 320:
        page.click("button.facets-open")
    visitor.follow(".facets section >> nth=0 >> li a >> nth=0")
    assert page.locator(".chips li").count() >= 3
    assert page.locator("svg.map").first.is_visible()
    visitor.follow(".chips a >> nth=0")
    visitor.follow("table.hits th a >> nth=0")
    assert page.locator("h1").is_visible()
    page.goto(page.url.split("/organisations/")[0] + f"/organisations/{firm.uid}")
    visitor.follow(f'a.ev[href="/evidence/{firm.uid}/employees"]')
    assert "How do we know?" in page.inner_text("main")
    visitor.follow(".panel-links a >> nth=0")
    assert page.locator("main").is_visible()


def test_a_click_on_paper_is_a_list(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(theme="dark")
    page = visitor.go("/directory?q=moulding")
    page.emulate_media(media="print", color_scheme="dark")
    for gone in (".facets", ".map-part", ".take", "#finder"):
        assert not page.locator(gone).first.is_visible()
    assert page.locator("table.hits").is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('main')).color") == "rgb(16, 38, 44)"


def test_linked_data_is_read_and_not_run(firm: Firm, new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    page = visitor.go(f"/organisations/{firm.uid}")
    data = page.evaluate("JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)")
    assert data["name"] == firm.written
    assert unexpected(visitor) == []  # the policy has nothing against a block of data


def weight(visitor: harness.Visitor) -> tuple[int, int]:
    """Bytes of the page and its files as they came over the wire: without the map, and of the map."""
    entries = visitor.page.evaluate(
        "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
        ".map(e => [e.name, e.transferSize])"
    )
    mapped = sum(size for name, size in entries if "maplibre" in name or "points.json" in name or "ground.json" in name)
    return sum(size for _, size in entries) - mapped, mapped


def test_pages_are_light(tmp_path: Path, loaded: Path, browser: object, pictures: Path, firm: Firm) -> None:
    home = shutil.copytree(loaded, tmp_path / "home")
    with harness.serve(home, mode="local", LIFECLUSTER_AT=DAY) as running:
        for path in ("/", "/directory", f"/organisations/{firm.uid}"):
            visitor = harness.visitor(browser, running, pictures)  # type: ignore[arg-type]  # the fixture is a Browser
            visitor.go(path)
            if path == "/directory":
                visitor.until("document.getElementById('map').dataset.live", 20)
            without, mapped = weight(visitor)
            assert without <= 150_000, (path, without)
            assert without + mapped <= 700_000, (path, without, mapped)
            assert (mapped > 0) == (path == "/directory")
            assert unexpected(visitor) == []
            visitor.context.close()
