"""People of two organisations and of the desk, and windows in which they are signed in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import lxml.html
import pytest
from django.http import HttpResponse
from django.test import Client

from lifecluster.web.accounts import actions
from lifecluster.web.accounts.models import Mail, Person
from lifecluster.web.directory import memo, reads, remembered
from lifecluster.web.directory.viewer import ANYBODY, OPERATOR, Viewer
from tests.web.accounts.conftest import AT, fresh, person, post, window
from tests.web.directory.conftest import at, small
from tests.web.directory.making import org

__all__ = ["at", "fresh", "post", "small"]
ALPHA = org("alpha")


def member(email: str = "member@example.org", organisation: str = ALPHA, *, administrator: bool = False) -> Person:
    """Somebody who belongs to an organisation."""
    made = person(email)
    actions.join(person=made, organisation=organisation, viewer=OPERATOR, at=AT, why="works there",
                 administrator=administrator)  # fmt: skip
    return made


def desk(email: str = "desk@example.org") -> Client:
    """A window of the desk."""
    return window(person(email, "desk"), second_step=True)


def tree(response: HttpResponse) -> lxml.html.HtmlElement:
    """The page."""
    return lxml.html.document_fromstring(response.content.decode())


def said(response: HttpResponse) -> str:
    """All words of the page."""
    return " ".join(tree(response).text_content().split())


def fields(response: HttpResponse, number: int = -1) -> dict[str, Any]:
    """What a form of the page would send as it stands."""
    forms = [form for form in tree(response).forms if form.method == "POST" and "logout" not in (form.action or "")]
    forms = [form for form in forms if not (form.action or "").endswith("/theme")]
    return {name: value for name, value in forms[number].fields.items() if value is not None}


def shown(prop: str, subject: str = ALPHA, viewer: Viewer = ANYBODY) -> str:
    """The value as a reader is shown it."""
    stated = reads.values([subject], viewer).of(subject, prop)
    return stated.text if stated else "nothing"


def mails(to: str) -> list[Mail]:
    """Mail on its way to somebody, the latest last."""
    return list(Mail.objects.filter(to=to).order_by("pk"))


@pytest.fixture(autouse=True)
def pages() -> Iterator[None]:
    """No page of the test before."""
    yield
    remembered.shelf.empty()
    memo.forget()
