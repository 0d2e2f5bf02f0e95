"""Jobs run once a period, by one process, again after trouble, and once for all that was missed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.errors import LifeclusterError
from lifecluster.web.shell import schedule
from lifecluster.web.shell.models import JobRow
from lifecluster.web.shell.schedule import Job

pytestmark = pytest.mark.usefixtures("database")
AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[datetime]]:
    """When the one job of these tests ran."""
    monkeypatch.setattr(schedule._jobs, "_things", {})
    monkeypatch.setattr(schedule._jobs, "_ordered", None)
    found: list[datetime] = []

    def run(at: datetime) -> str:
        found.append(at)
        return f"{len(found)} times"

    schedule.register(Job("count", 1, "Count", HOUR, run))
    yield found
    schedule.remove("count")


def test_a_job_runs_once_a_period_whoever_asks_how_often(ran: list[datetime]) -> None:
    for minutes in (0, 1, 29):  # 09:30, 09:31, 09:59
        schedule.run_due(AT + timedelta(minutes=minutes))
    assert ran == [AT]
    assert schedule.run_due(AT + timedelta(minutes=30)) == ["count"]  # 10:00: the next hour has begun
    (one,) = schedule.listed()
    assert one.row is not None
    assert (one.row.told, one.row.due_at) == ("2 times", AT + timedelta(minutes=90))


def test_periods_that_were_missed_are_made_up_for_once(ran: list[datetime]) -> None:
    schedule.run_due(AT)
    week = AT + timedelta(days=7)
    schedule.run_due(week)
    schedule.run_due(week)
    assert ran == [AT, week]


def test_a_job_that_fails_is_told_and_tried_again(ran: list[datetime]) -> None:
    def fails(at: datetime) -> None:
        raise OSError("the disk is full")

    schedule.register(Job("broken", 0, "Fail", HOUR, fails))
    assert schedule.run_due(AT) == ["broken", "count"]  # it holds nobody else up
    row = JobRow.objects.get(name="broken")
    assert (row.tries, row.trouble, row.ran_at) == (1, "OSError: the disk is full", None)
    assert row.due_at == AT + timedelta(minutes=1)
    schedule.run_due(AT + timedelta(minutes=1))
    assert JobRow.objects.get(name="broken").due_at == AT + timedelta(minutes=3)
    schedule.remove("broken")
    schedule.register(Job("broken", 0, "Mended", HOUR, lambda at: None))
    schedule.run_due(AT + timedelta(minutes=3))
    row.refresh_from_db()
    assert (row.tries, row.trouble, row.ran_at) == (0, "", AT + timedelta(minutes=3))


def test_what_somebody_runs_nobody_else_takes_until_the_lease_is_over(ran: list[datetime]) -> None:
    nested: list[list[str]] = []

    def slow(at: datetime) -> None:
        nested.append(schedule.run_due(at + timedelta(minutes=5)))  # another process, meanwhile
        with pytest.raises(LifeclusterError, match="somebody else"):
            schedule.run_now("slow", at + timedelta(minutes=6))

    schedule.register(Job("slow", 0, "Slow", HOUR, slow))
    schedule.run_due(AT)
    assert nested == [["count"]]
    schedule.remove("slow")


def test_a_process_that_dies_leaves_the_job_to_the_next(ran: list[datetime]) -> None:
    schedule.run_due(AT)
    due = AT + HOUR
    JobRow.objects.filter(name="count").update(turn=7, taken_until=due + schedule.LEASE)  # and then the power goes
    assert schedule.run_due(due) == []
    assert schedule.run_due(due + schedule.LEASE) == ["count"]


def test_one_that_was_slower_than_its_lease_writes_over_nobody(ran: list[datetime]) -> None:
    def slow(at: datetime) -> str:
        JobRow.objects.filter(name="slow").update(turn=9, told="by the other")
        return "by me"

    schedule.register(Job("slow", 0, "Slow", HOUR, slow))
    schedule.run_due(AT)
    assert JobRow.objects.get(name="slow").told == "by the other"
    schedule.remove("slow")


def test_two_that_saw_the_same_row_run_it_once(ran: list[datetime]) -> None:
    schedule.run_due(AT)
    row, job = JobRow.objects.get(name="count"), schedule.jobs()[0]
    assert schedule._run(job, AT + HOUR, row)
    assert not schedule._run(job, AT + HOUR, row)
    assert len(ran) == 2


def test_a_job_can_be_run_by_name(ran: list[datetime]) -> None:
    assert schedule.run_now("count", AT) == "1 times"
    assert schedule.run_due(AT) == []  # that was this hour's
    assert schedule.run_now("count", AT) == "2 times"
    with pytest.raises(LifeclusterError, match="there are: count"):
        schedule.run_now("cuont", AT)
    schedule.remove("count")
    schedule.register(Job("count", 1, "Count", HOUR, lambda at: str(1 / 0)))
    with pytest.raises(LifeclusterError, match="division by zero"):
        schedule.run_now("count", AT)


def test_days_begin_in_the_morning_that_a_job_says(ran: list[datetime]) -> None:
    job = Job("digest", 1, "x", timedelta(days=7), lambda at: None, after=timedelta(hours=6))
    assert schedule.begin(job, AT) == datetime(2026, 11, 23, 6, tzinfo=UTC)  # a Monday
    assert schedule.begin(job, datetime(2026, 11, 23, 5, tzinfo=UTC)) == datetime(2026, 11, 16, 6, tzinfo=UTC)
    with pytest.raises(ValueError, match="within a period"):
        Job("digest", 1, "x", HOUR, lambda at: None, after=HOUR)


@given(st.integers(-(10**9), 10**9).map(lambda s: AT + timedelta(seconds=s)), st.integers(1, 10_000))
def test_a_moment_lies_in_its_period(at: datetime, minutes: int) -> None:
    job = Job("any", 1, "x", timedelta(minutes=minutes), lambda at: None)
    begun = schedule.begin(job, at)
    assert begun <= at < begun + job.every
    assert (begun - schedule.MIDNIGHT) % job.every == timedelta(0)


@given(st.integers(0, 10_000))
def test_waiting_doubles_and_ends(tries: int) -> None:
    assert timedelta(minutes=1) <= schedule.wait(tries) <= schedule.wait(tries + 1) <= schedule.LONGEST_WAIT


def test_what_was_promised_to_go_has_a_job(database: None) -> None:
    """The privacy page promises it of enquiries and invitations, pages of uploads of files, accounts of sessions and of mail."""
    jobs = {job.name: job for job in schedule.jobs()}
    for name in ("sessions", "old-mail", "old-enquiries", "old-uploads", "old-invitations"):
        assert jobs[name].every <= timedelta(days=1)
    assert jobs["old-enquiries"].run(AT) == "0 enquiries deleted"
    assert jobs["old-uploads"].run(AT) == "0 files deleted"
    assert jobs["old-answers"].run(AT) == "0 answers removed"
    assert jobs["old-invitations"].run(AT) == "0 addresses forgotten"
