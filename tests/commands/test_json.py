"""Every command that prints JSON prints what its schema says; and something that a person can read without `--json`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import polars as pl
import pytest
from jsonschema import Draft202012Validator, ValidationError

from lifecluster import schemas
from lifecluster.register.linkage.command import LinkSummary
from lifecluster.register.linkage.evaluation import evaluate

from .tiny import FIRMS, conforms, pair, run, table


def test_build_reports_what_it_read_and_what_it_left(tiny_inputs, tmp_path):
    counts = run("build", "--from", tiny_inputs, "--out", tmp_path / "p", "--json").json
    conforms(counts, "build")
    assert counts["sources"]["companies-house"]["read"] == len(FIRMS)
    assert counts["sources"]["nhs-trusts"]["accepted"] == 2
    assert counts["left"] == counts["tables"]["left"] == 1
    assert counts["organisations"] == counts["tables"]["organisations"] > 5
    assert counts["at"] == "2026-11-01"
    assert Path(counts["path"]).is_dir()


def test_build_for_people(tiny_inputs, tmp_path):
    ran = run("build", "--from", tiny_inputs, "--out", tmp_path / "p", "--profile", "east-midlands")
    assert ran.code == 0
    assert "companies-house" in ran.out
    assert "organisations" in ran.out
    assert str(tmp_path / "p" / "east-midlands-2026-11-01-") in ran.out
    assert ran.err == ""


def test_sample(sample_package):
    conforms({**sample_package.manifest["counts"], "path": str(sample_package.path)}, "sample")


def test_show_gives_every_value_with_its_evidence(tiny_packages):
    found = run("show", "09100001", "--package", tiny_packages, "--json").json
    conforms(found, "show")
    assert found["name"] == "QUARNDALE THERAPEUTICS LIMITED"
    values = {entry["property"]: entry["statements"] for entry in found["values"]}
    assert {said["source"] for said in values["name"]} == {"companies-house", "tiny-members"}
    assert values["segment"][0]["value"] == "PHC"
    kinds = {e["kind"] for s in found["segments"] for e in s["evidence"]}
    assert {"stated", "sic"} <= kinds
    assert found["links"][0]["band"] == "auto"


def test_show_gives_candidates_where_a_name_fits_several(tiny_packages):
    found = run("show", "quarn", "--package", tiny_packages, "--json").json
    conforms(found, "show")
    assert len(found["candidates"]) >= 2
    assert run("show", "quarn", "--package", tiny_packages).out.count("LCO-") >= 2


def test_show_for_people_names_source_and_place(tiny_packages):
    told = run("show", "09100003", "--all", "--package", tiny_packages).out
    for words in ("BRAMLOW SURGICAL INSTRUMENTS LTD", "companies-house", "tiny-members", "members.csv#3", "segments"):
        assert words in told


def test_every_thing_of_the_sample_conforms(sample_package):
    rows = sample_package.table("organisations").sort("records", descending=True).head(3)
    trust = sample_package.table("organisations").filter(pl.col("ods_code").is_not_null()).head(1)
    for own in [*rows["id"], *trust["id"]]:
        found = run("show", own, "--package", sample_package.path, "--json").json
        conforms(found, "show")
        assert found["things"]
        assert found["sample"]


@pytest.mark.parametrize(
    ("arguments", "least"),
    [(("wound",), 1), (("quarndale", "--near", "NG1", "--within", "30"), 1), (("--segment", "surgical"), 1),
     (("zzz",), 0)],
)  # fmt: skip
def test_find(tiny_packages, arguments, least):
    found = run("find", *arguments, "--package", tiny_packages, "--json").json
    conforms(found, "find")
    assert len(found["organisations"]) >= least
    assert run("find", *arguments, "--package", tiny_packages).code == 0


def test_sources_regions_and_definitions():
    for command in ("sources", "regions", "definitions list"):
        rows = run(*command.split(), "--json").json
        conforms(rows, command)
        shown = run(*command.split()).out
        assert len(rows) >= 4
        assert all(row["name"][:12] in shown for row in rows)


def test_fetch_says_what_it_got_and_what_failed(monkeypatch, tmp_path):
    from lifecluster.errors import LifeclusterError
    from lifecluster.sources import fetch
    from lifecluster.sources.fetch import Fetched

    def get(spec, folder, *, at):
        if spec.name == "nhs-trusts":
            raise LifeclusterError("the publisher answered 503")
        return [Fetched(folder / "a.csv", "https://example.org/a.csv", 3, "0" * 64)]

    monkeypatch.setattr(fetch, "fetch", get)
    good = run("fetch", "nhs-icbs", "--to", tmp_path, "--json")
    conforms(good.json, "fetch")
    bad = run("fetch", "nhs-icbs", "nhs-trusts", "--to", tmp_path, "--json")
    assert bad.code == 1
    told = json.loads(bad.out)
    conforms(told, "fetch")
    assert told["failed"] == {"nhs-trusts": "the publisher answered 503"}
    assert told["fetched"][0]["file"] == "a.csv"


def test_mapping_is_guessed_once_and_confirmed(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text(table(("Company name", "Postcode", "Staff"), ("Quarndale Ltd", "NG1 0AA", "12")), "utf-8")
    found = run("mapping", "guess", path, "--json").json
    conforms(found, "mapping guess")
    assert found["columns"]["Postcode"]["property"] == "postcode"
    assert found["confirmed"] is False
    again = run("mapping", "guess", path)
    assert again.code == 1
    assert "there already" in again.err
    refused = run("mapping", "confirm", path)
    assert refused.code == 1
    assert "publisher: say who made the list; licence: say" in refused.err
    kept = Path(found["mapping"])
    text = (
        kept.read_text("utf-8").replace("say who made the list", "A network").replace("LicenseRef-unknown", "CC0-1.0")
    )
    kept.write_text(text.replace("say under which licence it may be used", "CC0"), "utf-8")
    assert run("mapping", "confirm", path).code == 0
    assert "confirmed: true" in kept.read_text("utf-8")


def test_definitions_compare_and_explain(tiny_packages):
    compared = run("definitions", "compare", "--package", tiny_packages, "--json").json
    conforms(compared, "definitions compare")
    counted = {row["definition"]: row["counted"] for row in compared["counts"]}
    assert counted["bahtss"] >= 5
    by_pair: dict[tuple[str, str], int] = {}
    for row in compared["reasons"]:
        by_pair[row["left"], row["right"]] = by_pair.get((row["left"], row["right"]), 0) + row["count_delta"]
    assert all(delta == counted[left] - counted[right] for (left, right), delta in by_pair.items())
    told = run("definitions", "explain", "09100006", "--package", tiny_packages, "-d", "bahtss", "--json").json
    conforms(told, "definitions explain")
    assert any("its stated segment MTU" in words for verdict in told["verdicts"] for words in verdict["evidence"])
    assert "bahtss" in run("definitions", "explain", "09100006", "--package", tiny_packages).out
    assert "bahtss" in run("definitions", "compare", "--package", tiny_packages).out


def test_what_the_package_says_of_segments_is_what_a_comparison_says(tiny_packages, tiny_package):
    stored = tiny_package.table("segments").filter(pl.col("segment").is_null(), pl.col("probability") >= 0.5)
    compared = run("definitions", "compare", "--package", tiny_packages, "--json").json["counts"]
    assert {r["definition"]: r["counted"] for r in compared} == dict(stored.group_by("definition").len().iter_rows())


def test_the_queue(sample_package):
    waiting = run("judge", "queue", "--package", sample_package.path, "--limit", "7", "--json").json
    conforms(waiting, "judge queue")
    assert len(waiting) == 7
    assert [row["probability"] for row in waiting] == sorted((row["probability"] for row in waiting), reverse=True)
    assert waiting[0]["reasons"] in run("judge", "queue", "--package", sample_package.path).out


def test_judgements(tiny_packages):
    two = pair(tiny_packages)
    assert run("judge", "list", "--json").json == []
    assert "no judgements yet" in run("judge", "list").out
    for kind in ("unsure", "different"):
        done = run("judge", kind, *two, "--why", "looked at both", "--package", tiny_packages, "--json").json
        conforms(done, f"judge {kind}")
    held = run("judge", "list", "--json").json
    conforms(held, "judge list")
    assert [row["kind"] for row in held] == ["unsure", "different"]
    assert held[1]["entry"][:12] in run("judge", "list").out
    gone = run("judge", "retract", done["entry"][:10], "--why", "too early", "--json").json
    conforms(gone, "judge retract")
    assert gone["retracts"] == done["entry"]
    made = run("judge", "same", *two, "--why", "the register", "--package", tiny_packages, "--json").json
    conforms(made, "judge same")


def test_linkage_counts_and_measures_have_the_published_shape():
    conforms(asdict(LinkSummary(5, 4, 1, 2, 1)), "link")
    links = pl.DataFrame({"id": ["1", "2"], "company_number": ["09100001", ""], "probability": [0.9, 0.1],
                          "band": ["auto", "none"]})  # fmt: skip
    labels = pl.DataFrame({"id": ["1", "2"], "company_number": ["09100001", ""]})
    meta = pl.DataFrame({"id": ["1", "2"], "noise_class": ["none", "typo"], "kind": ["match", "absent"]})
    for found in (evaluate(links, labels), evaluate(links, labels, meta)):
        conforms(json.loads(json.dumps(found.as_dict())), "evaluate linkage")


def test_link_and_evaluate(tiny_inputs, tiny_packages, tmp_path):
    queries, labels, meta = tmp_path / "queries.csv", tmp_path / "labels.csv", tmp_path / "meta.csv"
    queries.write_text("id,name,postcode\n1,Quarndale Therapeutics Ltd,NG1 0AA\n2,Nobody at all,\n", "utf-8")
    labels.write_text("id,company_number\n1,09100001\n2,\n", "utf-8")
    meta.write_text("id,noise_class,kind\n1,none,match\n2,none,absent\n", "utf-8")
    for register in (tiny_inputs / "BasicCompanyData-2026-10-01.csv", tiny_packages):
        answer = tmp_path / "links.csv"
        counts = run("link", queries, "--register", register, "--out", answer, "--json").json
        conforms(counts, "link")
        assert (counts["queries"], counts["auto"]) == (2, 1)
        links = pl.read_csv(answer, infer_schema_length=0)
        assert links["company_number"].to_list()[0] == "09100001"
        for more in ((), ("--meta", meta)):
            found = run("evaluate", "linkage", "--labels", labels, "--links", answer, *more, "--json").json
            conforms(found, "evaluate linkage")
            assert found["f1"] == 1.0
    assert "2 queries" in run("link", queries, "--register", tiny_packages, "--out", answer).out
    told = run("evaluate", "linkage", "--labels", labels, "--queries", queries, "--register", tiny_packages)
    assert "F1 1.000" in told.out


def test_nothing_but_json_is_on_standard_output_of_a_real_process(tiny_packages):
    command = [sys.executable, "-m", "lifecluster.cli", "find", "wound", "--package", str(tiny_packages), "--json"]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=env)
    conforms(json.loads(done.stdout), "find")
    assert done.stderr == ""


@pytest.mark.parametrize("name", schemas.names())
def test_a_schema_is_strict_and_valid(name):
    schema = schemas.schema(name)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"{name}.schema.json"
    assert schema["title"].startswith("lifecluster ")
    assert schema["description"].endswith(".")
    text = schemas.text(name).replace("https://json-schema.org/", "")
    assert "://" not in text.replace("^https?://", "")
    with pytest.raises(ValidationError):
        conforms({"no such": "key"}, name)
    with pytest.raises(ValidationError):
        conforms("text", name)


def test_schema_prints_them():
    listed = run("schema").out
    assert all(f"{name}: " in listed for name in schemas.names())
    for command, name in schemas.COMMANDS.items():
        assert json.loads(run("schema", *command.split()).out)["$id"] == f"{name}.schema.json"
    assert set(schemas.COMMANDS.values()) == set(schemas.names())
