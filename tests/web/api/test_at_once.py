"""Two processes at the same value, and with the same key, at the same moment, each with a connection of its own."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

from lifecluster.web.accounts import actions as people
from lifecluster.web.api.models import Answer
from lifecluster.web.directory.logbook import DatabaseLog
from lifecluster.web.directory.viewer import OPERATOR
from tests.web.accounts.conftest import AT, person
from tests.web.directory import making
from tests.web.directory.conftest import load
from tests.web.directory.making import org
from tests.web.directory.test_processes import Run, run
from tests.web.tokens import token

__all__ = ["run"]
CHILD = "tests.web.api.child"


def released(children: Sequence[subprocess.Popen[str]], go: Path) -> list[str]:
    """What each says that came of it, let go when all are ready."""
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n", child.communicate()[1]
    go.touch()
    return [child.communicate(timeout=60)[0].strip() for child in children]


def test_of_two_at_one_value_the_second_is_told_and_the_first_is_kept(run: Run, tmp_path: Path) -> None:
    load(making.small(tmp_path).path)
    go = tmp_path / "go"
    found = released([run("propose", str(go), org("alpha"), value, module=CHILD) for value in ("55", "56")], go)
    assert sorted(one.split()[0] for one in found) == ["proposed", "told"], found
    (kept,) = [entry for entry in DatabaseLog().entries() if entry.action == "edit.propose"]
    assert f"proposed {kept.value}" in found
    DatabaseLog().verify()


def test_of_two_with_one_key_the_second_waits_and_gets_the_same_answer(run: Run, tmp_path: Path) -> None:
    load(making.small(tmp_path).path)
    who = person("mary@example.org")
    people.join(person=who, organisation=org("alpha"), viewer=OPERATOR, at=AT, why="works there")
    go, mine = tmp_path / "go", token(who)
    found = released([run("send", str(go), mine, org("alpha"), module=CHILD) for _ in range(2)], go)
    first, second = sorted(map(json.loads, found), key=lambda one: one["again"])
    assert (first["status"], second["status"]) == (200, 200), found
    assert (first["again"], second["again"]) == (False, True)
    assert first["id"] == second["id"]
    assert len([entry for entry in DatabaseLog().entries() if entry.action == "edit.propose"]) == 1
    assert Answer.objects.count() == 1
