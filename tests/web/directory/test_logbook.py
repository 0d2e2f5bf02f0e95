"""The log in the database holds what every home of the log promises: the library's own tests, on this home."""

import dataclasses

import pytest
from django.db import transaction

from lifecluster.errors import LifeclusterError
from lifecluster.register.entry import Draft, EntryError, LogDamagedError
from lifecluster.register.judgement import ContradictionError, Judgements, judge, retract
from lifecluster.register.log import FileLog, MemoryLog
from lifecluster.web.directory.logbook import DatabaseLog
from lifecluster.web.directory.models import LogRow
from tests.register.test_log import (
    AT,
    draft,
    test_a_guard_sees_the_log_and_can_refuse,
    test_appending_and_reading,
    test_what_is_not_declared_is_refused,
)

__all__ = [
    "test_a_guard_sees_the_log_and_can_refuse",
    "test_appending_and_reading",
    "test_what_is_not_declared_is_refused",
]


@pytest.fixture
def log(database: None) -> DatabaseLog:
    return DatabaseLog()


def test_all_homes_write_the_same(log: DatabaseLog, tmp_path) -> None:
    memory, file = MemoryLog(), FileLog(tmp_path / "log.jsonl")
    for i in range(3):
        entry = log.append(draft(f"x:{i}"))
        assert entry == memory.append(draft(f"x:{i}")) == file.append(draft(f"x:{i}"))
    assert list(log.entries()) == list(file.entries())


def test_judgements_work_on_it(log: DatabaseLog) -> None:
    same = judge(log, "same", "a:1", "b:1", actor="role:desk", why="", at=AT)
    judge(log, "same", "b:1", "c:1", actor="role:desk", why="", at=AT)
    with pytest.raises(ContradictionError):
        judge(log, "different", "a:1", "c:1", actor="role:desk", why="", at=AT)
    retract(log, same.id, actor="role:desk", why="slip", at=AT)
    judge(log, "different", "a:1", "c:1", actor="role:desk", why="", at=AT)
    assert len(Judgements(log.entries()).live) == 2


def test_a_second_reader_follows(log: DatabaseLog) -> None:
    other = DatabaseLog()
    for i in range(3):
        log.append(draft(f"x:{i}"))
        assert len(other.entries()) == i + 1


def test_an_entry_falls_with_the_change_it_belongs_to(log: DatabaseLog) -> None:
    log.append(draft("x:0"))
    with pytest.raises(RuntimeError), transaction.atomic():
        log.append(draft("x:1"))
        assert len(log.entries()) == 2
        raise RuntimeError
    assert [e.subject for e in log.entries()] == ["x:0"]
    assert log.append(draft("x:2")).seq == 2


@pytest.mark.parametrize("harm", ["change", "remove", "cut"])
def test_tampering_is_seen(log: DatabaseLog, harm: str) -> None:
    entries = [log.append(draft(f"x:{i}")) for i in range(4)]
    log._known = list(log.entries())  # as outside a transaction, where what was read is remembered
    rows = LogRow._base_manager
    if harm == "change":
        forged = dataclasses.replace(entries[1], why="forged")
        rows.filter(seq=2).update(body=forged.to_json())
        with pytest.raises(LogDamagedError, match="changed"):
            DatabaseLog().entries()
    elif harm == "remove":
        rows.filter(seq=2)._raw_delete("default")
        with pytest.raises(LogDamagedError, match="missing"):
            DatabaseLog().entries()
    else:
        rows.filter(seq=4)._raw_delete("default")
        with pytest.raises(LogDamagedError, match="cut or changed"):
            log.entries()
        with pytest.raises(LogDamagedError, match="cut"):
            log.verify(head=entries[3].id)


def test_rows_are_only_added(log: DatabaseLog) -> None:
    log.append(draft("x:0"))
    row = LogRow.objects.get()
    with pytest.raises(LifeclusterError, match="only added to"):
        row.save()
    with pytest.raises(LifeclusterError, match="only added to"):
        row.delete()


def test_actions_of_the_web_app_are_declared(log: DatabaseLog) -> None:
    log.append(Draft(at=AT, actor="role:steward", action="package.load", subject="p"))
    with pytest.raises(EntryError, match="needs object"):
        log.append(Draft(at=AT, actor="role:steward", action="package.roll_back", subject="p"))
