"""Counts that threads and processes share."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.cache.backends.filebased import FileBasedCache

from lifecluster.web.accounts.counts import Counts
from lifecluster.web.settings import base


def test_of_all_who_add_at_once_one_is_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = FileBasedCache.has_key

    def slowly(self: FileBasedCache, key: str, version: int | None = None) -> bool:
        found = bool(looks(self, key, version))
        time.sleep(0.01)  # as if another process came in between
        return found

    monkeypatch.setattr(FileBasedCache, "has_key", slowly)

    def first(n: int) -> bool:
        return Counts(str(tmp_path / "counts"), {}).add("code:1:123456", n, timeout=90)

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(first, range(8))) == [False] * 7 + [True]


def test_what_is_over_may_be_added_again(tmp_path: Path) -> None:
    counts = Counts(str(tmp_path / "new" / "counts"), {})
    assert counts.add("a", 1, timeout=0.01)
    time.sleep(0.02)
    assert counts.add("a", 2)
    assert counts.get("a") == 2
    counts.clear()
    assert counts.add("a", 3)


def test_the_web_app_counts_there() -> None:
    assert base.CACHES["default"]["BACKEND"] == f"{Counts.__module__}.{Counts.__qualname__}"
