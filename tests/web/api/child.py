"""What tests run in processes of their own, at the same moment: wait for a file, then act and say what came of it."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import django

from tests.web.directory.child import NOW

HELD = 0.3
"""Seconds that an act takes in these processes, so that the other one comes while it is not done."""


def wait(go: str) -> None:
    """Say that this process is ready, and return when the file is there."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while not Path(go).exists():
        time.sleep(0.01)


def propose(go: str, subject: str, value: str) -> None:
    """Propose a number of employees, as somebody who saw that nobody had proposed one."""
    from lifecluster.web.directory import actions
    from lifecluster.web.directory.viewer import Viewer

    mine = Viewer(frozenset({"member"}), frozenset({subject}), actor=f"user:{value}")
    wait(go)
    try:
        actions.propose_edit(subject=subject, property="employees", value=int(value), viewer=mine, at=NOW, seen="")
    except actions.MeanwhileError:
        sys.stdout.write("told\n")
    else:
        sys.stdout.write(f"proposed {value}\n")


def send(go: str, token: str, subject: str) -> None:
    """Propose a value by the API under a key that another process uses too."""
    from lifecluster.web.members import actions
    from tests.web.tokens import Program

    usual = actions.propose

    def slow(**said: Any) -> Any:
        made = usual(**said)
        time.sleep(HELD)
        return made

    actions.propose = slow
    program = Program(token)
    wait(go)
    answer = program.post("/edits", {"subject": subject, "property": "employees", "value": 41}, Idempotency_Key="one")
    said = {"status": answer.status_code, "id": answer.json().get("id"), "again": "Idempotency-Replayed" in answer}
    sys.stdout.write(json.dumps(said) + "\n")


if __name__ == "__main__":
    django.setup()
    {"propose": propose, "send": send}[sys.argv[1]](*sys.argv[2:])
