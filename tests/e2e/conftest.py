"""Fixtures of the browser tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e import harness
from tests.e2e.region import firm, kinds, loaded, region_server
from tests.web.accounts.smtp import Inbox, inbox

__all__ = ["firm", "kinds", "loaded", "region_server"]  # here, so that there is one of each in a test process
if TYPE_CHECKING:
    from playwright.sync_api import Browser

NewVisitor = Callable[..., harness.Visitor]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium for the whole session; skips with the reason where it cannot be had."""
    executable = harness.chromium()
    if executable is None:
        pytest.skip("no Chromium at /usr/bin/chromium (Debian package chromium): browser tests do not run")
    if not harness.node_modules().is_dir():
        pytest.skip("no node_modules: run `make front`; browser tests do not run")
    from playwright.sync_api import sync_playwright

    # Its loop stays in this thread after the browser tests; Django would refuse the database to those that follow.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=str(executable), args=list(harness.FLAGS))
        yield found
        found.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[harness.Server]:
    """The web app on a fresh workspace."""
    with harness.serve(tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.fixture(scope="module")
def post() -> Iterator[Inbox]:
    """A mail server."""
    with inbox() as server:
        yield server


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures go."""
    stated = os.environ.get("LIFECLUSTER_PICTURES")
    return Path(stated) if stated else tmp_path_factory.mktemp("pictures")


@pytest.fixture
def new_visitor(browser: Browser, server: harness.Server, pictures: Path) -> Iterator[NewVisitor]:
    """Opens windows, and closes them after the test: `new_visitor(width=320, theme="dark", script=False)`."""
    opened: list[harness.Visitor] = []

    def new(**how: object) -> harness.Visitor:
        opened.append(harness.visitor(browser, server, pictures, **how))  # type: ignore[arg-type]  # passed through
        return opened[-1]

    yield new
    for one in opened:
        one.context.close()
