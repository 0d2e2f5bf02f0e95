"""Jobs that are done again and again: rooms register them, a worker beside the server runs what is due.

    schedule.register(schedule.Job("sessions", 10, "Remove sessions that are over", timedelta(days=1), run))

Each runs at most once in a period, whatever the number of processes: who runs it takes it first, by an update that
only one can make. A period that was missed, because nothing ran here, is made up for once. A job that fails is tried
again later and its trouble kept. A process that dies while it runs one leaves it to the next, after the lease; what a
job changes must therefore stand or fall in transactions of its own.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from lifecluster.errors import LifeclusterError
from lifecluster.web.shell.models import JobRow
from lifecluster.web.shell.registry import Registry

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=30)
"""How long somebody may take for a job before another takes it."""
LONGEST_WAIT = timedelta(hours=6)
MIDNIGHT = datetime(2024, 1, 1, tzinfo=UTC)
"""A Monday: periods are counted from here, so that weeks begin on Mondays and days at midnight (UTC)."""
TROUBLE = 500
"""Characters of what went wrong that are kept."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job: `title` in words; `every` the length of its period; `run(at)` does it, and may say in a line what came of
    it; `after` how far into a period it is done (a digest at six in the morning)."""

    name: str
    order: int
    title: str
    every: timedelta
    run: Callable[[datetime], str | None]
    after: timedelta = timedelta(0)

    def __post_init__(self) -> None:
        if not timedelta(0) <= self.after < self.every:
            raise ValueError(f"{self.name}: `after` lies within a period")


@dataclass(frozen=True, slots=True)
class Listed:
    """A job with its row: None where it was never due."""

    job: Job
    row: JobRow | None


_jobs: Registry[Job] = Registry("job")
register = _jobs.register
remove = _jobs.remove
jobs = _jobs.all


def begin(job: Job, at: datetime) -> datetime:
    """When the period began that `at` lies in."""
    first = MIDNIGHT + job.after
    return first + (at - first) // job.every * job.every


def wait(tries: int) -> timedelta:
    """How long after so many failures the next try is made: a minute, then twice as long each time, at most six
    hours."""
    return min(timedelta(minutes=2.0 ** min(max(tries - 1, 0), 20)), LONGEST_WAIT)


def run_due(at: datetime) -> list[str]:
    """Run every job that is due at a moment, in order; returns their names, those that failed too. Raises nothing on
    account of a job."""
    found = jobs()
    known = set(JobRow.objects.values_list("name", flat=True))
    new = [JobRow(name=job.name, due_at=begin(job, at)) for job in found if job.name not in known]
    if new:
        JobRow.objects.bulk_create(new, ignore_conflicts=True)
    due = {row.name: row for row in JobRow.objects.filter(due_at__lte=at)}
    return [job.name for job in found if job.name in due and _run(job, at, due[job.name])]


def run_now(name: str, at: datetime) -> str:
    """Run a job at once, due or not; what it said. It is then not run again in this period.

    Raises LifeclusterError for a job that there is not, one that somebody is running, and one that fails.
    """
    job = next((one for one in jobs() if one.name == name), None)
    if job is None:
        raise LifeclusterError(f"there is no job {name!r}; there are: {', '.join(one.name for one in jobs())}")
    row, _ = JobRow.objects.get_or_create(name=name, defaults={"due_at": at})
    if not _run(job, at, row):
        raise LifeclusterError(f"somebody else is just running the job {name!r}")
    row.refresh_from_db()
    if row.trouble:
        raise LifeclusterError(f"{name}: {row.trouble}")
    return row.told


def listed() -> list[Listed]:
    """All jobs with when they ran and are due."""
    rows = {row.name: row for row in JobRow.objects.all()}
    return [Listed(job, rows.get(job.name)) for job in jobs()]


def _run(job: Job, at: datetime, row: JobRow) -> bool:
    """Take a job as it was seen, run it, and write what became of it. False if somebody else was first."""
    if row.taken_until is not None and row.taken_until > at:
        return False
    mine = row.turn + 1
    if not JobRow.objects.filter(name=job.name, turn=row.turn).update(turn=mine, taken_until=at + LEASE):
        return False
    said: dict[str, Any]
    try:
        told = job.run(at)
    except Exception as error:  # whatever it was: the other jobs go on, and this one is tried again
        log.exception("job %s", job.name)
        tries = row.tries + 1
        said = {"due_at": at + wait(tries), "tries": tries, "trouble": f"{type(error).__name__}: {error}"[:TROUBLE]}
    else:
        said = {"due_at": begin(job, at) + job.every, "tries": 0, "trouble": "", "ran_at": at, "told": told or ""}
    # Only as long as it is still ours: whoever took it after the lease writes what became of it.
    JobRow.objects.filter(name=job.name, turn=mine).update(taken_until=None, **said)
    return True
