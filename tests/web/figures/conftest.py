"""The small register with its claims; computed once, as that takes seconds."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from lifecluster.region import load_region
from lifecluster.register.package import DESCRIPTOR
from lifecluster.register.package import Package as Files
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.viewer import OPERATOR
from lifecluster.web.figures import actions, computing
from lifecluster.web.figures.computing import Computed, compute_all
from tests.web.directory import making
from tests.web.directory.conftest import NOW, at, load
from tests.web.pages.conftest import forgetful, look

__all__ = ["at", "forgetful", "look"]
DAY = date(2026, 11, 22)
LATER = datetime(2027, 1, 5, 9, tzinfo=UTC)


def silent(_: str) -> None:
    """Progress that nobody wants to hear."""


def register(out: Path, name: str = "small-1", **more: Any) -> Files:
    """The small register as a package of the Midlands, which are made of whole regions."""
    files = making.small(out, name, **more)
    descriptor = files.path / DESCRIPTOR
    said = json.loads(descriptor.read_text("utf-8"))
    said["lifecluster"]["region"] = load_region("midlands").model_dump(mode="json")
    descriptor.chmod(0o644)
    descriptor.write_text(json.dumps(said), "utf-8")
    return Files(files.path)


@pytest.fixture
def small(database: None, tmp_path: Path) -> Package:
    """The small register of the Midlands, loaded."""
    return load(register(tmp_path).path)


@pytest.fixture(scope="session")
def computed(tmp_path_factory: pytest.TempPathFactory) -> list[Computed]:
    """Every claim for the small register."""
    files = register(tmp_path_factory.mktemp("claims"))
    return compute_all(files, at=DAY, latest=lambda claim, region: None, progress=silent)


def store(package: Package, path: Path, *, again: bool = False, at: datetime = NOW) -> int:
    """Compute the claims of a package as the operator."""
    return actions.compute_claims(package=package, path=path, viewer=OPERATOR, at=at, again=again)


@pytest.fixture
def known(computed: list[Computed], monkeypatch: pytest.MonkeyPatch) -> list[Computed]:
    """What a computation gives, without computing it again."""

    def same(*args: Any, **kwargs: Any) -> list[Computed]:
        return [one if kwargs["latest"](one.claim, one.region) is None else _kept(one) for one in computed]

    monkeypatch.setattr(computing, "compute_all", same)
    return computed


def _kept(one: Computed) -> Computed:
    return Computed(one.claim, one.region, one.entry, False, one.body)


@pytest.fixture
def claimed(small: Package, known: list[Computed], tmp_path: Path) -> Package:
    """The small register, loaded, with its claims."""
    assert store(small, tmp_path) == len(known)
    small.refresh_from_db()
    return small
