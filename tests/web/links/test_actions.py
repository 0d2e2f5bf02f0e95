"""Judging at the desk: what is written, who may, what is refused, and who is told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lifecluster.errors import LifeclusterError
from lifecluster.register.judgement import ContradictionError, JudgementError, Judgements
from lifecluster.register.kept import evidence_of
from lifecluster.register.linkage.scored import Scored, Weight
from lifecluster.web.directory.logbook import log
from lifecluster.web.directory.models import Package
from lifecluster.web.directory.viewer import ANYBODY, PermissionDeniedError, Viewer
from lifecluster.web.links import actions, queue
from lifecluster.web.links.models import Pair
from tests.web.links.conftest import company, pairs, record

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
DESK = Viewer(frozenset({"desk"}), actor="person:one")
OTHER = Viewer(frozenset({"desk"}), actor="person:two")
BROKER = Viewer(frozenset({"broker"}), actor="person:three")
SCORED = Scored("m9", 0.8, -3.0, 1.5, {"postcode": 4.0}, (Weight("name", "the names agree", 2.0),))


def judge(pair: Pair, kind: str = "same", viewer: Viewer = DESK, **more: str) -> str:
    return actions.judge_link(key=pair.key, kind=kind, viewer=viewer, at=AT, **more).id


def keys(viewer: Viewer = DESK) -> list[str]:
    return [one.key for one in queue.waiting(int(viewer.clearance))]


def test_a_judgement_is_an_entry_with_what_was_seen(small: Package) -> None:
    (pair,) = pairs(small, ("a", "A"), scored=SCORED.text())
    judge(pair)
    (entry,) = [one for one in log.entries() if one.action.startswith("judgement.")]
    assert (entry.action, entry.subject, entry.object) == ("judgement.same", record("a"), company("A"))
    assert (entry.actor, entry.why, entry.model) == ("person:one", actions.REVIEWED, "m9")
    assert entry.at == "2026-11-22T12:00:00+00:00"
    assert entry.evidence["left"] == evidence_of("Quarndale a", "NG1 0AA", None)
    assert entry.evidence["scored"] == {"probability": 0.8, "measures": {"postcode": 4.0}}
    assert list(Judgements(log.entries()).live) == [entry.id]


def test_of_a_row_that_is_not_public_no_word_is_kept(small: Package) -> None:
    (pair,) = pairs(small, ("hushwell", "A"), levels={1: 1})
    pair.body["left"]["open"] = False
    pair.save()
    judge(pair)
    body = log.entries()[-1].to_json()
    assert "hushwell" not in body.replace(record("hushwell"), "").lower()
    assert log.entries()[-1].evidence["left"].keys() == {"salt", "fingerprint", "brief", "title"}  # type: ignore[union-attr]  # a mapping


def test_judged_pairs_leave_the_queue_and_come_back(three: list[Pair]) -> None:
    first, second, third = (pair.key for pair in three)
    assert keys() == [first, second, third]
    entry = judge(three[0])
    judge(three[1], "unsure")
    assert keys() == [third]
    actions.undo_judgement(entry=entry, viewer=OTHER, at=AT)
    assert keys() == [first, third]
    assert log.entries()[-1].why == actions.TAKEN_BACK
    with pytest.raises(JudgementError):
        actions.undo_judgement(entry=entry, viewer=DESK, at=AT)


def test_who_may(three: list[Pair]) -> None:
    for viewer in (ANYBODY, Viewer(frozenset({"member"})), Viewer(frozenset({"analyst"}))):
        with pytest.raises(PermissionDeniedError):
            judge(three[0], viewer=viewer)
        with pytest.raises(PermissionDeniedError):
            actions.undo_judgement(entry="x", viewer=viewer, at=AT)
        with pytest.raises(PermissionDeniedError):
            actions.fill_queue(package=Package.objects.get(), path=None, viewer=viewer)  # type: ignore[arg-type]  # not looked at


def test_pairs_that_are_for_brokers_are_not_there_for_the_desk(small: Package) -> None:
    made = pairs(small, ("a", "A"), ("b", "B"), levels={2: 3})
    assert keys() == [made[0].key]
    assert keys(BROKER) == [made[0].key, made[1].key]
    with pytest.raises(queue.NoSuchPairError):
        judge(made[1])
    assert judge(made[1], viewer=BROKER)


def test_the_second_of_two_people_is_told_and_nothing_is_written(three: list[Pair]) -> None:
    first = judge(three[0])
    size = len(log.entries())
    with pytest.raises(actions.TakenError, match="somebody has judged this pair") as told:
        judge(three[0], "different", OTHER)
    assert told.value.entry.id == first
    with pytest.raises(actions.TakenError):
        judge(three[0], "same", OTHER, seen="0" * 64)
    assert len(log.entries()) == size
    # Who has seen the first judgement may add to it, and after it was taken back the pair is as it was.
    assert judge(three[0], "same", OTHER, seen=first)


def test_an_unsure_pair_can_be_decided_by_who_saw_that_it_is_unsure(three: list[Pair]) -> None:
    doubt = judge(three[0], "unsure")
    judge(three[0], "different", OTHER, seen=doubt)
    assert queue.queue().standing.verdicts[three[0].key] == "different"


def test_contradictions_are_refused_and_name_what_stands_against_them(small: Package) -> None:
    made = pairs(
        small, ("a", "A"), ("b", "A"), ("a", "B"), numbers={company("A"): "09100001", company("B"): "09100002"}
    )
    same = judge(made[0])
    with pytest.raises(ContradictionError, match="would join the live companies") as told:
        judge(made[2])
    assert [entry.id for entry in told.value.chain] == [same]
    apart = judge(made[2], "different")
    with pytest.raises(ContradictionError, match=apart[:12]):
        judge(made[2], "same", seen=apart)
    assert len([one for one in log.entries() if one.action.startswith("judgement.")]) == 2


@pytest.mark.parametrize(("kind", "why"), [("maybe", ""), ("same", "x" * 501), ("same", "ask ada@example.org")])
def test_what_cannot_be_written_is_refused(three: list[Pair], kind: str, why: str) -> None:
    with pytest.raises(LifeclusterError):
        judge(three[0], kind, why=why)
    assert keys() == [pair.key for pair in three]
