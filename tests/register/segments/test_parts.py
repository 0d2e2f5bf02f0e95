"""The parts of the classifier on their own: the checked frame, the compiled rules, the findings, the model."""

from __future__ import annotations

import math

import polars as pl
import pytest

from lifecluster.errors import InputError
from lifecluster.register.definition import load_definition, load_definitions
from lifecluster.register.segments import classify
from lifecluster.register.segments.evidence import FOUND, find_evidence
from lifecluster.register.segments.frame import COLUMNS, checked
from lifecluster.register.segments.model import weigh
from lifecluster.register.segments.reasons import SIDE, pair, side
from lifecluster.register.segments.rules import ROOT, compile_rules

from .cases import frame, listed, organisation, small


def findings(definition, **values) -> list[dict]:
    rules = compile_rules([definition])
    return find_evidence(checked(frame(organisation(**values))), rules).sort("kind", "value").to_dicts()


def test_the_checked_frame_is_complete_and_sorted():
    rows = [organisation("b", sic=["32500", "7210", None, "32500", "21100"]), organisation("a", sic=["None Supplied"])]
    result = checked(frame(*rows))
    assert result.columns == ["row", *COLUMNS, "sic_known"]
    assert result["organisation_id"].to_list() == ["a", "b"]
    assert result["sic"].to_list() == [[], ["21100", "32500"]]
    assert result["sic_known"].to_list() == [False, True]


@pytest.mark.parametrize("sic", [None, [], ["1234"], ["123456"], ["1234a"], ["None Supplied"], [""], ["７2110"]])
def test_malformed_codes_are_no_codes(sic):
    assert checked(frame(organisation(sic=sic)))["sic_known"].to_list() == [False]


def test_the_error_names_the_row_of_a_repeated_id():
    rows = frame(organisation("a"), organisation("b"), organisation("b"))
    with pytest.raises(InputError) as refused:
        checked(rows)
    assert refused.value.place.row == 2


def test_categories_and_narrow_types_are_taken():
    rows = frame(organisation(sic=["32500"])).with_columns(pl.col("status").cast(pl.Categorical))
    assert checked(rows).schema["status"] == pl.String


def test_rules_name_every_node_and_its_ancestors():
    rules = compile_rules([small(), listed()])
    mine = rules.lineage.filter(definition="small", node="wounds")
    assert set(mine["ancestor"]) == {ROOT, "makers", "wounds"}
    assert rules.nodes.filter(definition="small").sort("place")["node"].to_list() == [
        ROOT,
        "makers",
        "wounds",
        "suppliers",
    ]
    assert rules.entries.filter(node=ROOT)["value"].to_list() == ["locum*", "clinic"]
    assert rules.models.filter(definition="by-code")["lead"].item() == 0.0
    assert rules.models["needs_sic"].to_list() == [True, True]


def test_a_definition_without_codes_needs_none():
    segments = [{"id": "s", "label": "S", "role": "core", "predicate": {"organisation_types": ["hospice"]}}]
    definition = listed(segments=segments)
    assert not definition.needs_sic
    assert classify(frame(organisation(sic=None)), [definition]).is_empty()
    found = classify(frame(organisation(sic=None, organisation_type=["hospice"])), [definition])
    assert found["probability"].to_list() == [1.0, 1.0]


def test_findings_say_where_and_how_much():
    found = findings(small(), name="Medical", description="wound locums", sic=["32500"], licence_type=["MIA"])
    assert [tuple(row) for row in found] == [FOUND] * 5
    told = {(row["kind"], row["value"]): (row["node"], row["weight"], row["detail"]) for row in found}
    assert told == {
        ("licence", "MIA"): ("makers", 5.0, "licence_type"),
        ("sic", "32500"): ("makers", 6.0, "325"),
        ("words", "medical"): ("makers", 3.0, "name"),
        ("words", "wound*"): ("wounds", pytest.approx(3.0), "description"),
        ("words", "locum*"): (ROOT, pytest.approx(-3.6), "description"),
    }


def test_counter_evidence_alone_is_no_finding():
    assert findings(small(), name="Locums Ltd", sic=["78200"]) == []


def test_the_formula_by_hand():
    row = frame(organisation(name="Medical Wound Locums", sic=["32500", "72190"], licence_type=["MIA"]))
    rules = compile_rules([small()])
    found = {r["node"]: r["probability"] for r in weigh(find_evidence(checked(row), rules), rules).to_dicts()}
    makers = -5.5 + 6.0 + 3.0 + 5.0 - 6.0
    wounds = makers + 5.0
    assert found["wounds"] == pytest.approx(1 / (1 + math.exp(-wounds)))
    assert found["makers"] == found[ROOT] == found["wounds"]
    without = frame(organisation(name="Medical Locums", sic=["32500", "72190"], licence_type=["MIA"]))
    found = {r["node"]: r["probability"] for r in weigh(find_evidence(checked(without), rules), rules).to_dicts()}
    assert found["makers"] == pytest.approx(1 / (1 + math.exp(-makers)))


def test_words_are_capped():
    words = {f"sign{letter}": 6.0 for letter in "abc"}
    segments = [{"id": "s", "label": "S", "role": "core", "predicate": {"words": words}}]
    many = classify(frame(organisation(name="signa signb signc", sic=["01110"])), [small(segments=segments)])
    assert many["probability"][0] == pytest.approx(1 / (1 + math.exp(-(9.0 - 5.5))))


def test_codes_of_one_side_do_not_add_up():
    segments = [
        {
            "id": "s",
            "label": "S",
            "role": "core",
            "predicate": {"sic": {"21": 5.0, "32.5": 4.0, "86": -2.0, "47": -1.0}},
        }
    ]
    definition = small(segments=segments)
    both = classify(frame(organisation(sic=["21100", "32500", "86900", "47110"])), [definition])
    assert both["probability"][0] == pytest.approx(1 / (1 + math.exp(-(5.0 - 2.0 - 5.5))))


def test_the_whole_shows_a_finding_once_and_the_strongest_first():
    row = organisation(name="Invented Pharma Ltd", sic=["46460", "21200"])
    found = classify(frame(row), [load_definition("bahtss")]).filter(pl.col("segment").is_null())
    evidence = found["evidence"][0].to_list()
    keys = [(item["kind"], item["value"]) for item in evidence]
    assert len(keys) == len(set(keys))
    weights = [abs(item["weight"]) for item in evidence]
    assert weights == sorted(weights, reverse=True)


def test_the_role_is_that_of_the_best_segment():
    supplier = classify(frame(organisation(name="Supplies Ltd", sic=["01110"])), [small()])
    assert set(supplier["role"]) == {"service-supply"}
    maker = classify(frame(organisation(name="Medical Supplies Ltd", sic=["32500"], licence_type=["MIA"])), [small()])
    roles = {row["segment"]: row["role"] for row in maker.to_dicts()}
    assert roles[None] == "core"
    assert roles["suppliers"] == "service-supply"


@pytest.mark.parametrize(
    ("values", "segment"),
    [
        ({"licence_type": ["MIA(IMP)"]}, "biopharma-core"),
        ({"licence_type": ["WDA(H)"], "sic": ["46460"]}, "biopharma-service-supply"),
        ({"licence_type": ["ISO 13485"]}, "medtech-core"),
        ({"organisation_type": ["trial-sponsor", "commercial"], "sic": ["72110"]}, "biopharma-core"),
    ],
)
def test_licences_and_registers_bring_what_names_do_not_say(values, segment):
    found = classify(frame(organisation(name="Plain Name Ltd", **values)), [load_definition("bahtss")])
    chance = found.filter(segment=segment)["probability"].item()
    assert chance >= 0.5


@pytest.mark.parametrize("kind", ["university", "nhs-trust", "nhs-icb"])
def test_public_bodies_are_in_broad_and_in_no_industry(kind):
    row = organisation(name="A Body", organisation_type=[kind], licence_type=["MIA"])
    whole = classify(frame(row), load_definitions()).filter(pl.col("segment").is_null())
    assert dict(whole.select("definition", "state").rows()) == {
        "ols-segments": "no",
        "bahtss": "no",
        "dbt-sic": "no",
        "scottish-sic": "no",
        "broad": "yes",
    }


def test_vintage_travels_with_every_row():
    found = classify(frame(organisation(sic=["32500"])), load_definitions())
    assert found["vintage"].null_count() == 0
    assert set(found.filter(definition="bahtss")["vintage"]) == {"2021/22"}


def test_one_side_of_a_comparison_has_a_row_per_organisation():
    rows = frame(
        organisation("a", "Medical Wound Ltd", sic=["32500"]), organisation("b"), organisation("c", sic=["01110"])
    )
    classified = classify(rows, [small(), listed()])
    mine = side(classified, "small")
    assert mine.schema == SIDE
    assert mine.sort("organisation_id")["organisation_id"].to_list() == ["a", "b"]
    first = mine.filter(organisation_id="a").to_dicts()[0]
    assert (first["segment"], first["kind"], first["value"]) == ("wounds", "sic", "32500")
    assert side(classified, "nobody").is_empty()


def test_a_definition_against_itself_differs_in_nothing():
    rows = frame(organisation("a", "Medical Ltd", sic=["32500"]), organisation("b"))
    names = rows.select("organisation_id", "name", codes=pl.lit(""))
    same = pair(small(), small(), classify(rows, [small()]), names)
    assert set(same["where"]) <= {"both", "neither"}
    assert same["count_delta"].to_list() == [0, 0]
    assert same["expected_delta"].to_list() == [0.0, 0.0]
