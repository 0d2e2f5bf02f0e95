"""Postcodes, addresses and company numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.register.linkage.address import area, clean_postcode, outward, read_address
from lifecluster.register.linkage.company_number import clean_company_number, exact_company_number
from lifecluster.register.linkage.places import (
    EQUAL,
    MISSING,
    ONE_EDIT,
    OTHER,
    SAME_AREA,
    SAME_DISTRICT,
    SAME_SECTOR,
    postcode_level,
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("s10 2tn", "S102TN"),
        ("S1O 2TN", "S102TN"),
        ("EC1A 1BB", "EC1A1BB"),
        ("S10 2TM5", "S102TM5"),
        ("LS1", "LS1"),
        ("LSl 4AP", "LS14AP"),
        ("", ""),
        (None, ""),
    ],
)
def test_postcodes_are_cleaned(text: str | None, code: str) -> None:
    assert clean_postcode(text) == code


@given(st.text(max_size=20))
def test_cleaning_a_postcode_is_idempotent(text: str) -> None:
    once = clean_postcode(text)
    assert clean_postcode(once) == once


def test_parts_of_a_postcode() -> None:
    assert (outward("S102TN"), area("S102TN")) == ("S10", "S")
    assert (outward("EC1A1BB"), area("EC1A1BB")) == ("EC1A", "EC")
    assert (outward("12345"), area("12345")) == ("", "")


CODES = st.sampled_from(["S102TN", "S102TM", "S102NN", "S103AA", "S11AA", "LS14AP", "", "EC1A1BB", "S102T", "XX"])


@given(CODES, CODES)
def test_postcode_level_is_symmetric(left: str, right: str) -> None:
    assert postcode_level(left, right) == postcode_level(right, left)
    assert (postcode_level(left, right) == EQUAL) == (left == right != "")


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        ("S102TN", "S102TM", ONE_EDIT),
        ("S102TN", "S102AB", SAME_SECTOR),
        ("S102TN", "S109ZZ", SAME_DISTRICT),
        ("S102TN", "S359ZZ", SAME_AREA),
        ("S102TN", "LS14AP", OTHER),
        ("S102TN", "", MISSING),
    ],
)
def test_levels_of_agreement(left: str, right: str, level: int) -> None:
    assert postcode_level(left, right) == level


def test_an_address_is_read() -> None:
    found = read_address("", "12a High Street, Sheffield, S1 2AB")
    assert (found.postcode, found.number, found.street, found.town) == ("S12AB", "12a", "12a high st", "sheffield")
    assert read_address("S1 2AB", "", "Leeds").town == "leeds"
    assert read_address(None, None) == read_address("", "")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("4142000", "04142000"),
        ("GB-COH-4142000", "04142000"),
        ("sc 1234", "SC001234"),
        ("NI012345", "NI012345"),
        ("123456789", None),
        ("00000000", None),
        ("2,41392E+11", None),
        ("QQ123456", None),
        ("", None),
        (None, None),
    ],
)
def test_company_numbers(text: str | None, number: str | None) -> None:
    assert clean_company_number(text) == number


@given(st.text(max_size=15))
def test_a_clean_company_number_stays_itself(text: str) -> None:
    once = clean_company_number(text)
    if once is not None:
        assert len(once) == 8
        assert clean_company_number(once) == once


@pytest.mark.parametrize(
    ("text", "number"),
    [("01000009", "01000009"), ("gb-coh-01000009", "01000009"), ("SC 000006", "SC000006"), ("IP12345R", "IP12345R"),
     ("1000009", None), ("SC6", None), ("ZZ000999", None), ("00000000", None), ("", None), (None, None)],
)  # fmt: skip
def test_a_number_is_exact_only_as_the_register_writes_it(text: str | None, number: str | None) -> None:
    assert exact_company_number(text) == number
