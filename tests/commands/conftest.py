"""A tiny region, built once for the commands that only read; and a workspace of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lifecluster.register.package import Package

from .tiny import run, write_inputs

AT = "2026-11-01"


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace of its own and a date that stands still; a wide terminal so that a message is one line."""
    home = tmp_path / "home"
    monkeypatch.setenv("LIFECLUSTER_HOME", str(home))
    monkeypatch.setenv("LIFECLUSTER_AT", AT)
    monkeypatch.setenv("COLUMNS", "240")
    return home


@pytest.fixture(scope="session")
def tiny_inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_inputs(tmp_path_factory.mktemp("tiny") / "inputs")


@pytest.fixture(scope="session")
def tiny_packages(tiny_inputs: Path) -> Iterator[Path]:
    """A folder of packages with the tiny region in it; only to be read."""
    folder = tiny_inputs.parent / "packages"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIFECLUSTER_HOME", str(tiny_inputs.parent / "home"))
        ran = run("build", "--from", tiny_inputs, "--out", folder, "--at", AT)
    assert ran.code == 0, ran.err
    yield folder


@pytest.fixture
def tiny_package(tiny_packages: Path) -> Package:
    return Package(tiny_packages)
