"""The rules of the bands: what may be taken without a person, whatever the score and however the pair was found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifecluster.register.linkage import store
from lifecluster.register.linkage.address import area, clean_postcode
from lifecluster.register.linkage.bands import place_agrees, same_name
from lifecluster.register.linkage.candidates import Batch, Pairs, candidates, prepare
from lifecluster.register.linkage.decide import AUTO, NONE, REVIEW, TO_REVIEW, Decision, decide
from lifecluster.register.linkage.features import Features, features
from lifecluster.register.linkage.index import Index, build_index
from lifecluster.register.linkage.normalise import CUT, FULL, TRADING, read_name
from lifecluster.register.linkage.scorer import Scored, Thresholds, shipped
from tests.register.linkage.conftest import ROWS, frame

SURE = 0.999


def sure(index: Index, row: int | None = None, /, **query: str) -> tuple[Decision, Batch, Features, int]:
    """The decision on a query whose leader is the given row of the index (else the first by name), sure as can be."""
    batch = prepare(pl.DataFrame({"id": "q", **query}), index)
    pairs = candidates(batch, index)
    if row is not None and row not in pairs.row.tolist():
        pairs = forced(batch, index, row)
    found = features(batch, pairs, index)
    at = int(found.column("net_cosine").argmax()) if row is None else pairs.row.tolist().index(row)
    scored = Scored(np.zeros(len(pairs)), np.array([at]), np.array([SURE]))
    scorer = replace(shipped(), thresholds=Thresholds(link=0.5, sister=0.5, auto=0.9))
    return decide(batch, found, scored, index, scorer)[0], batch, found, at


def forced(batch: Batch, index: Index, row: int) -> Pairs:
    """A pair that no search would find: the plain reading with the current name of a row."""
    alias = index.row_alias[[row]].astype(np.int64)
    one = np.zeros(1, np.int64)
    return Pairs(one, np.array([row]), one, alias, one, np.zeros(1, np.float32), np.zeros(1, bool))


def letters(name: str) -> list[str]:
    return sorted(name.replace(" ", ""))


NAMES = [row[1] for row in ROWS if row[1]] + [
    "Oldmark Reagents",
    "TMD",
    "Hexafoil S.A.",
    "Hexafol",
    "Zorbix",
    "Quendale Pharma",
]
POSTCODES = ["", "S10 2TN", "S3 9ZZ", "EX1 1AA", "LS1 4AP", "G1 1AA"]
TOWNS = ["", "Sheffield", "Leeds", "Exeter"]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.tuples(st.sampled_from(NAMES), st.sampled_from(["", "x", " Ltd", " (Foo)", " - Bar Ltd", " GmbH"])).map("".join),
    row=st.integers(0, 609), place=st.tuples(st.sampled_from(POSTCODES), st.sampled_from(TOWNS)),
)  # fmt: skip
def test_no_link_without_a_hard_id_whose_names_differ_and_whose_places_disagree(
    index: Index, name: str, row: int, place: tuple[str, str]
) -> None:
    postcode, town = place
    got, batch, found, at = sure(index, row, name=name, postcode=postcode, town=town)
    if got.band != AUTO:
        assert got.band in (REVIEW, NONE)
        return
    assert got.row == row
    names = store.take(index.canon, np.arange(index.row_alias[row], index.row_alias[row + 1]))
    whole = [r.canon for r in batch.readings if r.kind in (FULL, CUT, TRADING)]
    same = any(letters(mine) == letters(theirs) for mine in whole for theirs in names)
    theirs = store.take(index.postcode, np.array([row]))[0]
    mine = clean_postcode(postcode)
    near = area(mine) == area(theirs) if mine and theirs else town.lower() == store.take(index.town, np.array([row]))[0]
    assert same or near
    assert got.reasons[-1].startswith("taken: ")
    assert same_name(batch, found, index, at) or place_agrees(found, at)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(NAMES),
    st.sampled_from(["AG", "Inc.", "S.p.A.", "s.r.o.", "A/S", "Pty Ltd", "K.K."]),
    st.integers(0, 609),
)
def test_no_form_of_another_country_is_taken_without_a_hard_id(index: Index, name: str, form: str, row: int) -> None:
    got, *_ = sure(index, row, name=f"{' '.join(read_name(name).tokens)} {form}", postcode="S10 2TN", town="Sheffield")
    assert got.band != AUTO


@pytest.mark.parametrize(
    ("query", "band", "last"),
    [
        ({"name": "Quendale Pharma"}, AUTO, "taken: the names are the same"),
        ({"name": "Oldmark Reagents Ltd"}, AUTO, "taken: it is a previous name of the organisation"),
        ({"name": "Quendalle Pharmaceuticals", "postcode": "LS1 4AP"}, AUTO, "taken: the names are alike and the place agrees"),
        ({"name": "Quendalle Pharmaceuticals", "postcode": "LS9 9ZZ"}, AUTO, "taken: the names are alike and the place agrees"),
        ({"name": "Quendalle Pharmaceuticals", "town": "Leeds"}, AUTO, "taken: the names are alike and the place agrees"),
        ({"name": "Quendalle Pharmaceuticals"}, REVIEW, "to review: the names are only alike, and no place agrees"),
        ({"name": "Quendalle Pharmaceuticals", "postcode": "EX1 1AA", "town": "Leeds"}, REVIEW,
         "to review: the names are only alike, and the places differ"),
        ({"name": "Quendoll Pharma", "town": "Leeds"}, REVIEW,
         "to review: the names are only alike, and no more than the town agrees"),
        ({"name": "Quendoll Pharma", "postcode": "LS9 9ZZ"}, REVIEW,
         "to review: the names are only alike, and no more than the postcode area agrees"),
        ({"name": "Quendoll Pharma", "postcode": "LS1 9ZZ"}, AUTO, "taken: the names are alike and the place agrees"),
        ({"name": "TMD", "postcode": "B9 9ZZ"}, REVIEW,
         "to review: the names are only alike, and no more than the postcode area agrees"),
        ({"name": "TMD", "town": "Birmingham"}, AUTO, "taken: the names are alike and the place agrees"),
        ({"name": "Hexafoil Widgets - Pellow & Trent Engineering Ltd"}, REVIEW,
         "to review: the names are only alike, and no place agrees"),
        ({"name": "Quendale Pharma AG"}, REVIEW,
         "to review: AG is a legal form of Germany, Austria, Switzerland and 1 more, which the register's name lacks"),
        ({"name": "Quendale Pharma", "country": "Germany"}, REVIEW,
         "to review: the record is of another country (Germany)"),
        ({"name": "Quendale Pharma", "country": "England"}, AUTO, "taken: the names are the same"),
        ({"name": "Quendale Pharma", "company_number": "01999999"}, REVIEW,
         "to review: another company number is stated"),
        ({"name": "Quendale Pharma AG", "company_number": "01000003"}, AUTO, "taken: the company number decides"),
        ({"name": "Quendale Pharma", "country": "Germany", "company_number": "01000003"}, AUTO,
         "taken: the company number decides"),
    ],
)  # fmt: skip
def test_each_rule_and_what_it_says(index: Index, query: dict[str, str], band: str, last: str) -> None:
    got, *_ = sure(index, **query)
    assert (got.band, got.reasons[-1]) == (band, last)


def test_everything_that_stands_against_a_link_is_said(index: Index) -> None:
    got, *_ = sure(index, name="Quendalle Pharma GmbH", country="CH", company_number="01999999")
    said = got.reasons[-1].removeprefix(TO_REVIEW).split("; ")
    assert len(said) == 4


@pytest.fixture(scope="module")
def abroad(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """A register with an overseas company and with words that are legal forms elsewhere."""
    rows = [("FC000011", "OSTERVALD GMBH", "", "", "", []), ("01000012", "MERRIDEW BEAUTY SPA LIMITED", "", "", "", []),
            ("01000013", "LINDQVARN - ORRELL T/A BASKIN LIMITED", "", "", "", [])]  # fmt: skip
    return build_index(frame([*ROWS, *rows]), tmp_path_factory.mktemp("abroad"))


@pytest.mark.parametrize("query", [{"name": "Ostervald GmbH", "country": "Germany"}, {"name": "Merridew Beauty Spa"}])
def test_a_form_that_the_register_has_too_and_an_overseas_company(abroad: Index, query: dict[str, str]) -> None:
    assert sure(abroad, **query)[0].band == AUTO


def test_what_stands_after_a_dash_in_a_registered_name_is_not_its_name(tmp_path: Path) -> None:
    rows = [("01000014", "LINDQVARN TRADING - ORRELL LIMITED", "", "", "", [])]
    index = build_index(frame([*ROWS, *rows]), tmp_path)
    got, _, found, at = sure(index, name="Orrell Ltd")
    assert found.column("same_key")[at] == 1
    assert (got.band, got.reasons[-1]) == (REVIEW, "to review: the names are only alike, and no place agrees")


def test_the_end_of_a_name_written_with_a_dash_is_no_name(tmp_path: Path) -> None:
    """`F. Hoffmann - La Roche Ltd` is not LA RUCHE LIMITED trading under another name; invented here alike."""
    index = build_index(frame([*ROWS, ("01000015", "LA RISCHE LIMITED", "", "", "", [])]), tmp_path)
    batch = prepare(pl.DataFrame({"id": "q", "name": "F. Ostervald - La Resche Ltd"}), index)
    found = features(batch, candidates(batch, index), index)
    at = store.take(index.number, found.pairs.row).index("01000015")
    assert batch.readings[int(found.pairs.reading[at])].core == "f ostervald la resche"
