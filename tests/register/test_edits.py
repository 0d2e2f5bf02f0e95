"""Edits in force: against a slow twin, through any history; as statements; what does not fit a property."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.register import edits, fitting
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

    def confirm(self, subject: str = A, prop: str = "employees", value: Any = 5, of: Entry | None = None,
                **evidence: Any) -> Entry:  # fmt: skip
        return self.write("edit.confirm", subject=subject, property=prop, value=value, visibility="public",
                          refers_to=of.id if of else None, evidence=evidence)  # fmt: skip

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
        elif draw(st.integers(0, 4)) == 0:
            one = draw(st.sampled_from(proposals))
            of = one if draw(st.booleans()) and one.action == "edit.propose" else None
            records = [] if of else draw(st.lists(st.sampled_from(["x/organisation:1", edits.Edit(one).record])))
            proposals.append(book.confirm(one.subject or "", one.property or "", 7, of, records=records))
        else:
            book.decide(draw(st.sampled_from(DECIDING)), draw(st.sampled_from(proposals)))
    return book


def ended_with(confirmation: Entry, entry: Entry, entries: Sequence[Entry]) -> bool:
    """Whether an entry ends a confirmation because what it repeats is gone."""
    if entry.action == "statement.redact":
        listed = entry.object in confirmation.evidence["records"]
        base = next((e for e in entries if e.id == confirmation.refers_to), None)
        of_base = base is not None and entry.object == edits.Edit(base).record
        was = edits.fold(entries[: entry.seq - 1])[base.id].state == "approved" if of_base and base else False
        return (listed and entry.property == confirmation.property) or was
    if entry.action != "edit.retract" or entry.refers_to != confirmation.refers_to or entry.refers_to is None:
        return False
    return edits.fold(entries[: entry.seq - 1])[entry.refers_to].state == "approved"


def slow(entries: Sequence[Entry], where: dict[str, str]) -> dict[tuple[str, str], str]:
    """What stands, worked out proposal by proposal: (subject, property) -> id of the proposal."""
    found: dict[tuple[str, str], tuple[int, str]] = {}
    for proposal in (e for e in entries if e.action in {"edit.propose", "edit.confirm"}):
        confirms = proposal.action == "edit.confirm"
        approved, stands = (proposal.seq, True) if confirms else (None, False)
        for entry in entries:
            if confirms and entry.seq > proposal.seq:
                stands = stands and not ended_with(proposal, entry, entries)
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


@given(book=books())
def test_a_retraction_undoes_the_confirmations_of_its_value_too(book: Book) -> None:
    before = [(e.proposed.id, e.state) for e in edits.standing(book.entries)]
    new = book.accept(A, "employees", 1)
    again = book.confirm(A, "employees", 1, new)
    assert again.id in {e.proposed.id for e in edits.standing(book.entries)}
    book.decide("edit.retract", new)
    assert [(e.proposed.id, e.state) for e in edits.standing(book.entries)] == before


def test_a_confirmation_states_the_same_value_on_its_day() -> None:
    book = Book()
    first = book.accept(value=12)
    again = book.confirm(value=12, of=first, owner=A)
    (edit,) = edits.standing(book.entries)
    assert edit.confirms and edit.proposed.id == again.id
    row = edits.stated([edit], where={again.id: A}).row(0, named=True)
    assert (row["value"], row["owner"], row["visibility"]) == ("12", A, "public")
    assert row["verified_on"] == date.fromisoformat(again.at[:10]) > date.fromisoformat(first.at[:10])
    book.decide("edit.retract", again)
    assert [e.proposed.id for e in edits.standing(book.entries)] == [first.id], "it is as old as before"


def test_what_a_confirmation_restates_stays_at_its_level() -> None:
    book = Book()
    entry = book.confirm(prop="capability", value=["open", "shut"], levels=["public", "desk"])
    (edit,) = edits.standing(book.entries)
    rows = edits.stated([edit], where={entry.id: A}).select("value", "visibility").rows()
    assert rows == [("open", "public"), ("shut", "desk")]


def test_nobody_decides_on_a_confirmation() -> None:
    book = Book()
    entry = book.confirm()
    for action in ("edit.approve", "edit.refuse", "edit.withdraw"):
        book.decide(action, entry)
        assert edits.fold(book.entries)[entry.id].state == "approved"


def test_what_is_ordered_out_takes_its_confirmation_with_it() -> None:
    book = Book()
    entry = book.confirm(prop="description", value="Call 1", records=["list/organisation:7"])
    book.write("statement.redact", subject="x" * 32, object="list/organisation:7", property="employees", why="so")
    assert edits.fold(book.entries)[entry.id].state == "approved", "another property of the same record"
    book.write("statement.redact", subject="x" * 32, object="list/organisation:7", property="description", why="so")
    assert edits.fold(book.entries)[entry.id].state == "redacted"
    assert edits.standing(book.entries) == []


@given(book=books(), prop=st.sampled_from(["employees", "turnover"]))
def test_the_newest_entry_about_a_value(book: Book, prop: str) -> None:
    mine = [e for e in book.entries if e.subject == A and e.property == prop and e.action.startswith("edit.")]
    ids = {e.id for e in mine}
    about = [e for e in book.entries if e.id in ids or e.refers_to in ids]
    assert edits.newest(book.entries, A, prop) == (about[-1].id if about else "")


@pytest.mark.parametrize(
    ("prop", "rank", "first"),
    [("employees", "official", True), ("employees", "member", True), ("name", "official", False), ("name", "other", True),
     ("status", "official", False), ("status", "other", False), ("nothing", "other", False)],
)  # fmt: skip
def test_whose_word_counts_first(prop: str, rank: str, first: bool) -> None:
    assert edits.counts(prop, rank) is first


@pytest.mark.parametrize(
    ("prop", "text", "value"),
    [("employees", "12", 12), ("employees", "", None), ("employees", "1e999", "1e999"), ("employees", "²", "²"),
     ("turnover", "12.5", 12.5), ("turnover", "12.50", "12.50"), ("employees", "nan", "nan"),
     ("description", "12", "12"), ("employees", "-3", -3), ("employees", "007", "007")],
)  # fmt: skip
def test_a_text_as_an_entry_has_it_and_back(prop: str, text: str, value: Any) -> None:
    assert edits.value_of(prop, text) == value
    assert edits.text_of(edits.value_of(prop, text)) == text


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
     ("phase", "organisation", "1", "nothing that a organisation has"), ("employees", "organisation", -1, "from 0"),
     ("employees", "organisation", 10**400, "from 0"), ("turnover", "organisation", float("nan"), "from 0"),
     ("description", "organisation", "a\x00b", "written"), ("description", "organisation", "\ud800", "written"),
     ("description", "organisation", "x" * 5001, "5,000"), ("website", "organisation", "javascript:alert(1)", "https://"),
     ("website", "organisation", "https://a@b.example", "https://"), ("website", "organisation", 7, "https://"),
     ("website", "organisation", "https://ab", "https://")],
)  # fmt: skip
def test_what_does_not_fit_is_said_in_words(prop: str, kind: str, value: Any, words: str) -> None:
    assert words in (fitting.check(prop, kind, value) or "")


@pytest.mark.parametrize(
    ("prop", "kind", "value"),
    [("employees", "organisation", 3.0), ("employees", "organisation", None), ("capability", "site", ["x", "y"]),
     ("closed_on", "site", "2026-02-28"), ("turnover", "organisation", 2.5)],
)  # fmt: skip
def test_what_fits_is_fine(prop: str, kind: str, value: Any) -> None:
    assert fitting.check(prop, kind, value) is None
