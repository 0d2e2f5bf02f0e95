"""Bands: thresholds at their edges, the veto for sister companies, hard ids."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from lifecluster.register.linkage.bands import sister
from lifecluster.register.linkage.candidates import candidates, prepare
from lifecluster.register.linkage.decide import AUTO, BY_NUMBER, NONE, REVIEW, Decision, decide
from lifecluster.register.linkage.features import features
from lifecluster.register.linkage.index import Index
from lifecluster.register.linkage.scorer import Scored, Scorer, Thresholds, shipped

LIMITS = Thresholds(link=0.5, sister=0.7, auto=0.9)


def decided(index: Index, probability: float, **query: str) -> Decision:
    """The decision on one query, its leader being the first candidate by name, with a probability of our choice."""
    batch = prepare(pl.DataFrame({"id": "q", **query}), index)
    found = features(batch, candidates(batch, index), index)
    best = int(found.column("net_cosine").argmax())
    scored = Scored(np.zeros(len(found.pairs)), np.array([best]), np.array([probability]))
    scorer: Scorer = replace(shipped(), thresholds=LIMITS)
    return decide(batch, found, scored, index, scorer)[0]


@pytest.mark.parametrize(
    ("probability", "band"), [(0.49, NONE), (0.5, REVIEW), (0.89, REVIEW), (0.9, AUTO), (1.0, AUTO)]
)
def test_bands_of_a_name_that_agrees(index: Index, probability: float, band: str) -> None:
    got = decided(index, probability, name="Macrovan Optical Systems Ltd", postcode="G1 1AA")
    assert got.band == band
    assert (got.row is None) == (band == NONE)
    assert got.probability == probability


@pytest.mark.parametrize(("probability", "band"), [(0.5, NONE), (0.69, NONE), (0.7, REVIEW), (0.95, REVIEW)])
def test_a_word_left_over_asks_for_more_and_is_never_auto(index: Index, probability: float, band: str) -> None:
    got = decided(index, probability, name="Tarven Medical Devices Holdings", postcode="B1 1AA")
    assert got.band == band


def test_the_veto_says_which_word(index: Index) -> None:
    got = decided(index, 0.99, name="Tarven Medical Devices Holdings Plc", postcode="B1 1AA")
    assert got.reasons[-1] == "to review: may be a sister company: only the query has HLDG"
    got = decided(index, 0.99, name="Vesserly Diagnostics", postcode="NG1 5AA")
    assert got.reasons[-1].startswith("to review: may be a sister company: only the register has UK")


def test_the_veto_sees_a_word_in_brackets(index: Index) -> None:
    got = decided(index, 0.99, name="Macrovan Optical Systems (Northern)", postcode="G1 1AA")
    assert got.band == REVIEW
    assert "NORTHERN" in got.reasons[-1]


def test_a_word_that_tells_nothing_is_no_veto(index: Index) -> None:
    batch = prepare(pl.DataFrame({"id": "q", "name": "Macrovan Optical Bicycle Systems"}), index)
    found = features(batch, candidates(batch, index), index)
    assert sister(batch, found, index, int(found.column("net_cosine").argmax())) == ""


def test_none_names_the_nearest(index: Index) -> None:
    got = decided(index, 0.1, name="Macrovan Optics")
    assert got.reasons == ("nothing in the register is near enough (nearest: MACROVAN OPTICAL SYSTEMS LTD)",)


def test_a_number_beats_the_scores(index: Index) -> None:
    got = decided(index, 0.1, name="Macrovan Optical Systems", company_number="SC000006")
    assert (got.band, got.probability) == (AUTO, BY_NUMBER)
    assert got.reasons[0].startswith("company number agrees: ")


def test_a_number_without_a_name_waits_for_a_look(index: Index) -> None:
    got = decided(index, 0.1, name="  ", company_number="SC000006")
    assert (got.band, got.reasons[-1]) == (REVIEW, "to review: the query has no name")


def test_no_candidate_and_no_name(index: Index) -> None:
    for name, reason in (("qqqqqqqqqqqq", "no candidate in the register"), (" ", "the name is blank")):
        batch = prepare(pl.DataFrame({"id": "q", "name": name}), index)
        found = features(batch, candidates(batch, index).select(np.zeros(0, np.int64)), index)
        nothing = Scored(np.zeros(0), np.zeros(0, np.int64), np.zeros(0))
        assert decide(batch, found, nothing, index, shipped()) == [Decision(None, 0.0, NONE, (reason,))]
