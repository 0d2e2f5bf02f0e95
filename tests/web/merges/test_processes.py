"""A merge that is killed, and two people who merge at once, in processes of their own on a real database."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from lifecluster.web.directory import reads
from lifecluster.web.directory.logbook import DatabaseLog
from lifecluster.web.directory.models import Package
from lifecluster.web.merges import actions
from tests.web.directory import making
from tests.web.directory.conftest import NOW, load
from tests.web.directory.making import org
from tests.web.directory.test_processes import Run, run
from tests.web.merges.conftest import DESK
from tests.web.merges.dump import differences, dump

__all__ = ["run"]


@pytest.mark.parametrize("when", ["cleared", "written"])
def test_killed_in_the_middle_the_old_state_is_there_whole(run: Run, tmp_path: Path, when: str) -> None:
    load(making.small(tmp_path).path)
    before, entries = dump(), len(DatabaseLog().entries())
    child = run("merge", org("epsilon"), org("alpha"), when)
    said = child.communicate()
    assert child.returncode == -signal.SIGKILL, said
    assert differences(before, dump()) == []
    assert len(DatabaseLog().entries()) == entries
    child = run("merge", org("epsilon"), org("alpha"), "never")
    assert child.communicate()[0] == "merged\n"
    assert reads.resolve(org("epsilon"), None).uid == org("alpha")


def test_of_two_at_once_one_is_told(run: Run, tmp_path: Path) -> None:
    load(making.small(tmp_path).path)
    looks = [actions.preview_merge(one=org(key), other=org("alpha"), viewer=DESK, at=NOW).digest
             for key in ("epsilon", "gamma")]  # fmt: skip
    children = [run("merge", org(key), org("alpha"), "never", look)
                for key, look in zip(("epsilon", "gamma"), looks, strict=True)]  # fmt: skip
    assert sorted(child.communicate()[0] for child in children) == ["StaleError\n", "merged\n"]
    assert Package.objects.get().counts["organisation"] == 4
