"""`load`, `rollback` and `serve` on a workspace of their own: each in a process, as a person runs them."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.web.directory import making

from .tiny import conforms

ROOT = Path(__file__).resolve().parents[2]


class Shop:
    """A workspace and the command line on it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.env = {
            **os.environ,
            "LIFECLUSTER_HOME": str(home),
            "PYTHONPATH": str(ROOT / "src"),
            "LIFECLUSTER_AT": "2026-11-22",
            "LIFECLUSTER_MODE": "test",  # without the front-end files, which are not needed here
        }
        self.env.pop("DJANGO_SETTINGS_MODULE", None)
        self.env.pop("DATABASE_URL", None)

    def command(self, *arguments: object) -> list[str]:
        return [sys.executable, "-m", "lifecluster.cli", *map(str, arguments)]

    def run(self, *arguments: object, said: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments), env=self.env, input=said, text=True, capture_output=True, check=False
        )


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    making.small(tmp_path / "home" / "packages")
    return Shop(tmp_path / "home")


def test_load_shows_what_would_change_and_asks(shop: Shop) -> None:
    refused = shop.run("load", said="n\n")
    assert refused.returncode == 1
    assert "small-1" in refused.stdout
    assert "Nothing was changed." in refused.stdout
    accepted = shop.run("load", said="y\n")
    assert accepted.returncode == 0, accepted.stderr
    assert "small-1 is shown" in accepted.stdout
    again = shop.run("load")
    assert again.returncode == 0
    assert " ".join(again.stdout.split()) == "small-1 is shown already."


def test_load_and_rollback_for_scripts(shop: Shop, tmp_path: Path) -> None:
    first = shop.run("load", "--yes", "--json")
    assert first.returncode == 0, first.stderr
    answer = json.loads(first.stdout)
    conforms(answer, "load")
    assert (answer["loaded"], answer["replaces"], answer["kinds"]["organisation"]["new"]) == (True, None, 5)
    other = making.small(tmp_path / "other", "small-2", without=making.org("beta")).path
    plain = shop.run("load", other, "--json")
    assert (plain.returncode, json.loads(plain.stdout)["loaded"]) == (1, False)
    second = shop.run("load", other, "--yes")
    assert second.returncode == 0, second.stderr
    assert "gone: Bêta Diagnostics Ltd" in second.stdout
    assert "small-1 is shown again" in shop.run("rollback").stdout
    last = shop.run("rollback")
    assert last.returncode == 1
    assert "no earlier package" in last.stderr


def test_a_damaged_package_is_refused_in_words(shop: Shop) -> None:
    package = shop.home / "packages" / "small-1" / "sites.parquet"
    package.write_bytes(package.read_bytes()[:-1])
    ran = shop.run("load", "--yes")
    assert ran.returncode == 1
    assert "sites.parquet is missing or not as it was written" in ran.stderr
    assert "Traceback" not in ran.stderr
    nowhere = shop.run("load", "nowhere", "--yes")
    assert (nowhere.returncode, "no package" in nowhere.stderr) == (1, True)


@pytest.fixture
def served(shop: Shop) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = shop.command("serve", "--port", port, "--workers", "1")
    server = subprocess.Popen(command, env=shop.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        family = psutil.Process(server.pid).children(recursive=True)
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=30)
        _, left = psutil.wait_procs(family, timeout=10)
        assert left == [], "what the server started ends with it"


def test_serve_loads_the_workspaces_package_and_answers(served: str) -> None:
    last: Exception | None = None
    for _ in range(120):
        try:
            with urllib.request.urlopen(served, timeout=5) as answer:
                page = answer.read().decode()
            break
        except (urllib.error.URLError, ConnectionError) as error:
            last = error
            time.sleep(0.5)
    else:
        raise AssertionError(last)
    assert answer.status == 200
    assert "small-1" in page


def test_packages_says_which_one_the_web_app_shows(shop: Shop, tmp_path: Path) -> None:
    before = shop.run("packages", "--json")
    conforms(json.loads(before.stdout), "packages")
    assert [row["shown"] for row in json.loads(before.stdout)] == [False]
    assert not (shop.home / "web.sqlite3").exists(), "asking makes no database"
    assert shop.run("load", "--yes").returncode == 0
    assert [row["shown"] for row in json.loads(shop.run("packages", "--json").stdout)] == [True]
    assert "current, shown" in shop.run("packages").stdout
    other = making.small(tmp_path / "other", "small-2").path
    elsewhere = shop.run("packages", "--in", other.parent)
    assert "the web app shows small-1, which is not in" in " ".join(elsewhere.stderr.split())


def test_a_database_that_cannot_be_read_is_said_and_packages_are_listed(shop: Shop) -> None:
    (shop.home / "web.sqlite3").write_bytes(b"no database at all" * 100)
    ran = shop.run("packages")
    assert ran.returncode == 0
    assert "small-1" in ran.stdout
    assert "cannot be read" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_the_other_commands_start_without_django(shop: Shop) -> None:
    code = "import sys, lifecluster.cli; sys.exit(any(name.split('.')[0] == 'django' for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], env=shop.env, check=False).returncode == 0
    code = ("import sys; sys.argv = ['lifecluster', 'packages']; from lifecluster.cli import main\n"
            "try: main()\nexcept SystemExit: pass\nsys.exit('django.db' in sys.modules)")  # fmt: skip
    assert subprocess.run([sys.executable, "-c", code], env=shop.env, check=False, capture_output=True).returncode == 0
