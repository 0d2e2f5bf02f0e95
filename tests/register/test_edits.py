"""Edits in force: against a slow twin, through any history; as statements; what does not fit a property."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.register import edits
from lifecluster.register.entry import Draft, Entry, EntryError
from lifecluster.register.ids import mint
from lifecluster.register.log import MemoryLog
from lifecluster.register.statement import SCHEMA

A, B, C = (mint("organisation", key, "test", set()) for key in "abc")
SITE = mint("site", "s", "test", set())
DECIDING = ("edit.approve", "edit.refuse", "edit.withdraw", "edit.retract", "statement.redact")


class Book:
    """A log that is written in a few words."""

    def __init__(self) -> None:
        self.log = MemoryLog()
        self.day = 0

    def write(self, action: str, **more: Any) -> Entry:
        self.day += 1
        at = f"2026-{1 + self.day // 28 % 12:02d}-{1 + self.day % 28:02d}T09:00:00+00:00"
        return self.log.append(Draft(at=at, actor="desk", action=action, **more))

    def propose(self, subject: str = A, prop: str = "employees", value: Any = 5, **more: Any) -> Entry:
        return self.write("edit.propose", subject=subject, property=prop, value=value, **more)

    def decide(self, action: str, proposal: Entry, **more: Any) -> Entry:
        if action == "statement.redact":
            record = edits.Edit(proposal).record
            return self.write(action, subject="x" * 32, object=record, property=proposal.property, why="so")
        return self.write(action, refers_to=proposal.id, why="so", **more)

    def accept(self, subject: str = A, prop: str = "employees", value: Any = 5, **more: Any) -> Entry:
        entry = self.propose(subject, prop, value, **more)
        self.decide("edit.approve", entry)
        return entry

    @property
    def entries(self) -> Sequence[Entry]:
        return self.log.entries()


@st.composite
def books(draw: st.DrawFn) -> Book:
    book = Book()
    proposals: list[Entry] = []
    for _ in range(draw(st.integers(0, 25))):
        if not proposals or draw(st.integers(0, 3)) == 0:
            prop = draw(st.sampled_from(["employees", "turnover"]))
            proposals.append(book.propose(draw(st.sampled_from([A, B, C])), prop, draw(st.integers(0, 99))))
        else:
            book.decide(draw(st.sampled_from(DECIDING)), draw(st.sampled_from(proposals)))
    return book


def slow(entries: Sequence[Entry], where: dict[str, str]) -> dict[tuple[str, str], str]:
    """What stands, worked out proposal by proposal: (subject, property) -> id of the proposal."""
    found: dict[tuple[str, str], tuple[int, str]] = {}
    for proposal in (e for e in entries if e.action == "edit.propose"):
        approved, stands = None, False
        for entry in entries:
            mine = entry.refers_to == proposal.id
            if mine and entry.action in {"edit.approve", "edit.refuse", "edit.withdraw"} and approved is None:
                approved, stands = entry.seq, entry.action == "edit.approve"
            ends = mine and entry.action == "edit.retract"
            if (
                ends or (entry.action == "statement.redact" and entry.object == edits.Edit(proposal).record)
            ) and stands:
                stands = False
        key = (where.get(proposal.subject or "", proposal.subject or ""), proposal.property or "")
        if stands and approved is not None and approved > found.get(key, (0, ""))[0]:
            found[key] = (approved, proposal.id)
    return {key: one for key, (_, one) in found.items()}


WHERE = st.sampled_from([{}, {B: A}, {A: C, B: C}])


@given(book=books(), where=WHERE)
def test_what_stands_is_what_a_slow_twin_finds(book: Book, where: dict[str, str]) -> None:
    def today(one: str) -> str:
        return where.get(one, one)

    standing = edits.standing(book.entries, where=today)
    assert {e.key(today): e.proposed.id for e in standing} == slow(book.entries, where)
    order = [e.decided.seq for e in standing if e.decided]
    assert order == sorted(order)


@given(book=books(), where=WHERE, cut=st.integers(0, 50))
def test_changes_since_bring_what_stood_up_to_date(book: Book, where: dict[str, str], cut: int) -> None:
    def today(one: str) -> str:
        return where.get(one, one)

    cut = min(cut, len(book.entries))
    state = slow(book.entries[:cut], where)
    for change in edits.changes(book.entries, after=cut, where=today):
        state.pop((change.subject, change.property), None)
        if change.edit is not None:
            state[change.subject, change.property] = change.edit.proposed.id
    assert state == slow(book.entries, where)
    assert edits.changes(book.entries, after=len(book.entries)) == []


@given(book=books(), cut=st.integers(0, 50))
def test_laying_over_what_was_stated_before_or_over_nothing_is_the_same(book: Book, cut: int) -> None:
    nothing = pl.DataFrame(schema=SCHEMA)
    whole = edits.overlay(nothing, edits.changes(book.entries))
    before = edits.overlay(nothing, edits.changes(book.entries[:cut]))
    after = edits.overlay(before, edits.changes(book.entries, after=min(cut, len(book.entries))))
    assert after.sort("id").rows() == whole.sort("id").rows()
    assert whole["id"].is_unique().all()


@given(book=books())
def test_a_retraction_is_an_exact_undo(book: Book) -> None:
    before = [(e.proposed.id, e.state) for e in edits.standing(book.entries)]
    new = book.accept(A, "employees", 1)
    assert new.id in {e.proposed.id for e in edits.standing(book.entries)}
    book.decide("edit.retract", new)
    assert [(e.proposed.id, e.state) for e in edits.standing(book.entries)] == before


def test_other_sources_are_left_alone() -> None:
    book = Book()
    book.accept(value=[7, 7, 8])
    mine = edits.overlay(pl.DataFrame(schema=SCHEMA), edits.changes(book.entries))
    other = mine.with_columns(source=pl.lit("companies-house"), id=pl.lit("0") + pl.col("id"))
    assert mine["value"].to_list() == ["7", "8"]
    book.accept(value=9)
    laid = edits.overlay(pl.concat([other, mine]), edits.changes(book.entries))
    assert laid.select("source", "value").rows() == [
        ("companies-house", "7"), ("companies-house", "8"), (edits.SOURCE, "9"),
    ]  # fmt: skip


def test_a_statement_says_who_knew_when_and_whose_row_it_is() -> None:
    book = Book()
    entry = book.propose(SITE, "name", "Works", visibility="members", evidence={"owner": A})
    book.decide("edit.approve", entry, evidence={"amended": "New works"})
    (edit,) = edits.standing(book.entries)
    row = edits.stated([edit], where={entry.id: SITE}).row(0, named=True)
    assert (row["subject"], row["kind"], row["value"], row["owner"]) == (SITE, "site", "New works", A)
    assert (row["visibility"], row["rank"], row["licence"]) == ("members", "member", edits.LICENCE)
    assert row["verified_on"] == row["observed_on"] == date.fromisoformat(entry.at[:10])
    assert row["record"] == f"log/site:{entry.id[:16]}"
    assert row["locator"] == "log#2"
    assert row["snapshot"] == entry.id


@pytest.mark.parametrize(
    ("value", "text"), [(None, ""), (True, "true"), (False, "false"), (5.0, "5"), (5.5, "5.5"), ("x", "x")]
)
def test_a_value_as_a_statement_writes_it(value: Any, text: str) -> None:
    assert edits.text_of(value) == text


def test_a_retraction_says_why() -> None:
    book = Book()
    entry = book.accept()
    with pytest.raises(EntryError, match="why"):
        book.write("edit.retract", refers_to=entry.id)


def test_what_was_never_accepted_cannot_be_retracted() -> None:
    book = Book()
    entry = book.propose()
    book.decide("edit.retract", entry)
    assert edits.fold(book.entries)[entry.id].state == "pending"
    book.decide("edit.refuse", entry)
    book.decide("edit.retract", entry)
    assert edits.fold(book.entries)[entry.id].state == "refused"


@pytest.mark.parametrize(
    ("prop", "kind", "value", "words"),
    [("employees", "organisation", 1.5, "whole number"), ("turnover", "organisation", "much", "number"),
     ("closed_on", "site", "2026-13-01", "date"), ("name", "site", ["a", "b"], "one value"),
     ("phase", "organisation", "1", "nothing that a organisation has")],
)  # fmt: skip
def test_what_does_not_fit_is_said_in_words(prop: str, kind: str, value: Any, words: str) -> None:
    assert words in (edits.check(prop, kind, value) or "")


@pytest.mark.parametrize(
    ("prop", "kind", "value"),
    [("employees", "organisation", 3.0), ("employees", "organisation", None), ("capability", "site", ["x", "y"]),
     ("closed_on", "site", "2026-02-28"), ("turnover", "organisation", 2.5)],
)  # fmt: skip
def test_what_fits_is_fine(prop: str, kind: str, value: Any) -> None:
    assert edits.check(prop, kind, value) is None
