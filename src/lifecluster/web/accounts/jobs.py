"""What is done for people again and again: digests are written, sessions that are over and old mail go."""

from __future__ import annotations

from datetime import datetime, timedelta

from lifecluster.web.shell.schedule import Job, register


def sessions(at: datetime) -> None:
    """Remove sessions that are over. (Django looks at its own clock: a session ends by that.)"""
    from django.core.management import call_command

    call_command("clearsessions")


def old_mail(at: datetime) -> str:
    """Remove messages that were sent, or refused for good, long ago."""
    from lifecluster.web.accounts import outbox

    return f"{outbox.forget(at=at):,} old messages removed"


def daily(at: datetime) -> str:
    """Write the daily digests."""
    from lifecluster.web.accounts import digest
    from lifecluster.web.accounts.models import How

    return digest.send(How.DAY, at)


def weekly(at: datetime) -> str:
    """Write the weekly digests."""
    from lifecluster.web.accounts import digest
    from lifecluster.web.accounts.models import How

    return digest.send(How.WEEK, at)


def add() -> None:
    """Register them."""
    day = timedelta(days=1)
    register(Job("sessions", 10, "Remove sessions that are over", day, sessions, after=timedelta(hours=2)))
    register(Job("old-mail", 20, "Remove mail that went long ago", day, old_mail, after=timedelta(hours=2)))
    six = timedelta(hours=6)
    register(Job("digest-daily", 30, "Write the daily digests", day, daily, after=six))
    register(Job("digest-weekly", 40, "Write the weekly digests", timedelta(days=7), weekly, after=six))
