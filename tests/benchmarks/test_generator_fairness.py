from hypothesis import given
from hypothesis import strategies as st

from benchmarks.linkage.generator.fairness import Index, initials_keys
from benchmarks.linkage.generator.names import plain
from tests.benchmarks.sample_words import AWAY, company

REGISTER = [
    company("ZORVAN CARE", "1"),
    company("ZORVAN CARE HOLDINGS", "2", place=AWAY),
    company("ZEBRA COLLECTIVE HARBOUR", "3", previous=["ZORVAN & CARE LTD"]),
    company("ZCH", "4", place=AWAY),
]
INDEX = Index(REGISTER)


def test_the_same_name_is_found_among_current_and_previous_names() -> None:
    assert INDEX.same_name("The Zorvan Care".upper(), 0) == [2]
    assert INDEX.same_name("ZORVAN CARE", 2) == [0]


def test_a_shortened_name_is_contained_in_several() -> None:
    assert INDEX.contain("ZORVAN", 1) == [0, 2]
    assert INDEX.contain("HOLDINGS ZORVAN", 0) == [1]
    assert INDEX.contain("ABSENT", 0) == []
    assert INDEX.contain("", 0) == []


def test_an_acronym_stands_for_names_and_for_itself() -> None:
    assert INDEX.stand_for("Z.C.H", 1) == [2, 3]
    assert INDEX.stand_for("ZC HARBOUR", 0) == [2]


def test_an_address_tells_companies_apart() -> None:
    assert INDEX.at([0, 1, 2, 3], AWAY.postcode) == [1, 3]


def test_initials_need_three_words() -> None:
    assert initials_keys("ZORVAN CARE") == ()
    assert initials_keys("ZORVAN AND CARE OF HARBOUR") == ("ZCH", "ZC HARBOUR")


WORDS = st.lists(st.sampled_from(["ALTRA", "BREN", "CORD", "DELL"]), min_size=1, max_size=4).map(" ".join)


@given(st.lists(WORDS, min_size=1, max_size=8), WORDS)
def test_containment_agrees_with_looking_at_every_company(stems: list[str], asked: str) -> None:
    index = Index([company(stem, str(n)) for n, stem in enumerate(stems)])
    slow = [n for n, stem in enumerate(stems) if n and set(asked.split()) <= set(stem.split())]
    assert index.contain(asked, 0) == slow
    assert index.same_name(asked, 0) == [n for n, stem in enumerate(stems) if n and plain(stem) == plain(asked)]
