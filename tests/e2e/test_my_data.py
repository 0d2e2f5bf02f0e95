"""Signing up, taking the copy of one's data, deleting the account: afterwards nobody can sign in with it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e import harness
from tests.e2e.conftest import NewVisitor
from tests.e2e.people import PASSWORD, deliver, fill
from tests.e2e.test_style_guide import unexpected
from tests.web.accounts.smtp import Inbox

ADDRESS = "grace@example.org"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[harness.Server]:
    """The web app on a workspace of its own."""
    with harness.serve(tmp_path_factory.mktemp("my-data")) as running:
        yield running


def test_from_sign_up_to_the_end(new_visitor: NewVisitor, post: Inbox) -> None:
    visitor = new_visitor()
    page = visitor.go("/account/sign-up")
    fill(visitor, email=ADDRESS, password1=PASSWORD)
    deliver(visitor.server, post)
    (message,) = post.to(ADDRESS)
    (link,) = re.findall(r"http://\S+/account/confirm/\S+", message.get_content())
    page.goto(link)
    page.click("button:has-text('Confirm')")
    fill(visitor, login=ADDRESS, password=PASSWORD)
    page.click("text=Change your name")
    page.fill("[name=name]", "Grace")
    page.click("button:has-text('Save')")
    with page.expect_download() as taken:
        page.click("text=Take a copy")
    copy = json.loads(Path(taken.value.path()).read_text("utf-8"))
    assert (copy["person"]["email"], copy["person"]["name"]) == (ADDRESS, "Grace")
    assert {act["action"] for act in copy["acts"]} >= {"person.add", "person.confirm", "session.begin", "person.change"}
    page.click("text=Delete the account")
    page.check("[name=sure]")
    page.click("button:has-text('Delete it')")
    assert "Your account is deleted" in page.inner_text("main")
    visitor.go("/account/sign-in")
    fill(visitor, login=ADDRESS, password=PASSWORD)
    assert page.url.endswith("/account/sign-in")
    assert "do not fit together" in page.inner_text("main")
    assert page.locator(".masthead nav >> text=Grace").count() == 0
    assert unexpected(visitor) == []
