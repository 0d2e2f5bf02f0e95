"""Fixtures shared by all tests."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from lifecluster.build.run import Request, build
from lifecluster.commands import common
from lifecluster.region import load_region
from lifecluster.register.package import Package
from lifecluster.sample import write_sample
from lifecluster.sample.model import AS_OF

# The same examples at each run: what passed passes again until somebody changes something. `make explore` draws others.
# No deadline: a busy machine is no failure.
settings.register_profile("same", deadline=None, max_examples=50, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=500, print_blob=True)
settings.load_profile("explore" if "LIFECLUSTER_EXPLORE" in os.environ else "same")


@pytest.fixture(scope="session", autouse=True)
def no_terminal() -> Iterator[None]:
    """What commands say is looked at as a pipe gets it, where no line is broken: processes of tests are told a width."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("COLUMNS", raising=False)
        for console in (common.out, common.err):
            patch.setattr(console, "_width", None)  # as the processes of tests were told before this
        yield


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Real input files; skipped where `LIFECLUSTER_DATA` is unset, and a missing folder fails."""
    stated = os.environ.get("LIFECLUSTER_DATA")
    if not stated:
        pytest.skip("LIFECLUSTER_DATA is not set: real files are not at hand")
    path = Path(stated)
    assert path.is_dir(), f"LIFECLUSTER_DATA={stated} is no folder"
    return path


@pytest.fixture(scope="session")
def sample_package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """The sample region, built once for all tests and all test processes."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "sample-region"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "packages" / "current").exists():
            build_sample(folder)
    return Package(folder / "packages")


def build_sample(folder: Path, previous: Package | None = None, out: str = "packages") -> Package:
    """Write the inputs of the sample region (unless they are there) and build it."""
    inputs = folder / "inputs"
    if not inputs.exists():
        write_sample(inputs, truth=folder / "truth.csv")
    request = Request(region=load_region("midlands"), inputs=inputs, out=folder / out, at=AS_OF, previous=previous)
    return build(request).package
