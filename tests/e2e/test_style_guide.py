"""Every component in a real browser: both themes, all widths, by keyboard alone, without script."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.e2e import harness
from tests.e2e.conftest import NewVisitor

THEMES = pytest.mark.parametrize("theme", harness.THEMES)
LOOKS = pytest.mark.parametrize(("width", "theme"), [(320, "dark"), (1440, "light")])
WIDTHS = pytest.mark.parametrize("width", [320, 1440])
PAGES = ["/style", "/style/form", "/style/embed", "/style/evidence/sites", "/", "/nowhere"]
EXPECTED = re.compile(r"status of (404|422)")  # pages that are meant to answer so; Chromium logs them


def unexpected(visitor: harness.Visitor) -> list[str]:
    return [trouble for trouble in visitor.troubles if not EXPECTED.search(trouble)]


@THEMES
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(path: str, theme: str, new_visitor: NewVisitor) -> None:
    visitor = new_visitor(theme=theme)
    page = visitor.go(path)
    for width in (1440, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert visitor.axe() == []
        visitor.picture(f"page-{path.strip('/').replace('/', '-') or 'home'}-{width}-{theme}")
    assert unexpected(visitor) == []


@pytest.mark.parametrize("path", ["/style", "/style/form", "/style/embed", "/style/evidence/sites", "/nowhere"])
def test_no_page_scrolls_sideways(path: str, new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    visitor.go(path)
    assert [found for width in harness.EDGES if (found := visitor.overflow(width))] == []


@LOOKS
def test_an_evidence_panel_opens_beside_its_mark_and_gives_the_focus_back(
    width: int, theme: str, new_visitor: NewVisitor
) -> None:
    visitor = new_visitor(width=width, theme=theme)
    page = visitor.go("/style")
    page.click("#m-e-n")
    panel = page.locator("#e-n")
    assert panel.is_visible()
    assert visitor.focus() == "e-n"
    assert page.get_attribute("#m-e-n", "aria-expanded") == "true"
    assert "#" not in page.url
    box = panel.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["y"] + box["height"] <= 900.5
    if width == 320:
        assert (box["x"], box["width"], round(box["y"] + box["height"])) == (0, 320, 900)  # a sheet at the bottom
    assert visitor.axe() == []
    visitor.picture(f"evidence-{width}-{theme}", full=False)
    page.keyboard.press("Escape")
    assert not panel.is_visible()
    assert visitor.focus() == "m-e-n"
    assert page.get_attribute("#m-e-n", "aria-expanded") is None


def test_a_second_panel_closes_the_first(new_visitor: NewVisitor) -> None:
    page = new_visitor().go("/style")
    page.click("#m-e-j")
    page.evaluate("document.getElementById('m-e-s').click()")
    assert page.get_attribute("#m-e-j", "aria-expanded") is None
    assert not page.locator("#e-j").is_visible()
    assert page.locator("#e-s").is_visible()
    assert page.get_attribute("#m-e-s", "aria-expanded") == "true"
    page.click("#e-s [data-close]")
    assert not page.locator("#e-s").is_visible()


@LOOKS
def test_in_a_list_of_facts_the_panel_opens_in_place(width: int, theme: str, new_visitor: NewVisitor) -> None:
    visitor = new_visitor(width=width, theme=theme)
    page = visitor.go("/style")
    assert not page.locator("#e-employees").is_visible()
    page.click("#m-e-employees")
    assert page.locator("#e-employees").is_visible()
    assert visitor.focus() == "e-employees"
    assert visitor.axe() == []
    assert visitor.overflow(width) == ""
    visitor.picture(f"facts-{width}-{theme}", full=False)
    page.keyboard.press("Escape")
    assert not page.locator("#e-employees").is_visible()
    assert visitor.focus() == "m-e-employees"


def test_a_remote_panel_is_fetched_and_gives_the_focus_back(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    page = visitor.go("/style")
    page.click("a[data-remote]")
    page.wait_for_selector("#remote-evidence:popover-open")
    assert "Working sites" in page.inner_text("#remote-evidence")
    assert visitor.axe() == []
    page.keyboard.press("Escape")
    assert visitor.focus().startswith("a 431")
    assert unexpected(visitor) == []


def test_a_permanent_link_opens_its_panel(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    page = visitor.go("/style#e-employees")
    assert page.locator("#e-employees").is_visible()
    page = new_visitor().go("/style#e-n")
    assert page.locator("#e-n:popover-open").is_visible()


def test_an_address_with_a_broken_anchor_does_no_harm(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    visitor.go("/style#e-%E0%A4%A")
    assert unexpected(visitor) == []


@WIDTHS
def test_without_script_the_mark_leads_to_its_panel_and_back(width: int, new_visitor: NewVisitor) -> None:
    visitor = new_visitor(width=width, script=False)
    page = visitor.go("/style")
    page.click("#m-e-n")
    assert page.locator("#e-n").is_visible()
    visitor.picture(f"evidence-{width}-without-script", full=False)
    page.click("#e-n [data-close]")
    assert not page.locator("#e-n").is_visible()
    assert page.url.endswith("#m-e-n")
    page.click("#m-e-employees")
    assert page.locator("#e-employees").is_visible()
    visitor.follow("a[data-remote]")
    assert page.url.endswith("/style/evidence/remote-sites")
    assert "How do we know?" in page.inner_text("main")


def test_without_script_theme_menu_and_form_work(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(width=320, script=False)
    page = visitor.go("/style/form")
    page.click("button.menu")
    assert page.locator("#nav").is_visible()
    page.click(".nav-close")
    visitor.follow("button[name=theme][value=dark]")
    assert page.get_attribute("html", "data-theme") == "dark"
    assert page.url.endswith("/style/form")
    page.fill("#id_what", "Cold-chain packaging")
    visitor.follow("button.button-main")
    assert "3 things need another look" in page.inner_text(".problems")
    assert page.input_value("#id_what") == "Cold-chain packaging"


@pytest.mark.parametrize("system", harness.THEMES)
@pytest.mark.parametrize("chosen", ["", *harness.THEMES])
def test_the_chosen_theme_wins_over_the_systems(system: str, chosen: str, new_visitor: NewVisitor) -> None:
    visitor = new_visitor(theme=system)
    page = visitor.go("/style")
    visitor.follow(f"button[name=theme][value='{chosen}']")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    dark = sum(int(n) for n in re.findall(r"\d+", ground)[:3]) < 200
    assert dark == ((chosen or system) == "dark")


@WIDTHS
def test_everything_can_be_reached_and_seen_with_the_keyboard(width: int, new_visitor: NewVisitor) -> None:
    visitor = new_visitor(width=width)
    page = visitor.go("/style")
    assert visitor.tab() == "a Skip to content"
    page.keyboard.press("Enter")
    assert visitor.focus() == "main"
    page.reload()
    stops = visitor.tab_order()
    assert [stop for stop in stops if "UNSEEN" in stop] == []
    for mark in ("m-e-n", "m-e-employees", "q"):
        assert any(f"#{mark} " in stop for stop in stops)


def test_by_keyboard_alone_one_reads_the_evidence_and_goes_on(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(width=320)
    page = visitor.go("/style")
    visitor.tab_to("#m-e-j")
    page.keyboard.press("Enter")
    assert visitor.focus() == "e-j"
    assert visitor.tab() == "a Close"
    page.keyboard.press("Enter")
    assert visitor.focus() == "m-e-j"
    visitor.tab_to("#m-e-s", limit=2)
    visitor.tab_to(".scroll", limit=60)
    before = page.evaluate("document.querySelector('.scroll').scrollLeft")
    page.keyboard.press("ArrowRight")
    visitor.until(f"document.querySelector('.scroll').scrollLeft > {before}")


def test_the_narrow_menu_opens_and_closes_by_keyboard(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(width=320)
    page = visitor.go("/style")
    assert not page.locator("#nav").is_visible()
    visitor.tab_to("button.menu")
    page.keyboard.press("Enter")
    assert page.locator("#nav a").first.is_visible()
    assert visitor.axe() == []
    page.keyboard.press("Escape")
    assert not page.locator("#nav").is_visible()
    assert visitor.focus() == "button Menu"


def test_a_part_of_a_page_is_fetched_under_the_policy(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    page = visitor.go("/style")
    page.click("text=Fetch a part of the page")
    page.wait_for_selector(".fetched")
    assert page.url.endswith("/style")
    assert unexpected(visitor) == []


def test_the_policy_holds_against_injected_script_and_style(new_visitor: NewVisitor) -> None:
    page = new_visitor().go("/style")
    page.evaluate("""() => { const s = document.createElement("script"); s.textContent = "window.broken = 1";
      document.body.append(s); const d = document.createElement("div"); d.innerHTML = "<p id=x style='color:red'>x</p>";
      document.body.append(d); }""")
    assert page.evaluate("window.broken") is None
    assert page.evaluate("getComputedStyle(document.getElementById('x')).color") != "rgb(255, 0, 0)"


def test_the_font_is_ours_and_its_figures_line_up(new_visitor: NewVisitor) -> None:
    page = new_visitor().go("/style")
    assert page.evaluate("document.fonts.check('600 16px \"Source Sans 3\"')")
    widths = page.evaluate("""() => ["1111111111", "8888888888", "0123456789"].map(text => {
      const s = document.createElement("span"); s.className = "t"; s.textContent = text; document.body.append(s);
      const width = s.getBoundingClientRect().width; s.remove(); return width; })""")
    assert max(widths) - min(widths) < 0.1


def test_the_first_load_is_small(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    loaded: list[str] = []
    visitor.page.on("requestfinished", lambda request: loaded.append(request.url))
    visitor.go("/")
    assert len(loaded) <= 16
    fonts = [url for url in loaded if url.endswith(".woff2")]
    assert fonts
    assert not [url for url in fonts if "latin-ext" in url]


def test_on_paper_panels_and_controls_are_gone(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(theme="dark")
    page = visitor.go("/style")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.querySelector('main')).color") == "rgb(16, 38, 44)"
    for gone in (".nav", ".find", ".theme", ".crumbs"):
        assert not page.locator(gone).first.is_visible()
    visitor.picture("style-print")


def test_as_people_run_it_files_are_compressed_and_kept(tmp_path: Path) -> None:
    with harness.serve(tmp_path / "home", mode="local") as running:
        with urllib.request.urlopen(running.url) as answer:
            page = answer.read().decode()
        sheet = re.search(r'href="(/static/lifecluster/css/tokens\.[0-9a-f]+\.css)"', page)
        assert sheet
        request = urllib.request.Request(running.url + sheet[1], headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(request) as answer:
            assert answer.headers["Content-Encoding"] == "gzip"
            assert "immutable" in answer.headers["Cache-Control"]
        script = re.search(r'src="(/static/lifecluster/js/page\.[0-9a-f]+\.js)"', page)
        assert script
        with urllib.request.urlopen(running.url + script[1]) as answer:
            assert re.search(r'"\./evidence\.[0-9a-f]+\.js"', answer.read().decode())
        assert "no changes" in running.command("makemigrations", "--check", "--dry-run").lower()
        assert (running.home / "secret-key").stat().st_mode & 0o077 == 0
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(running.url + "/style")
