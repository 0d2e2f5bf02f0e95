"""The small register, for every test of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

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
