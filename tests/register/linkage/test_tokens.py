"""Words of two names set against each other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.register.linkage.tokens import SAME, Ragged, Vocabulary, align, similarity, skeleton, word_similarity

WORDS = st.text(alphabet="abcdemnrt015", min_size=1, max_size=9)


@given(WORDS, WORDS)
def test_word_similarity_is_symmetric_and_bounded(a: str, b: str) -> None:
    left, right = word_similarity([a], [b])[0], word_similarity([b], [a])[0]
    assert left == right
    assert 0.0 <= left <= 1.0
    assert (left == 1.0) == (a == b)


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("biologics", "bioligics", True),
        ("management", "mngmt", True),
        ("2004", "2005", False),
        ("ab", "ac", False),
        ("smith", "srnith", True),
        ("tech", "technology", True),
        ("china", "chile", False),
    ],
)
def test_the_same_word_or_another(a: str, b: str, same: bool) -> None:
    assert (word_similarity([a], [b])[0] >= SAME) == same


def test_skeleton_leaves_numbers() -> None:
    assert skeleton("101") == "101"
    assert skeleton("c1vil") == skeleton("civil")


def both(left: str, right: str) -> tuple[list[float], list[float]]:
    vocabulary = Vocabulary()
    mine, theirs = Ragged.of([vocabulary.ids(left.split())]), Ragged.of([vocabulary.ids(right.split())])
    words = vocabulary.words
    zero = np.zeros(1, np.int64)
    a, b = align(mine, theirs, left_of=zero, right_of=zero, words=words, rarity=np.full(len(words), 0.5))
    return a.best.tolist(), b.best.tolist()


@given(st.lists(WORDS, min_size=1, max_size=4), st.lists(WORDS, min_size=1, max_size=4))
def test_alignment_against_a_plain_twin_and_both_ways_round(left: list[str], right: list[str]) -> None:
    a, b = both(" ".join(left), " ".join(right))
    swapped = both(" ".join(right), " ".join(left))
    assert (a, b) == (swapped[1], swapped[0])
    for word, best in zip(left, a, strict=True):
        assert best >= max(float(word_similarity([word], [other])[0]) for other in right)


def test_words_written_together_or_apart_are_met() -> None:
    assert both("good will", "goodwill") == ([1.0, 1.0], [1.0])
    assert both("goodwill", "good will") == ([1.0], [1.0, 1.0])


@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=12))
def test_many_words_at_once_are_as_one_by_one(pairs: list[tuple[str, str]]) -> None:
    together = word_similarity([a for a, _ in pairs], [b for _, b in pairs])
    assert together.tolist() == pytest.approx([similarity(a, b) for a, b in pairs], abs=1e-6)


@given(st.lists(st.tuples(WORDS, st.integers(1, 4)), min_size=1, max_size=12))
def test_beginnings_at_once_are_as_one_by_one(pairs: list[tuple[str, int]]) -> None:
    left, right = [a for a, _ in pairs], [a[:n] for a, n in pairs]
    assert word_similarity(left, right).tolist() == pytest.approx(
        [similarity(a, b) for a, b in zip(left, right, strict=True)], abs=1e-6
    )


@pytest.mark.parametrize(
    ("a", "b", "value"),
    [("elec", "electrical", 0.85), ("mngr", "manager", 0.75), ("j", "john", 0.6), ("ab", "abc", 0.5), ("7", "8", 0.0)],
)
def test_short_forms_of_words(a: str, b: str, value: float) -> None:
    assert similarity(a, b) == pytest.approx(value)
    assert similarity(b, a) == pytest.approx(value)


def test_weights_are_those_of_the_commoner_word() -> None:
    vocabulary = Vocabulary()
    mine, theirs = Ragged.of([vocabulary.ids(["biologics"])]), Ragged.of([vocabulary.ids(["bioligics"])])
    zero, rarity = np.zeros(1, np.int64), np.array([0.2, 0.9])
    a, b = align(mine, theirs, left_of=zero, right_of=zero, words=vocabulary.words, rarity=rarity)
    assert a.weight.tolist() == b.weight.tolist() == [0.2]
    assert (a.own.tolist(), b.own.tolist()) == ([0.2], [0.9])
    assert rarity.tolist() == [0.2, 0.9]


def test_two_words_written_together_meet_one() -> None:
    a, b = both("dale foods", "dalefoods")
    assert a == [1.0, 1.0]
    assert b == [1.0]


def test_empty_lists() -> None:
    a, b = both("", "one two")
    assert a == []
    assert b == [0.0, 0.0]
