"""A list whose rows are being taken when the server is killed: the old state is whole, and it can be done again."""

from __future__ import annotations

import signal
from pathlib import Path

from lifecluster.web.accounts.models import AuditRow
from lifecluster.web.directory import reads
from lifecluster.web.directory.logbook import DatabaseLog
from lifecluster.web.directory.viewer import Viewer
from lifecluster.web.uploads import actions
from lifecluster.web.uploads.models import UploadRow
from tests.web.directory import making
from tests.web.directory.conftest import NOW, load
from tests.web.directory.making import org
from tests.web.directory.test_processes import Run, run
from tests.web.merges.dump import differences, dump
from tests.web.uploads.making import workbook
from tests.web.uploads.test_uploads import SITES

__all__ = ["run"]
DESK = Viewer(frozenset({"desk"}), actor="user:desk")


def test_killed_while_rows_are_taken_the_old_state_is_whole(run: Run, tmp_path: Path) -> None:
    load(making.small(tmp_path).path)
    made = actions.add_upload(content=workbook(SITES), name="our sites.xlsx", purpose="sites", organisation=org("alpha"),
                              person=None, viewer=DESK, at=NOW)  # fmt: skip
    before, entries, acts = dump(), len(DatabaseLog().entries()), AuditRow.objects.count()
    for when in ("proposed", "shown", "written"):
        child = run(made.key, when, module="tests.web.uploads.child")
        said = child.communicate()
        assert child.returncode == -signal.SIGKILL, (when, said)
        assert differences(before, dump()) == [], when
        assert (len(DatabaseLog().entries()), AuditRow.objects.count()) == (entries, acts), when
        assert not UploadRow.objects.exclude(entries=[]).exists(), when
    DatabaseLog().verify()
    assert run(made.key, "never", module="tests.web.uploads.child").communicate()[0] == "2 taken\n"
    assert len(reads.organisation(org("alpha"), None).sites) == 3
    assert UploadRow.objects.exclude(entries=[]).count() == 2
