"""Reasons in words."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.register.linkage import store
from lifecluster.register.linkage.candidates import candidates, prepare
from lifecluster.register.linkage.features import features
from lifecluster.register.linkage.index import Index
from lifecluster.register.linkage.reasons import _unmet, explain, left_words


def why(index: Index, number: str, **query: str) -> tuple[str, ...]:
    """The reasons for one candidate of one query."""
    batch = prepare(pl.DataFrame({"id": "q", **query}), index)
    found = features(batch, candidates(batch, index), index)
    return explain(batch, found, index, store.take(index.number, found.pairs.row).index(number))


@pytest.mark.parametrize(
    ("query", "number", "said"),
    [
        ({"name": "Hexafoil Ltd"}, "01000008", "same name after legal form"),
        ({"name": "Hexafoil LLP"}, "01000008", "same name, another legal form"),
        ({"name": "Quendale Pharma"}, "01000003", "same name in another spelling after legal form"),
        ({"name": "Oldmark Reagents Ltd"}, "01000003", "previous name: OLDMARK REAGENTS LIMITED"),
        ({"name": "Nobody T/A Hexafoil"}, "01000008", "matched on HEXAFOIL, one of the names that it gives"),
        ({"name": "00041 Hexafoil Ltd"}, "01000008", "read as HEXAFOIL"),
        ({"name": "Hexafoil", "postcode": "S10 2TP"}, "01000008", "postcode agrees"),
        ({"name": "Hexafoil", "postcode": "S10 2TQ"}, "01000008", "postcode agrees but for one character"),
        ({"name": "Hexafoil", "postcode": "S10 2AA"}, "01000008", "same postcode sector"),
        ({"name": "Hexafoil", "postcode": "S10 9ZZ"}, "01000008", "same postcode district"),
        ({"name": "Hexafoil", "postcode": "S3 9ZZ"}, "01000008", "same postcode area"),
        ({"name": "Hexafoil", "postcode": "NE3 9ZZ"}, "01000008", "another part of the country"),
        ({"name": "Hexafoil"}, "01000008", "no postcode to compare"),
        ({"name": "Hexafoil", "address": "14 High St"}, "01000008", "same house number and street"),
        ({"name": "Hexafoil", "town": "Sheffield"}, "01000008", "same town"),
        ({"name": "Hexafoil"}, "01000008", "register also has HEXAFOIL LTD"),
    ],
)
def test_each_reason(index: Index, query: dict[str, str], number: str, said: str) -> None:
    assert said in why(index, number, **query)


def test_initials_are_said(index: Index) -> None:
    assert why(index, "01000004", name="TMD", postcode="B1 1AA")[0] == "the name is the initials of the registered name"


def test_words_left_over_are_said(index: Index) -> None:
    first = why(index, "01000002", name="Zorbix Biologics Trading Ltd")[0]
    assert first.startswith("name alike (0.")
    assert first.endswith("only the query has TR; only the register has HLDG")


def test_no_words_are_left_of_equal_names(index: Index) -> None:
    batch = prepare(pl.DataFrame({"id": "q", "name": "MacrovanOptical Systems"}), index)
    found = features(batch, candidates(batch, index), index)
    at = store.take(index.number, found.pairs.row).index("SC000006")
    assert left_words(batch, found, index, at) == ([], [])


WORDS = st.lists(st.text(alphabet="abcdefgh", min_size=1, max_size=7), max_size=4)


@given(WORDS, WORDS)
def test_unmet_words_are_words_of_the_name(own: list[str], other: list[str]) -> None:
    out = _unmet(own, other)
    assert all(word in own and word not in other for word in out)
    assert _unmet(own, own) == []
    if not other:
        assert out == own
