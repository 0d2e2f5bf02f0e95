"""Link reviews in a real browser: by keyboard, by forms alone, narrow and wide, light and dark."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e import harness
from tests.e2e.conftest import NewVisitor
from tests.e2e.region import DAY
from tests.web.accounts.totp import code

PASSWORD = "a sentence that is long enough"
SECRET = "JBSWY3DPEHPK3PXP"
MAKE = """
import sys
from datetime import UTC, datetime
from lifecluster.web.directory.operate import open_web
open_web()
from allauth.mfa.totp.internal.auth import TOTP
from lifecluster.web.accounts import actions
from lifecluster.web.directory.viewer import OPERATOR
at = datetime(2026, 11, 1, tzinfo=UTC)
who = actions.add_person(email=sys.argv[1], password=sys.argv[2], viewer=OPERATOR, at=at, name=sys.argv[1])
actions.grant_role(person=who, role="desk", viewer=OPERATOR, at=at, why="for a test")
TOTP.activate(who, sys.argv[3])
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, loaded: Path) -> Iterator[harness.Server]:
    """The web app with a region of its own: what is judged here is nobody else's."""
    if harness.chromium() is None or not harness.node_modules().is_dir():
        pytest.skip("no Chromium or no node_modules: browser tests do not run")
    home = shutil.copytree(loaded, tmp_path_factory.mktemp("links") / "home")
    with harness.serve(home, LIFECLUSTER_AT=DAY) as running:
        yield running


def signed_in(visitor: harness.Visitor, email: str) -> harness.Visitor:
    """Somebody of the cluster team, with their second step."""
    command = [sys.executable, "-c", MAKE, email, PASSWORD, SECRET]
    subprocess.run(command, env=visitor.server.environment, check=True, capture_output=True, text=True)
    visitor.go("/account/sign-in")
    for fields in ({"login": email, "password": PASSWORD}, {"code": code(SECRET)}):
        for name, text in fields.items():
            visitor.page.fill(f"[name={name}]", text)
        with visitor.page.expect_navigation(wait_until="load"):
            visitor.page.keyboard.press("Enter")
    return visitor


def waits(visitor: harness.Visitor) -> int:
    return int(visitor.page.inner_text(".lines-of-work [aria-current=page] .num >> nth=0"))


def press(visitor: harness.Visitor, key: str) -> str:
    """Press a key and wait until another pair is shown; its address."""
    before = visitor.page.url
    visitor.page.keyboard.press(key)
    visitor.until(f"location.href !== {before!r}")
    return str(visitor.page.url)


def settled(visitor: harness.Visitor, count: int) -> None:
    """Wait until the page says that so many wait: what was judged is written down."""
    number = "document.querySelector('.lines-of-work [aria-current=page] .num')?.textContent"
    visitor.until(f"{number} === '{count}'", seconds=20)


def test_ten_pairs_by_keyboard(new_visitor: NewVisitor) -> None:
    visitor = signed_in(new_visitor(), "keys@example.org")
    there = visitor.go("/desk/links/judged").locator("tbody tr").count()
    page = visitor.go("/desk/links/")
    start, first = waits(visitor), page.url
    assert start > 20
    seen = [first]
    for key in ("s", "d", "u", "s", "s", "d", "d", "u", "s", "d"):
        seen.append(press(visitor, key))
    assert len(set(seen)) == 11
    settled(visitor, start - 10)
    assert page.evaluate("document.activeElement.id") == "review-h"
    here = page.url
    assert press(visitor, "j") != here
    assert press(visitor, "k") == here
    assert press(visitor, "z") == seen[9]
    settled(visitor, start - 9)
    assert press(visitor, "z") == seen[8]
    settled(visitor, start - 8)
    press(visitor, "d")
    settled(visitor, start - 9)
    page.reload()
    assert waits(visitor) == start - 9
    visitor.go("/desk/links/judged")
    assert page.locator("tbody tr").count() == there + 9
    page.go_back()
    assert visitor.troubles == []


def test_keys_wait_for_typing_and_can_be_turned_off(new_visitor: NewVisitor) -> None:
    visitor = signed_in(new_visitor(), "typing@example.org")
    page = visitor.go("/desk/links/")
    start, here = waits(visitor), page.url
    page.click("summary:has-text('Give a reason')")
    page.focus("#why")
    page.keyboard.type("sudden jump")
    assert (page.url, page.input_value("#why"), waits(visitor)) == (here, "sudden jump", start)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    visitor.until("document.querySelector('#all-keys:popover-open')")
    assert visitor.axe() == []
    page.keyboard.press("s")
    assert page.url == here
    page.click("#keys-switch")
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    page.wait_for_timeout(300)
    assert (page.url, waits(visitor)) == (here, start)
    page.evaluate("localStorage.clear()")
    assert press(visitor, "s") != here
    settled(visitor, start - 1)
    assert visitor.troubles == []


def test_a_pair_that_somebody_else_judged_meanwhile_comes_back_with_the_reason(new_visitor: NewVisitor) -> None:
    one, two = signed_in(new_visitor(), "first@example.org"), signed_in(new_visitor(), "second@example.org")
    here = one.go("/desk/links/").url
    two.go("/desk/links/")
    assert two.page.url == here
    count = waits(one)
    press(one, "s")
    settled(one, count - 1)
    two.page.keyboard.press("d")
    two.until("document.querySelector('#problems')", seconds=20)
    assert "somebody has judged this pair since you opened it: same" in two.page.inner_text("#problems")
    assert two.page.evaluate("document.activeElement.id") == "problems"
    assert two.axe() == []
    two.go("/desk/links/judged")
    assert two.page.locator("tbody tr:first-child td[data-l=Judged]").inner_text() == "the same"


def test_by_forms_alone_at_320_pixels(new_visitor: NewVisitor) -> None:
    visitor = signed_in(new_visitor(width=320, script=False), "forms@example.org")
    page = visitor.go("/desk/links/")
    start, first = waits(visitor), page.url
    visitor.follow("button[value=same]")
    second = page.url
    assert second != first
    visitor.follow("button[value=unsure]")
    visitor.follow("a[data-key=j]")
    visitor.follow("a[data-key=k]")
    assert waits(visitor) == start - 2
    visitor.follow("button[data-key=z]")
    assert (page.url, waits(visitor)) == (second, start - 1)


@pytest.mark.parametrize("theme", harness.THEMES)
def test_pages_are_right_for_all(new_visitor: NewVisitor, theme: str) -> None:
    visitor = signed_in(new_visitor(theme=theme), f"{theme}@example.org")
    for name, path in (("pair", "/desk/links/"), ("judged", "/desk/links/judged"), ("desk", "/desk/")):
        visitor.page.set_viewport_size({"width": 1440, "height": 900})
        visitor.go(path)
        assert visitor.axe() == [], name
        visitor.picture(f"links-{name}-{theme}")
        for width in harness.EDGES:
            assert visitor.overflow(width) == "", (name, width)
        visitor.page.set_viewport_size({"width": 320, "height": 900})
        assert visitor.axe() == [], name
        visitor.picture(f"links-{name}-{theme}-narrow")
    assert visitor.troubles == []
