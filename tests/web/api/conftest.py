"""The small register, for every test of this folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import RequestFactory, override_settings

from tests.web import conftest as web
from tests.web import machines


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Iterator[machines.World]:
    """The small register, loaded and shown."""
    if web.NO_SERVER:
        pytest.skip(web.NO_SERVER)
    monkeypatch.setenv("LIFECLUSTER_AT", machines.AT)
    with machines.database():
        yield machines.load()


@pytest.fixture
def settings_() -> Iterator[Callable[..., None]]:
    """Set settings for the length of a test."""
    active: list[override_settings] = []

    def change(**values: object) -> None:
        active.append(override_settings(**values))
        active[-1].enable()

    yield change
    for one in reversed(active):
        one.disable()


@pytest.fixture
def rf() -> RequestFactory:
    """Makes requests that no view gets."""
    return RequestFactory()
