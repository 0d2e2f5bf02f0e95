import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.linkage.generator.names import plain
from benchmarks.linkage.generator.vocabulary import WORD, Sampler, split_legal_form
from tests.benchmarks.sample_words import namer


@pytest.mark.parametrize(
    ("name", "stem", "form"),
    [
        ("ALTRA (HOLDINGS) LTD", "ALTRA (HOLDINGS)", "LTD"),
        ("ALTRA COMPANY LIMITED", "ALTRA", "COMPANY LIMITED"),
        ("ALTRA,LIMITED", "ALTRA", "LIMITED"),
        ("ALTRA C.I.C.", "ALTRA", "C.I.C"),
        ("UNIVERSITY OF ALTRA", "UNIVERSITY OF ALTRA", ""),
        ("LIMITED EDITIONS", "LIMITED EDITIONS", ""),
        ("LIMITED", "LIMITED", ""),
    ],
)
def test_the_legal_form_is_split_off(name: str, stem: str, form: str) -> None:
    assert split_legal_form(name) == (stem, form)


@pytest.mark.parametrize(
    "other", ["THE ALTRA AND BREN LIMITED", "ALTRA & BREN", "ALTRA-BREN PLC", "ALTRA, BREN CO LTD", "AL'TRA BREN"]
)
def test_names_the_registrar_holds_to_be_the_same_are_the_same(other: str) -> None:
    assert plain(other) == plain("ALTRA BREN LTD")


def test_a_name_of_nothing_but_legal_words_is_still_a_name() -> None:
    assert plain("THE COMPANY LIMITED") == "THECOMPANYLIMITED"


@given(st.dictionaries(st.text("ABC", min_size=1, max_size=4), st.integers(1, 9), min_size=1), st.integers())
def test_a_sampler_draws_only_its_words_and_the_same_for_a_seed(weights: dict[str, int], seed: int) -> None:
    sampler = Sampler(weights)
    drawn = [sampler.draw(random.Random(seed + i)) for i in range(20)]
    assert set(drawn) <= set(weights)
    assert drawn == [sampler.draw(random.Random(seed + i)) for i in range(20)]


def test_a_sampler_follows_the_weights() -> None:
    rng = random.Random(3)
    sampler = Sampler({"RARE": 1, "OFTEN": 9})
    often = sum(sampler.draw(rng) == "OFTEN" for _ in range(2000))
    assert 1700 < often < 1900


@given(st.integers())
def test_a_name_has_a_stem_a_form_and_no_word_of_the_pattern_s_place(seed: int) -> None:
    stem, form = namer().name(random.Random(seed), "YORK")
    assert WORD.search(stem)
    assert form in {"LTD", "LIMITED"}
    assert "SHEFFIELD" not in stem


@given(st.integers())
def test_family_members_and_lookalikes_share_with_the_name(seed: int) -> None:
    rng = random.Random(seed)
    stem = "ZORVAN CARE SERVICES"
    member = namer().family_member(rng, stem)
    near = namer().near(rng, stem)
    assert member.startswith("ZORVAN")
    assert set(near.split()) & set(stem.split())
