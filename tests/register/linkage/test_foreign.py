"""Signs of another country: legal forms and stated countries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.register.linkage.foreign import _sequences, _table, abroad, foreign_form, overseas, stands_in
from lifecluster.register.linkage.words import legal_forms

FOREIGN = sorted(" ".join(words) for words in _sequences()[0])


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Quarndale Medical S.A.", "SA"),
        ("Quarndale Medical s.r.o.", "SRO"),
        ("Hepatitis B S.A.", "SA"),
        ("Quarndale, Inc. (a subsidiary of Hestering Laboratories)", "INC"),
        ("Quarndale A/S", "AS"),
        ("Quarndale S. p. A.", "SPA"),
        ("Quarndale (Europe) B.V.", "BV"),
        ("Quarndale AG, Basel", "AG"),
        ("Quarndale Pharma GmbH & Co. KG", "GMBH"),
        ("Quarndale Pty. Ltd.", "PTY"),
        ("Quarndale Sp. z o.o.", "SPZOO"),
        ("OOO Quarndale", "OOO"),
        ("Bramlow (Quarndale AG)", "AG"),
    ],
)
def test_forms_of_other_countries_are_seen(name: str, form: str) -> None:
    found = foreign_form(name)
    assert found is not None
    assert found.name == form
    assert found.where


@pytest.mark.parametrize(
    "name",
    ["Quarndale Ltd", "Quarndale Inc Limited", "OOO Quarndale Ltd", "Quarndale Ltd (part of Bramlow AG)", "Salvage Aid (SA)",
     "AG", "S.A.", "J P Quarndale", "Agnes Sadler", "Quarndale & Co., Ltd", "", "(", "株式会社"],
)  # fmt: skip
def test_names_without_such_a_form(name: str) -> None:
    assert foreign_form(name) is None


@given(st.sampled_from(FOREIGN), st.sampled_from(["ltd", "limited", "plc", "llp", "cic"]))
def test_a_form_counts_at_the_end_and_not_before_one_of_the_united_kingdom(form: str, closer: str) -> None:
    assert foreign_form(f"Quarndale {form}") is not None
    whole = f"Quarndale {form} {closer}"
    if tuple(f"{form} {closer}".split()) not in _sequences()[0] and f"{form} {closer}" not in FOREIGN:
        found = foreign_form(whole)
        assert found is None or found.words.endswith(closer)


@given(st.text(max_size=40))
def test_any_text_has_a_form_or_none(text: str) -> None:
    found = foreign_form(text)
    assert found is None or (found.countries and found.words)


def test_a_form_that_the_registered_name_has_too_says_nothing() -> None:
    found = foreign_form("Hestering Beauty Spa")
    assert found is not None
    assert stands_in(found, "HESTERING BEAUTY SPA LIMITED")
    assert not stands_in(found, "HESTERING BEAUTY LIMITED")
    dotted = foreign_form("Hestering s.p.a.")
    assert dotted is not None
    assert stands_in(dotted, "HESTERING S.P.A.")


@pytest.mark.parametrize(("said", "other"), [("UK", False), ("U.K.", False), ("England & Wales", False), ("gb", False),
                                             ("", False), ("Germany", True), ("DE", True), ("Jersey", True)])  # fmt: skip
def test_what_a_record_says_of_its_country(said: str, other: bool) -> None:
    assert abroad(said) is other


HOME = ["England", "Scotland", "Wales", "Northern Ireland", "Great Britain", "United Kingdom", "UK", "U.K.", "GB", "G.B.", "GBR",
        "ENG", "SCT", "WLS", "NIR", "GB-ENG", "GB-SCT", "GB-WLS", "GB-NIR", "GB-CYM", "GB-EAW", "GB-GBN", "GB-UKM", "E92000001",
        "S92000003", "W92000004", "N92000002", "K02000001", "K03000001", "K04000001", "Cymru", "N. Ireland", "826",
        "United Kingdom of Great Britain & Northern Ireland (the)", "England, United Kingdom", "Y Deyrnas Unedig"]  # fmt: skip
AWAY = ["Jersey", "Guernsey", "Isle of Man", "JE", "GG", "IM", "JEY", "GGY", "IMN", "Ireland", "IE", "IRL", "Germany", "DE",
        "Virgin Islands, British", "New South Wales", "New England", "NI", "CYM", "L93000001", "M83000003"]  # fmt: skip
CASES = st.sampled_from([str, str.upper, str.lower, str.title, "  {} ".format, "({})".format])


@given(st.lists(st.sampled_from(HOME), min_size=1, max_size=3), st.sampled_from([", ", " / ", " and ", " - "]), CASES)
def test_the_united_kingdom_and_its_parts_are_no_other_country(parts: list[str], between: str, case: Any) -> None:
    assert not abroad(case(between.join(parts)))


@given(st.sampled_from(AWAY), st.lists(st.sampled_from(HOME), max_size=2), CASES, st.booleans())
def test_another_country_stays_one_beside_the_united_kingdom(
    away: str, parts: list[str], case: Any, first: bool
) -> None:
    assert abroad(case(", ".join([away, *parts] if first else [*parts, away])))


def test_every_spelling_of_the_table_is_at_home() -> None:
    for spelling in _table()["united_kingdom"]:
        assert not abroad(spelling), spelling


def test_small_words_alone_are_no_country() -> None:
    assert abroad("the")


def test_numbers_of_companies_from_elsewhere() -> None:
    assert overseas("FC012345")
    assert not overseas("01234567")


def test_the_table_is_whole() -> None:
    table = _table()
    known = legal_forms().family
    for form, entry in table["forms"].items():
        assert form in known or entry.get("spellings"), form
        assert entry["source"], form
        assert set(entry["countries"]) <= set(table["names"]), form
    assert {code for entry in table["forms"].values() for code in entry["countries"]} == set(table["names"])
    assert not {"LTD", "PLC", "LLP", "CIC", "CIO", "LP", "UNLIMITED", "COMPANY"} & set(table["forms"])


def test_the_forms_are_those_of_an_outside_list(data_dir: Path) -> None:
    """Each form has a spelling in the organisation types of the rigour project, but for four that it does not list."""
    types = yaml.safe_load((data_dir / "taxonomy" / "rigour_org_types.yml").read_text(encoding="utf-8"))["types"]
    theirs = {"".join(c for c in str(alias).lower() if c.isalnum())
              for entry in types for alias in [entry.get("display"), *entry.get("aliases", [])] if alias}  # fmt: skip
    ours = {form: [words for words, of in _sequences()[0].items() if of == form] for form in _table()["forms"]}
    missing = [form for form, spelt in ours.items() if not any("".join(words) in theirs for words in spelt)]
    assert set(missing) <= {"CORP", "DAC", "KK", "PVT"}, "forms that neither that list nor this test knows"
