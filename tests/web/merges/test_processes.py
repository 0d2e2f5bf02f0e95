"""A merge that is killed, and two people who merge at once, in processes of their own on a real database."""

from __future__ import annotations

import signal
from pathlib import Path

from lifecluster.web.directory import reads
from lifecluster.web.directory.logbook import DatabaseLog
from lifecluster.web.directory.models import Package
from lifecluster.web.merges import actions, drafts
from tests.web.directory import making
from tests.web.directory.conftest import NOW, load
from tests.web.directory.making import org
from tests.web.directory.test_processes import Run, run
from tests.web.merges.conftest import DESK
from tests.web.merges.dump import differences, dump

__all__ = ["run"]


def killed(run: Run, *act: str) -> None:
    """Killed in the middle, wherever that is, the old state is there whole; then it can be done."""
    before, entries = dump(), len(DatabaseLog().entries())
    for when in ("cleared", "written"):
        child = run(*act, when)
        said = child.communicate()
        assert child.returncode == -signal.SIGKILL, (when, said)
        assert differences(before, dump()) == [], when
        assert len(DatabaseLog().entries()) == entries, when
    assert run(*act, "never").communicate()[0] == "done\n"


def test_killed_in_the_middle_of_a_merge_or_its_undo(run: Run, tmp_path: Path) -> None:
    load(making.small(tmp_path).path)
    alone = dump()
    killed(run, "merge", org("epsilon"), org("alpha"))
    assert reads.resolve(org("epsilon"), None).uid == org("alpha")
    (act,) = drafts.acts(DatabaseLog().entries())
    killed(run, "undo", act.group)
    assert differences(alone, dump()) == []
    DatabaseLog().verify()


def test_of_two_at_once_one_is_told(run: Run, tmp_path: Path) -> None:
    load(making.small(tmp_path).path)
    looks = [actions.preview_merge(one=org(key), other=org("alpha"), viewer=DESK, at=NOW).digest
             for key in ("epsilon", "gamma")]  # fmt: skip
    children = [run("merge", org(key), org("alpha"), "never", look)
                for key, look in zip(("epsilon", "gamma"), looks, strict=True)]  # fmt: skip
    assert sorted(child.communicate()[0] for child in children) == ["StaleError\n", "done\n"]
    assert Package.objects.get().counts["organisation"] == 4
