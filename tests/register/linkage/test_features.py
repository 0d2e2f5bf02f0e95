"""Features of pairs: by hand, against plain twins, and what must hold whatever the names."""

from __future__ import annotations

import re

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifecluster.register.linkage import store
from lifecluster.register.linkage.candidates import candidates, prepare
from lifecluster.register.linkage.features import (
    FEATURES,
    NAME,
    PLACE,
    RIVAL,
    Features,
    _legal,
    _numerals,
    _same,
    features,
    left_out,
)
from lifecluster.register.linkage.index import Index
from lifecluster.register.linkage.normalise import PART
from lifecluster.register.linkage.places import EQUAL, MISSING, ONE_EDIT


def seen(index: Index, **query: str) -> dict[str, dict[str, float]]:
    """Features of every candidate of one query, by company number."""
    batch = prepare(pl.DataFrame({"id": "q", **query}), index)
    found = features(batch, candidates(batch, index), index)
    numbers = store.take(index.number, found.pairs.row)
    return {n: dict(zip(FEATURES, row.tolist(), strict=True)) for n, row in zip(numbers, found.values, strict=True)}


def test_columns_have_names_of_their_own() -> None:
    assert len(set(FEATURES)) == len(FEATURES) == len(NAME) + len(PLACE) + len(RIVAL)


def test_the_same_name_at_the_same_place(index: Index) -> None:
    row = seen(index, name="Zorbix Biologics Ltd", postcode="S10 2TN", address="12 High St", town="Sheffield")[
        "01000001"
    ]
    for name in ("cosine", "cover_query", "cover_register", "strings", "same_key", "same_core", "house", "town"):
        assert row[name] == pytest.approx(1.0, abs=1e-4), name
    for name in ("left_query", "left_register", "sibling_query", "sibling_register", "numerals", "part", "rank"):
        assert row[name] == 0.0, name
    assert row["postcode"] == EQUAL
    assert row["legal"] == 3.0
    assert row["margin"] > 0


def test_a_sister_has_a_word_left_over(index: Index) -> None:
    row = seen(index, name="Zorbix Biologics Ltd", postcode="S10 2TN")["01000002"]
    assert (row["sibling_register"], row["sibling_query"]) == (1.0, 0.0)
    assert row["left_register"] > 0.05
    assert row["left_query"] == 0.0
    assert row["cover_query"] == pytest.approx(1.0)
    assert row["same_key"] == 0.0


def test_a_word_the_register_lacks(index: Index) -> None:
    row = seen(index, name="Tarven Medical Devices Group", postcode="B1 1AA")["01000004"]
    assert (row["sibling_query"], row["sibling_register"]) == (1.0, 0.0)
    assert row["left_query"] > 0


def test_a_place_left_over_is_a_region(index: Index) -> None:
    row = seen(index, name="Vesserly Diagnostics Scotland", postcode="NG1 5AA")["01000005"]
    assert row["region_query"] == 1.0
    assert row["region_register"] == 1.0  # the register has (UK)


def test_a_slip_of_a_word_the_register_does_not_know(index: Index) -> None:
    row = seen(index, name="Zorbyx Biologics", postcode="S10 2TN")["01000001"]
    assert row["left_query"] == 0.0
    assert row["known_slip"] < 0.01


def test_a_known_word_that_is_only_alike(index: Index) -> None:
    row = seen(index, name="Birchdale Motors")
    other = max(row.values(), key=lambda r: r["known_slip"])
    assert 0 < other["known_slip"] < 1


def test_a_previous_name_is_marked(index: Index) -> None:
    row = seen(index, name="Oldmark Reagents")["01000003"]
    assert row["previous"] == 1.0
    assert row["same_key"] == 1.0


def test_namesakes_are_counted(index: Index) -> None:
    rows = seen(index, name="Hexafoil Limited")
    assert rows["01000008"]["namesakes"] == pytest.approx(np.log1p(2))
    assert rows["01000008"]["same_keys"] == rows["01000009"]["same_keys"] == 2
    assert rows["01000008"]["near_ties"] >= 2


def test_what_a_query_does_not_say(index: Index) -> None:
    row = seen(index, name="Hexafoil Limited")["01000008"]
    assert row["postcode"] == MISSING
    assert row["has_postcode"] == row["has_street"] == row["house"] == row["town"] == row["place"] == 0.0
    assert row["street"] == -1.0


def test_a_slip_in_the_postcode(index: Index) -> None:
    assert seen(index, name="Hexafoil Limited", postcode="S10 2TQ")["01000008"]["postcode"] == ONE_EDIT


def test_a_part_of_a_name_tells_what_it_leaves_out(index: Index) -> None:
    rows = seen(index, name="Tarven Medical Devices (Northern)", postcode="B1 1AA")
    assert rows["01000004"]["part"] == 1.0
    assert rows["01000004"]["part_telling"] == 1.0
    batch = prepare(pl.DataFrame({"id": "q", "name": "Tarven Medical Devices (Northern)"}), index)
    parts = [i for i, reading in enumerate(batch.readings) if reading.kind == PART]
    assert [left_out(batch, i) for i in parts] == [["northern"]]
    assert left_out(batch, 0) == []


def test_the_size_of_the_register_is_known(index: Index) -> None:
    assert seen(index, name="Hexafoil")["01000008"]["register_size"] == pytest.approx(np.log10(index.rows))


NAMES = st.lists(
    st.sampled_from(["zorbix", "biologics", "holdings", "2", "4", "uk", "medical", "tarven", "ab12", "hexafoil"]),
    min_size=1,
    max_size=4,
).map(" ".join)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(NAMES, min_size=1, max_size=6))
def test_features_are_finite_and_shares_are_shares(index: Index, names: list[str]) -> None:
    batch = prepare(pl.DataFrame({"id": [str(i) for i in range(len(names))], "name": names}), index)
    found = features(batch, candidates(batch, index), index)
    assert isinstance(found, Features)
    assert found.values.dtype == np.float32
    assert np.isfinite(found.values).all()
    shares = ["cosine", "cover_query", "cover_register", "strings", "same_key", "same_core", "known_slip", "place"]
    for name in shares:
        assert ((found.column(name) >= -1e-6) & (found.column(name) <= 1 + 1e-5)).all(), name
    for name in ("left_query", "left_register", "sibling_query", "namesakes", "near_ties", "rank"):
        assert (found.column(name) >= 0).all(), name
    assert (found.column("rarest_left_query") <= found.column("left_query") + 1e-5).all()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(NAMES, min_size=2, max_size=5))
def test_features_of_a_query_do_not_hang_on_its_batch(index: Index, names: list[str]) -> None:
    frame = pl.DataFrame({"id": [str(i) for i in range(len(names))], "name": names})
    batch = prepare(frame, index)
    together = features(batch, candidates(batch, index), index)
    for i in range(len(names)):
        own = prepare(frame.slice(i, 1), index)
        alone = features(own, candidates(own, index), index)
        at = together.pairs.query == i
        assert together.pairs.row[at].tolist() == alone.pairs.row.tolist()
        np.testing.assert_allclose(together.values[at], alone.values, rtol=1e-5, atol=1e-5)


@given(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=8))
def test_numerals_against_a_plain_twin(pairs: list[tuple[str, str]]) -> None:
    left, right = [a for a, _ in pairs], [b for _, b in pairs]
    at = np.arange(len(pairs))
    for value, (a, b) in zip(_numerals(left, right, at, at).tolist(), pairs, strict=True):
        x, y = set(re.findall(r"\d+", a)), set(re.findall(r"\d+", b))
        assert value == (0.0 if x == y else 1.0 if x < y else 2.0 if y < x else 3.0)


@pytest.mark.parametrize(
    ("left", "right", "value"),
    [("LTD", "LTD", 3.0), ("", "LTD", 2.0), ("", "", 2.0), ("LTD", "LLP", 0.0), ("LTD", "PLC", 1.0)],
)
def test_legal_forms_set_against_each_other(left: str, right: str, value: float) -> None:
    assert _legal([left], [right])[0] == value
    assert _legal([right], [left])[0] == value


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [("dale foods", "dalefoods", True), ("foods dale", "dale foods", True), ("dale foods", "dale food", False)],
)
def test_the_same_words(left: str, right: str, same: bool) -> None:
    assert _same([left], [right]).tolist() == [same]


@given(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=8))
def test_the_same_words_against_a_plain_twin(pairs: list[tuple[str, str]]) -> None:
    got = _same([a for a, _ in pairs], [b for _, b in pairs])
    for value, (a, b) in zip(got.tolist(), pairs, strict=True):
        assert value == (a.replace(" ", "") == b.replace(" ", "") or sorted(a.split()) == sorted(b.split()))
