import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.linkage.generator.knobs import NOISE_CLASSES
from benchmarks.linkage.generator.noise import NOISES, SECOND, Mention, rewrite_form
from benchmarks.linkage.generator.writing import case_like, write_place
from tests.benchmarks.sample_words import HOME, company, namer

LONG = "ZORVAN INTERNATIONAL CARE SERVICES"


def noised(noise_class: str, seed: int, stem: str = LONG, **changes: object) -> Mention | None:
    one = company(stem, **changes)
    return NOISES[noise_class](random.Random(seed), Mention(one.stem, one.form), one, namer())


def test_every_class_has_a_noise_and_only_these() -> None:
    assert set(NOISES) == set(NOISE_CLASSES)
    assert set(SECOND) < set(NOISE_CLASSES)


@pytest.mark.parametrize("noise_class", NOISE_CLASSES)
@given(seed=st.integers())
def test_noise_gives_a_name_or_says_it_cannot(noise_class: str, seed: int) -> None:
    said = noised(noise_class, seed, previous=["OLD NAME LTD"])
    assert said is None or said.text.strip()


@pytest.mark.parametrize("noise_class", sorted(set(NOISE_CLASSES) - {"clean", "legal_form", "previous_name"}))
@given(seed=st.integers())
def test_noise_changes_what_is_written(noise_class: str, seed: int) -> None:
    said = noised(noise_class, seed)
    assert said is None or said.text != f"{LONG} LTD"


@pytest.mark.parametrize("noise_class", NOISE_CLASSES)
def test_noise_depends_on_the_seed_alone(noise_class: str) -> None:
    assert [noised(noise_class, s) for s in range(30)] == [noised(noise_class, s) for s in range(30)]


@given(seed=st.integers())
def test_clean_is_clean(seed: int) -> None:
    assert noised("clean", seed) == Mention(LONG, "LTD")


@given(seed=st.integers())
def test_a_dropped_token_leaves_the_others_in_order(seed: int) -> None:
    said = noised("token_drop", seed)
    assert said is not None
    left = iter(LONG.split())
    assert all(word in left for word in said.stem.split())
    assert len(said.stem.split()) < 4


@given(seed=st.integers())
def test_swapped_tokens_are_the_same_tokens(seed: int) -> None:
    said = noised("token_swap", seed)
    assert said is not None
    assert sorted(said.stem.replace(",", "").split()) == sorted(LONG.split())


@given(seed=st.integers())
def test_an_acronym_is_made_of_the_initials(seed: int) -> None:
    said = noised("acronym", seed)
    assert said is not None
    assert said.stem.replace(".", "") in {"ZICS", "ZIC SERVICES"}


def test_a_short_name_has_no_acronym_and_a_single_word_nothing_to_drop_or_swap() -> None:
    assert noised("acronym", 1, "ZORVAN CARE") is None
    assert noised("token_drop", 1, "ZORVAN") is None
    assert noised("token_swap", 1, "ZORVAN") is None


@given(seed=st.integers())
def test_a_previous_name_is_one_of_them(seed: int) -> None:
    assert noised("previous_name", seed) is None
    said = noised("previous_name", seed, previous=["OLD NAME LTD", "OLDER LIMITED"])
    assert said in {Mention("OLD NAME", "LTD"), Mention("OLDER", "LIMITED")}


@given(seed=st.integers())
def test_a_trading_name_carries_the_name_or_its_first_word(seed: int) -> None:
    said = noised("trading_as", seed)
    assert said is None or "ZORVAN" in said.text


@given(st.integers(), st.sampled_from(["LTD", "LIMITED", "COMPANY LIMITED", "LLP", ""]))
def test_a_rewritten_form_is_short_text(seed: int, form: str) -> None:
    assert len(rewrite_form(random.Random(seed), form)) < 30


@given(seed=st.integers())
def test_each_address_class_says_no_more_than_it_should(seed: int) -> None:
    rng = random.Random(seed)
    assert write_place(rng, HOME, "none") == ("", "", "")
    assert write_place(rng, HOME, "town_only") == ("", "", "LEEDS")
    same, _, _ = write_place(rng, HOME, "same")
    wrong, _, _ = write_place(rng, HOME, "postcode_typo")
    assert same.replace(" ", "") == "LS14AB"
    assert wrong.replace(" ", "") != "LS14AB"
    assert len(wrong.replace(" ", "")) == 6


def test_letter_case_follows_the_style() -> None:
    rng = random.Random(1)
    assert [case_like(rng, style, "AB CD") for style in ("upper", "title", "lower")] == ["AB CD", "Ab Cd", "ab cd"]
