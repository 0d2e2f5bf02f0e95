"""Names in capitals as people write them, codes with their words, texts with code in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.web.directory import codes
from lifecluster.web.directory.show.proper import proper
from lifecluster.web.kit.rendering import code_words

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ALPHA MEDICAL LIMITED", "Alpha Medical Limited"),
        ("ALPHA MEDICAL LTD", "Alpha Medical Ltd"),
        ("BEACON (UK) LTD.", "Beacon (UK) Ltd."),
        ("THE HOUSE OF LENSES PLC", "The House of Lenses plc"),
        ("GE BIO DEVICES LLP", "GE Bio Devices LLP"),
        ("BHR 3D PRINT CIC", "BHR 3D Print CIC"),
        ("O'NEILL & SON'S LABS LTD", "O'Neill & Son's Labs Ltd"),
        ("IMI HYDRAULICS", "IMI Hydraulics"),
        ("SMITH-JONES OPTICS", "Smith-Jones Optics"),
        ("ST. JOHN'S NHS TRUST", "St. John's NHS Trust"),
        ("ÉLAN ÖSTER LIMITED", "Élan Öster Limited"),
        ("Alpha MEDICAL Limited", "Alpha MEDICAL Limited"),
        ("IBM", "IBM"),
        ("3M", "3M"),
        ("", ""),
    ],
)
def test_names_as_people_write_them(written: str, read: str) -> None:
    assert proper(written) == read


@given(st.text(max_size=60))
def test_only_the_size_of_letters_changes(name: str) -> None:
    assert proper(name).casefold() == name.casefold() or not name.isascii()
    if not name.isupper():
        assert proper(name) == name


@given(st.text("ABCDEFGHIJ'-&().0123 ", max_size=40))
def test_a_name_that_was_put_right_stays(name: str) -> None:
    once = proper(name)
    assert once.upper() == name
    assert proper(once) == once or once.isupper()


def test_codes_with_their_words() -> None:
    assert codes.explained("sic", "32500").startswith("32500 Manufacture of medical")
    assert codes.explained("segment", "MTG").startswith("MTG ")
    assert codes.explained("sic", "00000") == "00000"
    assert codes.explained("reference", "32500") == "32500"


@given(st.text("ab`<& ", max_size=30))
def test_what_stands_between_backticks_is_code(text: str) -> None:
    made = code_words(text)
    assert "<" not in made.replace("<code>", "").replace("</code>", "")
    assert made.count("<code>") == made.count("</code>") == text.count("`") // 2
    assert made.count("`") == text.count("`") % 2


def test_code_in_a_sentence() -> None:
    assert code_words("`null` is <unknown>") == "<code>null</code> is &lt;unknown&gt;"
