"""The way of a browser to the other service and back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import lxml.html
import pytest
from django.http import HttpResponse
from django.test import Client, override_settings

from lifecluster.web.accounts.models import Mail
from tests.web.accounts.openid_service import Service, running


@pytest.fixture
def service() -> Iterator[Service]:
    """A provider, named by the settings."""
    with running() as found, override_settings(OPENID=found.settings()):
        yield found


def leads(answer: HttpResponse) -> str:
    """The address that the page "On to …" leads to."""
    assert answer.status_code == 200, answer.content.decode()[:2000]
    page = lxml.html.fromstring(answer.content.decode())
    (refresh,) = page.xpath("//meta[@http-equiv='refresh']/@content")
    (link,) = page.xpath("//main//a[contains(@class, 'button-main')]/@href")
    assert refresh == f"0; url={link}"
    return str(link)


def there(url: str) -> str:
    """Sign in at the service; the address that it leads back to, from the host on."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port or 80, timeout=5)
    connection.request("GET", f"{parts.path}?{parts.query}")
    answer = connection.getresponse()
    where = str(answer.headers["Location"])
    connection.close()
    assert where.startswith("http://testserver/account/openid/return?")
    return where.removeprefix("http://testserver")


def through(client: Client, start: str = "/account/openid/sign-in", **sent: Any) -> HttpResponse:
    """All the way: from our page to theirs and back; the answer to who comes back."""
    return client.get(there(leads(client.post(start, sent))))


def link(path: str, to: str) -> str:
    """A link from the latest mail to somebody, from the host on."""
    text = Mail.objects.filter(to=to).latest("pk").text
    (found,) = re.findall(rf"http://testserver({path}\S+)", text)
    return str(found)


def by_mail(client: Client, to: str) -> None:
    """Show that mail reaches this person, before something is connected."""
    client.post("/account/mail?before=connection")
    assert client.post(link("/account/mail/", to))["Location"] == "/account/connections"
