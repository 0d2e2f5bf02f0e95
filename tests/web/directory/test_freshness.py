"""The day that counts as today in the web app; the rule itself is tested in tests/reference."""

from datetime import date, timedelta

import pytest
from django.conf import settings

from lifecluster.web.directory.freshness import freshness, today


def test_the_day_comes_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "LIFECLUSTER_AT", "2025-05-05", raising=False)
    assert today() == date(2025, 5, 5)
    monkeypatch.setattr(settings, "LIFECLUSTER_AT", None, raising=False)
    monkeypatch.setenv("LIFECLUSTER_AT", "2024-04-04")
    assert today() == date(2024, 4, 4)


def test_a_value_is_as_old_as_it_is_on_that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = date(2024, 4, 4)
    for days, stale in ((540, False), (541, True)):
        monkeypatch.setattr(settings, "LIFECLUSTER_AT", seen + timedelta(days), raising=False)
        assert freshness("employees", observed_on=seen, verified_on=None).stale is stale
    assert not freshness("employees", observed_on=seen, verified_on=None, at=seen).stale
