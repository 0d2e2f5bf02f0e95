"""Which records are one after judgements that a package does not know, and after ones that hold no longer."""

from __future__ import annotations

from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.register.judgement import judge, retract
from lifecluster.register.log import MemoryLog
from lifecluster.register.regroup import RECORDS, Pending, best_record, live_companies, part_of, regroup

AT = "2026-11-22T12:00:00+00:00"


def records(**of: str) -> pl.DataFrame:
    """Records by name with the id that the package gives each."""
    rows = [(f"s:{name}", one, None, [], None) for name, one in of.items()]
    return pl.DataFrame(rows, schema=RECORDS, orient="row")


def said(log: MemoryLog, kind: Any, left: str, right: str, **evidence: Any) -> str:
    return judge(log, kind, f"s:{left}", f"s:{right}", actor="desk", why="so it is", at=AT, evidence=evidence).id


def groups(frame: pl.DataFrame, log: MemoryLog, known: int = 0) -> set[frozenset[str]]:
    found = regroup(frame, Pending.since(log.entries(), known)).group_by("cluster").agg("record_id")
    return {frozenset(one.removeprefix("s:") for one in of) for of in found["record_id"].to_list()}


def test_a_merge_and_its_undo() -> None:
    log = MemoryLog()
    frame = records(a="A", b="A", c="C")
    one = said(log, "same", "a", "c")
    assert groups(frame, log) == {frozenset("abc")}
    retract(log, one, actor="desk", why="no", at=AT)
    assert groups(frame, log) == {frozenset("ab"), frozenset("c")}
    assert Pending.since(log.entries(), 0).ids == []


def test_a_merge_that_the_package_knew_is_parted_along_its_sides() -> None:
    log = MemoryLog()
    sides = {"left": ["s:a", "s:b"], "right": ["s:c"]}
    one = said(log, "same", "a", "c", act="merge", records=sides)
    frame = records(a="A", b="A", c="A")
    assert groups(frame, log, known=1) == {frozenset("abc")}
    retract(log, one, actor="desk", why="no", at=AT)
    assert groups(frame, log, known=1) == {frozenset("ab"), frozenset("c")}
    late = records(a="A", b="A", c="A", late="A")
    assert groups(late, log, known=1) == {frozenset({"a", "b", "late"}), frozenset("c")}


def test_a_split_that_the_package_knew_is_put_back() -> None:
    log = MemoryLog()
    one = said(log, "different", "a", "b", act="split")
    frame = records(a="A", b="B", c="B")
    assert groups(frame, log, known=1) == {frozenset("a"), frozenset("bc")}
    retract(log, one, actor="desk", why="no", at=AT)
    assert groups(frame, log, known=1) == {frozenset("abc")}
    plain = MemoryLog()
    other = said(plain, "different", "a", "b")
    retract(plain, other, actor="desk", why="no", at=AT)
    assert groups(frame, plain, known=1) == {frozenset("a"), frozenset("bc")}, "they were not one before"


def test_two_live_companies_stay_two() -> None:
    log = MemoryLog()
    frame = records(a="A", b="B").with_columns(live_number=pl.Series(["01", "02"]))
    said(log, "same", "a", "b")
    assert groups(frame, log) == {frozenset("a"), frozenset("b")}
    assert live_companies(frame, ["A", "B"]) == ["01", "02"]
    assert best_record(frame.with_columns(official=pl.Series([None, "GB-COH-02"])), "B") == "s:b"


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=6))
def test_same_is_what_joins(pairs: list[tuple[str, str]]) -> None:
    """Against a slow twin: two organisations are one if a way of "same" leads from one to the other."""
    log = MemoryLog()
    home = {name: name.upper() if name in "ab" else "C" if name in "cd" else "E" for name in "abcdef"}
    together = {name: {other for other in home if home[other] == home[name]} for name in home}
    for left, right in pairs:
        if left != right:
            said(log, "same", left, right)
            whole = together[left] | together[right]
            for name in whole:
                together[name] = whole
    assert groups(records(**home), log) == {frozenset(of) for of in together.values()}


def test_a_part_of_a_ledger_is_a_ledger() -> None:
    events = [
        (7, "mint", "LCO-A", None, "key:s:a", "2026-01-01", ""),
        (3, "mint", "LCO-B", None, "key:s:b", "2026-01-01", ""),
    ]
    ledger = part_of(events, [("s:a", "LCO-A", True)], [("shape", "LCO-A")])
    ledger.check()
    assert ledger.mints()["id"].to_list() == ["LCO-B", "LCO-A"], "who came first comes first"
