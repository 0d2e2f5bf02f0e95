"""Connecting another service and signing in through it, with a real provider, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e import harness
from tests.e2e.conftest import NewVisitor
from tests.e2e.people import PASSWORD, by_link, fill, looked_at, make
from tests.e2e.test_style_guide import unexpected
from tests.web.accounts.openid_service import CLIENT, SECRET, Service, running
from tests.web.accounts.smtp import Inbox

BUTTON = "button:has-text('Sign in with Our directory')"


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    """A provider."""
    with running() as found:
        yield found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, service: Service) -> Iterator[harness.Server]:
    """The web app, told of the provider."""
    said = {"ISSUER": service.issuer, "CLIENT": CLIENT, "SECRET": SECRET, "NAME": "Our directory"}
    variables = {f"LIFECLUSTER_OPENID_{name}": value for name, value in said.items()}
    with harness.serve(tmp_path_factory.mktemp("openid"), **variables) as found:
        yield found


def test_a_person_connects_the_service_and_signs_in_through_it(
    new_visitor: NewVisitor, post: Inbox, service: Service
) -> None:
    visitor = new_visitor()
    make(visitor.server, "ada@example.org")
    page = visitor.go("/account/sign-in")
    assert visitor.axe() == []
    fill(visitor, login="ada@example.org", password=PASSWORD)
    page.click("text=Other services")
    page.click("button:has-text('Connect Our directory')")
    page.click("button:has-text('Send the link')")
    page.goto(by_link(visitor, post, "ada@example.org"))
    page.click("button:has-text('Go on')")
    service.wrong = {"/authorize": (b"", 204)}  # the browser stays where it is
    page.click("button:has-text('Connect Our directory')")
    assert visitor.axe() == []
    service.wrong = {}
    page.click("text=Go on")
    page.wait_for_url("**/account/connections")
    assert page.locator("main .lines li").count() == 1
    looked_at(visitor, "openid-connected")
    page.click("text=Disconnect")
    assert visitor.axe() == []
    visitor.go("/account/openid/again")
    assert visitor.axe() == []
    visitor.go("/account")
    with page.expect_navigation():
        page.click("main >> text=Sign out")
    visitor.go("/account/sign-in")
    service.wrong = {"signed": "another"}
    page.click(BUTTON)
    page.wait_for_url("**/account/openid/return*")
    assert visitor.axe() == []
    service.wrong = {}
    visitor.go("/account/sign-in")
    page.click(BUTTON)
    page.wait_for_url("**/account")
    assert "ada@example.org" in page.inner_text("main")
    with page.expect_navigation():
        page.click("main >> text=Sign out")
    service.who = {"sub": "somebody-new"}
    visitor.go("/account/sign-in")
    page.click(BUTTON)
    page.wait_for_url("**/account/openid/sign-up")
    assert visitor.axe() == []
    stayed_or_failed = [trouble for trouble in unexpected(visitor) if "/authorize?" in trouble or "400" in trouble]
    assert unexpected(visitor) == stayed_or_failed, "what was meant to go wrong, and nothing else"
