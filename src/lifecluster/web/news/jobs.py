"""What is done for news again and again: bulletins go out."""

from __future__ import annotations

from datetime import datetime, timedelta

from lifecluster.web.shell.schedule import Job, register


def bulletins(at: datetime) -> str:
    """Write bulletins whose time has come to all who want them."""
    from lifecluster.web.news.bulletin import deliver

    return deliver.run(at)


def add() -> None:
    """Register them."""
    register(Job("bulletins", 50, "Send bulletins whose time has come", timedelta(minutes=1), bulletins))
