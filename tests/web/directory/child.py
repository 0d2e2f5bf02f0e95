"""What tests run in processes of their own, on the database that the environment names: `child ACTION ...`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import django

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def die() -> None:
    """End at once, as when the power goes."""
    os.kill(os.getpid(), signal.SIGKILL)


def load(path: str, when: str) -> None:
    """Load a package and die: at the n-th batch (a number), within the last transaction ("accepting"), right after it."""
    from lifecluster.web.directory import actions, bulk
    from lifecluster.web.directory.loading import accept
    from lifecluster.web.directory.viewer import OPERATOR

    if when.isdigit():
        left = iter(range(int(when)))

        def breathe() -> None:
            if next(left, None) is None:
                die()

        bulk.breathe = breathe
    elif when == "accepting":
        turn_to = accept.turn_to

        def turn_and_die(*args: object, **kwargs: object) -> None:
            turn_to(*args, **kwargs)  # type: ignore[arg-type]  # passed through
            die()

        accept.turn_to = turn_and_die
    elif when == "accepted":
        accept.forget = lambda *_: die()
    actions.load_package(path=Path(path), viewer=OPERATOR, at=NOW)


def append(name: str, count: str) -> None:
    """Append to the log, each entry only if the guard has counted it."""
    from lifecluster.register.entry import Draft
    from lifecluster.web.directory.logbook import DatabaseLog

    log = DatabaseLog()
    for i in range(int(count)):
        seen: list[int] = []
        draft = Draft(
            at=NOW.isoformat(), actor=f"role:{name}", action="edit.propose", subject=f"{name}:{i}", property="name"
        )
        entry = log.append(draft, guard=lambda entries, seen=seen: seen.append(len(entries)))
        assert entry.seq == seen[0] + 1


def edit(subject: str, name: str, count: str) -> None:
    """Propose and approve values one after the other."""
    from lifecluster.web.directory import actions
    from lifecluster.web.directory.viewer import Viewer

    desk = Viewer(frozenset({"desk"}), actor=f"user:{name}")
    for i in range(int(count)):
        proposed = actions.propose_edit(
            subject=subject, property="trading_name", value=[f"Name {name} {i}"], viewer=desk, at=NOW
        )
        actions.approve_edit(entry=proposed.id, viewer=desk, at=NOW)


def merge(one: str, other: str, when: str, expect: str = "") -> None:
    """Merge two organisations and die (`_judge`); or say what came of it."""
    from lifecluster.web.directory.viewer import Viewer
    from lifecluster.web.merges import actions

    desk = Viewer(frozenset({"desk"}), actor="user:child")
    _judge(
        when, lambda: actions.merge(one=one, other=other, viewer=desk, at=NOW, why="one firm", expect=expect or None)
    )


def undo(act: str, when: str) -> None:
    """Take a merge back and die (`_judge`); or say what came of it."""
    from lifecluster.web.directory.viewer import Viewer
    from lifecluster.web.merges import actions

    desk = Viewer(frozenset({"desk"}), actor="user:child")
    _judge(when, lambda: actions.undo(act=act, viewer=desk, at=NOW, why="a slip"))


def _judge(when: str, act: Callable[[], object]) -> None:
    """Do it, and die once the rows of the organisations are removed ("cleared"), or the new ones are written
    ("written")."""
    from lifecluster.errors import LifeclusterError
    from lifecluster.web.directory.loading.regroup import settle

    if when == "cleared":
        settle.overlay.write_back = lambda *_: die()
    elif when == "written":
        settle.recount = lambda *_: die()
    try:
        act()
    except LifeclusterError as error:
        sys.stdout.write(f"{type(error).__name__}\n")
    else:
        sys.stdout.write("done\n")


def hold(seconds: str) -> None:
    """Hold the lock of loading until killed, and say so."""
    import time

    from lifecluster.web.directory.exclusive import exclusive

    with exclusive("load", "busy"):
        sys.stdout.write("held\n")
        sys.stdout.flush()
        time.sleep(float(seconds))


if __name__ == "__main__":
    django.setup()
    {"load": load, "append": append, "edit": edit, "merge": merge, "undo": undo, "hold": hold}[sys.argv[1]](
        *sys.argv[2:]
    )
