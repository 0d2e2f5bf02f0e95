"""Words are words, quoted or not; and where nothing is found `find` says what would be."""

from __future__ import annotations

from lifecluster.commands.hints import hints
from lifecluster.register.package import Package
from lifecluster.register.search import Query, search

from .tiny import conforms, run, write_inputs


def found(packages, *more):
    return run("find", *more, "--package", packages, "--json").json


def test_several_words_are_one_query_with_or_without_quotes(tiny_packages):
    apart, quoted = found(tiny_packages, "quarndale", "gene"), found(tiny_packages, "quarndale gene")
    assert apart == quoted and apart["found"] == 1 and apart["hints"] is None
    assert found(tiny_packages, "gene", "quarndale")["organisations"][0]["id"] == apart["organisations"][0]["id"]
    assert found(tiny_packages)["found"] == apart["among"]


def test_nothing_found_names_alike_words_and_what_there_is(tiny_packages):
    answer = found(tiny_packages, "scalpul", "quarndale")
    conforms(answer, "find")
    told = answer["hints"]
    assert answer["found"] == 0 and told["alike"] == {"scalpul": ["scalpels"]} and told["alone"] == {"quarndale": 2}
    assert told["segments"] and told["licences"] == []
    shown = run("find", "scalpul", "quarndale", "--package", tiny_packages).out
    assert "scalpul: no organisation has this word; perhaps scalpels" in shown
    assert "each word alone: quarndale 2" in shown and "--segment knows, among others: " in shown


def test_what_a_hint_promises_is_found(tiny_packages):
    """Every part that is said to be in the way is: without it the search finds as many as the hint says."""
    package = Package(tiny_packages)
    told = hints(package, Query(words="scalpels", near="NG1 0AA", within=0.1))
    assert told.without == {
        "--near": search(package, Query(words="scalpels")).height,
        "the words": search(package, Query(near="NG1 0AA", within=0.1)).height,
    }
    assert all(told.without.values()) and "without --near: 1 found" in list(told.lines())
    assert hints(package, Query(words="zzqx")).alike == {"zzqx": []}


def test_a_hint_gives_away_no_word_of_a_closed_list(tmp_path):
    inputs = write_inputs(tmp_path / "in")
    kept = inputs / "members.csv.mapping.yml"
    kept.write_text(kept.read_text("utf-8").replace("visibility: public", "visibility: desk"), "utf-8")
    assert run("build", "--from", inputs, "--out", tmp_path / "p", "--at", "2026-11-01").code == 0
    assert found(tmp_path / "p", "scalpul")["hints"]["alike"] == {"scalpul": []}


def test_words_that_are_the_name_of_a_licence_say_so_with_the_number_that_the_option_finds(sample_package):
    ask = ("--near", "Loughborough", "--package", sample_package.path)
    answer = run("find", "mia", *ask, "--json").json
    conforms(answer, "find")
    (one,) = answer["named"]
    assert (one["kind"], one["name"], one["option"]) == ("licence", "MIA", "--licence MIA")
    assert one["found"] == run("find", "--licence", "MIA", *ask, "--json").json["found"] > 1
    said = f"{one['found']} hold the licence MIA near there: --licence MIA in place of the words"
    assert said in run("find", "mia", *ask).out
    assert run("find", "mia", "--licence", "mia", *ask, "--json").json["named"] == []


def test_a_name_of_several_words_a_segment_and_a_capability(sample_package):
    ask = ("--package", sample_package.path, "--json")
    (one,) = run("find", "ISO", "13485", *ask).json["named"]
    assert one["option"] == "--licence 'ISO 13485'"
    (one,) = run("find", "MEDTECH", *ask).json["named"]
    assert one["kind"] == "segment" and one["option"] == "--segment MEDTECH"
    assert one["found"] == run("find", "--segment", "medtech", *ask).json["found"]
    answer = run("find", "cnc", "machining", *ask).json
    (one,) = answer["named"]
    assert (one["kind"], one["name"], one["option"]) == ("capability", "cnc-machining", None)
    assert 0 < one["found"] <= answer["found"]
    assert run("find", "limited", *ask).json["named"] == [] == run("find", *ask).json["named"]
