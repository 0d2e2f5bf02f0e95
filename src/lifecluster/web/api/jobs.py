"""What the interfaces have done again and again: answers that were kept for a day go, as they may tell of people."""

from __future__ import annotations

from datetime import datetime, timedelta

from lifecluster.web.shell.schedule import Job, register


def old_answers(at: datetime) -> str:
    """Remove answers that were kept for their Idempotency-Key for a day."""
    from lifecluster.web.api import once

    return f"{once.forget(at):,} answers removed"


def add() -> None:
    """Register it."""
    register(Job("old-answers", 65, "Remove answers kept for a day", timedelta(hours=1), old_answers))
