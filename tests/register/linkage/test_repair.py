"""Readings that the vocabulary of the register suggests."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifecluster.register.linkage.index import Index, build_index
from lifecluster.register.linkage.normalise import CUT, PART, read_name, readings
from lifecluster.register.linkage.repair import Counts, _parted, repaired
from tests.register.linkage.conftest import frame

WORDS = ["CASTLE", "TRANSPORT", "YORKSHIRE", "GARDEN", "STEEL"]


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """A register where some words occur in several names."""
    rows = [
        (f"0200{i:04d}", f"{a} {b} {i}X LTD", "S1 1AA", f"{i} MILL LANE", "SHEFFIELD", [])
        for i, (a, b) in enumerate((a, b) for a in WORDS for b in WORDS if a != b)
    ]
    return build_index(frame(rows), tmp_path_factory.mktemp("known"))


@pytest.mark.parametrize(
    ("token", "parts"),
    [
        ("castlesteel", "castle steel"),
        ("gardentransport", "garden trans"),
        ("castle", "castle"),
        ("castlexyzq", "castlexyzq"),
        ("zzzzzzzzzz", "zzzzzzzzzz"),
        ("12345678", "12345678"),
    ],
)
def test_words_written_together_are_parted(known: Index, token: str, parts: str) -> None:
    assert _parted(token, Counts(known)) == parts


def test_a_known_word_stays_whole(known: Index) -> None:
    found = repaired(readings("Castle Transport Ltd"), known, "")
    assert [reading.canon for reading in found] == ["castle trans"]


def test_an_unknown_joined_word_is_parted_in_the_reading(known: Index) -> None:
    found = repaired(readings("Castle Steelgarden Ltd"), known, "")
    assert found[0].canon == "castle steel garden"
    assert found[0].core == "castle steelgarden"
    assert found[0].legal == "LTD"


def test_a_telling_word_may_be_short(tmp_path: Path) -> None:
    rows = [(f"0300000{i}", f"PELLOW{i} UK LTD", "S1 1AA", "", "", []) for i in range(4)]
    rows += [(f"0300001{i}", f"ROBOTICS {w} LTD", "S1 1AA", "", "", []) for i, w in enumerate(("ONE", "UK", "WALES"))]
    index = build_index(frame(rows), tmp_path)
    assert _parted("roboticsuk", Counts(index)) == "robotics uk"


def test_a_trade_word_with_a_slip_takes_its_short_form(index: Index) -> None:
    found = repaired(readings("Quendale Pharameuticals Ltd"), index, "")
    assert found[0].canon == "quendale pharm"


def test_a_town_behind_the_legal_form_may_go(index: Index) -> None:
    found = repaired(readings("Hexafoil Ltd Sheffield"), index, "sheffield")
    assert any(reading.core == "hexafoil" for reading in found)


def test_a_town_of_the_register_may_go(index: Index) -> None:
    found = repaired(readings("Hexafoil Manchester"), index, "")
    assert [(r.core, r.kind) for r in found] == [("hexafoil manchester", 0), ("hexafoil", PART)]


def test_digits_in_words_go_back_to_letters(index: Index) -> None:
    found = repaired(readings("Z0rbix Bi0logics"), index, "")
    assert any(r.core == "zorbix biologics" and r.kind >= CUT for r in found)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40), st.text(alphabet="abcdefgh ", max_size=8))
def test_at_least_one_and_at_most_eight_readings(index: Index, name: str, town: str) -> None:
    found = repaired(readings(name), index, town.strip())
    assert 1 <= len(found) <= 8
    cores = [reading.core for reading in found]
    assert len(set(cores)) == len(cores)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet="abcdefghilmnorstuvyz", min_size=2, max_size=14))
def test_parting_keeps_letters_in_order(known: Index, token: str) -> None:
    parts = _parted(token, Counts(known)).split()
    assert len(parts) <= 2
    if len(parts) == 1:
        assert parts[0] == token
    else:
        assert known.token_frequency(parts).min() >= 3
        assert token.startswith(parts[0][:1])


def test_mending_is_the_same_each_time(known: Index) -> None:
    names = pl.Series(["Steelcastle", "Gardentransport Yorkshire", "plain"])
    once = [repaired([read_name(n)], known, "") for n in names]
    assert once == [repaired([read_name(n)], known, "") for n in names]


@given(st.lists(st.lists(st.sampled_from(["castle", "steel", "nowhere", "garden", ""]), max_size=5), max_size=5))
def test_counts_are_those_of_the_index_in_any_order(asked: list[list[str]]) -> None:
    class Plain:
        def token_frequency(self, tokens: list[str]) -> np.ndarray:
            seen.extend(tokens)
            return np.array([len(token) for token in tokens], np.int64)

    seen: list[str] = []
    counts = Counts(Plain(), ["castle"])  # type: ignore[arg-type]  # all that Counts needs of an index
    for tokens in asked:
        assert counts.of(tokens) == [len(token) for token in tokens]
    assert len(seen) == len(set(seen))
