"""What is done with uploaded files again and again: they go after the days that were promised."""

from __future__ import annotations

from datetime import datetime, timedelta

from lifecluster.web.directory.viewer import OPERATOR
from lifecluster.web.shell.schedule import Job, register


def old_files(at: datetime) -> str:
    """Delete files that were kept long enough; what was taken of them stays."""
    from lifecluster.web.uploads.actions import forget_files

    return f"{forget_files(viewer=OPERATOR, at=at):,} files deleted"


def add() -> None:
    """Register it."""
    day, two = timedelta(days=1), timedelta(hours=2)
    register(Job("old-uploads", 70, "Delete uploaded files kept long enough", day, old_files, after=two))
