"""From signing up to a second step and one's sessions, with mail over a real conversation, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.e2e import harness
from tests.e2e.conftest import NewVisitor
from tests.e2e.people import PASSWORD, by_link, deliver, fill, looked_at, make, sign_in
from tests.e2e.test_style_guide import unexpected
from tests.web.accounts.smtp import Inbox
from tests.web.accounts.totp import code


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[harness.Server]:
    """The web app on a workspace of its own: pages of people need no register."""
    with harness.serve(tmp_path_factory.mktemp("people")) as running:
        yield running


def by_mail(visitor: harness.Visitor, post: Inbox, email: str) -> None:
    """Ask for the link that stands before a first second step, and open it; ends on the page of the app."""
    page = visitor.go("/account/second-step/app")
    assert page.url.endswith("/account/mail")
    looked_at(visitor, "mail-first")
    page.click("button:has-text('Send the link')")
    page.goto(by_link(visitor, post, email))
    looked_at(visitor, "mail-reached")
    page.click("button:has-text('Go on')")
    visitor.go("/account/second-step/app")


def test_from_sign_up_to_sessions_by_keyboard(new_visitor: NewVisitor, post: Inbox) -> None:
    visitor = new_visitor()
    page = visitor.go("/")
    page.click("nav >> text=Sign in")
    looked_at(visitor, "sign-in")
    page.click("text=Sign up")
    looked_at(visitor, "sign-up")
    page.reload()
    fill(visitor, email="ada@example.org", password1="short")
    assert page.locator("#problems").is_visible()
    looked_at(visitor, "sign-up-error")
    visitor.go("/account/sign-up")
    fill(visitor, email="ada@example.org", password1=PASSWORD)
    assert page.url.endswith("/account/check-your-mail")
    looked_at(visitor, "check-your-mail")
    deliver(visitor.server, post)
    (message,) = post.to("ada@example.org")
    (link,) = re.findall(r"http://\S+/account/confirm/\S+", message.get_content())
    page.goto(link)
    looked_at(visitor, "confirm")
    page.click("button:has-text('Confirm')")
    fill(visitor, login="ada@example.org", password=PASSWORD)
    assert page.url.endswith("/account")
    looked_at(visitor, "account")
    assert page.locator(".masthead nav >> text=ada").count() == 1
    visitor.go("/account/second-step")
    looked_at(visitor, "second-step")
    visitor.go("/account/second-step/app")
    looked_at(visitor, "app")
    page.reload()
    fill(visitor, code=code(page.inner_text(".key")))
    assert page.url.endswith("/account/second-step/recovery-codes")
    assert page.locator(".codes li").count() == 10
    looked_at(visitor, "recovery-codes")
    other = new_visitor(width=320)
    sign_in(other, "ada@example.org")
    assert other.page.url.endswith("/account/second-step/code")
    looked_at(other, "code")
    visitor.go("/account/sessions")
    looked_at(visitor, "sessions")
    assert page.locator("button:has-text('End')").count() == 1  # the other has not given its second step
    assert unexpected(visitor) + unexpected(other) == []


def test_the_steward_gives_a_role_and_other_pages(new_visitor: NewVisitor, post: Inbox) -> None:
    visitor = new_visitor()
    make(visitor.server, "steward@example.org", "steward")
    make(visitor.server, "bob@example.org")
    page = sign_in(visitor, "steward@example.org").page
    assert page.url.endswith("/account/second-step")
    looked_at(visitor, "waiting")
    visitor.go("/people")
    assert page.url.endswith("/account/second-step")
    by_mail(visitor, post, "steward@example.org")
    fill(visitor, code=code(page.inner_text(".key")))
    visitor.go("/people")
    looked_at(visitor, "people")
    page.click("text=bob@example.org")
    looked_at(visitor, "person")
    page.select_option("[name=role]", "analyst")
    page.fill("[name=why]", "a study")
    page.click("button:has-text('Give it')")
    assert page.locator("text=now holds the role Analyst").count() == 1
    page.click("text=End this role")
    looked_at(visitor, "revoke")
    visitor.go("/audit")
    looked_at(visitor, "audit")
    for path in ("name", "address", "password", "delete", "again", "second-step/passkeys/add", "second-step/app/remove",
                 "second-step/recovery-codes/new", "sign-out"):  # fmt: skip
        visitor.go(f"/account/{path}")
        looked_at(visitor, path.replace("/", "-"))
    assert unexpected(visitor) == []


def test_a_passkey_signs_in(new_visitor: NewVisitor, post: Inbox) -> None:
    visitor = new_visitor()
    make(visitor.server, "eve@example.org", "desk")
    devices = visitor.context.new_cdp_session(visitor.page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True}})  # fmt: skip
    page = sign_in(visitor, "eve@example.org").page
    by_mail(visitor, post, "eve@example.org")
    visitor.go("/account/second-step/passkeys/add")
    with page.expect_navigation():
        page.click("button:has-text('Add it')")
    assert page.url.endswith("/account/second-step/recovery-codes")
    visitor.go("/account/second-step")
    looked_at(visitor, "passkeys")
    visitor.go("/account/sign-out")
    visitor.follow("main button:has-text('Sign out')")
    visitor.go("/account/sign-in")
    with page.expect_navigation():
        page.click("text=Sign in with a passkey")
    assert page.url.endswith("/account")
    assert page.locator("text=waits for a second step").count() == 0  # the passkey was both steps
    assert unexpected(visitor) == []


def test_without_script(new_visitor: NewVisitor, post: Inbox) -> None:
    visitor = new_visitor(script=False, width=320)
    make(visitor.server, "no-script@example.org")
    page = visitor.go("/account/sign-in")
    assert not page.locator("text=Sign in with a passkey").is_visible()
    page.fill("[name=login]", "no-script@example.org")
    page.fill("[name=password]", PASSWORD)
    page.click("main button:has-text('Sign in')")
    assert page.url.endswith("/account")
    visitor.go("/account/second-step/app")
    page.click("button:has-text('Send the link')")
    deliver(visitor.server, post)
    (message,) = post.to("no-script@example.org")
    (link,) = re.findall(r"http://\S+/account/mail/\S+", message.get_content())
    page.goto(link)
    page.click("button:has-text('Go on')")
    visitor.go("/account/second-step/app")
    page.fill("[name=code]", code(page.inner_text(".key")))
    page.click("button:has-text('Go on')")
    assert page.locator(".codes li").count() == 10
    visitor.go("/account/delete")
    page.check("[name=sure]")
    page.click("button:has-text('Delete it')")
    assert "Your account is deleted" in page.inner_text("main")
