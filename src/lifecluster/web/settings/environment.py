"""What the settings take from the machine: the workspace, the database, the secret key, the host names."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from lifecluster.workspace import Workspace

BUSY_SECONDS = 20
KEPT_SECONDS = 60
"""How long a thread keeps its connection: opening one costs as much as a third of a page."""
KEY_FILE = "secret-key"
SQLITE_START = (
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = NORMAL;"
    "PRAGMA cache_size = -16000;"
    "PRAGMA temp_store = MEMORY;"
    "PRAGMA mmap_size = 134217728;"
)  # fmt: skip


def sqlite(path: Path) -> dict[str, Any]:
    """A SQLite database that several workers may write: readers never wait, writers queue from their first statement.

    IMMEDIATE takes the write lock when a transaction begins; with the default, two transactions that read first and
    write later fail at once, whatever the timeout.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": KEPT_SECONDS,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": BUSY_SECONDS, "init_command": SQLITE_START},
    }


def postgresql(url: str) -> dict[str, Any]:
    """A PostgreSQL database from `postgres://user:password@host:port/name?option=value`."""
    parts = urlsplit(url)
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise ImproperlyConfigured("DATABASE_URL names no database: postgres://user:password@host:5432/name")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),  # ?host=/run/postgresql names a socket
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": KEPT_SECONDS,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def database(url: str | None, home: Path) -> dict[str, Any]:
    """Django's description of the database.

    Parameters: `url` the value of DATABASE_URL (`postgres://` or `postgresql://`), None for SQLite; `home` the
    workspace, where SQLite is kept. Raises ImproperlyConfigured for an address of another kind.
    """
    if not url:
        home.mkdir(parents=True, exist_ok=True)
        return sqlite(Workspace(home).database)
    if urlsplit(url).scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL begins with postgres:// (leave it unset for SQLite in the workspace)")
    return postgresql(url)


def secret_key(home: Path) -> str:
    """The key that signs cookies: `LIFECLUSTER_SECRET_KEY`, else a file in the workspace made on first use.

    The file is readable by its owner alone. Several workers may start at once: the first file linked into place wins
    and all read it. Raises ImproperlyConfigured if others can read it.
    """
    stated = os.environ.get("LIFECLUSTER_SECRET_KEY")
    if stated:
        return stated
    path = home / KEY_FILE
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        _write_once(path, secrets.token_urlsafe(64))
    if path.stat().st_mode & 0o077:
        raise ImproperlyConfigured(f"{path} can be read by others; run: chmod 600 {path}")
    return path.read_text("ascii").strip()


def _write_once(path: Path, text: str) -> None:
    """Write a whole private file, unless somebody else was first."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # mkstemp makes it 0600
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        Path(temporary).unlink()


def names(variable: str) -> list[str]:
    """A comma-separated environment variable as a list."""
    return [part.strip() for part in os.environ.get(variable, "").split(",") if part.strip()]
