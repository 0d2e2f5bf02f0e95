"""What killed processes left is cleared away; what a living one holds is not."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lifecluster.build.run import Request, build
from lifecluster.errors import LifeclusterError
from lifecluster.region import load_region
from lifecluster.sample.model import AS_OF
from lifecluster.scratch import YOUNG, held, scratch, sweep, sweep_packages

ANY = re.compile(r"lifecluster-index-\w+")
DRAFT = ".midlands-2026-11-01-1a2b3c4d.4711"
CHILD = """
import sys, time
from pathlib import Path
from lifecluster.scratch import scratch
with scratch("index", within=Path(sys.argv[1])) as folder:
    (folder / "names.bin").write_bytes(b"x" * 1000)
    print(folder.name, flush=True)
    time.sleep(600)
"""


def aged(path: Path, seconds: float = 2 * YOUNG) -> Path:
    then = time.time() - seconds
    os.utime(path, (then, then), follow_symlinks=False)
    return path


def old_folder(place: Path, name: str) -> Path:
    folder = place / name
    folder.mkdir()
    (folder / "part.parquet").write_bytes(b"x")
    return aged(folder)


@pytest.fixture
def child(tmp_path):
    """A process that holds a folder, and the folder."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen([sys.executable, "-c", CHILD, str(tmp_path)], stdout=subprocess.PIPE, text=True, env=env)
    assert process.stdout is not None
    yield process, aged(tmp_path / process.stdout.readline().strip())
    process.kill()
    process.wait()
    process.stdout.close()


def test_what_a_living_process_holds_stays_and_what_a_killed_one_left_goes(child, tmp_path):
    process, folder = child
    assert sweep(tmp_path, ANY) == 0
    assert (folder / "names.bin").exists()
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert folder.exists(), "killed by force, it could not clean up"
    aged(folder)
    with scratch("index", within=tmp_path) as mine:
        assert not folder.exists()
        assert mine.is_dir()
        assert sweep(tmp_path, ANY) == 0
    assert list(tmp_path.iterdir()) == []


def test_it_is_gone_at_the_end_also_of_a_failure(tmp_path):
    with pytest.raises(RuntimeError), scratch("index", within=tmp_path) as folder:
        (folder / "x").write_text("x")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_only_what_fits_is_old_and_is_a_folder(tmp_path):
    kept = [old_folder(tmp_path, name) for name in ("lifecluster-web-abc", "index-abc", "lifecluster-index-", "other")]
    young = tmp_path / "lifecluster-index-young"
    young.mkdir()
    outside = old_folder(tmp_path, "outside")
    link = tmp_path / "lifecluster-index-link"
    link.symlink_to(outside, target_is_directory=True)
    aged(link)
    file = tmp_path / "lifecluster-index-file"
    file.write_text("x")
    aged(file)
    gone = old_folder(tmp_path, "lifecluster-index-gone")
    assert sweep(tmp_path, ANY) == 1
    assert not gone.exists()
    assert all(path.exists() for path in (*kept, young, outside, link, file, outside / "part.parquet"))
    assert sweep(tmp_path / "nowhere", ANY) == 0


def test_a_folder_of_somebody_else_is_left_alone(tmp_path, monkeypatch):
    folder = old_folder(tmp_path, "lifecluster-index-theirs")
    monkeypatch.setattr(os, "getuid", lambda: folder.stat().st_uid + 1)
    assert sweep(tmp_path, ANY) == 0


def test_drafts_go_and_packages_stay(tmp_path):
    package = old_folder(tmp_path, DRAFT[1:].rpartition(".")[0])
    hidden = old_folder(tmp_path, ".git.1")
    drafts = [old_folder(tmp_path, DRAFT), old_folder(tmp_path, f"{DRAFT}.spoiled")]
    pointer = tmp_path / ".current.4711"
    pointer.symlink_to(package.name, target_is_directory=True)
    aged(pointer)
    (tmp_path / "current").symlink_to(package.name, target_is_directory=True)
    with held(drafts[0]):
        assert sweep_packages(tmp_path) == 1
        assert drafts[0].exists()
    assert sweep_packages(tmp_path) == 1
    assert {path.name for path in tmp_path.iterdir()} == {package.name, hidden.name, "current"}
    assert sweep_packages(tmp_path / "nowhere") == 0


def test_the_next_build_clears_drafts_even_if_it_fails(tmp_path):
    out = tmp_path / "packages"
    out.mkdir()
    draft = old_folder(out, DRAFT)
    (tmp_path / "inputs").mkdir()
    with pytest.raises(LifeclusterError):
        build(Request(region=load_region("midlands"), inputs=tmp_path / "inputs", out=out, at=AS_OF))
    assert not draft.exists()
