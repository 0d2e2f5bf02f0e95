"""What the desk has done again and again: what enquirers told goes when it was promised to go."""

from __future__ import annotations

from datetime import datetime, timedelta

from lifecluster.web.shell.schedule import Job, register


def old_enquiries(at: datetime) -> str:
    """Delete what enquirers told, long after their cases were closed."""
    from lifecluster.web.desk.actions.enquiries import forget_old

    return f"{forget_old(at=at):,} enquiries deleted"


def add() -> None:
    """Register it."""
    day, two = timedelta(days=1), timedelta(hours=2)
    register(Job("old-enquiries", 60, "Delete enquiries closed long ago", day, old_enquiries, after=two))
