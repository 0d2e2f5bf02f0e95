"""The page of an organisation: everything it has, dated, with its evidence; and what becomes of ids."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from lifecluster.commands.definitions import EVIDENCE
from lifecluster.register.answer import answer
from lifecluster.register.definition import load_definitions
from lifecluster.register.package import Package as Files
from lifecluster.register.segments.explain import verdicts
from lifecluster.web.directory.models import Package, Segment
from lifecluster.web.directory.show import holdings, jsonld, organisation
from tests.web.directory import making
from tests.web.directory.conftest import load
from tests.web.directory.making import org, said, uid
from tests.web.pages.conftest import Look, words

pytestmark = pytest.mark.one_database

SHOWN = {"definition", "role", "state", "probability", "evidence", "vintage"}
ALPHA = f"/organisations/{org('alpha')}/alpha-medical-limited"


def test_everything_it_has_is_on_its_page(rich: Package, look: Look) -> None:
    page = look(ALPHA)
    text = words(page.get_element_by_id("main"))
    for said_ in (
        "Alpha Medical Limited", "Moulds inhaler parts", "Two sites, in Leicester and Nottingham", "Employees",
        "Injection moulding", "Respiratory", "ISO 13485", "Breathwell", "Better inhalers", "Inhaler supply", "£12.5 m",
        "2015-1", "Toolmaker", "Needs resin", "Offers moulding", "Alpha Group", "Earlier names", "Old First Limited",
        "Bêta Diagnostics Ltd", "Gamma University", "1 other partner outside this register",
    ):  # fmt: skip
        assert said_ in text, said_


def test_each_fact_leads_to_its_evidence(rich: Package, look: Look) -> None:
    page = look(ALPHA)
    marks = page.cssselect("#facts a.ev")
    assert len(marks) >= 5
    for mark in marks:
        assert mark.get("href", "").startswith(f"/evidence/{org('alpha')}/")
        assert "how do we know?" in mark.text_content()
        assert words(look(mark.get("href")).get_element_by_id("main"))


def test_nothing_without_evidence_carries_the_mark(rich: Package, look: Look) -> None:
    for mark in look(ALPHA).cssselect("a.ev"):
        assert mark.get("href", "").startswith(("/evidence/", "#e-"))


def test_verified_is_not_observed(rich: Package, look: Look) -> None:
    head = words(look(ALPHA).cssselect(".pagehead")[0])
    assert ("Not verified yet" in head or "Newest verification" in head) and "Newest observation" in head


def test_the_segments_stand_under_every_definition(rich: Package, look: Look) -> None:
    rows = look(ALPHA).cssselect("#segments tbody tr")
    assert rows
    assert any("In" in words(row) for row in rows)
    assert all(row.cssselect(".st") for row in rows)


def test_long_tables_are_cut_and_can_be_had_whole(database: None, tmp_path: Path, look: Look) -> None:
    more = [
        row
        for i in range(25)
        for row in said(uid("award", f"more{i}"), {"holder": org("alpha"), "title": f"Award {i}", "amount": 10})
    ]
    load(making.small(tmp_path, "many", extra=more).path)
    page = look(ALPHA)
    assert len(page.cssselect("#awards tbody tr")) == 10
    assert page.cssselect("#awards .notes a")[0].get("href") == "?all=award#awards"
    whole = look(f"{ALPHA}?all=award")
    assert len(whole.cssselect("#awards tbody tr")) == 26
    assert "£1,250" in words(whole.cssselect("#awards tfoot")[0])


def test_one_that_has_ended_stays_with_its_date(small: Package, look: Look) -> None:
    page = look(f"/organisations/{org('delta')}/delta-surgical-limited")
    assert "Closed 1 March 2024" in words(page)


def test_the_address_by_id_alone_and_wrong_slugs_lead_to_the_page(small: Package, web: Client) -> None:
    for path in (f"/organisations/{org('alpha')}", f"/organisations/{org('alpha')}/something-else"):
        answer = web.get(path)
        assert (answer.status_code, answer["Location"]) == (301, ALPHA)


def test_an_id_that_was_merged_leads_to_what_it_is_now(database: None, tmp_path: Path, web: Client) -> None:
    old = making.uid("organisation", "older")
    package = making.small(tmp_path, "first", extra=said(old, {"name": "Older Ltd"}))
    load(package.path)
    assert web.get(f"/organisations/{old}").status_code == 301  # to its own page
    from lifecluster.web.directory.models import Identity

    Identity.objects.filter(uid=old).update(status="redirected", target=org("alpha"))
    from lifecluster.web.directory.models import Organisation

    Organisation.objects.filter(uid=old).delete()
    answer = web.get(f"/organisations/{old}/older-ltd")
    assert (answer.status_code, answer["Location"]) == (301, f"/organisations/{org('alpha')}")


def test_an_id_that_is_gone_says_so(small: Package, look: Look) -> None:
    from lifecluster.web.directory.models import Identity, Organisation

    Organisation.objects.filter(uid=org("beta")).delete()
    Identity.objects.filter(uid=org("beta")).update(status="absent")
    assert "does not have it" in words(look(f"/organisations/{org('beta')}/x", status=410))


@pytest.mark.parametrize("asked", ["nonsense", "LCO-0000-0000-0000", "LCO-7K3M-9QXA-2B4Y", "%3Cb%3E"])
def test_an_id_that_never_was_says_what_to_do(asked: str, small: Package, look: Look) -> None:
    page = look(f"/organisations/{asked}", status=404)
    assert page.cssselect("form[role=search] input[name=q]")


def test_linked_data_say_the_same(rich: Package, look: Look) -> None:
    (block,) = look(ALPHA).cssselect('script[type="application/ld+json"]')
    data = json.loads(block.text_content())
    assert data["name"] == "ALPHA MEDICAL LIMITED"
    assert data["url"].endswith(ALPHA)
    assert data["numberOfEmployees"]["value"] in {30, 34}
    assert {place["address"]["addressLocality"] for place in data["location"]} == {"Leicester", "Nottingham"}
    assert data["sameAs"] == "https://alpha.example"
    assert "" not in data.values()


@given(
    st.recursive(st.text() | st.none() | st.integers(), lambda inner: st.dictionaries(st.text(), inner), max_leaves=8)
)
def test_a_block_of_data_comes_back_and_holds_no_markup(value: Any) -> None:
    text = jsonld.block({"x": value})
    assert json.loads(text) == {"x": value}
    assert not set("<>&\u2028\u2029") & set(text)


AT = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("state", "ends", "stale", "word"),
    [
        ("active", None, False, "Yes"),
        ("active", date(2026, 11, 22), False, "Yes"),
        ("active", date(2026, 11, 21), False, "No: ran out"),
        ("active", None, True, "Yes, if still so"),
        ("expired", None, False, "No: expired"),
        ("surrendered", None, True, "No: given back"),
        ("", None, False, "Unknown"),
        ("pending", None, False, "Unknown"),
    ],
)
def test_whether_a_licence_is_held(state: str, ends: date | None, stale: bool, word: str) -> None:
    thing: Any = SimpleNamespace(state=state, ends_on=ends)
    assert word in str(holdings.held(thing, AT, stale=stale))
    if stale or state != "active":
        assert "<span>Yes</span>" not in str(holdings.held(thing, AT, stale=stale))


@given(st.text(max_size=2000))
def test_the_opening_of_a_text_is_short(text: str) -> None:
    opened = organisation.opening(text)
    assert len(opened) <= 2 * organisation.SHORT + 3
    assert "\n" not in opened


def test_reasons_are_said_in_words() -> None:
    row: Any = SimpleNamespace(
        state="yes",
        evidence=[
            {"kind": "sic", "value": "32500", "weight": 7.2, "detail": "325"},
            {"kind": "words", "value": "care home*", "weight": -3.6, "detail": "description"},
            {"kind": "exclude", "value": "dissolved", "weight": None, "detail": "status"},
            {"kind": "register", "value": "nhs-trust", "weight": 1.0, "detail": "organisation_type"},
        ],
    )
    text = organisation.reasons(row, answer(("yes", 0.99), ["32500"]))
    assert text == (
        "Its status is dissolved; industry code 32500 Manufacture of medical and dental instruments and supplies; “care home…” in its description speaks against it; and 1 more"
    )
    assert organisation.reasons(None, answer(None, [])) == "No SIC code is supplied, and nothing else decides."
    said = "It has a SIC code, and nothing of what this definition looks for."
    assert organisation.reasons(None, answer(None, ["72110"])) == said


def test_the_page_and_the_command_say_the_same_of_every_organisation(sample_package: Files) -> None:
    """Yes, no or unknown, under every definition; as likely, where neither is certain."""
    definitions = load_definitions()
    plain = {d.name: d.model_dump(mode="json") for d in definitions}
    table = sample_package.table("segments").with_columns(pl.col("evidence").str.json_decode(EVIDENCE))
    classes = {one: rows.to_dicts() for (one,), rows in table.group_by("organisation_id", maintain_order=True)}
    told = set()
    for one, sic in sample_package.table("organisations").select("id", "sic").iter_rows():
        mine = classes.get(one, [])
        theirs = {v.definition: v for v in verdicts(mine, sic, definitions) if v.segment is None}
        rows = [Segment(**{k: v for k, v in row.items() if k in SHOWN}, segment=row["segment"] or "") for row in mine]
        page = organisation.segments(rows, plain, sic)
        assert page is not None
        for line, definition in zip(page.rows, definitions, strict=True):
            verdict, state = theirs[definition.name], line.cells["counts"]
            assert state.answer.name.lower() == verdict.state, (one, definition.name)
            chance = "not scored" if verdict.probability is None else f"{verdict.probability:.2f}"
            assert line.cells["p"] == chance, (one, definition.name)
            told.add((definition.name, verdict.state))
    assert {("broad", "yes"), ("broad", "no")} <= told and {state for _, state in told} == {"yes", "no", "unknown"}
