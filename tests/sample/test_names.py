"""Invented names: they can be said, avoid real firms, and are given once."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.sample import naming
from lifecluster.sample.model import World
from lifecluster.sample.names import NameBook, allowed, coined, rooted, squeeze
from lifecluster.sample.streams import Stream
from lifecluster.sample.words import listed, segments, trades

seeds = st.integers(0, 10_000)


@given(seeds)
@settings(max_examples=200)
def test_heads_are_allowed_and_of_a_length_that_can_be_said(seed: int) -> None:
    stream = Stream(seed, "t")
    for make in (coined, rooted):
        head = make(stream)
        assert allowed(head)
        assert 5 <= len(head) <= 12
        assert re.fullmatch(r"[A-Z][a-z]+", head)


@pytest.mark.parametrize("name", ["astrazeneca", "Medtronic", "renishaw", "quotient", "sygnature", "Pfizer"])
def test_known_firms_are_refused(name: str) -> None:
    assert not allowed(name)
    assert not allowed(name + "ara")


@pytest.mark.parametrize("name", ["Astrazella", "Medtroa"])
def test_heads_that_begin_like_a_known_firm_are_refused(name: str) -> None:
    assert not allowed(name)


def test_no_head_in_the_region_is_of_the_denylist(world: World) -> None:
    known = set(listed("denylist"))
    for body in world.organisations:
        assert body.head.lower() not in known
        assert allowed(body.head)


def test_the_denylist_is_sorted_lower_case_and_without_doubles() -> None:
    known = listed("denylist")
    assert len(set(known)) == len(known)
    assert all(re.fullmatch(r"[a-z0-9]+", name) for name in known)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("VELTRANE DENTAL LIMITED", "Veltrane Dental Ltd"),
        ("A & B LABS LLP", "A and B Labs"),
        ("THE OSIER COMPANY LIMITED", "Osier"),
    ],
)
def test_squeeze_looks_through_legal_forms(one: str, other: str) -> None:
    assert squeeze(one) == squeeze(other)


def test_a_name_is_given_once() -> None:
    book = NameBook(["Osierbeck Ltd"])
    assert not book.take("OSIERBECK LIMITED")
    assert book.take("OSIERBECK DENTAL LIMITED")
    assert not book.take("Osierbeck Dental")


def test_firms_siblings_and_former_names_come_from_one_family() -> None:
    stream, book, words = Stream(2, "t"), NameBook(), segments()["dental"]
    name, head = naming.firm(stream, words, book)
    holding = naming.sibling(stream, head, "DERBY", words, book, holding=True)
    other = naming.sibling(stream, head, "DERBY", words, book, holding=False)
    assert len({name, holding, other}) == 3
    assert holding.startswith(head.upper())
    assert re.search(r"HOLDINGS|GROUP", holding)
    assert naming.earlier(stream, head, words, book) not in {name, holding, other}
    assert name.rsplit(" ", 1)[-1] in naming.CATEGORIES


def test_word_lists_hold_together() -> None:
    groups = {"medtech-core", "biopharma-core", "service-supply", "digital-and-other"}
    assert {words.group for words in segments().values()} == groups
    assert len(segments()) >= 25
    assert all(words.does and words.for_ and words.words for words in segments().values())
    assert all(0 <= p <= 1 for words in segments().values() for p in {**words.capability, **words.licence}.values())
    assert all(weight > 0 and endings for weight, endings in trades().values())
