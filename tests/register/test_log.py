import multiprocessing
import os
import threading
import warnings
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifecluster.register.entry import START, Draft, Entry, EntryError, LogDamagedError
from lifecluster.register.log import FileLog, Log, MemoryLog, TornLineWarning

AT = "2026-01-31T09:30:00+00:00"


def draft(subject: str = "list:1") -> Draft:
    return Draft(at=AT, actor="role:desk", action="edit.propose", subject=subject, property="name", value="é\u2028\r\n")


@pytest.fixture(params=["memory", "file"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Log:
    return MemoryLog() if request.param == "memory" else FileLog(tmp_path / "new" / "log.jsonl")


def test_appending_and_reading(log: Log) -> None:
    assert list(log.entries()) == []
    assert log.head() == START
    written = [log.append(draft(f"list:{i}")) for i in range(5)]
    assert list(log.entries()) == written
    assert list(log.entries(after=3)) == written[3:]
    assert [e.seq for e in written] == [1, 2, 3, 4, 5]
    assert log.head() == written[-1].id


def test_a_guard_sees_the_log_and_can_refuse(log: Log) -> None:
    first = log.append(draft())
    seen: list[Sequence[Entry]] = []

    def guard(entries: Sequence[Entry]) -> None:
        seen.append(list(entries))
        raise EntryError("no")

    with pytest.raises(EntryError, match="no"):
        log.append(draft(), guard=guard)
    assert seen == [[first]]
    assert list(log.entries()) == [first]


def test_what_is_not_declared_is_refused(log: Log) -> None:
    with pytest.raises(EntryError):
        log.append(Draft(at=AT, actor="x", action="made.up"))
    assert list(log.entries()) == []


def test_both_homes_write_the_same(tmp_path: Path) -> None:
    memory, file = MemoryLog(), FileLog(tmp_path / "log.jsonl")
    for i in range(3):
        assert memory.append(draft(f"x:{i}")) == file.append(draft(f"x:{i}"))


def test_a_second_reader_follows(tmp_path: Path) -> None:
    writer, reader = FileLog(tmp_path / "log.jsonl"), FileLog(tmp_path / "log.jsonl")
    for i in range(4):
        writer.append(draft(f"x:{i}"))
        assert len(reader.entries()) == i + 1
    reader.append(draft("x:9"))
    assert [e.subject for e in writer.entries()] == ["x:0", "x:1", "x:2", "x:3", "x:9"]
    assert writer.verify(head=writer.head()) == 5


def filled(path: Path, count: int = 3) -> FileLog:
    log = FileLog(path)
    for i in range(count):
        log.append(draft(f"x:{i}"))
    return log


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.integers(1, 400))
def test_a_torn_last_line_is_kept_aside_and_older_entries_stay(tmp_path: Path, kept: int) -> None:
    path = tmp_path / f"{kept}-{os.urandom(4).hex()}.jsonl"
    log = filled(path)
    before = list(log.entries())
    other = MemoryLog()
    for i in range(4):
        other.append(draft(f"x:{i}"))
    torn = other.entries()[3].to_json().encode()[:kept]
    with path.open("ab") as handle:
        handle.write(torn)

    fresh = FileLog(path)
    with pytest.warns(TornLineWarning):
        assert list(fresh.entries()) == before
    with pytest.warns(TornLineWarning):
        new = fresh.append(draft("x:after"))
    assert fresh.torn_path.read_bytes() == torn + b"\n"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert list(FileLog(path).entries()) == [*before, new]
    assert log.verify() == 4


def test_a_torn_line_with_its_end_but_not_its_middle(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    log = filled(path)
    with path.open("ab") as handle:
        handle.write(b"\0" * 40 + b'desk"}\n')
    with pytest.warns(TornLineWarning):
        log.append(draft("x:after"))
    assert log.torn_path.read_bytes() == b"\0" * 40 + b'desk"}\n'
    assert log.verify() == 4


def test_two_crashes_keep_both_torn_lines(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    log = filled(path)
    for torn in (b'{"first', b'{"second'):
        with path.open("ab") as handle:
            handle.write(torn)
        with pytest.warns(TornLineWarning):
            log.append(draft())
    assert log.torn_path.read_bytes() == b'{"first\n{"second\n'


def test_a_changed_entry_is_seen_and_nothing_is_added_after_it(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    filled(path)
    path.write_bytes(path.read_bytes().replace(b"x:1", b"x:7"))
    before = path.read_bytes()
    with pytest.raises(LogDamagedError, match="changed"):
        FileLog(path).entries()
    with pytest.raises(LogDamagedError, match="changed"):
        FileLog(path).append(draft())
    assert path.read_bytes() == before


def test_the_last_entry_changed_is_damage_not_a_torn_line(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    filled(path)
    path.write_bytes(path.read_bytes()[:-20] + b"rubbish\n")
    with pytest.raises(LogDamagedError, match="cut or changed"):
        FileLog(path).append(draft())


@pytest.mark.parametrize("line", [0, 1])
def test_a_removed_line_is_seen(tmp_path: Path, line: int) -> None:
    path = tmp_path / "log.jsonl"
    filled(path)
    lines = path.read_bytes().splitlines(keepends=True)
    del lines[line]
    path.write_bytes(b"".join(lines))
    with pytest.raises(LogDamagedError):
        FileLog(path).entries()


def test_a_rubbish_line_in_the_middle_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    filled(path)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + b"rubbish\n" + lines[1] + lines[2])
    with pytest.raises(LogDamagedError, match="line 2"):
        FileLog(path).entries()


@pytest.mark.parametrize("keep", [0, 1, 2])
def test_a_cut_at_a_line_end_is_seen_by_the_head(tmp_path: Path, keep: int) -> None:
    path = tmp_path / "log.jsonl"
    log = filled(path)
    head = log.head()
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:keep]))
    with pytest.raises(LogDamagedError, match="cut"):
        log.entries()
    with pytest.raises(LogDamagedError, match="cut"):
        FileLog(path).entries()
    (tmp_path / "log.jsonl.head").unlink()
    assert len(FileLog(path).entries()) == keep
    with pytest.raises(LogDamagedError, match="cut"):
        FileLog(path).verify(head=head)


def test_a_log_that_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    log = filled(path)
    path.unlink()
    for one in (log, FileLog(path)):
        with pytest.raises(LogDamagedError):
            one.entries()


@pytest.mark.parametrize("text", ["", "garbage", "2"])
def test_a_head_lost_in_a_crash_or_behind_does_no_harm(tmp_path: Path, text: str) -> None:
    path = tmp_path / "log.jsonl"
    first = filled(path).entries()[0]
    (tmp_path / "log.jsonl.head").write_text(text if text != "2" else f"1 {first.id}\n")
    assert len(FileLog(path).entries()) == 3
    FileLog(path).append(draft())
    assert (tmp_path / "log.jsonl.head").read_text().startswith("4 ")


def test_a_full_disk_leaves_the_log_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "log.jsonl"
    log = filled(path)
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            log.append(draft())
    assert path.read_bytes() == before
    log.append(draft("x:after"))
    assert log.verify() == 4


def test_reading_needs_no_right_to_write(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    filled(path)
    with path.open("ab") as handle:
        handle.write(b'{"torn')
    path.chmod(0o444)
    content = path.read_bytes()
    with pytest.warns(TornLineWarning):
        assert len(FileLog(path).entries()) == 3
    assert path.read_bytes() == content


def _append_many(path: Path, name: str, count: int) -> None:
    log = FileLog(path)
    for i in range(count):
        log.append(draft(f"{name}:{i}"))


def test_two_processes_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_append_many, args=(path, name, 100)) for name in ("a", "b")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        assert worker.exitcode == 0
    subjects = [e.subject for e in FileLog(path).entries()]
    assert len(subjects) == 200
    for name in ("a", "b"):
        assert [s for s in subjects if s and s.startswith(name)] == [f"{name}:{i}" for i in range(100)]
    assert FileLog(path).verify() == 200


def _append_until_killed(path: Path, started: "multiprocessing.synchronize.Event") -> None:
    log = FileLog(path)
    while True:
        log.append(draft("k:1"))
        started.set()


def test_a_killed_writer_leaves_a_good_log(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    context = multiprocessing.get_context("spawn")
    for _ in range(3):
        started = context.Event()
        worker = context.Process(target=_append_until_killed, args=(path, started))
        worker.start()
        assert started.wait(30)
        worker.kill()
        worker.join()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", TornLineWarning)
            count = len(FileLog(path).entries())
            assert FileLog(path).append(draft()).seq == count + 1
    FileLog(path).verify()


def test_threads_on_one_log(tmp_path: Path) -> None:
    log = FileLog(tmp_path / "log.jsonl")
    threads = [threading.Thread(target=lambda: [log.append(draft()) for _ in range(25)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert log.verify() == 100
    assert len(log.entries()) == 100
