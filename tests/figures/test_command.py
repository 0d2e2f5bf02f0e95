"""`lifecluster claims` as people and programs run it."""

from __future__ import annotations

import json

import pytest

from lifecluster.figures.claim import claims
from tests.commands.conftest import workspace  # noqa: F401
from tests.commands.tiny import conforms, run


def test_list():
    found = run("claims", "list", "--json").json
    conforms(found, "claims list")
    assert [c["name"] for c in found] == [c.name for c in claims()]
    shown = run("claims", "list").out
    assert all(claim.name in shown for claim in claims())


@pytest.mark.parametrize("claim", claims(), ids=lambda c: c.name)
def test_every_claim_computes_on_a_fresh_copy(claim):
    for region in ("midlands", "east-midlands"):
        found = run("claims", "compute", claim.name, "--region", region, "--json").json
        conforms(found, "claims compute")
        assert found["region"] == region
        quoted = claim.says.within is not None
        assert (
            found["word"] in {"no verdict", "cannot tell"}
            if quoted
            else {"true", "false", "true only for", "cannot tell"}
        )
        assert found["word"] != "cannot tell" or found["why"] or found["probability"] is not None
        assert found["because"]
        told = " ".join(run("claims", "compute", claim.name, "--region", region).out.split())
        assert not any(mark in told for mark in ("{", "[unknown]", "()"))
        assert found["because"] in told


def test_a_rank_for_people():
    told = run("claims", "compute", "second-largest-employer", "-r", "east-midlands").out
    for words in (
        "East Midlands is the second-largest employer",
        "false",
        "South East",
        "P(1st or 2nd)",
        "because the East Midlands comes 8th of 11",
        "Great Britain",
    ):
        assert words in told


def test_refusals_and_missing_files_for_people():
    told = run("claims", "compute", "growth-of-turnover", "-r", "united-kingdom").out
    assert "cannot tell" in told
    assert "2021/22 and 2023/24 are not comparable" in told
    assert "[x]" in told
    assert "business counts by region" in run("claims", "compute", "largest-by-companies").out


def test_a_year_and_a_stated_number():
    found = run(
        "claims", "compute", "jobs", "--region", "midlands", "--year", "2019", "--stated", "10200", "--json"
    ).json
    conforms(found, "claims compute")
    assert found["stated"] == 10200
    assert found["sentence"].startswith("10,200 jobs")
    assert found["bases"][0]["value"] == 10190
    far = run("claims", "compute", "jobs", "--region", "midlands", "--stated", "30000", "--json").json
    assert far["word"] == "false"
    assert (
        run("claims", "compute", "largest-by-turnover", "-r", "south-east", "--stated", "1", "--json").json["word"]
        == "true"
    )
    assert run("claims", "compute", "largest-by-turnover", "--stated", "1.5").code == 1


def test_a_claim_with_a_register(sample_package):
    found = run("claims", "compute", "businesses", "--package", sample_package.path, "--json").json
    conforms(found, "claims compute")
    assert found["region"] == "midlands"
    assert found["bases"][0]["segments"]
    assert found["inputs"][0]["sample"] is True
    assert "sample data: invented" in run("claims", "compute", "businesses", "--package", sample_package.path).out


def test_what_is_kept_is_what_changed_is_measured_by(workspace):  # noqa: F811
    first = run("claims", "compute", "jobs", "--year", "2018", "--keep", "--json").json
    assert first["bases"][0]["change"] is None
    second = run("claims", "compute", "jobs", "--keep", "--json").json
    conforms(second, "claims compute")
    change = second["bases"][0]["change"]
    assert change["difference"] == second["bases"][0]["value"] - first["bases"][0]["value"]
    assert sum(r["difference"] for r in change["reasons"]) == change["difference"]
    lines = (workspace / "claims.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["entry"] for line in lines] == ["computed", "computed"]
    told = run("claims", "explain", "jobs", "--json").json
    conforms(told, "claims explain")
    assert [entry["region"] for entry in told["history"]] == ["midlands", "midlands"]
    assert "since last time" in run("claims", "compute", "jobs", "--year", "2017").out


def test_explain_for_people():
    told = run("claims", "explain", "businesses").out
    for words in ("{n} life-science", "0.95", "Office for Life Sciences", "register/bahtss/organisations", "higher"):
        assert words in told
    conforms(run("claims", "explain", "businesses", "--json").json, "claims explain")


def test_a_folder_of_files_is_read(tmp_path):
    rows = ["release,geography,sector,measure,value,unit,source",
            "2024/25,East Midlands,all,turnover,9.9,GBP bn,https://example.org/"]  # fmt: skip
    (tmp_path / "f.csv").write_text("\n".join([*rows, ""]), "utf-8")
    found = run(
        "claims",
        "compute",
        "share-of-uk-turnover",
        "-r",
        "east-midlands",
        "--year",
        "2024",
        "--from",
        tmp_path,
        "--json",
    ).json
    assert "UK in the sector statistics" in found["why"][0] or "2024/25" in found["why"][0]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(("compute", "no-such"), "there is no such claim"), (("compute", "jobs", "-r", "atlantis"), "there is no place"),
     (("compute", "jobs", "--at", "soon"), "no date"), (("explain", "no-such"), "there is no such claim"),
     (("compute", "jobs", "--from", "nowhere"), "no such folder")],
)  # fmt: skip
def test_refusals(arguments, told):
    ran = run("claims", *arguments)
    assert ran.code == 1
    assert told in ran.err
