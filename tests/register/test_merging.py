"""Several logs as one: every entry once, in an order that does not depend on how they are given."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.errors import LifeclusterError
from lifecluster.register import edits
from lifecluster.register.entry import START, Draft, Entry, LogDamagedError
from lifecluster.register.log import MemoryLog
from lifecluster.register.merging import heads, merge, require_heads

MOMENTS = st.tuples(st.integers(0, 6), st.sampled_from(["+00:00", "+05:00", "Z"]))
STEPS = st.lists(st.tuples(MOMENTS, st.integers(0, 3)), max_size=7)


def draft(at: str, n: int = 0, **more) -> Draft:
    given = {"action": "edit.propose", "subject": f"list:{n}", "property": "name", "value": "x"} | more
    return Draft(at=at, actor="role:desk", **given)


def at(hour: int, offset: str = "+00:00") -> str:
    return f"2026-01-31T{9 + hour:02}:30:00{offset}"


def log_of(steps, shared=()) -> MemoryLog:
    """A log of proposals, and of approvals of earlier ones where the number of the step is odd."""
    log = MemoryLog()
    for (hour, offset), n in [*shared, *steps]:
        proposed = [e for e in log.entries() if e.action == "edit.propose"]
        if n % 2 and proposed:
            log.append(draft(at(hour, offset), action="edit.approve", subject=None, property=None, value=None,
                             refers_to=proposed[-1].id))  # fmt: skip
        else:
            log.append(draft(at(hour, offset), n))
    return log


@given(shared=STEPS, branches=st.lists(STEPS, min_size=1, max_size=3))
def test_each_once_in_one_order_whichever_way_they_are_given(shared, branches):
    logs = [log_of(steps, shared).entries() for steps in branches]
    merged = merge(logs)
    assert all(merge(order) == merged for order in permutations(logs))
    assert {e.id for e in merged} == {e.id for log in logs for e in log}
    assert [e.seq for e in merged] == list(range(1, len(merged) + 1))
    place = {e.id: e.seq for e in merged}
    for entry in merged:
        assert entry.previous == START or place[entry.previous] < entry.seq
        assert entry.refers_to is None or place[entry.refers_to] < entry.seq
    for log in logs:
        assert [e.id for e in merged if e.id in {one.id for one in log}] == [e.id for e in log], "each keeps its order"
        assert merge([log, *logs]) == merged, "a log that is given twice counts once"
        assert merge([log]) == tuple(log), "one alone stays as it is"


@given(steps=st.lists(STEPS, min_size=2, max_size=3))
def test_a_slow_twin_of_the_order(steps):
    """Again and again the oldest of those that are not told yet and whose forerunners are."""
    logs = [log_of(one).entries() for one in steps]
    left = {e.id: e for log in logs for e in log}
    expected: list[str] = []
    while left:
        ready = [e for e in left.values() if e.previous not in left and e.refers_to not in left]
        first = min(ready, key=lambda e: (datetime.fromisoformat(e.at), e.id))
        expected.append(left.pop(first.id).id)
    assert [e.id for e in merge(logs)] == expected


def test_the_later_approval_stands_wherever_it_was_given():
    early, late = MemoryLog(), MemoryLog()
    for log, hour, value in ((early, 0, "early"), (late, 3, "late")):
        proposed = log.append(draft(at(hour), value=value))
        log.append(
            draft(at(hour + 1), action="edit.approve", subject=None, property=None, value=None, refers_to=proposed.id)
        )
    late.append(draft(at(5), 7))
    for order in permutations([early.entries(), late.entries()]):
        assert [edit.value for edit in edits.standing(merge(order))] == ["late"]


def test_one_id_with_two_contents_is_refused():
    log = log_of([((0, "Z"), 0), ((1, "Z"), 2)])
    forged = [log.entries()[0], replace(log.entries()[1], value="y")]
    with pytest.raises(LogDamagedError, match="changed after it was written"):
        merge([log.entries(), forged])


def test_judgements_that_contradict_each_other_are_refused_and_named():
    same, different = MemoryLog(), MemoryLog()
    pair = {"subject": "a/organisation:1", "object": "b/organisation:2", "property": None, "value": None, "why": "w"}
    one = same.append(draft(at(0), **pair | {"action": "judgement.same"}))
    two = different.append(draft(at(1), **pair | {"action": "judgement.different"}))
    with pytest.raises(LifeclusterError, match=f"contradict.*{two.id[:12]}.*{one.id[:12]}.*judge retract"):
        merge([same.entries(), different.entries()])
    different.append(
        draft(at(2), **pair | {"action": "judgement.retract", "subject": None, "object": None, "refers_to": two.id})
    )
    assert len(merge([different.entries(), same.entries()])) == 3


def test_where_the_logs_ended_has_to_be_there():
    one, two = log_of([((0, "Z"), 0)]).entries(), log_of([((1, "Z"), 2)]).entries()
    assert heads([one, two, one, ()]) == tuple(sorted({one[-1].id, two[-1].id}))
    require_heads(merge([one, two]), heads([one, two]))
    require_heads((), [None, START])
    with pytest.raises(LogDamagedError, match="--log may be repeated"):
        require_heads(one, heads([one, two]))


@given(steps=STEPS.filter(bool), cut=st.integers(0, 7))
def test_an_older_copy_of_a_log_beside_it_changes_nothing(steps, cut):
    whole = log_of(steps).entries()
    older = whole[:cut]
    assert merge([older, whole]) == merge([whole])
    assert heads([older, whole]) == heads([whole])


@pytest.mark.parametrize("moment", ["2026-01-31T09:30:00", "yesterday"])
def test_an_entry_that_stands_at_no_moment_is_refused(moment):
    sealed = Entry.seal(draft(moment), seq=1, previous=START)
    with pytest.raises(LogDamagedError, match="no moment"):
        merge([[sealed], log_of([((1, "Z"), 0)]).entries()])
