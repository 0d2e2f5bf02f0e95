"""Cells of a list: what they mean, and what is said of those that mean nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.reference.properties import vocabulary
from lifecluster.register import fitting
from lifecluster.web.uploads.cells import CellError, value_of
from lifecluster.web.uploads.purposes import ORGANISATION, PURPOSES

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    ("prop", "text", "value"),
    [
        ("postcode", "le113tu", "LE11 3TU"), ("postcode", " LE11  3TU ", "LE11 3TU"), ("postcode", "n/a", None),
        ("jobs", "1,200", 1200), ("jobs", "12.0", 12), ("jobs", "tbc", None), ("space_m2", "1 200 m²", 1200),
        ("space_m2", "37.5 sqm", 37.5), ("available_from", "31/01/2027", "2027-01-31"),
        ("available_from", "1 February 2027", "2027-02-01"), ("available_from", "2027-01-31 00:00:00", "2027-01-31"),
        ("available_from", "3.2.2027", "2027-02-03"), ("shared", "Y", True), ("shared", "no", False),
        ("shared", "-", False), ("facility_type", "Clean Room", "cleanroom"), ("cleanroom_class", "ISO class 7", "iso-7"),
        ("cleanroom_class", "Grade C", "gmp-c"), ("containment_level", "2", "cl-2"),
        ("capability", "Gene editing; mRNA | Fill/finish", ["gene-editing", "mrna", "fill-finish"]),
        ("capability", "a, b,\na", ["a", "b"]), ("url", "example.org/rooms", "https://example.org/rooms"),
        ("title", "  Room   7 ", "Room 7"),
    ],
)  # fmt: skip
def test_what_a_cell_means(prop: str, text: str, value: Any) -> None:
    assert value_of(prop, text) == value


@pytest.mark.parametrize(
    ("prop", "text", "words"),
    [
        ("postcode", "LE11", "LE11 3TU"), ("postcode", "LE11 3TU, LE12 5BG", "write one alone"),
        ("postcode", "90210", "no postcode"), ("jobs", "20-30", "one number"), ("jobs", "12.5", "whole number"),
        ("jobs", "-4", "no number"), ("jobs", "1e9", "no number"), ("space_m2", "400 sq ft", "square metres"),
        ("available_from", "soon", "2027-01-31"), ("available_from", "46053", "a number where a date"),
        ("available_from", "31/02/2027", "no date"), ("shared", "maybe", "neither yes nor no"),
        ("facility_type", "castle", "Laboratory, Cleanroom"), ("cleanroom_class", "ISO 12", "ISO 7"),
        ("url", "javascript:alert(1)", "no address"), ("url", "https://a@b.org", "no address"),
        ("title", "x" * 501, "at most 500"), ("capability", ";".join(map(str, range(50))), "too much"),
        ("jobs", "\x00", "never calculated"),
    ],
)  # fmt: skip
def test_what_is_wrong_says_how_to_mend_it(prop: str, text: str, words: str) -> None:
    with pytest.raises(CellError, match=words):
        value_of(prop, text)


COLUMNS = sorted({c.name for p in PURPOSES.values() for c in p.columns} - {ORGANISATION})


@given(prop=st.sampled_from(COLUMNS), text=st.text(max_size=60))
def test_any_text_is_a_value_that_fits_or_is_told(prop: str, text: str) -> None:
    try:
        value = value_of(prop, text)
    except CellError as error:
        assert str(error)
        return
    kind = next(iter(set(vocabulary().properties[prop].levels) & {"facility", "site", "organisation"}))
    assert fitting.check(prop, kind, value) is None


@pytest.mark.parametrize("name", PURPOSES)
def test_columns_are_properties_of_what_they_speak_of(name: str) -> None:
    purpose = PURPOSES[name]
    for column in purpose.columns:
        if column.name == ORGANISATION or (column.name == "postcode" and purpose.kind != "site"):
            continue  # whose it is, and at which site: understood by themselves
        assert (purpose.kind or "site") in vocabulary().properties[column.name].levels
    words = [word for column in purpose.columns for word in column.words]
    assert len(words) == len(set(words)), "no heading means two things"
