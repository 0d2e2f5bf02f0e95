"""A person of the desk merges two organisations, takes it back, and splits one, in a real browser: wide and at 320 px,
light and dark, with and without script."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from tests.e2e import harness, people
from tests.e2e.conftest import NewVisitor
from tests.e2e.people import at_the_desk
from tests.e2e.region import LOAD
from tests.e2e.test_style_guide import unexpected
from tests.web.directory import making
from tests.web.directory.making import org


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[harness.Server]:
    """The web app with a small register."""
    package = making.small(tmp_path_factory.mktemp("package"))
    with harness.prepared(tmp_path_factory.mktemp("merges"), LOAD, str(package.path)) as running:
        yield running


looked_at = partial(people.looked_at, views=(("light", 1440), ("dark", 320), ("light", 320), ("dark", 1440)))


def test_merge_and_undo(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    page = visitor.page
    at_the_desk(visitor, "desk@example.org")
    visitor.go(f"/organisations/{org('epsilon')}")
    visitor.follow("text=Merge with…")
    looked_at(visitor, "merges-begin")
    page.fill("[name=other]", "alpha")
    visitor.follow("button:has-text('Find')")
    looked_at(visitor, "merges-found")
    visitor.follow("a:has-text('Merge with')")
    assert "4 organisations instead of 5" in page.inner_text("main")
    looked_at(visitor, "merges-preview")
    visitor.follow("button:has-text('Merge them')")
    assert page.locator("#problems").is_visible()
    looked_at(visitor, "merges-preview-error")
    page.fill("[name=why]", "one firm under two names")
    visitor.follow("button:has-text('Merge them')")
    assert "Holds" in page.inner_text("main")
    looked_at(visitor, "merges-done")
    visitor.go(f"/organisations/{org('epsilon')}")
    assert f"/organisations/{org('alpha')}/" in page.url
    looked_at(visitor, "merges-organisation")
    visitor.go("/desk/merges/history")
    looked_at(visitor, "merges-history")
    visitor.follow("main a:has-text('Merged:')")
    visitor.follow("main a:has-text('Undo')")
    looked_at(visitor, "merges-undo")
    page.fill("[name=why]", "a slip")
    visitor.follow("button:has-text('Take it back')")
    assert "Taken back" in page.inner_text("main")
    visitor.go(f"/organisations/{org('epsilon')}")
    assert f"/organisations/{org('epsilon')}/" in page.url
    assert unexpected(visitor) == []


def test_split_without_script_at_320(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    at_the_desk(visitor, "second@example.org")
    state = visitor.context.storage_state()
    plain = new_visitor(width=320, script=False)
    plain.context.add_cookies(state["cookies"])  # type: ignore[arg-type]  # as it came
    page = plain.page
    page.goto(f"{plain.server.url}/desk/merges/split/{org('alpha')}")
    page.click("button:has-text('See what would change')")
    assert "Nothing is ticked" in page.inner_text("main")
    page.check("input[value*='bench-list']")
    page.click("button:has-text('See what would change')")
    assert "6 organisations instead of 5" in page.inner_text("main")
    page.fill("[name=why]", "two firms with one name")
    page.click("button:has-text('Split it')")
    assert "Holds" in page.inner_text("main")
    visitor.go(f"/desk/merges/split/{org('alpha')}")
    looked_at(visitor, "merges-split")
    assert "bench-list" not in page.inner_text("main")
    page.click("main a:has-text('Undo')")
    page.fill("[name=why]", "a slip")
    page.click("button:has-text('Take it back')")
    assert "Taken back" in page.inner_text("main")
