"""People for tests, and windows in which they are signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from lifecluster.web.accounts import actions
from lifecluster.web.accounts.models import Person
from lifecluster.web.directory.viewer import OPERATOR
from tests.web.accounts.smtp import Inbox, inbox
from tests.web.directory.conftest import at, small

__all__ = ["at", "small"]
AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
PASSWORD = "a sentence that is long enough"


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """No count of sign-ins from the test before."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def post() -> Iterator[Inbox]:
    """A mail server."""
    with inbox() as server:
        yield server


def person(email: str = "first@example.org", *roles: str, **more: Any) -> Person:
    """A person with roles."""
    made = actions.add_person(email=email, viewer=OPERATOR, at=AT, password=PASSWORD, **more)
    for role in roles:
        actions.grant_role(person=made, role=role, viewer=OPERATOR, at=AT, why="for a test")
    return made


def window(who: Person | None, *, second_step: bool = False) -> Client:
    """A client in which somebody is signed in, with or without a second step."""
    client = Client(raise_request_exception=False)
    if who is None:
        return client
    client.force_login(Person.objects.get(pk=who.pk))
    if second_step:
        session = client.session
        session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": 0}]
        session["account_authentication_methods_user"] = str(who.pk)
        session.save()
    return client


SignedIn = Callable[..., Client]
assert settings.PASSWORD_HASHERS[0].endswith("MD5PasswordHasher")
