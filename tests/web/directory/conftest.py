"""The small register, loaded into the database of the tests."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings

from lifecluster.web.directory import actions
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.viewer import OPERATOR
from tests.web.directory import making

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TODAY = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def at(monkeypatch: pytest.MonkeyPatch) -> date:
    """The day of all these tests."""
    monkeypatch.setattr(settings, "LIFECLUSTER_AT", TODAY, raising=False)
    return TODAY


@pytest.fixture
def small(database: None, tmp_path: Path) -> Package:
    """The small register, loaded."""
    return load(making.small(tmp_path).path)


def load(path: Path) -> Package:
    """Load a package as the operator."""
    return actions.load_package(path=path, viewer=OPERATOR, at=NOW)
