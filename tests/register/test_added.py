"""Additions in force: against a slow twin, through any history; ids; statements; what will not do."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.register import added, edits
from lifecluster.register.entry import Draft, Entry, EntryError, holds_contact
from lifecluster.register.ids import mint, parse
from lifecluster.register.log import MemoryLog
from lifecluster.register.statement import SCHEMA

A, B = (mint("organisation", key, "test", set()) for key in "ab")
SITE: dict[str, Any] = {"postcode": "LE1 1AA", "activity": ["manufacture", "head-office"], "jobs": 4.0}
DAY = date(2026, 1, 1)
AT = "2026-01-01T09:00:00+00:00"


class Book:
    """A log that is written in a few words."""

    def __init__(self) -> None:
        self.log = MemoryLog()

    def write(self, action: str, **more: Any) -> Entry:
        return self.log.append(Draft(at=AT, actor="desk", action=action, **more))

    def propose(self, kind: str = "site", holder: str = A, values: Any = None, **more: Any) -> Entry:
        values = SITE if values is None else values
        uid = added.id_of(kind, holder, values, "test")
        return self.write(added.ADD, subject=uid, object=holder, value=values, **more)

    def decide(self, action: str, proposal: Entry, **more: Any) -> Entry:
        if action == added.REDACT:
            record = added.Addition(proposal).record
            return self.write(action, subject="x" * 32, object=record, property=more["prop"], why="so")
        return self.write(action, refers_to=proposal.id, why="so", **more)

    def accept(self, **more: Any) -> Entry:
        entry = self.propose(**more)
        self.decide("thing.approve", entry)
        return entry


def test_the_id_follows_from_what_was_proposed() -> None:
    one = added.id_of("site", A, SITE, "test")
    assert parse(one).kind == "site"
    assert one == added.id_of("site", A, dict(reversed(SITE.items())), "test"), "order of values is no difference"
    others = {added.id_of("site", B, SITE, "test"), added.id_of("site", A, {"postcode": "LE1 1AB"}, "test"),
              added.id_of("site", A, SITE, "other"), added.id_of("offer", A, SITE, "test")}  # fmt: skip
    assert len(others | {one}) == 5
    assert one == mint("site", f"key:{added.record_of('site', A, SITE)}", "test", set()), "as the ledger would"


def test_statements_say_all_and_whose_it_is() -> None:
    book = Book()
    entry = book.accept(visibility="members", evidence={"owner": A})
    frame = added.stated(added.standing(book.log.entries()))
    assert frame.columns == list(SCHEMA)
    assert set(frame.select("property", "value").rows()) == {
        ("holder", A), ("postcode", "LE1 1AA"), ("activity", "manufacture"), ("activity", "head-office"), ("jobs", "4"),
    }  # fmt: skip
    for column, value in (("subject", entry.subject), ("kind", "site"), ("source", "web-edits"), ("rank", "member"),
                          ("visibility", "members"), ("owner", A), ("verified_on", DAY), ("snapshot", entry.id),
                          ("record", added.record_of("site", A, SITE)), ("locator", "log#2")):  # fmt: skip
        assert set(frame[column]) == {value}, column


def test_it_follows_its_organisation_and_its_site() -> None:
    book = Book()
    there = added.id_of("site", A, SITE, "test")
    book.accept(kind="product", values={"name": "x", "held_at": [there]})
    moved = {A: B, there: "LCS-ELSEWHERE"}
    frame = added.stated(added.standing(book.log.entries()), where=lambda uid: moved.get(uid, uid))
    assert dict(frame.select("property", "value").rows()) == {"holder": B, "held_at": "LCS-ELSEWHERE", "name": "x"}


def test_an_order_takes_one_value_out_and_without_a_holder_all() -> None:
    book = Book()
    entry = book.accept()
    book.decide(added.REDACT, entry, prop="postcode")
    (one,) = added.standing(book.log.entries())
    assert "postcode" not in one.values
    assert [c.addition for c in added.changes(book.log.entries(), after=2)] == [one]
    book.decide(added.REDACT, entry, prop="holder")
    assert added.standing(book.log.entries()) == []
    assert added.changes(book.log.entries(), after=3)[0].addition is None


def test_an_amendment_replaces_the_values_and_not_the_id() -> None:
    book = Book()
    entry = book.propose()
    book.decide("thing.approve", entry, evidence={"amended": {"postcode": "LE2 2BB"}})
    (one,) = added.standing(book.log.entries())
    assert (one.values, one.uid) == ({"postcode": "LE2 2BB"}, entry.subject)
    assert one.record == added.record_of("site", A, SITE)


ACTS = st.lists(
    st.tuples(st.sampled_from(["add", *added.DECISIONS, added.RETRACT, added.REDACT]), st.integers(0, 5),
              st.sampled_from([A, B]), st.sampled_from(["postcode", "jobs", "holder"])),
    max_size=30,
)  # fmt: skip


def slow(entries: list[Entry]) -> dict[str, dict[str, Any]]:
    """What stands, told forwards: each thing's values under its id, nothing remembered but the present."""
    pending: dict[str, Entry] = {}
    standing: dict[str, Entry] = {}
    out: dict[str, set[str]] = {}
    for entry in entries:
        ref = entry.refers_to or ""
        if entry.action == added.ADD:
            pending[entry.id] = entry
        elif entry.action == added.REDACT:
            for uid in {e.subject for e in entries[: entry.seq] if e.action == added.ADD}:
                (first,) = {added.Addition(e).record for e in entries if e.subject == uid}
                if first == entry.object:
                    made = {e.id for e in entries[: entry.seq] if e.subject == uid}
                    for one in made:
                        out.setdefault(one, set()).add(entry.property or "")
        elif entry.action == "thing.approve" and ref in pending:
            standing[ref] = pending.pop(ref)
        elif entry.action in {"thing.refuse", "thing.withdraw"}:
            pending.pop(ref, None)
        elif entry.action == added.RETRACT:
            standing.pop(ref, None)
    found: dict[str, dict[str, Any]] = {}
    for one, entry in standing.items():
        gone = out.get(one, set())
        if "holder" not in gone and isinstance(entry.value, dict):
            found[str(entry.subject)] = {k: v for k, v in entry.value.items() if k not in gone}
    return found


@given(acts=ACTS, cut=st.integers(0, 30))
def test_any_history_against_a_slow_twin(acts: list[Any], cut: int) -> None:
    book, proposals = Book(), list[Entry]()
    for act, which, holder, prop in acts:
        if act == "add":
            values = {"postcode": f"LE1 {which % 2}AA", "jobs": 3}
            proposals.append(book.propose(holder=holder, values=values))
        elif proposals:
            book.decide(act, proposals[which % len(proposals)], **({"prop": prop} if act == added.REDACT else {}))
    entries = list(book.log.entries())
    assert {a.uid: dict(a.values) for a in added.standing(entries)} == slow(entries)
    _through(entries, min(cut, len(entries)))


def _through(entries: list[Entry], cut: int) -> None:
    """What stood at `cut`, with the changes since put over it, is what stands at the end."""
    columns = ["subject", "property", "value", "record", "snapshot"]
    records = {a.record for a in added.standing(entries)}
    before = added.stated(added.standing(entries[:cut]))
    after = added.overlay(before, added.changes(entries, after=cut), in_force=records)
    whole = added.stated(added.standing(entries))
    assert sorted(after.select(columns).rows()) == sorted(whole.select(columns).rows())


def test_what_others_say_of_a_thing_stays_and_edits_go_with_it() -> None:
    book = Book()
    entry = book.accept()
    proposed = book.write("edit.propose", subject=entry.subject, property="town", value="Derby")
    book.decide("edit.approve", proposed)
    said = added.stated(added.standing(book.log.entries()))
    (edit,) = edits.standing(book.log.entries())
    edited = edits.stated([edit], where={edit.proposed.id: str(entry.subject)})
    book.decide(added.RETRACT, entry)
    changed = added.changes(book.log.entries(), after=4)
    whole = pl.concat([said, edited])
    assert added.overlay(whole, changed, in_force=()).is_empty()
    theirs = said.head(1).with_columns(source=pl.lit("a-list"), record=pl.lit("a-list/site:1"))
    left = added.overlay(pl.concat([whole, theirs]), changed, in_force=())
    assert sorted(left["source"]) == ["a-list", "web-edits"]


@pytest.mark.parametrize("missing", ["subject", "object", "value"])
def test_an_entry_says_what_whose_and_with_which_values(missing: str) -> None:
    whole: dict[str, Any] = {"subject": A, "object": B, "value": SITE}
    with pytest.raises(EntryError, match=missing):
        Book().write(added.ADD, **{k: v for k, v in whole.items() if k != missing})


@pytest.mark.parametrize(
    ("kind", "values", "prop"),
    [("site", {}, "postcode"), ("offer", {"title": ""}, "title"), ("organisation", {}, ""),
     ("site", {"town": "x", "jobs": 1.5}, "jobs"), ("vacancy", {"title": "x", "topic": ["a", "b@c.de"]}, "topic"),
     ("need", {"title": "call 0116 496 0000"}, "title")],
)  # fmt: skip
def test_what_will_not_do(kind: str, values: Any, prop: str) -> None:
    assert list(added.check(kind, values, at=DAY)) == [prop]


def test_what_will_do() -> None:
    assert added.check("site", SITE, at=DAY) == {}
    assert added.check("offer", {"title": "Room 7, 20 m2"}, at=DAY) == {}
    assert not holds_contact("ISO 13485:2016, 100 m2 at LE11 3TU")
