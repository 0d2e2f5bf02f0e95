"""A code that is known from memory alone is marked, and every answer that rests on it says so."""

from __future__ import annotations

import io

import pytest
from pydantic import ValidationError
from rich.console import Console

from lifecluster.reference.taxonomy import ols_segments, sic_title
from lifecluster.register.definition import SHIPPED, Definition, load_definition, load_definitions
from lifecluster.register.segments import classify
from lifecluster.register.segments.explain import RECALLED, explain
from lifecluster.register.segments.render import render_explanation

from .cases import frame, organisation, small

DBT, SCOTTISH, BAHTSS = (load_definition(name) for name in ("dbt-sic", "scottish-sic", "bahtss"))


def verdicts(definition: Definition, **values: object):
    table = frame(organisation(**values))
    return explain("o1", table, classify(table, [definition]), [definition]).verdicts


def test_of_the_shipped_definitions_only_the_trade_departments_rests_on_memory():
    assert {name: load_definition(name).recalled() for name in SHIPPED if load_definition(name).recalled()} == {
        "dbt-sic": DBT.sic_prefixes()
    }
    assert DBT.source.confidence == "recalled"
    assert {d.source.confidence for d in (SCOTTISH, BAHTSS)} == {"seen"}


def test_every_code_is_one_of_the_official_tables():
    codes = set(ols_segments()["code"])
    for definition in load_definitions():
        for segment, _ in definition.walk():
            for field, value, _ in segment.predicate.entries():
                assert field != "sic" or sic_title(value), (definition.name, value)
                assert field != "stated" or any(code.startswith(value) for code in codes), (definition.name, value)
    exact = {value for s, _ in BAHTSS.walk() for f, value, _ in s.predicate.entries() if f == "stated"}
    assert exact <= codes, "the sector statistics are approached by whole codes"


@pytest.mark.parametrize(
    ("sic", "prefix"), [("21100", "211"), ("21200", "212"), ("26600", "266"), ("32500", "325"), ("72110", "7211")]
)
def test_each_answer_prints_the_mark_of_its_code(sic, prefix):
    found = verdicts(DBT, sic=[sic])
    assert {v.state for v in found} == {"yes"}
    for verdict in found:
        assert verdict.recalled == (prefix,)
        assert f"[{prefix}: {RECALLED}]" in " ".join(verdict.evidence)
    for verdict in verdicts(SCOTTISH, sic=[sic]):
        assert verdict.recalled == ()
        assert "recalled" not in " ".join(verdict.evidence)


def test_a_no_rests_on_the_whole_list():
    (verdict,) = verdicts(DBT, sic=["01110"])
    assert (verdict.state, verdict.recalled) == ("no", DBT.sic_prefixes())
    assert RECALLED in verdict.evidence[0]
    (other,) = verdicts(SCOTTISH, sic=["01110"])
    assert (other.state, other.recalled) == ("no", ())


def test_unknown_rests_on_no_code():
    assert all(v.recalled == () for v in verdicts(DBT))


def test_the_terminal_shows_it():
    table = frame(organisation(sic=["32500"]))
    console = Console(width=200, record=True, file=io.StringIO())
    console.print(render_explanation(explain("o1", table, classify(table, [DBT]), [DBT])))
    assert "recalled" in console.export_text()


def node(**changes: object) -> dict[str, object]:
    return {**small().model_dump(mode="json"), **changes}


def segment(**changes: object) -> list[dict[str, object]]:
    return [{"id": "one", "label": "One", "role": "core", "predicate": {"sic": {"26.6": 3.0}}, **changes}]


def test_a_mark_on_nothing_is_refused_and_dots_do_not_matter():
    made = Definition.model_validate(node(segments=segment(recalled=["26.6"])))
    assert made.recalled() == ("266",)
    with pytest.raises(ValidationError, match="no entry of the predicate"):
        Definition.model_validate(node(segments=segment(recalled=["32.5"])))


def test_a_recalled_source_may_hold_no_code_without_the_mark():
    source = {**small().source.model_dump(mode="json"), "confidence": "recalled"}
    with pytest.raises(ValidationError, match="not marked"):
        Definition.model_validate(node(source=source, segments=segment()))
    assert Definition.model_validate(node(source=source, segments=segment(recalled=["266"])))
