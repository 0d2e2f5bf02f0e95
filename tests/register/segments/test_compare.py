"""Comparisons: counts that reconcile with the rows, reasons that add up exactly."""

from __future__ import annotations

import io
import math
import re
from itertools import combinations

import polars as pl
import pytest
from hypothesis import given, settings
from rich.console import Console

from lifecluster.errors import InputError
from lifecluster.register.answer import certainty
from lifecluster.register.definition import Decision, load_definition, load_definitions
from lifecluster.register.segments import classify, compare, explain
from lifecluster.register.segments.explain import in_words
from lifecluster.register.segments.render import render_comparison, render_explanation

from .cases import frame, listed, organisation, organisations, small
from .twin import probabilities

SHIPPED = load_definitions()
FEW = settings(max_examples=15, deadline=None)


def compared(rows, definitions, region=None):
    table = frame(*rows)
    return compare(table, classify(table, definitions), definitions, region)


def text(renderable, width: int = 160) -> str:
    console = Console(width=width, record=True, file=io.StringIO())
    console.print(renderable)
    return console.export_text()


@FEW
@given(organisations())
def test_counts_are_those_of_the_twin(rows):
    result = compared(rows, SHIPPED).counts
    for definition, row in zip(SHIPPED, result.to_dicts(), strict=True):
        wholes = [p[None] for p in (probabilities(r, definition) for r in rows) if None in p]
        known = [p for p in wholes if p is not None]
        assert row["definition"] == definition.name
        assert row["unknown"] == sum(p is None for p in wholes)
        assert row["certain"] == sum(p >= 0.95 for p in known)
        assert row["counted"] == sum(p >= 0.5 for p in known)
        assert row["expected"] == pytest.approx(math.fsum(known), abs=1e-9)
        assert row["low"] - 1e-9 <= row["expected"] <= row["high"] + 1e-9
        assert row["surplus"] == pytest.approx(math.fsum(1 - p for p in known if p >= 0.5), abs=1e-9)
        assert row["shortfall"] == pytest.approx(math.fsum(p for p in known if p < 0.5), abs=1e-9)
        assert row["expected"] == pytest.approx(row["counted"] - row["surplus"] + row["shortfall"], abs=1e-9)
        assert row["high_with_unknown"] == pytest.approx(row["high"] + row["unknown"])


@FEW
@given(organisations())
def test_reasons_add_up_to_the_difference(rows):
    result = compared(rows, SHIPPED)
    counts = {row["definition"]: row for row in result.counts.to_dicts()}
    for left, right in combinations([d.name for d in SHIPPED], 2):
        mine = result.reasons.filter(pl.col("left") == left, pl.col("right") == right)
        assert mine["count_delta"].sum() == counts[left]["counted"] - counts[right]["counted"]
        difference = counts[left]["expected"] - counts[right]["expected"]
        assert mine["expected_delta"].sum() == pytest.approx(difference, abs=1e-9)
        assert mine["group"].null_count() == 0
    assert result.differences["reason"].null_count() == 0
    assert not result.differences["reason"].str.contains("null|None").any()


@FEW
@given(organisations())
def test_overlap_and_differences_agree(rows):
    result = compared(rows, SHIPPED)
    counts = {row["definition"]: row["counted"] for row in result.counts.to_dicts()}
    for row in result.overlap.to_dicts():
        assert row["both"] + row["only_left"] == counts[row["left"]]
        assert row["both"] + row["only_right"] == counts[row["right"]]
        assert row["jaccard"] is None or 0 <= row["jaccard"] <= 1


def reason(row, left, right) -> str:
    result = compared([row], [left, right])
    assert result.differences.height == 1
    return result.differences["reason"][0]


def test_a_code_in_one_list_and_not_in_the_other():
    row = organisation(sic=["72190"])
    said = reason(row, load_definition("dbt-sic"), load_definition("scottish-sic"))
    assert said == "SIC 72190 is in scottish-sic, not in dbt-sic"


def test_words_beside_a_code_outside():
    row = organisation(name="Invented Wound Care Ltd", sic=["32990"])
    said = reason(row, load_definition("ols-segments"), load_definition("dbt-sic"))
    assert said == "the words 'wound care'; SIC 32990 outside dbt-sic"


def test_service_and_supply_is_named():
    row = organisation(name="Invented Clinical Trials Ltd", sic=["70229"])
    said = reason(row, load_definition("bahtss"), load_definition("dbt-sic"))
    assert said.endswith("SIC 70229 outside dbt-sic; service and supply is not counted by dbt-sic")


def test_counter_evidence_is_named():
    row = organisation(name="Teeth Whitening Franchise Ltd", sic=["32500"])
    result = compared([row], [load_definition("bahtss"), load_definition("dbt-sic")])
    assert "against it: 'whitening'" in result.differences["reason"][0]
    telling = result.reasons.filter(pl.col("count_delta") != 0)
    assert telling["group"].to_list() == ["SIC 32500, which is too little for bahtss, with counter-evidence"]


def test_unknown_hand_and_status_are_reasons():
    by_code, weighed = listed(), small()
    row = organisation(name="Wound Medical Ltd", sic=None)
    assert reason(row, weighed, by_code) == "no SIC code supplied: by-code cannot tell"
    strict = listed(name="strict", exclude=(Decision(id="o1", reason="a shop"),))
    assert reason(organisation(sic=["32500"]), by_code, strict) == "set out by strict: a shop"
    ended = listed(name="ended", excluded_statuses=("liquidation",))
    row = organisation(sic=["32500"], status="Liquidation")
    assert reason(row, by_code, ended) == "set out by ended: its status is Liquidation"
    wide = listed(name="wide", include=(Decision(id="o1", reason="known to make splints"),))
    assert reason(organisation(sic=["47110"]), by_code, wide) == "set in by wide: known to make splints"


def test_region_narrows_and_one_definition_needs_no_pair():
    rows = [organisation("a", sic=["32500"]), organisation("b", sic=["32500"]), organisation("c", sic=None)]
    inside = compared(rows, [listed()], region={"a", "c", "not there"})
    assert inside.counts.select("counted", "unknown").rows() == [(1, 1)]
    assert inside.differences.is_empty()
    assert inside.overlap.is_empty()
    nowhere = compared(rows, [listed()], region=[])
    assert nowhere.counts.select("counted", "expected", "unknown").rows() == [(0, 0.0, 0)]
    assert inside.to_frame().equals(inside.counts)
    assert inside.to_dict()["counts"][0]["definition"] == "by-code"


def test_text_of_a_comparison_adds_up():
    rows = [organisation(f"o{code}", sic=[code]) for code in ("72190", "72110", "32500", "21100", "86220", "01110")]
    shown = text(
        render_comparison(compared(rows, [load_definition("dbt-sic"), load_definition("scottish-sic")]), top=1)
    )
    assert "dbt-sic less scottish-sic: -1 (3 in both)" in shown
    assert "SIC 72190 is in scottish-sic, not in dbt-sic" in shown
    many = compared(rows, [load_definition("scottish-sic"), load_definition("broad")])
    assert "other reasons together" in text(render_comparison(many, top=1))


def test_counts_that_tie_say_whether_the_same_are_counted():
    codes = [load_definition("dbt-sic"), load_definition("scottish-sic")]
    same = text(render_comparison(compared([organisation(sic=["32500"])], codes)))
    assert "dbt-sic less scottish-sic: +0 (1 in both)" in same
    assert "they count the same organisations" in same and "because" not in same
    one = [organisation("a", sic=["21100"]), organisation("b", sic=["47110"])]
    in_, out = (listed(name=n, exclude=(Decision(id=x, reason="a shop"),), include=(Decision(id=y, reason="splints"),))
                for n, x, y in (("left-one", "a", "b"), ("right-one", "b", "a")))  # fmt: skip
    tied = text(render_comparison(compared(one, [in_, out])))
    assert "left-one less right-one: +0 (0 in both)" in tied
    assert "1 in left-one alone, 1 in right-one alone; expected +0.0" in tied
    assert "set in by left-one: splints" in tied and "set in by right-one: splints" in tied


def test_explanation_of_one_organisation():
    rows = [
        organisation(name="Invented Wound Care Ltd", sic=["32990"]),
        organisation("o2", sic=["01110"]),
        organisation("o3"),
    ]
    table = frame(*rows)
    classified = classify(table, SHIPPED)
    one = explain("o1", table, classified, SHIPPED)
    assert one.sic == ("32990 Other manufacturing nec",)
    by_segment = {(v.definition, v.segment): v for v in one.verdicts}
    assert by_segment["ols-segments", "wound-care"].inferred
    assert any("'wound care' in the name" in e for e in by_segment["ols-segments", "wound-care"].evidence)
    assert by_segment["dbt-sic", None].state == "no"
    plain = explain("o2", table, classified, SHIPPED)
    assert {v.state for v in plain.verdicts} == {"no"}
    silent = explain("o3", table, classified, SHIPPED)
    assert {v.state for v in silent.verdicts} == {"unknown"}
    assert silent.to_dict()["verdicts"][0]["probability"] is None
    assert {v.certainty for v in silent.verdicts} == {"unknown"} and {v.certainty for v in plain.verdicts} == {"no"}
    shown = text(render_explanation(one)) + text(render_explanation(silent))
    assert "(inferred)" in shown
    assert "none supplied" in shown
    with pytest.raises(InputError, match="no organisation 'o9'"):
        explain("o9", table, classified, SHIPPED)


def test_an_answer_stands_in_words_with_its_probability_and_evidence_once():
    rows = frame(organisation(name="Invented Wound Care Ltd", description="Sells sterile barrier film", sic=["32990"]))
    found = explain("o1", rows, classify(rows, SHIPPED), SHIPPED)
    assert {v.certainty for v in found.verdicts} >= {"no", "unlikely"}
    for verdict in found.verdicts:
        assert verdict.certainty == certainty(verdict.state, verdict.probability)
        assert len(set(verdict.evidence)) == len(verdict.evidence)
    shown = text(render_explanation(found))
    for verdict in found.verdicts:
        chance = "" if verdict.probability is None else f", {verdict.probability:.2f}"
        assert f"{verdict.certainty}{chance}" in shown
    for piece in {piece for verdict in found.verdicts for piece in verdict.evidence}:
        assert shown.count(f"  {piece}\n") == 1, piece
    numbered = dict(re.findall(r"^(\d+)  (.+)$", shown, flags=re.MULTILINE))
    assert set(numbered.values()) == {piece for verdict in found.verdicts for piece in verdict.evidence}


def test_evidence_in_words():
    assert in_words("sic", "72110", 5.0, "7211").startswith(
        "SIC 72110 Research and experimental development on biotech"
    )
    assert in_words("sic", "21999", 1.0, "21").startswith("SIC 21999 Manufacture of basic pharmaceutical")
    assert in_words("words", "stent", -2.0, "other name") == "the words 'stent' in another name (-2.0)"
    assert in_words("licence", "mia", 6.0, "licence_type") == "licence mia (+6.0)"
    assert in_words("register", "university", 1.0, "organisation_type") == "register entry university (+1.0)"
    assert in_words("exclude", "Dissolved", None, "status") == "set out: status Dissolved"
    assert in_words("include", "o1", None, "because") == "set in: because"


@FEW
@given(organisations())
def test_counts_of_segments_are_those_of_the_twin(rows):
    result = compared(rows, SHIPPED).segments.to_dicts()
    assert [(r["segment"], r["definition"]) for r in result if r["definition"] == SHIPPED[0].name] == [
        (s.id, SHIPPED[0].name) for s, _ in SHIPPED[0].walk()
    ]
    for definition in SHIPPED:
        told = [probabilities(r, definition) for r in rows]
        for row in (r for r in result if r["definition"] == definition.name):
            known = [p[row["segment"]] for p in told if p.get(row["segment"]) is not None]
            assert row["counted"] == sum(p >= 0.5 for p in known)
            assert row["expected"] == pytest.approx(math.fsum(known), abs=1e-9)
    assert len(result) == sum(1 for d in SHIPPED for _ in d.walk())


@pytest.mark.parametrize("width", [60, 80, 160])
def test_every_number_is_whole_at_any_width(width):
    found = compared([organisation(f"o{i}", sic=("21200",)) for i in range(1_234)], SHIPPED)
    told = text(render_comparison(found, width=width), width)
    assert all(len(line) <= width for line in told.splitlines())
    assert "…" not in told
    for word in ("1,234", "expected (95 %)", "unknown", *(d.name for d in SHIPPED), "pharmaceuticals"):
        assert word in told, word
