from __future__ import annotations

import pytest

from benchmarks.atlas import density


def test_time_and_memory_of_a_few_curves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFECLUSTER_ENGINE", "numpy")
    found = density.measured(400, sims=19, n=20)
    assert found["peak"] >= found["before"] > 20
    assert found["seconds"] > 0


def test_the_peak_counts_what_was_held_once() -> None:
    held = bytearray(1 << 28)
    held[:: 1 << 12] = b"x" * len(held[:: 1 << 12])  # every page is touched
    size = len(held) >> 20
    del held
    assert density.peak() > size
