"""The word tables: what they must be for the code that uses them."""

from __future__ import annotations

import pytest

from lifecluster.register.linkage.fold import fold
from lifecluster.register.linkage.normalise import shorten, strip_legal
from lifecluster.register.linkage.words import legal_forms, tells, words


def test_short_forms_are_final() -> None:
    """Shortening twice changes nothing, and no spelling has two short forms."""
    short = words().short
    for spelling, form in short.items():
        assert shorten(shorten(spelling)) == form
        assert short.get(form, form) == form, form


def test_words_are_folded() -> None:
    table = words()
    for word in (*table.short, *table.short.values(), *table.sibling, *table.ledger, *table.regions, *table.street):
        assert fold(word) == word


def test_siblings_are_in_their_short_form() -> None:
    for word in words().sibling:
        assert shorten(word) == word, word


@pytest.mark.parametrize("word", ["hldg", "grp", "svc", "uk", "scotland", "2", "2024", "leeds"])
def test_telling_words(word: str) -> None:
    assert tells(word)


@pytest.mark.parametrize("word", ["zorbix", "bakery", "2x", ""])
def test_other_words(word: str) -> None:
    assert not tells(word)


@pytest.mark.parametrize(
    ("name", "short"),
    [("holdings two", "hldg 2"), ("robotics ii", "robotics 2"), ("one three", "1 3"), ("part iv", "part 4")],
)
def test_numbers_are_numbers_however_written(name: str, short: str) -> None:
    assert shorten(name) == short


def test_every_legal_form_has_a_family_and_is_cut() -> None:
    forms = legal_forms()
    for sequence, form in forms.suffixes.items():
        assert form in forms.family
        assert sequence, form
        assert sequence[-1] in forms.last_words
        if form in ("LTD", "PLC", "LLP"):
            left, found = strip_legal(["zorbix", *sequence])
            assert (left, found) == (["zorbix"], form), sequence


def test_prefixes_are_suffixes_too() -> None:
    forms = legal_forms()
    assert set(forms.prefixes.values()) <= set(forms.suffixes.values())
    assert {sequence[0] for sequence in forms.prefixes} == set(forms.first_words)
