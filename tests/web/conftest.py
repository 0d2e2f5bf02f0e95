"""Django in test mode, on a workspace of its own."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

_home = tempfile.mkdtemp(prefix="lifecluster-web-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
_outside = os.environ.get("LIFECLUSTER_HOME")
os.environ["LIFECLUSTER_HOME"] = _home
os.environ["DJANGO_SETTINGS_MODULE"] = "lifecluster.web.settings.test"

from tests.web import databases  # noqa: E402 - as below

_url, NO_SERVER = databases.chosen()
os.environ.pop("DATABASE_URL", None)
if _url:
    os.environ["DATABASE_URL"] = _url

import django  # noqa: E402 - the mode and the workspace are set first

django.setup()
if _outside is None:
    del os.environ["LIFECLUSTER_HOME"]
else:
    os.environ["LIFECLUSTER_HOME"] = _outside

import lxml.html  # noqa: E402 - as above
import pytest  # noqa: E402 - as above
from django.conf import settings  # noqa: E402 - as above
from django.db import connection, transaction  # noqa: E402 - as above
from django.template import Context, engines  # noqa: E402 - as above
from django.test import Client  # noqa: E402 - as above
from django.test.client import ClientHandler  # noqa: E402 - as above
from django.test.utils import setup_databases, teardown_databases  # noqa: E402 - as above


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, what is the same on all databases is left out; pytest tells how many these are."""
    if connection.vendor == "postgresql":
        left = [item for item in items if item.get_closest_marker("one_database")]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in set(left)]


if NO_SERVER:

    def pytest_report_header() -> str:
        """Why nothing runs on PostgreSQL."""
        return f"PostgreSQL: skipped, {NO_SERVER}"


Render = Callable[..., lxml.html.HtmlElement]
CHAIN = ("_middleware_chain", "_view_middleware", "_template_response_middleware", "_exception_middleware")


@pytest.fixture(scope="session", autouse=True)
def one_chain() -> Iterator[None]:
    """The middleware of all clients is made once for each set of settings: thousands of clients ask one page each."""
    chains: WeakKeyDictionary[object, dict[str, object]] = WeakKeyDictionary()
    made = ClientHandler.load_middleware

    def load(handler: ClientHandler, *arguments: Any) -> None:
        known = chains.setdefault(settings._wrapped, {})
        chain = known.get(str(settings.MIDDLEWARE))
        if chain is None:
            made(handler, *arguments)
            known[str(settings.MIDDLEWARE)] = {name: vars(handler)[name] for name in CHAIN}
        else:
            vars(handler).update(chain)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ClientHandler, "load_middleware", load)
        yield


@pytest.fixture
def web() -> Client:
    """A client that gets error pages instead of exceptions."""
    return Client(raise_request_exception=False)


@pytest.fixture
def render() -> Render:
    """Render template text with variables; the result as a tree under one div."""

    def rendered(text: str, **variables: Any) -> lxml.html.HtmlElement:
        template = engines["django"].engine.from_string(text)  # type: ignore[attr-defined]  # Django's own engine
        return lxml.html.fragment_fromstring(template.render(Context(variables)), create_parent="div")

    return rendered


@pytest.fixture(scope="session")
def tables() -> Iterator[None]:
    """An empty database with all tables, for this test process; a file on SQLite, so that it outlives its connection."""
    if NO_SERVER:
        pytest.skip(NO_SERVER)
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    on_server = connection.vendor == "postgresql"
    name = f"test_lifecluster_{os.getpid()}{worker}" if on_server else str(Path(_home) / "test.sqlite3")
    connection.settings_dict["TEST"]["NAME"] = name
    made = setup_databases(verbosity=0, interactive=False)
    yield
    teardown_databases(made, verbosity=0)


@pytest.fixture
def database(tables: None) -> Iterator[None]:
    """The database, left as it was found."""
    from lifecluster.web.directory import logbook, memo, remembered, values
    from lifecluster.web.directory.search import index

    logbook.log._known = []  # of another database, where a test before looked at one
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    index._kept.clear()  # the next test may make another package under the same key
    values._Files.key = ()
    memo.forget()
    remembered.shelf.empty()
