"""Modes, the secret key, the database, and what starts."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.web import serve, settings
from lifecluster.web.settings import environment

pytestmark = pytest.mark.one_database

HEAVY = ("polars", "duckdb", "lightgbm", "sklearn", "scipy", "numpy", "pyarrow", "pandas", "altair", "shapely", "numba")


def run(*arguments: str, home: Path, mode: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A Python process in a mode, with a clean environment."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LIFECLUSTER", "DJANGO", "DATABASE"))}
    full = {**kept, "LIFECLUSTER_HOME": str(home), "LIFECLUSTER_MODE": mode, **variables}
    return subprocess.run([sys.executable, *arguments], env=full, capture_output=True, text=True, check=False)


def test_a_mode_that_is_none_lists_those_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(settings.VARIABLE, "staging")
    with pytest.raises(SystemExit, match="production: behind https"):
        settings.module()
    monkeypatch.setenv(settings.VARIABLE, "")
    assert settings.module() == "lifecluster.web.settings.local"


def test_the_key_is_made_once_and_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LIFECLUSTER_SECRET_KEY", raising=False)
    key = environment.secret_key(tmp_path / "new")
    path = tmp_path / "new" / environment.KEY_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(key) > 60
    assert environment.secret_key(tmp_path / "new") == key
    assert [p.name for p in path.parent.iterdir()] == [environment.KEY_FILE]


def test_workers_that_start_together_agree_on_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LIFECLUSTER_SECRET_KEY", raising=False)
    keys: list[str] = []
    barrier = threading.Barrier(8)

    def start() -> None:
        barrier.wait()
        keys.append(environment.secret_key(tmp_path))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(keys)) == 1


def test_a_key_that_others_can_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LIFECLUSTER_SECRET_KEY", raising=False)
    environment.secret_key(tmp_path)
    (tmp_path / environment.KEY_FILE).chmod(0o644)
    with pytest.raises(ImproperlyConfigured, match="chmod 600"):
        environment.secret_key(tmp_path)


def test_without_an_address_the_database_is_sqlite_in_the_workspace(tmp_path: Path) -> None:
    found = environment.database(None, tmp_path / "home")
    assert found["NAME"] == str(tmp_path / "home" / "web.sqlite3")
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    connection = sqlite3.connect(found["NAME"])
    connection.executescript(found["OPTIONS"]["init_command"])
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgres://u:p%40ss@db:5433/name", {"USER": "u", "PASSWORD": "p@ss", "HOST": "db", "PORT": "5433"}),
        ("postgresql:///name?host=/run/postgresql", {"HOST": "/run/postgresql", "PORT": "", "USER": ""}),
        ("postgres://db/name?sslmode=require", {"HOST": "db", "OPTIONS": {"sslmode": "require"}}),
    ],
)
def test_addresses_of_postgresql(url: str, expected: dict[str, object], tmp_path: Path) -> None:
    found = environment.database(url, tmp_path)
    assert found["NAME"] == "name"
    assert {key: found[key] for key in expected} == expected


@pytest.mark.parametrize("url", ["mysql://u@h/n", "postgres://host", "web.sqlite3"])
def test_other_addresses_are_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="postgres://"):
        environment.database(url, tmp_path)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1))
def test_any_password_survives_its_address(password: str) -> None:
    from urllib.parse import quote

    assert environment.postgresql(f"postgres://u:{quote(password, safe='')}@h/n")["PASSWORD"] == password


def test_the_web_app_starts_without_data_libraries(tmp_path: Path) -> None:
    code = (
        "import sys; import lifecluster.web.wsgi; from django.test import Client; "
        "from django.core.management import call_command; call_command('migrate', verbosity=0); "
        f"Client().get('/', HTTP_HOST='localhost'); print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    done = run("-c", code, home=tmp_path, mode="test")
    assert done.stdout.strip() == "[]", done.stderr


def test_deploy_check_is_clean_in_production(tmp_path: Path) -> None:
    command = ("-m", "lifecluster.web", "check", "--deploy", "--fail-level", "WARNING")
    modules = str(Path(__file__).parents[2] / "node_modules")
    variables = {"LIFECLUSTER_HOSTS": "cluster.example.org", "LIFECLUSTER_NODE_MODULES": modules}
    done = run(*command, home=tmp_path, mode="production", **variables)
    output = done.stdout + done.stderr
    assert "security." not in output
    assert done.returncode == 0 or "shell.W001" in output, output  # fonts may not be installed where only this runs


def test_in_production_cookies_go_over_https_alone(tmp_path: Path) -> None:
    code = (
        "from django.conf import settings as s; "
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.SESSION_COOKIE_NAME, "
        "s.ACCOUNT_DEFAULT_HTTP_PROTOCOL, s.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN)"
    )
    more = {"LIFECLUSTER_HOSTS": "cluster.example.org", "DJANGO_SETTINGS_MODULE": "lifecluster.web.settings.production"}
    done = run("-c", code, home=tmp_path, mode="production", **more)
    assert done.stdout.split() == ["True", "True", "True", "__Host-session", "https", "False"], done.stderr


@pytest.mark.parametrize("hosts", ["", "*"])
def test_production_needs_named_hosts(hosts: str, tmp_path: Path) -> None:
    done = run("-m", "lifecluster.web", "check", home=tmp_path, mode="production", LIFECLUSTER_HOSTS=hosts)
    assert done.returncode != 0
    assert "LIFECLUSTER_HOSTS must name" in done.stderr


def test_options_of_the_server() -> None:
    options = serve.parse(["--port", "9001", "--threads", "8"])
    assert (options.host, options.port, options.threads) == ("127.0.0.1", 9001, 8)
    assert options.gunicorn()["bind"] == "127.0.0.1:9001"
    assert options.gunicorn()["worker_class"] == "gthread"


def test_every_option_is_one_that_gunicorn_has() -> None:
    from gunicorn.config import Config

    assert serve.Options().gunicorn().keys() <= Config().settings.keys()
