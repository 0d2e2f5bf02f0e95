"""Processes that die and processes at the same time, on real databases: SQLite in a file, or PostgreSQL."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, connections

from lifecluster.web.directory import actions, reads, values
from lifecluster.web.directory.exclusive import BusyError
from lifecluster.web.directory.logbook import DatabaseLog
from lifecluster.web.directory.models import ROWS, LogRow, Package, State
from lifecluster.web.directory.search import Query, results
from lifecluster.web.directory.search import index as kept
from lifecluster.web.directory.viewer import ANYBODY, OPERATOR
from lifecluster.web.settings import environment
from tests.web import conftest as web
from tests.web.directory import making
from tests.web.directory.conftest import NOW, load
from tests.web.directory.making import org, said

ROOT = Path(__file__).resolve().parents[3]
Run = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Run]:
    """Starts child processes on a database of their own, which this process also looks at; empty tables at first."""
    if web.NO_SERVER:
        pytest.skip(web.NO_SERVER)
    settings = connections.settings["default"]
    before = dict(settings)
    home = tmp_path / "home"
    home.mkdir()
    env = {**os.environ, "LIFECLUSTER_HOME": str(home), "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    name = f"lifecluster_test_{os.getpid()}_{secrets.token_hex(4)}"
    connection.close()
    if connection.vendor == "postgresql":
        _server(f"CREATE DATABASE {name}", os.environ["DATABASE_URL"])
        env["DATABASE_URL"] = _with_name(os.environ["DATABASE_URL"], name)
        settings.update(environment.postgresql(env["DATABASE_URL"]))
    else:
        settings.update(environment.sqlite(home / "web.sqlite3"))
    connection.settings_dict.update(settings)
    children: list[subprocess.Popen[str]] = []

    def start(*arguments: str, module: str = "tests.web.directory.child") -> subprocess.Popen[str]:
        command = [sys.executable, "-m", module, *arguments]
        children.append(
            subprocess.Popen(command, env=env, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        )
        return children[-1]

    call_command("migrate", verbosity=0)
    yield start
    for child in children:
        child.kill()
        child.communicate()
    connection.close()
    if connection.vendor == "postgresql":
        _server(f"DROP DATABASE {name} WITH (FORCE)", os.environ["DATABASE_URL"])
    settings.clear()
    settings.update(before)
    connection.settings_dict.clear()
    connection.settings_dict.update(before)
    kept._kept.clear()
    values._Files.key = ()


def _server(statement: str, url: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as server:
        server.execute(statement)  # type: ignore[call-overload]  # a name of ours in it


def _with_name(url: str, name: str) -> str:
    from urllib.parse import urlsplit

    return urlsplit(url)._replace(path=f"/{name}").geturl()


def ended(child: subprocess.Popen[str]) -> int:
    """Wait for a child; its errors are shown if it was not killed."""
    _, errors = child.communicate(timeout=120)
    if child.returncode not in {0, -signal.SIGKILL}:
        sys.stderr.write(errors)
    forgotten()
    return child.returncode


def forgotten() -> None:
    """Wait until PostgreSQL has noticed that a client is dead: it does so when it next writes to it, or reads."""
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    end = time.monotonic() + 30
    while connection.vendor == "postgresql" and time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(others)
            if not cursor.fetchone()[0]:
                return
        time.sleep(0.05)


def picture() -> tuple[object, ...]:
    """What people see."""
    package = reads.current()
    page = results(Query(ended=True), ANYBODY)
    return (
        package.name,
        page.uids(),
        [(f.name, [(v.value, v.count) for v in f.values]) for f in page.facets],
        [(s.property, s.text) for s in reads.organisation(org("alpha"), ANYBODY).values.subject(org("alpha"))],
        results(Query(q="moulds"), ANYBODY).uids(),
    )


@pytest.mark.parametrize("when", ["0", "5", "10", "accepting"])
def test_killed_while_loading_the_old_state_is_whole(run: Run, tmp_path: Path, when: str) -> None:
    load(making.small(tmp_path / "p").path)
    before = picture()
    new = making.small(tmp_path / "p", "small-2", without=org("beta"), extra=said(org("zeta"), {"name": "Zeta"})).path
    assert ended(run("load", str(new), when)) == -signal.SIGKILL
    assert picture() == before
    assert actions.clean_up() == 1
    assert picture() == before
    assert list(Package.objects.values_list("name", flat=True)) == ["small-1"]
    key = Package.objects.get().pk
    for model in ROWS:
        assert set(model._base_manager.values_list("package_id", flat=True)) <= {key}
    assert ended(run("load", str(new), "never")) == 0
    assert reads.current().name == "small-2"
    assert actions.roll_back(viewer=OPERATOR, at=NOW).name == "small-1"
    assert picture() == before
    DatabaseLog().verify()


def test_killed_right_after_accepting_the_new_state_is_whole(run: Run, tmp_path: Path) -> None:
    load(making.small(tmp_path / "p").path)
    new = making.small(tmp_path / "p", "small-2", without=org("beta")).path
    assert ended(run("load", str(new), "accepted")) == -signal.SIGKILL
    assert reads.current().name == "small-2"
    assert [e.action for e in DatabaseLog().entries()] == ["package.load", "package.load"]
    assert actions.clean_up() == 0
    assert actions.roll_back(viewer=OPERATOR, at=NOW).name == "small-1"


def test_one_loads_at_a_time_and_a_dead_one_is_not_in_the_way(run: Run, tmp_path: Path) -> None:
    path = making.small(tmp_path / "p").path
    holder = run("hold", "60")
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(BusyError, match="by somebody else"):
        load(path)
    with pytest.raises(BusyError):
        actions.clean_up()
    holder.kill()
    holder.wait()
    forgotten()
    assert load(path).state == State.CURRENT


def test_four_writers_lose_nothing_and_never_fail(run: Run) -> None:
    children = [run("append", f"w{i}", "40") for i in range(4)]
    assert [ended(child) for child in children] == [0, 0, 0, 0]
    entries = DatabaseLog().entries()
    assert len(entries) == 160
    assert DatabaseLog().verify(head=entries[-1].id) == 160
    for i in range(4):
        assert [e.subject for e in entries if e.actor == f"role:w{i}"] == [f"w{i}:{n}" for n in range(40)]


def test_writers_while_a_package_is_loaded(run: Run, tmp_path: Path) -> None:
    load(making.small(tmp_path / "p").path)
    new = making.small(tmp_path / "p", "small-2", extra=said(org("zeta"), {"name": "Zeta"})).path
    writers = [run("edit", org("alpha"), f"w{i}", "6") for i in range(3)]
    loader = run("load", str(new), "never")
    assert [ended(child) for child in (*writers, loader)] == [0, 0, 0, 0]
    assert reads.current().name == "small-2"
    entries = DatabaseLog().entries()
    assert len([e for e in entries if e.action == "edit.approve"]) == 18
    assert LogRow.objects.count() == DatabaseLog().verify() == 38
    last = [e for e in entries if e.action == "edit.approve"][-1]
    proposed = next(e for e in entries if e.id == last.refers_to)
    names = reads.values([org("alpha")], ANYBODY).of(org("alpha"), "trading_name")
    assert names is not None
    assert list(proposed.value or []) == [s.value for s in names.shown if s.edit]
