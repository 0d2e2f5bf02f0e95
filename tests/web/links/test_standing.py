"""Which pairs wait, kept up to date entry by entry, against the same found anew from the whole log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.register.entry import Draft, Entry
from lifecluster.register.judgement import KINDS, JudgementBook
from lifecluster.register.log import MemoryLog
from lifecluster.web.links.standing import Place, Standing, after, before

AT = "2026-11-22T10:00:00+00:00"
RECORDS = [f"list/organisation:{n}" for n in range(6)]
ENDS = [(one, other) for i, one in enumerate(RECORDS) for other in RECORDS[i + 1 :]]
PAIRS = tuple(
    Place(number, f"{number:016x}", one, other, 0.8, number % 4, "", one, "") for number, (one, other) in enumerate(ENDS)
)  # fmt: skip
STEP = st.tuples(st.sampled_from((*KINDS, "retract", "edit")), st.integers(0, len(ENDS) - 1))


def history(steps: Sequence[tuple[str, int]], book: JudgementBook, log: MemoryLog) -> None:
    """Write what may be written of random steps."""
    for kind, number in steps:
        try:
            if kind == "retract":
                live = sorted(book.view().live)
                if live:
                    book.retract(live[number % len(live)], actor="desk", why="no", at=AT)
            elif kind == "edit":
                log.append(Draft(at=AT, actor="desk", action="edit.propose", subject="x", property="name", value="y"))
            else:
                book.judge(kind, *ENDS[number], actor="desk", why="seen", at=AT)  # type: ignore[arg-type]  # one of KINDS
        except ValueError:
            continue
        except Exception as error:
            assert "Retract one of these" in str(error)


def from_scratch(entries: Sequence[Entry]) -> dict[str, str]:
    """The brute-force twin: everybody's component of "same" by flooding, then each pair by looking at all judgements."""
    gone = {entry.refers_to for entry in entries if entry.action == "judgement.retract"}
    live = [e for e in entries if e.action.removeprefix("judgement.") in KINDS and e.id not in gone]
    group = {record: {record} for record in RECORDS}
    for _ in RECORDS:
        for e in live:
            if e.action == "judgement.same":
                joined = group[str(e.subject)] | group[str(e.object)]
                for record in joined:
                    group[record] = joined
    out = {}
    for pair in PAIRS:
        across = [e.action.removeprefix("judgement.") for e in live
                  if (e.subject in group[pair.record] and e.object in group[pair.target])
                  or (e.object in group[pair.record] and e.subject in group[pair.target])]  # fmt: skip
        direct = [e for e in live if {e.subject, e.object} == {pair.record, pair.target}]
        if pair.target in group[pair.record]:
            out[pair.key] = "same"
        elif "different" in across:
            out[pair.key] = "different"
        elif any(e.action == "judgement.unsure" for e in direct):
            out[pair.key] = "unsure"
    return out


@given(st.lists(STEP, max_size=30), st.integers(1, 5))
@settings(max_examples=150)
def test_the_queue_is_what_it_would_be_from_scratch(steps: list[tuple[str, int]], portion: int) -> None:
    log = MemoryLog()
    history(steps, JudgementBook(log), log)
    entries, standing = log.entries(), Standing(PAIRS, {}, ())
    for start in range(0, len(entries), portion):
        standing.advance(entries[start : start + portion])
        so_far = entries[: start + portion]
        assert standing.verdicts == from_scratch(so_far)
        whole = Standing(PAIRS, {}, ())
        whole.advance(so_far)
        assert standing.waiting(3) == whole.waiting(3)
    assert standing.taken == [entry.id for entry in entries]


@given(st.lists(STEP, max_size=20))
def test_taking_everything_back_leaves_the_queue_as_it_was(steps: list[tuple[str, int]]) -> None:
    log = MemoryLog()
    book = JudgementBook(log)
    history(steps, book, log)
    for entry in list(book.view().live):
        book.retract(entry, actor="desk", why="no", at=AT)
    standing = Standing(PAIRS, {}, ())
    standing.advance(log.entries())
    assert standing.waiting(3) == list(PAIRS)


@given(st.lists(STEP, max_size=15), st.integers(-1, len(ENDS)), st.integers(0, 3))
def test_next_and_back_walk_through_all_that_wait(steps: list[tuple[str, int]], number: int, level: int) -> None:
    log = MemoryLog()
    history(steps, JudgementBook(log), log)
    standing = Standing(PAIRS, {}, ())
    standing.advance(log.entries())
    waiting = standing.waiting(level)
    assert all(pair.level <= level for pair in waiting)
    seen, at = [], number
    for _ in waiting:
        found = after(waiting, at)
        assert found is not None
        seen.append(found)
        assert before(waiting, found.number) == (waiting[waiting.index(found) - 1])
        at = found.number
    assert sorted(seen, key=lambda pair: pair.number) == waiting
    if not waiting:
        assert after(waiting, number) is None
        assert before(waiting, number) is None


def test_judgements_are_led_to_the_rows_of_today_and_lost_ones_hold_nothing() -> None:
    log = MemoryLog()
    book = JudgementBook(log)
    moved = book.judge("different", "list/organisation:old", RECORDS[1], actor="desk", why="seen", at=AT)
    lost = book.judge("same", RECORDS[2], RECORDS[3], actor="desk", why="seen", at=AT)
    standing = Standing(PAIRS, {moved.id: [RECORDS[0], RECORDS[1]]}, [lost.id])
    standing.advance(log.entries())
    (pair,) = [pair for pair in PAIRS if (pair.record, pair.target) == (RECORDS[0], RECORDS[1])]
    assert standing.verdicts == {pair.key: "different"}
    assert standing.on(replace(moved, subject=RECORDS[0])) == pair
    said = standing.said(pair)
    assert said is not None
    assert said.id == moved.id
    standing.advance([book.retract(moved.id, actor="desk", why="no", at=AT)])
    assert standing.verdicts == {}
    assert list(standing.mine("desk")) == []
