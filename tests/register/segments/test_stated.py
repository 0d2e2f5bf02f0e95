"""Stated segments: what an organisation or a register says of it counts, in the segment it belongs to."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.build import records as record_frames
from lifecluster.build.scope import whole
from lifecluster.reference.taxonomy import ols_segments, segment_label
from lifecluster.register.definition import Predicate, load_definition
from lifecluster.register.segments import classify, compare, explain

from .cases import frame, listed, organisation, organisations, small

WEIGHED = [load_definition(name) for name in ("ols-segments", "bahtss")]
IN_SCOPE = ols_segments().filter("inferred_in_scope")


def chances(rows, definition):
    found = classify(frame(*rows), [definition])
    return {(o, s): p for o, s, p in found.select("organisation_id", "segment", "probability").iter_rows()}


@pytest.mark.parametrize("definition", WEIGHED, ids=lambda d: d.name)
@pytest.mark.parametrize("row", IN_SCOPE.to_dicts(), ids=lambda row: row["code"])
def test_every_code_in_scope_decides_alone_and_for_the_role_that_the_table_infers(row, definition):
    found = classify(frame(organisation(segment=[row["code"]])), [definition])
    top = found.filter(pl.col("segment").is_null()).to_dicts()[0]
    assert top["state"] == "yes"
    assert top["role"] == row["inferred_role"]
    assert row["inferred_sector"] in set(found["segment"])


@pytest.mark.parametrize("definition", WEIGHED, ids=lambda d: d.name)
def test_each_code_leads_into_one_segment_and_codes_out_of_scope_into_none(definition):
    placed = [v for s, _ in definition.walk() for f, v, _ in s.predicate.entries() if f == "stated"]
    assert sorted(placed) == sorted(IN_SCOPE["code"])
    out = ols_segments().filter(~pl.col("inferred_in_scope"))["code"].to_list()
    assert chances([organisation(sic=["01110"], segment=out)], definition) == {}


def test_codes_of_the_official_segment_and_those_stated_are_the_same():
    for segment, _ in WEIGHED[0].walk():
        assert set(segment.predicate.stated) == set(segment.codes)


@settings(max_examples=40, deadline=None)
@given(
    organisations(max_size=4), st.sampled_from([*WEIGHED, listed()]), st.sampled_from(ols_segments()["code"].to_list())
)
def test_one_more_stated_code_never_lowers_anything(rows, definition, code):
    before = chances(rows, definition)
    after = chances([{**row, "segment": [*(row["segment"] or []), code]} for row in rows], definition)
    for key, value in before.items():
        assert key in after
        assert value is None or after[key] >= value - 1e-12


def test_one_strong_sign_against_does_not_overturn_it_but_two_do():
    definition = load_definition("bahtss")
    one = organisation("one", "Invented Recruitment Ltd", sic=["62012"], segment=["MTT"])
    two = organisation("two", "Invented Locum Recruitment Ltd", sic=["62012"], segment=["MTT"])
    vet = organisation("vet", "Invented Vets Ltd", sic=["75000"], segment=["MTX"])
    found = chances([one, two, vet], definition)
    assert found["one", None] >= 0.5 > found["two", None]
    assert found["vet", None] < 0.05


def test_the_strongest_code_counts_once_and_the_longest_beginning_decides():
    row = organisation(sic=["01110"], segment=["MTB", "MTC"])
    one = chances([{**row, "segment": ["MTB"]}], small())
    assert chances([row], small()) == one
    assert chances([{**row, "segment": ["MTX"]}], small()) == {}
    both = chances([{**row, "segment": ["MTX", "MTB"]}], small())
    assert both["o1", "makers"] < one["o1", "makers"]


@pytest.mark.parametrize("code", [" mtb", "Mtb ", "MTB"])
def test_case_and_blanks_of_a_code_do_not_matter(code):
    assert chances([organisation(segment=[code])], WEIGHED[0])["o1", "in-vitro-diagnostics"] > 0.95


@pytest.mark.parametrize("codes", [[None], [""], ["ZZZ"], ["MT"], []])
def test_what_is_no_code_says_nothing(codes):
    found = chances([organisation(segment=codes)], WEIGHED[0])
    assert found == {("o1", None): None}


@pytest.mark.parametrize("start", ["", "ZZ", "MTBB"])
def test_a_beginning_that_no_code_has_is_refused(start):
    with pytest.raises(ValueError, match="no segment code begins"):
        Predicate(stated={start: 1.0})


def test_it_is_told_in_words():
    rows = frame(organisation("a", "Plain Ltd", sic=["82990"], segment=["MTB"]))
    definitions = [load_definition("bahtss"), load_definition("dbt-sic")]
    classified = classify(rows, definitions)
    told = explain("a", rows, classified, definitions).verdicts[0].evidence
    assert told == ("its stated segment MTB In vitro diagnostic technology (+12.0)",)
    reasons = compare(rows, classified, definitions).differences["reason"].to_list()
    assert reasons == ["its stated segment MTB; SIC 82990 outside dbt-sic"]


def test_labels():
    assert segment_label("PHX") == "Specialist Services"
    assert segment_label("nothing") is None


def test_an_organisation_has_the_codes_that_any_of_its_records_states():
    blank = {**dict.fromkeys(record_frames.SCHEMA), "name": "A", "always": False, "sample": False}
    rows = [
        {**blank, "record": "a/organisation:1", "source": "a", "anchor": 0},
        {**blank, "record": "b/organisation:1", "source": "b", "segment": ["MTB", "MTA"]},
        {**blank, "record": "c/organisation:1", "source": "c", "segment": ["MTB"]},
        {**blank, "record": "d/organisation:1", "source": "d", "name": "D"},
    ]
    frame_ = pl.DataFrame(rows, schema=record_frames.SCHEMA)
    clusters = frame_.select("record", cluster=pl.when(pl.col("name") == "A").then(pl.lit("A")).otherwise(pl.lit("D")))
    none = pl.DataFrame(schema={"record": pl.String, "licence_type": pl.String})
    found = whole(frame_, clusters, none, at=date(2026, 1, 1))
    assert dict(found.select("organisation_id", "segment").iter_rows()) == {"A": ["MTA", "MTB"], "D": []}
    assert classify(found, WEIGHED).filter(pl.col("probability") >= 0.5)["organisation_id"].unique().to_list() == ["A"]
