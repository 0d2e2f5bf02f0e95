"""Definitions: those shipped are sound; a faulty file is refused with its name and key."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
import yaml

from lifecluster.errors import InputError
from lifecluster.reference.taxonomy import ols_segments, sic_title
from lifecluster.register.definition import (
    SHIPPED,
    Predicate,
    evidence_sets,
    load_definition,
    load_definitions,
    read_definition,
)

NODE = {
    "name": "mine",
    "title": "Mine",
    "publisher": "Nobody",
    "source": {"title": "T", "url": "https://example.org/", "vintage": "2024", "confidence": "inferred"},
    "unit": "organisation",
    "location": "registered_office",
    "method": "weighed",
    "effect": "counts nothing that anybody would miss",
    "segments": [{"id": "all", "label": "All", "role": "core", "predicate": {"sic": {"32.50": 5.0}}}],
}


def read(tmp_path: Path, **changes):
    file = tmp_path / "mine.yml"
    file.write_text(yaml.safe_dump({**NODE, **changes}), "utf-8")
    return read_definition(file)


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_definitions_are_sourced_and_real(name):
    definition = load_definition(name)
    assert definition.name == name
    assert definition.source.url.startswith("https://")
    assert definition.vintage
    assert len(definition.effect) > 80
    assert all(sic_title(prefix) for prefix in definition.sic_prefixes())
    if definition.source.confidence != "seen":
        assert definition.source.note or name == "broad"


def test_the_lists_are_those_published():
    assert load_definition("dbt-sic").sic_prefixes() == ("211", "212", "266", "325", "7211")
    assert load_definition("scottish-sic").sic_prefixes() == ("21", "266", "325", "7211", "7219")
    assert load_definition("dbt-sic").source.confidence == "recalled"
    assert load_definition("bahtss").unit == "group"
    assert load_definition("bahtss").source.checked_on == date(2026, 11, 22)


def test_sectors_and_roles_of_the_sector_statistics():
    roles = {segment.id: segment.role for segment, _ in load_definition("bahtss").walk()}
    assert roles["biopharma-core"] == roles["medtech-core"] == roles["digital-health"] == "core"
    assert roles["biopharma-service-supply"] == roles["medtech-service-supply"] == "service-supply"


def test_broad_is_kept_apart_from_industry():
    assert {segment.role for segment, _ in load_definition("broad").walk()} == {"not-industry"}
    for other in SHIPPED[:-1]:
        assert "not-industry" not in {segment.role for segment, _ in load_definition(other).walk()}


def test_official_segment_codes_are_all_placed_once_and_marked_as_inferred():
    segments = [segment for segment, _ in load_definition("ols-segments").walk()]
    placed = [code for segment in segments for code in segment.codes]
    in_scope = ols_segments().filter("inferred_in_scope")["code"].to_list()
    assert sorted(placed) == sorted(in_scope)
    assert all(segment.inferred for segment in segments)
    roles = {code: segment.role for segment in segments for code in segment.codes}
    table = dict(ols_segments().select("code", "inferred_role").rows())
    assert all(table[code] == role for code, role in roles.items())


def test_both_weighed_definitions_rest_on_the_same_evidence():
    def entries(name):
        found = [(s.role, entry) for s, _ in load_definition(name).walk() for entry in s.predicate.entries()]
        return {(role, field, value) for role, (field, value, _) in found}

    assert entries("ols-segments") == entries("bahtss")


def test_counter_evidence_counts_against_and_names_no_company():
    for definition in load_definitions(("ols-segments", "bahtss")):
        assert all(weight < 0 for _, _, weight in definition.predicate.entries())
    for name, predicate in evidence_sets().items():
        assert all(re.fullmatch(r"\*?[a-z0-9 ]+\*?", phrase) for phrase in (*predicate.words, *predicate.name_words)), (
            name
        )


def test_own_entries_win_over_evidence_sets(tmp_path):
    file = tmp_path / "mine.yml"
    own = {
        "id": "all",
        "label": "All",
        "role": "core",
        "evidence": ["a", "b"],
        "predicate": {"words": {"own": 1, "both": 9}},
    }
    file.write_text(yaml.safe_dump({**NODE, "segments": [own]}), "utf-8")
    library = {"a": Predicate(words={"both": 2.0, "twice": 1.0}), "b": Predicate(words={"twice": -3.0})}
    read_back = read_definition(file, library)
    assert read_back.segments[0].predicate.words == {"both": 9.0, "twice": -3.0, "own": 1.0}


def test_prefixes_with_dots_are_plain(tmp_path):
    assert read(tmp_path).segments[0].predicate.sic == {"3250": 5.0}


def segment(**predicate):
    return [{"id": "all", "label": "All", "role": "core", "predicate": predicate}]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"colour": "red"}, "colour"),
        ({"unit": "street"}, "unit"),
        ({"method": "guessed"}, "method"),
        ({"segments": []}, "segments"),
        ({"segments": segment(sic={"26.7.9": 1})}, "no division, group, class"),
        ({"segments": segment(sic=["1"])}, "no division, group, class"),
        ({"segments": segment(sic=["32.5", "325"])}, "given twice"),
        ({"segments": segment(sic=["32.5", "32.5"])}, "listed twice"),
        ({"segments": segment(words={"a b*c": 1})}, "only at an end"),
        ({"segments": segment(words={" x ": 1})}, "two letters"),
        ({"segments": segment(name_words={"a*b": 1})}, "only at an end"),
        ({"segments": segment(words={"wound": 1}, name_words={"wound": 1})}, "in words and in name_words"),
        ({"segments": segment(stated=["XX"])}, "no segment code begins"),
        ({"segments": segment(words={"wound": 0})}, "says nothing"),
        ({"segments": segment(words={"wound": -1})}, "no evidence leads"),
        ({"segments": segment(words=["wound"]) * 2}, "named twice"),
        ({"segments": [{**segment(words=["wound"])[0], "codes": ["ZZZ"]}]}, "no such segment codes"),
        ({"method": "listed", "predicate": {"words": {"vet": -1}}}, "listed definition"),
        (
            {"include": [{"id": "a", "reason": "yes it is"}], "exclude": [{"id": "a", "reason": "no it is not"}]},
            "both in and out",
        ),
        ({"evidence": ["not there"]}, "no evidence set is called"),
        ({"source": {**NODE["source"], "confidence": "seen"}}, "checked_on"),
        ({"source": {**NODE["source"], "url": "ftp://example.org"}}, "url"),
        ({"effect": "none"}, "effect"),
    ],
)
def test_faulty_definitions_are_refused(tmp_path, changes, message):
    with pytest.raises(InputError, match=message) as refused:
        read(tmp_path, **changes)
    assert refused.value.place.file == "mine.yml"


def test_unreadable_files_and_unknown_names_are_refused(tmp_path):
    file = tmp_path / "bad.yml"
    file.write_text("name: [", "utf-8")
    with pytest.raises(InputError, match="not valid YAML: line 1"):
        read_definition(file)
    with pytest.raises(InputError, match="ols-segments"):
        load_definition("nobody's")
    file.write_text("just a sentence", "utf-8")
    with pytest.raises(InputError):
        read_definition(file)


def test_evidence_folders_are_checked(tmp_path):
    (tmp_path / "a.yml").write_text("one: {words: {wound: 1}}\n", "utf-8")
    (tmp_path / "b.yml").write_text("one: {words: {scar: 1}}\n", "utf-8")
    with pytest.raises(InputError, match="defined twice"):
        evidence_sets(tmp_path)
    (tmp_path / "b.yml").write_text("two: {smells: {wound: 1}}\n", "utf-8")
    with pytest.raises(InputError, match="two"):
        evidence_sets(tmp_path)
