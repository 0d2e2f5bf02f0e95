import itertools
from collections.abc import Iterable

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from lifecluster.register.entry import CORE_ACTIONS, ActionSpec, Draft, Entry
from lifecluster.register.judgement import (
    PAIRS,
    ContradictionError,
    JudgementBook,
    JudgementError,
    Judgements,
    Kind,
    judge,
    retract,
)
from lifecluster.register.log import FileLog, MemoryLog

AT = "2026-01-31T09:30:00+00:00"
RECORDS = [f"list:{i}" for i in range(6)]
records = st.sampled_from(RECORDS)


def decide(book: JudgementBook, kind: Kind, left: str, right: str) -> Entry:
    return book.judge(kind, left, right, actor="role:desk", why="seen", at=AT)


def undo(book: JudgementBook, entry: Entry) -> Entry:
    return book.retract(entry.id, actor="role:desk", why="wrong", at=AT)


def brute_groups(live: Iterable[Entry]) -> dict[str, frozenset[str]]:
    """Same-groups by merging sets until nothing changes."""
    groups = {r: frozenset([r]) for r in RECORDS}
    for entry in live:
        if entry.action == "judgement.same":
            joined = groups[str(entry.subject)] | groups[str(entry.object)]
            groups |= dict.fromkeys(joined, joined)
    return groups


def brute_consistent(live: Iterable[Entry]) -> bool:
    live = list(live)
    groups = brute_groups(live)
    apart = [e for e in live if e.action == "judgement.different"]
    return all(groups[str(e.subject)] != groups[str(e.object)] for e in apart)


class Histories(RuleBasedStateMachine):
    """Any history of judging and retracting, against sets merged by hand."""

    entries: Bundle[Entry] = Bundle("entries")

    def __init__(self) -> None:
        super().__init__()
        self.log = MemoryLog()
        self.book = JudgementBook(self.log)
        self.model: dict[str, Entry] = {}

    @rule(target=entries, kind=st.sampled_from(["same", "same", "different", "unsure"]), left=records, right=records)
    def judge(self, kind: Kind, left: str, right: str) -> object:
        if left == right:
            return multiple()
        trial = Entry.seal(
            Draft(at=AT, actor="x", action=f"judgement.{kind}", subject=left, object=right), seq=1, previous="0" * 64
        )
        before = self.book.view().state()
        try:
            entry = decide(self.book, kind, left, right)
        except ContradictionError as refused:
            assert not brute_consistent([*self.model.values(), trial])
            assert refused.chain
            assert all(e.id in self.model for e in refused.chain)
            assert not brute_consistent([*refused.chain, trial]), "the chain alone must contradict"
            for e in refused.chain:
                assert e.id[:12] in str(refused)
            assert self.book.view().state() == before
            return multiple()
        assert brute_consistent([*self.model.values(), trial])
        self.model[entry.id] = entry
        return entry

    @rule(entry=consumes(entries))
    def retract(self, entry: Entry) -> None:
        undo(self.book, entry)
        del self.model[entry.id]
        with pytest.raises(JudgementError, match="not a live judgement"):
            undo(self.book, entry)

    @rule(kind=st.sampled_from(["same", "different", "unsure"]), left=records, right=records)
    def judge_and_retract_is_nothing(self, kind: Kind, left: str, right: str) -> None:
        view = self.book.view()
        state, inside, past = view.state(), _inside(view), len(view.history())
        try:
            entry = decide(self.book, kind, left, right)
        except (ContradictionError, JudgementError):
            return
        assert view.state() != state
        undo(self.book, entry)
        assert view.state() == state
        assert _inside(view) == inside
        assert len(view.history()) == past + 2

    @invariant()
    def agrees_with_the_sets(self) -> None:
        view = self.book.view()
        assert dict(view.live) == self.model
        groups = brute_groups(self.model.values())
        for record in RECORDS:
            assert view.closure(record) == groups[record]
        apart = [(str(e.subject), str(e.object)) for e in self.model.values() if e.action == "judgement.different"]
        for left, right in itertools.combinations(RECORDS, 2):
            verdict = view.verdict(left, right)
            assert (verdict == "same") == (groups[left] == groups[right])
            crossing = any({groups[a], groups[b]} == {groups[left], groups[right]} for a, b in apart)
            assert (verdict == "different") == crossing
        assert view.contradictions() == []

    @invariant()
    def a_fresh_fold_is_the_same(self) -> None:
        fresh = Judgements(self.log.entries())
        assert fresh.state() == self.book.view().state()
        assert _inside(fresh) == _inside(self.book.view())
        assert fresh.history() == self.log.entries()


def _inside(view: Judgements) -> object:
    return {kind: {a: {b: dict(c) for b, c in d.items()} for a, d in g.items()} for kind, g in view._graphs.items()}


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


def test_transitive_contradiction_names_the_whole_chain() -> None:
    book = JudgementBook(MemoryLog())
    one = decide(book, "same", "a:1", "b:1")
    two = decide(book, "same", "b:1", "c:1")
    apart = decide(book, "different", "c:1", "d:1")
    three = decide(book, "same", "d:1", "e:1")
    with pytest.raises(ContradictionError, match="kept apart") as caught:
        decide(book, "same", "a:1", "e:1")
    assert caught.value.chain == (one, two, apart, three)
    with pytest.raises(ContradictionError, match="judged the same") as caught:
        decide(book, "different", "a:1", "c:1")
    assert caught.value.chain == (one, two)
    undo(book, apart)
    decide(book, "same", "a:1", "e:1")


def test_two_people_saying_the_same_must_both_retract() -> None:
    book = JudgementBook(MemoryLog())
    first, second = decide(book, "same", "a:1", "b:1"), decide(book, "same", "b:1", "a:1")
    undo(book, first)
    assert book.view().verdict("a:1", "b:1") == "same"
    with pytest.raises(ContradictionError) as caught:
        decide(book, "different", "a:1", "b:1")
    assert caught.value.chain == (second,)


def test_no_same_across_two_live_companies() -> None:
    book = JudgementBook(MemoryLog())
    numbers = {"ch:1": "00000001", "ch:2": "00000002"}
    with pytest.raises(ContradictionError, match="live companies 00000001 and 00000002"):
        book.judge("same", "ch:1", "ch:2", actor="x", why="w", at=AT, live_numbers=numbers)
    link = decide(book, "same", "ch:1", "list:9")
    with pytest.raises(ContradictionError) as caught:
        book.judge("same", "list:9", "ch:2", actor="x", why="w", at=AT, live_numbers=numbers)
    assert caught.value.chain == (link,)
    assert len(book.view().live) == 1


def test_unsure_is_kept_and_binds_nobody() -> None:
    book = JudgementBook(MemoryLog())
    decide(book, "unsure", "a:1", "b:1")
    assert book.view().verdict("b:1", "a:1") == "unsure"
    decide(book, "same", "a:1", "b:1")
    assert book.view().verdict("a:1", "b:1") == "same"


@pytest.mark.parametrize(
    ("kind", "left", "right", "says"),
    [
        ("same", "a:1", "a:1", "itself"),
        ("maybe", "a:1", "b:1", "no judgement"),
        ("same", "a", "b:1", "source:key"),
        ("same", "a:1", "b:", "source:key"),
        ("same", ":1", "b:1", "source:key"),
        ("same", " a:1", "b:1", "source:key"),
    ],
)
def test_nonsense(kind: Kind, left: str, right: str, says: str) -> None:
    log = MemoryLog()
    with pytest.raises(JudgementError, match=says):
        judge(log, kind, left, right, actor="x", why="w", at=AT)
    assert list(log.entries()) == []


def test_functions_on_a_log_and_history_of_a_record() -> None:
    log = MemoryLog()
    evidence = {"left": {"name": "Alder Sutures"}}
    entry = judge(log, "same", "b:1", "a:1", actor="u-1", why="seen", at=AT, evidence=evidence, model="m1")
    assert (entry.evidence, entry.model) == (evidence, "m1")
    retraction = retract(log, entry.id, actor="u-2", why="wrong", at=AT)
    other = judge(log, "different", "a:1", "c:1", actor="u-1", why="seen", at=AT)
    view = Judgements(log.entries())
    assert view.history("b:1") == [entry, retraction]
    assert view.history("a:1") == [entry, retraction, other]
    assert view.history() == [entry, retraction, other]
    frame = view.frame("different")
    assert frame.schema == dict.fromkeys(PAIRS, pl.String)
    assert frame.rows() == [("a:1", "c:1", other.id)]
    assert view.frame("same").is_empty()


def test_two_books_on_one_file_see_each_other(tmp_path) -> None:
    one, two = JudgementBook(FileLog(tmp_path / "log")), JudgementBook(FileLog(tmp_path / "log"))
    entry = decide(one, "same", "a:1", "b:1")
    with pytest.raises(ContradictionError):
        decide(two, "different", "a:1", "b:1")
    undo(two, entry)
    decide(one, "different", "a:1", "b:1")
    assert two.view().verdict("b:1", "a:1") == "different"


def test_logs_put_together_may_contradict_and_are_told() -> None:
    here, there = MemoryLog(), MemoryLog()
    same = judge(here, "same", "a:1", "b:1", actor="x", why="w", at=AT)
    apart = judge(there, "different", "a:1", "b:1", actor="x", why="w", at=AT)
    view = Judgements([*here.entries(), *there.entries(), *here.entries()])
    assert len(view.live) == 2
    assert view.contradictions() == [(apart, same)]


def test_other_entries_and_kinds_of_a_later_release_are_passed_over() -> None:
    actions = CORE_ACTIONS.extend(ActionSpec("judgement.parent", ("subject", "object"), "later"))
    log = MemoryLog(actions=actions)
    log.append(Draft(at=AT, actor="x", action="edit.propose", subject="s", property="p"))
    log.append(Draft(at=AT, actor="x", action="judgement.parent", subject="a:1", object="b:1"))
    view = JudgementBook(log).view()
    assert not view.live
    assert len(view.history("a:1")) == 1


@given(st.lists(st.tuples(records, records), max_size=12), st.randoms())
def test_the_order_of_logs_does_not_matter_to_what_holds(pairs: list[tuple[str, str]], random) -> None:
    logs = [MemoryLog(), MemoryLog()]
    for i, (left, right) in enumerate(pairs):
        if left != right:
            judge(logs[i % 2], "same", left, right, actor="x", why=str(i), at=AT)
    random.shuffle(logs)
    view = Judgements([e for log in logs for e in log.entries()])
    assert view.state() == Judgements([e for log in reversed(logs) for e in log.entries()]).state()
