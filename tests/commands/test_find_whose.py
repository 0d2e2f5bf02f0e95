"""`find` says whose segment it took, and marks what is stale; `show` marks it, too."""

from __future__ import annotations

import pytest

from .tiny import conforms, refused, run


def test_find_names_the_definition_and_those_that_know_the_word_too(tiny_packages):
    found = run("find", "--segment", "medtech-core", "--package", tiny_packages, "--json").json
    conforms(found, "find")
    assert found["segment"]["definition"] == "ols-segments"
    assert "bahtss" in found["segment"]["also"]
    other = run(
        "find", "--segment", "medtech-core", "--definition", "bahtss", "--package", tiny_packages, "--json"
    ).json
    assert (other["segment"]["definition"], other["segment"]["also"]) == ("bahtss", ["ols-segments"])
    told = run("find", "--segment", "medtech-core", "--package", tiny_packages).out
    assert "by the definition ols-segments" in told
    assert "bahtss knows it as well" in told


def test_only_those_that_this_definition_counts_are_found(tiny_packages, tiny_package):
    classes = tiny_package.table("segments")
    for definition in ("ols-segments", "bahtss"):
        ask = ("find", "--segment", "medtech-core", "--definition", definition)
        found = run(*ask, "--package", tiny_packages, "--json", "--ended").json["organisations"]
        counted = {row["organisation_id"] for row in classes.to_dicts()
                   if row["definition"] == definition and row["segment"] == "medtech-core" and row["probability"] >= 0.5}  # fmt: skip
        assert {row["id"] for row in found} == counted


@pytest.mark.parametrize(
    ("more", "words"),
    [(("--segment", "zzz"), "no definition knows"), (("--segment", "biopharma", "--definition", "x"), "'x' is no"),
     (("--definition", "bahtss"), "give --segment as well")],
)  # fmt: skip
def test_a_segment_that_nobody_knows_is_refused(tiny_packages, more, words):
    refused(run("find", *more, "--package", tiny_packages), words)


def test_stale_values_are_marked(tiny_packages):
    fresh = run("find", "bramlow", "--package", tiny_packages, "--at", "2026-11-01", "--json").json["organisations"][0]
    assert fresh["stale"] == []
    asked = ("bramlow", "--package", tiny_packages, "--at", "2029-01-01")
    old = run("find", *asked, "--json").json
    conforms(old, "find")
    assert {"status", "sic", "description"} <= set(old["organisations"][0]["stale"])
    assert "Makes scalpels (stale)" in run("find", *asked).out
    assert "Makes scalpels (stale)" not in run("find", "bramlow", "--package", tiny_packages).out


def test_show_marks_each_stale_statement(tiny_packages):
    for at, stale in (("2026-11-01", False), ("2029-01-01", True)):
        found = run("show", "09100003", "--package", tiny_packages, "--at", at, "--json").json
        conforms(found, "show")
        told = {entry["property"]: [said["stale"] for said in entry["statements"]] for entry in found["values"]}
        assert told["description"] == [stale]
        assert not any(told["name"]), "a name does not age"
        for more in ((), ("--all",)):
            assert ("stale" in run("show", "09100003", *more, "--package", tiny_packages, "--at", at).out) is stale


def test_it_says_why_each_was_found(sample_package):
    at = ("--package", sample_package.path)
    rows = sample_package.table("organisations").filter("live").drop_nulls("previous_name")
    old = rows["previous_name"][0][0]
    told = run("find", old, *at, "--json", "--limit", "500").json
    conforms(told, "find")
    (mine,) = [one for one in told["organisations"] if one["id"] == rows["id"][0]]
    words = {word for match in mine["matched"] for word in match["words"]}
    assert words == set(old.casefold().replace("-", " ").split())
    assert any(match["by"] == "previous_name" and match["value"] == old for match in mine["matched"])
    assert f"previous name {old}" in " ".join(run("find", old, *at, "--limit", "500").out.split())
    for one in run("find", "--licence", "mia", "--near", "Derby", *at, "--json").json["organisations"]:
        assert [match["by"] for match in one["matched"]] == ["licence", "place"]
    assert all(one["matched"] == [] for one in run("find", *at, "--json").json["organisations"])


def test_each_count_of_organisations_says_what_it_counts(sample_package):
    """What a build and `packages` count is what `find` looks through and what it leaves out."""
    counts, at = sample_package.manifest["counts"], ("--package", sample_package.path)
    some = run("find", *at, "--json").json
    every = run("find", *at, "--ended", "--json").json
    assert some["found"] == some["among"] == counts["organisations"] - counts["ended"]
    assert (some["left_out"], every["left_out"]) == (counts["ended"], 0) and counts["ended"] > 0
    assert every["found"] == every["among"] == counts["organisations"]
    (listed,) = run("packages", "--in", sample_package.path.parent, "--json").json
    assert (listed["organisations"], listed["ended"]) == (counts["organisations"], counts["ended"])
    told = " ".join(run("find", *at).out.split())
    assert f"among {some['among']:,} organisations; the {some['left_out']:,} that exist no more with --ended" in told
