"""Claims follow a load, in the process that loads: all at once or not at all, and no page computes anything."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from lifecluster.web.directory import afterwards
from lifecluster.web.directory.models import Package
from lifecluster.web.figures import operate
from tests.web.directory import making
from tests.web.directory.conftest import load
from tests.web.directory.making import org
from tests.web.figures.child import CLAIMS, PAGES
from tests.web.figures.conftest import register

pytestmark = pytest.mark.one_database

ROOT = Path(__file__).resolve().parents[3]
SHOWN = "SELECT package, count(*) FROM figures_claimresult GROUP BY package"


def child(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "LIFECLUSTER_HOME": str(home), "LIFECLUSTER_AT": "2026-11-22", "LIFECLUSTER_MODE": "test",
           "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}  # fmt: skip
    env.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "tests.web.figures.child", *arguments]
    return subprocess.run(command, env=env, cwd=ROOT, text=True, capture_output=True, check=False, timeout=240)


def rows(home: Path, statement: str) -> list[tuple[object, ...]]:
    (database,) = home.glob("*.sqlite3")
    with sqlite3.connect(database) as connection:
        return connection.execute(statement).fetchall()


def test_killed_while_claims_are_written_what_was_there_is_whole(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = register(home / "packages")
    done = child(home, "load", str(first.path), "never")
    assert done.returncode == 0, done.stderr
    assert rows(home, SHOWN) == [("small-1", len(CLAIMS))]
    records = rows(home, "SELECT entry FROM figures_claimrecord")

    second = register(home / "packages", "small-2", without=org("beta"))
    assert child(home, "load", str(second.path), "writing").returncode == -signal.SIGKILL
    assert rows(home, "SELECT name FROM directory_package WHERE state = 'current'") == [("small-2",)]
    assert rows(home, SHOWN) == [("small-1", len(CLAIMS))]
    assert rows(home, "SELECT entry FROM figures_claimrecord") == records

    assert child(home, "ready").returncode == 0  # as the server starts
    assert rows(home, SHOWN) == [("small-1", len(CLAIMS)), ("small-2", len(CLAIMS))]
    kept = rows(home, "SELECT claim FROM figures_claimrecord")
    assert sorted(kept) == sorted([*((name,) for name in CLAIMS), ("businesses",)])  # the others say the same
    told = json.loads(child(home, "look").stdout)
    assert told == {"answers": dict.fromkeys(PAGES, 200), "heavy": []}


def test_a_package_whose_region_is_not_known_is_loaded_without_claims(database: None, tmp_path: Path) -> None:
    package = load(making.small(tmp_path).path)
    heard: list[str] = []
    afterwards.run(package, tmp_path, heard.append)
    assert any(line.startswith("claims were not computed: profile 'bench' names no authority") for line in heard)
    assert Package.objects.get(state="current").name == "small-1"


def test_files_that_are_not_there_are_named(small: Package, tmp_path: Path) -> None:
    heard: list[str] = []
    afterwards.run(small, tmp_path / "elsewhere", heard.append)
    assert all("the files of small-1 are not in elsewhere" in line for line in heard)
    assert [line.split(" were")[0] for line in heard] == [
        "claims",
        "link reviews",
        "results of the atlas",
    ]  # fmt: skip - what takes long is last


def test_late_steps_can_be_left_for_later(small: Package, tmp_path: Path) -> None:
    heard: dict[bool, list[str]] = {True: [], False: []}
    for late, lines in heard.items():
        afterwards.run(small, tmp_path / "elsewhere", lines.append, late=late)
    assert [line.split(" were")[0] for line in heard[False]] == ["claims", "link reviews"]
    assert [line.split(" were")[0] for line in heard[True]] == ["results of the atlas"]


def test_steps_have_names_of_their_own() -> None:
    afterwards.register("claims", operate.after_load)
    with pytest.raises(ValueError, match="there is already a step"):
        afterwards.register("claims", lambda *_: None)
