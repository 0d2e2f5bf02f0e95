from __future__ import annotations

import sys

import numpy as np
import pytest

from lifecluster.atlas import Finding, Interval, backend
from lifecluster.atlas.result import cannot_tell, disclosed

FOUND = Finding(name="jobs", value=40.0, interval=Interval(30, 50), p=0.01, q=0.02, n=6, vintage="2026")


def test_a_cell_of_few_or_dominant_contributors_is_hidden_with_all_its_figures() -> None:
    assert disclosed(FOUND, "member_employees", [8, 7, 9, 6, 10, 8], count=48) is FOUND
    for contributions in ([20, 20], [38, 1, 1]):
        hidden = disclosed(FOUND, "member_employees", contributions, count=40)
        assert (hidden.value, hidden.interval, hidden.p, hidden.q) == (None, None, None, None)
        assert "member_employees" in str(hidden.suppression)
        assert (hidden.name, hidden.vintage) == ("jobs", "2026")
        assert not hidden.can_tell


def test_cannot_tell_says_why() -> None:
    one = cannot_tell("gini", "one plant", n=1, vintage="2026")
    assert (one.value, one.note, one.n, one.suppression) == (None, "cannot tell: one plant", 1, None)
    assert FOUND.can_tell


def test_numpy_serves_where_numba_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lifecluster.atlas.compiled", None)
    monkeypatch.delattr("lifecluster.atlas.compiled", raising=False)
    backend._named.cache_clear()
    try:
        assert backend._named("auto").__name__.endswith("plain")
    finally:
        backend._named.cache_clear()


def test_draws_are_without_replacement_and_seeded() -> None:
    draws = backend.draw_sites(50, 20, 30, seed=4)
    assert all(len(set(row)) == 20 for row in draws.tolist())
    assert (draws == backend.draw_sites(50, 20, 30, seed=4)).all()
    assert (draws != backend.draw_sites(50, 20, 30, seed=5)).any()
    inside = np.arange(50) < 30
    parts = backend.draw_sites(50, 20, 30, seed=4, inside=inside, centres=12)
    assert inside[parts[:, :12]].all()
    assert not inside[parts[:, 12:]].any()
    assert backend.draw_sites(50, 20, 0, seed=1).shape == (0, 20)
