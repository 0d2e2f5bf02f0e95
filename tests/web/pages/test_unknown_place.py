"""A place that nobody knows is not looked for: the list says so, and which place may have been meant."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.web.directory.models import Package
from lifecluster.web.directory.search import Query, results
from lifecluster.web.directory.search.places import meant, place_of
from tests.web.pages.conftest import Look, words

pytestmark = pytest.mark.one_database


@pytest.mark.parametrize(
    ("typed", "place"),
    [("Notingham", "Nottingham"), ("Leicster", "Leicester"), ("leciester", "Leicester"), ("Birminham", "Birmingham"),
     ("Paris", ""), ("x", ""), ("Nothing", ""), ("", "")],
)  # fmt: skip
def test_the_town_that_is_spelt_alike(small: Package, typed: str, place: str) -> None:
    assert meant(typed, results(Query(), None).hits.index) == place


@given(st.integers(0, 9), st.sampled_from("abcxyz"))
def test_one_letter_wrong_is_seen(at: int, letter: str) -> None:
    from types import SimpleNamespace

    index = SimpleNamespace(districts={}, towns={"nottingham": [(0, 0)], "derby": [(0, 0)]})
    typed = "nottingham"[:at] + letter + "nottingham"[at + 1 :]
    assert meant(typed, index) == "Nottingham"  # type: ignore[arg-type]  # what it reads of an index


def test_what_is_meant_is_a_place_and_the_likelier_first(small: Package) -> None:
    index = results(Query(), None).hits.index
    for town in index.towns:
        found = meant(town + "z", index)
        assert place_of(found, index=index) is not None
        assert meant(town, index).lower() == town


def test_the_list_names_the_place_that_was_meant(small: Package, look: Look) -> None:
    page = look("/directory?near=Notingham&within=10&sort=distance&licence=ISO+13485")
    text = words(page.cssselect(".hits-part")[0])
    assert "“Notingham” is no postcode, town or district" in text
    assert "Did you mean Nottingham?" in text
    link = next(a for a in page.cssselect(".hits-note a") if words(a) == "Nottingham")
    there = look(link.get("href"))
    assert "within 10 km of Nottingham" in words(there.cssselect(".hits-sentence")[0])
    chips = [words(chip) for chip in page.cssselect(".chips a")]
    assert not any("km of" in chip for chip in chips)
    assert any("ISO 13485" in chip for chip in chips)
    assert "Sorted by name" in text
    assert "distance" not in words(page.cssselect(".sorts")[0])
    assert "km of" not in words(page.cssselect(".hits-sentence")[0])
    assert "near=" not in page.cssselect("link[rel=canonical]")[0].get("href")
    nowhere = look("/directory?near=Xyzzyplugh")
    assert "Did you mean" not in words(nowhere)
    assert not nowhere.cssselect(".chips")


def test_the_api_says_it_too(small: Package, web: Client) -> None:
    answer = json.loads(web.get("/api/v1/organisations?near=Notingham").content)
    assert len(answer["notes"]) == 2
    assert answer["notes"][1] == "Did you mean Nottingham?"
    assert {item["km"] for item in answer["items"]} == {None}
