"""Numeric targets of the K-density: a seeded instance summed pair by pair, and the reference file where it is at hand."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from lifecluster import atlas

BANDWIDTH = 6295.41001855816
"""R's bw.nrd0 over the reference cases' distances up to twice the largest radius, metres."""


def test_a_seeded_instance_is_its_direct_sum_to_2e_6() -> None:
    chance = np.random.default_rng(20_261_122)
    towns = chance.uniform(100_000, 500_000, (30, 2))
    places = np.round(towns[chance.integers(0, 30, 3_000)] + chance.normal(0, 9_000, (3_000, 2)), 1)
    cases, radii = places[:500], np.arange(0, 180_001, 1_000.0)
    found = atlas.kd(cases, universe=places, radii=radii)
    i, j = np.triu_indices(500, 1)
    distance = np.sqrt(((cases[i] - cases[j]) ** 2).sum(axis=1))
    near, h = distance[distance <= 360_000], found.bandwidth
    low, high = np.percentile(near, [25, 75])
    assert h == pytest.approx(0.9 * min(near.std(ddof=1), (high - low) / 1.34) * len(near) ** -0.2, rel=1e-9)
    direct = [
        (np.exp(-0.5 * ((r - distance) / h) ** 2) + np.exp(-0.5 * ((r + distance) / h) ** 2)).sum() for r in radii
    ]
    direct = np.array(direct) / (len(distance) * h * np.sqrt(2 * np.pi))
    assert np.abs(found.density / direct - 1).max() <= 2e-6


def test_the_reference_file_is_met_to_2e_6(data_dir: Path) -> None:
    folder = data_dir.parent / "golden"
    if not folder.is_dir():
        pytest.skip("the reference files are not beside the data")
    with (folder / "pts_7000.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    with (folder / "golden_kd_7000.csv").open() as stream:
        target = list(csv.DictReader(stream))
    places = np.array([(row["X"], row["Y"]) for row in rows], dtype=float)
    cases = places[[row["PointType"] == "LS" for row in rows]]
    radii = np.array([row["r_m"] for row in target], dtype=float)
    exact = np.array([row["Kd_exact"] for row in target], dtype=float)
    found = atlas.kd(cases, universe=places, radii=radii)
    assert found.bandwidth == pytest.approx(BANDWIDTH, rel=1e-12)
    assert np.abs(found.density / exact - 1).max() <= 2e-6
    given = atlas.kd(cases, universe=places, radii=radii, bandwidth=BANDWIDTH)
    assert np.abs(given.density / exact - 1).max() <= 2e-6
