"""What is done with link reviews again and again: what was judged is shown, which takes too long to be waited for."""

from __future__ import annotations

from datetime import datetime, timedelta

from lifecluster.web.directory.viewer import OPERATOR
from lifecluster.web.shell.schedule import Job, register

EVERY = timedelta(minutes=5)


def judged(at: datetime) -> str:
    """Show what was judged since the last time, in the register that is shown."""
    from lifecluster.web.links.actions import show_judged

    return "shown" if show_judged(viewer=OPERATOR, at=at) else "nothing new"


def add() -> None:
    """Register it."""
    register(Job("judged-links", 80, "Show what was judged in link reviews", EVERY, judged))
