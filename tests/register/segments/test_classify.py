"""The classifier: against its twin, its properties, and the cases that a careless one gets wrong."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.errors import InputError
from lifecluster.register.definition import Decision, Definition, load_definition, load_definitions
from lifecluster.register.segments import classify
from lifecluster.register.segments.classify import SCHEMA

from .cases import frame, listed, organisation, organisations, small
from .twin import codes_of, probabilities

SHIPPED = load_definitions()
FEW = settings(max_examples=15, deadline=None)


def chances(rows: list[dict], definition: Definition) -> dict[tuple[str, str | None], float | None]:
    result = classify(frame(*rows), [definition])
    return {(o, s): p for o, s, p in result.select("organisation_id", "segment", "probability").iter_rows()}


def whole(definition: Definition, **values) -> float | None:
    """Probability for the definition as a whole; 0 if there is no row."""
    return chances([organisation(**values)], definition).get(("o1", None), 0.0)


@settings(max_examples=60, deadline=None)
@given(organisations(), st.sampled_from([*SHIPPED, small(), listed()]))
def test_agrees_with_the_twin(rows, definition):
    expected = {}
    for row in rows:
        for segment, value in probabilities(row, definition).items():
            expected[row["organisation_id"], segment] = value
    found = chances(rows, definition)
    assert found.keys() == expected.keys()
    for key, value in expected.items():
        assert found[key] == (None if value is None else pytest.approx(value, abs=1e-12))


@FEW
@given(organisations(), st.data())
def test_order_of_rows_and_codes_does_not_matter(rows, data):
    shuffled = data.draw(st.permutations(rows))
    turned = [{**row, "sic": row["sic"] and row["sic"][::-1]} for row in shuffled]
    assert classify(frame(*rows), SHIPPED).equals(classify(frame(*turned), SHIPPED))


@FEW
@given(organisations(max_size=4))
def test_definitions_do_not_disturb_each_other(rows):
    together = classify(frame(*rows), SHIPPED)
    for definition in SHIPPED:
        alone = classify(frame(*rows), [definition])
        assert alone.equals(together.filter(pl.col("definition") == definition.name))


@settings(max_examples=40, deadline=None)
@given(organisations(max_size=3), st.sampled_from([*SHIPPED, small(), listed()]), st.data())
def test_evidence_for_never_lowers_and_evidence_against_never_raises(rows, definition, data):
    before = chances(rows, definition)
    entries = [(f, v, w) for segment, _ in definition.walk() for f, v, w in segment.predicate.entries()]
    against = definition.predicate.words | definition.predicate.name_words
    supports = [
        (f, v)
        for f, v, w in entries
        if w > 0
        and f == "words"
        and not any(hits_also(v, other) for _, other, x in entries if x < 0)
        and not any(hits_also(v, other) for other in against)
    ]
    supports += [(f, v) for f, v, w in entries if w > 0 and f in {"licences", "registers", "stated"}]
    if not supports:
        return
    field, value = data.draw(st.sampled_from(supports))
    column = {"words": "other_names", "licences": "licence_type", "registers": "sources", "stated": "segment"}[field]
    more = [{**row, column: [*(row[column] or []), value.strip("*")]} for row in rows]
    after = chances(more, definition)
    for key, value in before.items():
        assert key in after
        assert value is None or after[key] >= value - 1e-12
    if definition.name == "small":
        less = [{**row, "other_names": [*(row["other_names"] or []), "locum"]} for row in rows]
        lowered = chances(less, definition)
        assert all(value is None or lowered[key] <= value + 1e-12 for key, value in before.items())


def hits_also(phrase: str, other: str) -> bool:
    """Whether writing `phrase` could also write `other` (no more than a cautious guess)."""
    return other.strip("*") in phrase.strip("*") or phrase.strip("*") in other.strip("*")


@FEW
@given(organisations())
def test_without_a_code_the_answer_is_never_a_silent_no(rows):
    for definition in (
        load_definition("dbt-sic"),
        load_definition("scottish-sic"),
        load_definition("bahtss"),
        listed(),
    ):
        found = classify(frame(*rows), [definition]).filter(pl.col("segment").is_null())
        by_id = {row["organisation_id"]: row for row in found.to_dicts()}
        for row in rows:
            if codes_of(row):
                continue
            answer = by_id[row["organisation_id"]]
            ruled_out = any(item["kind"] == "exclude" for item in answer["evidence"])
            if definition.method == "listed":
                assert answer["state"] == ("no" if ruled_out else "unknown")
                assert answer["probability"] == (0.0 if ruled_out else None)


@FEW
@given(organisations())
def test_a_parent_is_at_least_as_sure_as_its_segments(rows):
    for definition in SHIPPED:
        found = chances(rows, definition)
        for segment, above in definition.walk():
            for row in rows:
                value = found.get((row["organisation_id"], segment.id))
                for parent in (*above, None):
                    assert value is None or found[row["organisation_id"], parent] >= value


def test_columns_and_states():
    rows = [organisation("a", "Medical Ltd", sic=["32500"]), organisation("b"), organisation("c", sic=["01110"])]
    result = classify(frame(*rows), [small(), listed()])
    assert result.schema == SCHEMA
    assert result["organisation_id"].is_sorted()
    assert result.filter(organisation_id="c").is_empty()
    states = {(r["organisation_id"], r["definition"], r["segment"]): r["state"] for r in result.to_dicts()}
    assert states["a", "by-code", None] == "yes"
    assert states["b", "by-code", None] == "unknown"
    assert states["a", "small", "makers"] == "yes"


def test_several_segments_at_once():
    row = organisation(name="Wide Trading", sic=["46350", "46460", "72110"], licence_type=["WDA(H)"])
    found = classify(frame(row), [load_definition("bahtss")])
    segments = set(found["segment"].drop_nulls())
    assert {"biopharma-core", "biopharma-service-supply"} <= segments
    assert found.filter(pl.col("segment").is_null()).height == 1


@pytest.mark.parametrize(
    ("name", "sic"),
    [
        ("Northern Condition Monitoring Ltd", ["71122"]),
        ("Swift Medical Locums Ltd", ["78200"]),
        ("Bridge Street Pharmacy Ltd", ["47730"]),
        ("Valley Dental Practice Ltd", ["86230"]),
        ("Meadow Lodge Care Home Ltd", ["87100"]),
        ("Hill Veterinary Pharma Ltd", ["75000"]),
        ("Wold Biodiversity Trust", ["91040"]),
        ("Cell Phone Repairs Ltd", ["95120"]),
        ("Gene's Cafe Ltd", ["56102"]),
        ("Happy Lab Dogs Ltd", ["96090"]),
        ("Auto Diagnostics Centre Ltd", ["45200"]),
        ("Smile Implant Clinic Ltd", ["86230"]),
        ("A B Surgeon Orthopaedics Ltd", ["86220"]),
        ("Bright Teeth Whitening Franchise 7 Ltd", ["32500"]),
        ("Software House Ltd", ["62012"]),
        ("Dr Somebody Medical Services Ltd", ["86210"]),
        ("Valley Biomass Energy Ltd", ["35110"]),
        ("Medical Negligence Solicitors Ltd", ["69102"]),
    ],
)
@pytest.mark.parametrize("definition", ["ols-segments", "bahtss"])
def test_traps_are_not_life_sciences(name, sic, definition):
    assert whole(load_definition(definition), name=name, sic=sic) < 0.25


@pytest.mark.parametrize(
    ("name", "sic", "segment"),
    [
        ("Invented Therapeutics Ltd", ["72110"], "biopharma-core"),
        ("Invented Antibody Company Ltd", ["82990"], "antibodies"),
        ("Invented Gene Therapy Ltd", ["72190"], "advanced-therapies"),
        ("Invented Wound Care Ltd", ["32990"], "wound-care"),
        ("Invented Surgical Instruments Ltd", ["25710"], "surgical-instruments"),
        ("Invented Medical Devices Ltd", ["82990"], "medtech-core"),
        ("Invented Digital Health Ltd", ["62012"], "digital-health"),
        ("Invented Clinical Trials Ltd", ["70229"], "biopharma-service-supply"),
        ("Invented Pharma Distribution Ltd", ["46460"], "biopharma-service-supply"),
    ],
)
def test_makers_and_suppliers_are_found_by_what_they_say(name, sic, segment):
    found = chances([organisation(name=name, sic=sic)], load_definition("ols-segments"))
    assert found["o1", segment] >= 0.5


def test_a_word_in_the_description_counts_less_and_other_names_count_fully():
    definition = small()
    in_name = whole(definition, name="Wound Makers", sic=["01110"])
    in_other = whole(definition, other_names=["Wound Makers"], sic=["01110"])
    told = whole(definition, description="makers for wounds", sic=["01110"])
    assert in_name == in_other > told > 0


def test_who_a_name_speaks_of_is_not_who_a_description_speaks_of():
    definition = small()
    named = whole(definition, name="Wound Clinic", sic=["32500"])
    other = whole(definition, name="Wound", other_names=["Clinic"], sic=["32500"])
    customers = whole(definition, name="Wound", description="sold to the clinic", sic=["32500"])
    assert named == other < customers == whole(definition, name="Wound", sic=["32500"])


@pytest.mark.parametrize(
    "customers", ["NHS trusts", "orthopaedic surgeons", "care homes", "universities", "pharmacies"]
)
@pytest.mark.parametrize("definition", ["ols-segments", "bahtss"])
def test_customers_in_a_description_do_not_count_against_a_maker(customers, definition):
    maker = {"name": "Invented Ltd", "sic": ["32500"]}
    alone = whole(load_definition(definition), **maker)
    told = whole(load_definition(definition), **maker, description=f"Its customers are {customers}.")
    assert told >= alone > 0.5
    assert whole(load_definition(definition), **{**maker, "name": f"Invented {customers}"}) < alone


def test_a_phrase_does_not_run_across_two_names():
    definition = small(
        segments=[{"id": "s", "label": "S", "role": "core", "predicate": {"words": {"wound care": 6.0}}}]
    )
    assert whole(definition, name="Wound", other_names=["Care Ltd"], sic=["01110"]) == 0.0
    assert whole(definition, name="WOUND-CARE!", sic=["01110"]) > 0.5


def test_four_digit_codes_of_sic_2003_say_nothing():
    assert whole(listed(), sic=["7211"]) is None
    assert whole(listed(), sic=["72110", "7210"]) == 1.0
    assert whole(listed(), sic=["None Supplied"]) is None


def test_status_and_type_set_out_and_say_so():
    rows = [
        organisation("a", sic=["32500"], status=" Dissolved "),
        organisation("b", sic=["32500"], organisation_type=["university"]),
        organisation("c", sic=None, status="dissolved"),
    ]
    found = classify(frame(*rows), [listed()]).filter(pl.col("segment").is_null())
    assert found["probability"].to_list() == [0.0, 0.0, 0.0]
    assert found["state"].to_list() == ["no", "no", "no"]
    first = [evidence[0] for evidence in found["evidence"].to_list()]
    assert [item["kind"] for item in first] == ["exclude"] * 3
    assert first[1]["detail"] == "not industry"


def test_decisions_by_hand_win():
    definition = listed(
        include=(Decision(id="a", reason="makes splints; its code is wrong"),),
        exclude=(Decision(id="b", reason="a shop"),),
    )
    rows = [
        organisation("a", sic=["47110"], status="dissolved"),
        organisation("b", sic=["32500"]),
        organisation("c", sic=["32500"]),
    ]
    found = classify(frame(*rows), [definition]).filter(pl.col("segment").is_null())
    assert found["probability"].to_list() == [1.0, 0.0, 1.0]
    assert found["evidence"].to_list()[0][0] == {
        "kind": "include",
        "value": "a",
        "weight": None,
        "detail": "makes splints; its code is wrong",
    }


def test_companions_open_no_segment():
    assert whole(small(), sic=["72200"]) == 0.0
    with_word = whole(small(), name="Medical", sic=["72200"])
    assert with_word > whole(small(), name="Medical", sic=["01110"])


def test_the_most_specific_prefix_counts():
    segments = [{"id": "s", "label": "S", "role": "core", "predicate": {"sic": {"86": -3.0, "86.9": 6.0}}}]
    found = classify(frame(organisation(sic=["86900"])), [small(segments=segments)])
    assert found["evidence"][0].to_list() == [{"kind": "sic", "value": "86900", "weight": 6.0, "detail": "869"}]


def test_bad_frames_are_refused():
    good = frame(organisation())
    with pytest.raises(InputError, match="lacks the columns sic"):
        classify(good.drop("sic"), [small()])
    with pytest.raises(InputError, match="twice"):
        classify(pl.concat([good, good]), [small()])
    with pytest.raises(InputError, match="wrong type"):
        classify(good.with_columns(sic=pl.lit(3)), [small()])
    with pytest.raises(InputError, match="no name twice"):
        classify(good, [small(), small()])
    with pytest.raises(InputError):
        classify(good.with_columns(organisation_id=pl.lit(None, dtype=pl.String)), [small()])


def test_absent_columns_are_unknown_and_no_rows_are_fine():
    few = pl.DataFrame({"organisation_id": ["a"], "name": ["Medical Ltd"], "sic": [["32500"]]})
    assert classify(few, SHIPPED).height > 0
    assert classify(few.clear(), SHIPPED).is_empty()
    assert classify(few.clear(), SHIPPED).schema == SCHEMA
