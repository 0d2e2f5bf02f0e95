"""What is marked where two values differ."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.web.links.marking import CLOSE, DIFFERS, NEITHER, ONE_SIDE, SAME, Pieces, compare

TEXT = st.text(st.sampled_from("ab Cé-&'."), max_size=12)


def marked(pieces: Pieces) -> str:
    """The value with brackets around what is marked."""
    return "".join(f"[{text}]" if is_marked else text for text, is_marked in pieces)


@pytest.mark.parametrize(("left", "right", "said"), [
    ("Orrin Vale Pharma Services Ltd", "Orrin Vale Pharma Services Limited",
     ("Orrin Vale Pharma Services [Ltd]", "Orrin Vale Pharma Services [Limited]", CLOSE)),
    ("ZZ12 8PL", "ZZ12 8PQ", ("ZZ12 8P[L]", "ZZ12 8P[Q]", CLOSE)),
    ("Glerleitian", "Glerveitian", ("Gler[l]eitian", "Gler[v]eitian", CLOSE)),
    ("Unit 4, Sileby Mill", "Gate House, Sileby Mill", ("[Unit 4,] Sileby Mill", "[Gate House,] Sileby Mill", DIFFERS)),
    ("Kestrel Bio", "Fennel Reed", ("[Kestrel Bio]", "[Fennel Reed]", DIFFERS)),
    ("orrin vale.", "ORRIN VALE", ("orrin vale.", "ORRIN VALE", SAME)),
    ("", "ORRIN VALE", ("", "ORRIN VALE", ONE_SIDE)),
    ("", "", ("", "", NEITHER)),
])  # fmt: skip
def test_what_is_marked(left: str, right: str, said: tuple[str, str, str]) -> None:
    found = compare(left, right)
    assert (marked(found.left), marked(found.right), found.word) == said


@given(TEXT, TEXT)
def test_pieces_join_to_the_value_and_marks_go_both_ways(left: str, right: str) -> None:
    found, back = compare(left, right), compare(right, left)
    assert "".join(text for text, _ in found.left) == left
    assert "".join(text for text, _ in found.right) == right
    assert found.word == back.word
    any_marked = any(is_marked for side in (found.left, found.right) for _, is_marked in side)
    assert any_marked is (found.word in {CLOSE, DIFFERS})


@given(TEXT)
def test_a_value_is_the_same_as_itself(text: str) -> None:
    assert compare(text, text.upper()).word == (SAME if text else NEITHER)
    assert not any(is_marked for _, is_marked in compare(text, text).left)


def test_long_values_are_shown_without_marks() -> None:
    found = compare("word " * 100, "other " * 100)
    assert (found.word, [is_marked for _, is_marked in found.left]) == (DIFFERS, [False])
