import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.register.judgement import JudgementBook, Kind
from lifecluster.register.log import MemoryLog
from lifecluster.register.rebind import BOUND, ROWS, evidence_of, fingerprint, rebind

AT = "2026-01-31T09:30:00+00:00"
ALDER = ("Alder Sutures Ltd", "LE1 0AA", "1 Example Way")
BIRCH = ("Birch Assays", "NG1 0AA", "2 Example Way")
CEDAR = ("Cedar Optics", "B1 0AA", "3 Example Way")


def rows(*given: tuple[str, tuple[str, str, str]]) -> pl.DataFrame:
    return pl.DataFrame([(key, *said) for key, said in given], schema=ROWS, orient="row")


def book_with(kind: Kind = "same", left=ALDER, right=BIRCH, names=("list:1", "list:2")) -> JudgementBook:
    book = JudgementBook(MemoryLog())
    evidence = {"left": evidence_of(*left), "right": evidence_of(*right)}
    book.judge(kind, *names, actor="x", why="w", at=AT, evidence=evidence)
    return book


def test_fingerprint_is_blind_to_writing_and_nothing_else() -> None:
    base = fingerprint("Café Sutures Ltd.", "LE1 0AA", "1, Example Way")
    assert base == fingerprint("CAFE  sutures ltd", "le10aa", "1 Example-Way")
    assert base.startswith("fp-")
    for other in (
        ("Cafe Sutures", "LE1 0AA", "1 Example Way"),
        ("Cafe Sutures Ltd", "LE1 0AB", "1 Example Way"),
        ("Cafe Sutures Ltd", "LE1 0AA", "11 Example Way"),
        ("Cafe Sutures Ltd LE1", "0AA", "1 Example Way"),
    ):
        assert fingerprint(*other) != base
    assert fingerprint("A") == fingerprint("A", "", "")


def test_unchanged_edition_binds_by_key() -> None:
    result = rebind(book_with().view(), rows(("list:1", ALDER), ("list:2", BIRCH)))
    assert result.unbound.is_empty()
    assert result.bound.select("left", "right", "left_how").rows() == [("list:1", "list:2", "key")]


def test_rows_that_moved_are_found_and_never_mistaken() -> None:
    edition = rows(("list:1", CEDAR), ("list:2", ALDER), ("list:3", BIRCH))
    result = rebind(book_with().view(), edition)
    assert result.bound.select("left", "right", "left_was", "right_was").rows() == [
        ("list:2", "list:3", "list:1", "list:2")
    ]
    assert set(result.bound["left_how"]) == {"content"}
    assert result.frame("same").rows() == [("list:2", "list:3", result.bound["entry_id"][0])]
    assert result.frame("different").is_empty()


def test_address_changed_and_key_moved() -> None:
    moved = (ALDER[0], ALDER[1], "99 Another Road")
    result = rebind(book_with().view(), rows(("list:7", moved), ("list:2", BIRCH)))
    assert result.bound.select("left", "left_how").rows() == [("list:7", "name and postcode")]


@pytest.mark.parametrize(
    ("now", "how"),
    [
        (("Alder Sutures Ltd", "LE9 0ZZ", "9 Far Street"), "key, and part of the content"),
        (("Alder Group", "LE1 0AA", "1 Example Way"), "key, and part of the content"),
    ],
)
def test_a_row_that_keeps_its_key_and_part_of_itself(now: tuple[str, str, str], how: str) -> None:
    result = rebind(book_with().view(), rows(("list:1", now), ("list:2", BIRCH)))
    assert result.bound["left_how"].to_list() == [how]


def test_another_row_under_the_key_is_reported_not_bound() -> None:
    result = rebind(book_with().view(), rows(("list:1", CEDAR), ("list:2", BIRCH)))
    assert result.bound.is_empty()
    assert result.unbound.select("left", "right", "left_how").rows() == [
        (None, "list:2", "the row under this key is another one now")
    ]


def test_stable_keys_decide_alone() -> None:
    names = ("ch:01", "list:2")
    view = book_with(names=names).view()
    edition = rows(("ch:01", CEDAR), ("ch:09", ALDER), ("list:2", BIRCH))
    assert rebind(view, edition, stable={"ch"}).bound["left"].to_list() == ["ch:01"]
    assert rebind(view, edition).bound["left"].to_list() == ["ch:09"]
    gone = rebind(view, rows(("ch:09", ALDER), ("list:2", BIRCH)), stable={"ch"})
    assert gone.unbound["left_how"].to_list() == ["the source no longer has this key"]


def test_twins_bind_by_key_or_not_at_all() -> None:
    twins = rows(("list:1", ALDER), ("list:5", ALDER), ("list:2", BIRCH))
    assert rebind(book_with().view(), twins).bound["left"].to_list() == ["list:1"]
    moved = rows(("list:4", ALDER), ("list:5", ALDER), ("list:2", BIRCH))
    assert rebind(book_with().view(), moved).unbound["left_how"].to_list() == ["2 rows have the same content"]


def test_content_is_looked_for_in_its_own_source_only() -> None:
    result = rebind(book_with().view(), rows(("other:1", ALDER), ("list:2", BIRCH)))
    assert result.unbound["left_how"].to_list() == ["no row has this content"]


@pytest.mark.parametrize("kind", ["same", "different"])
def test_both_sides_become_one_row(kind: Kind) -> None:
    view = book_with(kind, left=ALDER, right=(ALDER[0], ALDER[1], "9 Back Door")).view()
    result = rebind(view, rows(("list:8", ALDER)))
    assert result.bound.is_empty()
    assert result.unbound["left_how"].to_list() == ["both sides are one row now"]


def test_without_evidence_the_key_is_all_there_is() -> None:
    book = JudgementBook(MemoryLog())
    book.judge("same", "list:1", "list:2", actor="x", why="w", at=AT)
    assert rebind(book.view(), rows(("list:1", CEDAR), ("list:2", BIRCH))).bound.height == 1
    assert rebind(book.view(), rows(("list:1", CEDAR))).unbound.height == 1


said = st.sampled_from([ALDER, BIRCH, CEDAR, ("Alder Sutures Ltd", "LE1 0AA", "9 Back Door")])
keys = st.sampled_from([f"list:{i}" for i in range(5)])


@given(
    st.dictionaries(keys, said, min_size=2),
    st.lists(st.tuples(st.sampled_from(["same", "different", "unsure"]), keys, keys), max_size=8),
    st.dictionaries(keys, said),
)
def test_every_live_judgement_is_bound_or_reported(before, pairs, after) -> None:
    book = JudgementBook(MemoryLog())
    for kind, left, right in pairs:
        if left in before and right in before and left != right:
            evidence = {"left": evidence_of(*before[left]), "right": evidence_of(*before[right])}
            try:
                book.judge(kind, left, right, actor="x", why="w", at=AT, evidence=evidence)
            except Exception as refused:
                assert type(refused).__name__ == "ContradictionError"
    result = rebind(book.view(), rows(*after.items()))
    assert sorted([*result.bound["entry_id"], *result.unbound["entry_id"]]) == sorted(book.view().live)
    assert result.bound.schema == result.unbound.schema == BOUND
    for left, right, was in result.bound.select("left", "right", "left_was").iter_rows():
        assert left != right
        assert {left, right} <= set(after)
        # What was bound says at least the name or the postcode that was judged.
        assert before[was][0] == after[left][0] or before[was][1] == after[left][1]
