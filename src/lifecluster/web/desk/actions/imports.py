"""Failed imports: written down when they fail, marked when somebody has dealt with them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from lifecluster.errors import LifeclusterError
from lifecluster.web.desk.actions.common import heard, line
from lifecluster.web.desk.models import FailedImport
from lifecluster.web.desk.models.base import WORKS, hold, put
from lifecluster.web.directory.failures import Failure
from lifecluster.web.directory.viewer import OPERATOR, Viewer


def fail_import(failure: Failure, at: datetime) -> None:
    """Write a failure down; one that waits already is counted once more. Listens to `directory.failures`."""
    same = {"what": failure.what[:10], "file": failure.file[:200], "row": failure.row[:40], "field": failure.field[:60],
            "words": failure.words[:5_000], "dealt_at": None}  # fmt: skip
    with transaction.atomic():
        if FailedImport.objects.filter(**same).update(times=F("times") + 1, at=at):
            return
        made = FailedImport.objects.create(at=at, **same)
        heard("import.fail", f"import:{made.pk}", OPERATOR, at)


def deal_with_import(*, failed: int, viewer: Viewer, at: datetime, note: str = "", dealt: bool = True) -> FailedImport:
    """Say that a failed import was dealt with, and how; or (not `dealt`) that it was not after all.

    Raises PermissionDeniedError (`case.edit`), LifeclusterError if that was said before.
    """
    viewer.require(WORKS)
    words = line(note, "The note", most=300)
    with transaction.atomic():
        row: FailedImport = hold(FailedImport, failed)
        if (row.dealt_at is not None) == dealt:
            raise LifeclusterError("Somebody dealt with this already." if dealt else "Nobody dealt with this yet.")
        put(row, dealt_at=at if dealt else None, dealt_by=viewer.actor if dealt else "", note=words)
        heard("import.deal", f"import:{row.pk}", viewer, at, after={"dealt": dealt})
    return row
