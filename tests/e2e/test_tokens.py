"""A token made in a browser, used by a program against the running server, and taken back."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e import harness
from tests.e2e.conftest import NewVisitor
from tests.e2e.people import looked_at, make, sign_in
from tests.e2e.test_style_guide import unexpected


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[harness.Server]:
    """The web app on a workspace of its own: pages of people need no register."""
    with harness.serve(tmp_path_factory.mktemp("tokens")) as running:
        yield running


def asked(server: harness.Server, path: str, token: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    """What a program is answered: status and JSON."""
    request = urllib.request.Request(f"{server.url.rstrip('/')}/api/v1{path}", headers={
        "Authorization": f"Bearer {token}", "Content-Type": "application/json",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }, data=None if body is None else json.dumps(body).encode())  # fmt: skip
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def test_made_used_and_revoked(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    server = visitor.server
    make(server, "ada@example.org", "member")
    page = sign_in(visitor, "ada@example.org").page
    page.click("main >> text=Tokens")
    looked_at(visitor, "tokens-none")
    page.click("text=Make a token")
    looked_at(visitor, "token-make")
    page.click("button:has-text('Make it')")
    assert page.locator("#problems").is_visible()
    looked_at(visitor, "token-make-error")
    page.fill("[name=name]", "figures of the intranet")
    page.check("[value='account.read']")
    page.check("[value='account.edit']")
    page.click("button:has-text('Make it')")
    text = page.inner_text("#token")
    looked_at(visitor, "token-made")
    status, told = asked(server, "/token", text)
    assert (status, told["scopes"]) == (200, ["account.edit", "account.read"])
    key = {"Idempotency_Key": "one"}
    for _ in range(2):
        status, person = asked(server, "/account/name", text, {"name": "Ada"}, **key)
        assert (status, person["name"]) == (200, "Ada")
    assert asked(server, "/account/name", text, {"name": "Eve"}, **key)[0] == 409
    assert asked(server, "/people", text)[0] == 403
    page.click("text=I have it")
    assert page.locator("text=last used on").count() == 1
    assert text not in page.content()
    looked_at(visitor, "tokens")
    page.click("button:has-text('Revoke it')")
    assert "opens nothing any more" in page.inner_text("main")
    status, problem = asked(server, "/token", text)
    assert (status, problem["status"]) == (401, 401)
    visitor.go("/api/")
    looked_at(visitor, "api")
    assert unexpected(visitor) == []
