"""What members' rooms have done again and again: addresses of invitations that are over go."""

from __future__ import annotations

from datetime import datetime, timedelta

from lifecluster.web.directory.viewer import OPERATOR
from lifecluster.web.shell.schedule import Job, register


def old_invitations(at: datetime) -> str:
    """Forget to whom invitations went that are over since long."""
    from lifecluster.web.members.belonging import forget_addresses

    return f"{forget_addresses(viewer=OPERATOR, at=at):,} addresses forgotten"


def add() -> None:
    """Register it."""
    day, two = timedelta(days=1), timedelta(hours=2)
    title = "Forget addresses of invitations that are over"
    register(Job("old-invitations", 75, title, day, old_invitations, after=two))
