"""What people call themselves, and the reasons they give, stay text on every page of accounts."""

from __future__ import annotations

import json

import lxml.html
import pytest
from django.test import Client

from lifecluster.web.accounts import actions
from lifecluster.web.accounts.models import Person
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.viewer import OPERATOR
from tests.web.accounts.conftest import AT, person, window
from tests.web.pages.conftest import assert_harmless, words
from tests.web.pages.test_hostile import HOSTILE

pytestmark = pytest.mark.one_database

OWN = ("/account", "/account/name", "/account/sessions", "/account/delete", "/account/password", "/account/again",
       "/account/second-step", "/directory", "/", "/sources")  # fmt: skip
GUEST = ("/account/sign-in", "/account/sign-up", "/account/password/forgotten", "/account/second-step/passkeys/sign-in")


def looked_over(client: Client, path: str) -> lxml.html.HtmlElement | None:
    """A page that runs nothing of what is in it; None where the address leads elsewhere."""
    response = client.get(path)
    assert response.status_code in {200, 302}, (path, response.status_code)
    if response.status_code == 302 or not response["Content-Type"].startswith("text/html"):
        return None
    page = lxml.html.document_fromstring(response.content.decode())
    assert_harmless(page)
    assert b"<script>alert" not in response.content and b"<img src=x" not in response.content, path
    return page


@pytest.mark.parametrize("key", HOSTILE)
def test_a_person_called_so_has_pages(key: str, small: Package) -> None:
    text = HOSTILE[key][: Person._meta.get_field("name").max_length]
    who = person("first@example.org", "member", name="First")
    Person.objects.filter(pk=who.pk).update(name=text)
    actions.grant_role(person=who, role="analyst", viewer=OPERATOR, at=AT, why=HOSTILE[key])
    actions.revoke_role(person=who, role="analyst", viewer=OPERATOR, at=AT, why=HOSTILE[key])
    mine = window(who, second_step=True)
    assert [path for path in OWN if looked_over(mine, path) is not None]
    assert json.loads(mine.get("/account/data.json").content)
    steward = window(person("second@example.org", "steward"), second_step=True)
    shown = [looked_over(steward, path) for path in ("/people", f"/people/{who.uid}", "/audit")]
    assert all(page is not None for page in shown)
    assert any(" ".join(text.split()) in words(page) for page in shown)


@pytest.mark.parametrize("key", HOSTILE)
def test_what_is_typed_at_the_entrance_is_only_said_back(key: str, small: Package) -> None:
    from urllib.parse import urlencode

    text = HOSTILE[key]
    for path in GUEST:
        looked_over(Client(), f"{path}?{urlencode({'next': text, 'email': text})}")
    for path in GUEST[:3]:
        response = Client().post(path, {"login": text, "email": text, "name": text, "password": "x", "next": text})
        if response.status_code == 200:
            page = lxml.html.document_fromstring(response.content.decode())
            assert_harmless(page)
            assert b"<script>alert" not in response.content, path
        else:
            assert response.status_code in {302, 400, 403, 429}, (path, response.status_code)
            assert "alert" not in response.headers.get("Location", "") or response["Location"].startswith("/")
