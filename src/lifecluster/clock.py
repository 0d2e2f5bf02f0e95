"""The date is an input. Nothing in the library asks the machine what day it is; only the command line does, once."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime

from lifecluster.errors import LifeclusterError

VARIABLE = "LIFECLUSTER_AT"
"""Environment variable that sets the date (YYYY-MM-DD) of a run: same inputs and date, same bytes."""


def today() -> date:
    """The date for a command: `LIFECLUSTER_AT` if set, else the machine's (UTC). To be called by commands alone."""
    stated = os.environ.get(VARIABLE)
    if not stated:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(stated)
    except ValueError:
        raise LifeclusterError(f"{VARIABLE}={stated!r} is no date (YYYY-MM-DD)") from None


def now() -> str:
    """Moment of an entry in the log, ISO 8601 in UTC to the second; midnight of `LIFECLUSTER_AT` if that is set."""
    if os.environ.get(VARIABLE):
        return f"{today().isoformat()}T00:00:00+00:00"
    return datetime.now(UTC).isoformat(timespec="seconds")
