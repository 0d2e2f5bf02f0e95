"""What cannot be done is refused in one clear line that names the thing, with exit code 1 and without a traceback."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from .tiny import MEMBER, pair, refused, run


@pytest.mark.parametrize(
    "command",
    [("show", "x"), ("find", "x"), ("judge", "queue"), ("definitions", "compare"), ("definitions", "explain", "x")],
    ids=" ".join,
)
def test_a_package_that_is_not_there(tmp_path, command):
    refused(run(*command, "--package", tmp_path / "nowhere"), "nowhere", "no package")
    refused(run(*command), "home (as LIFECLUSTER_HOME says)", "no package in the workspace")


@pytest.mark.parametrize("identifier", ["LCO-0000-0000-0000", "99999999", "nobody at all", "LCO-nonsense", "[bold]"])
@pytest.mark.parametrize("command", [("show",), ("definitions", "explain")])
def test_an_organisation_that_is_not_there(tiny_packages, command, identifier):
    refused(run(*command, identifier, "--package", tiny_packages), repr(identifier), "midlands-2026-11-01")


def test_a_name_that_means_several(tiny_packages):
    ran = run("definitions", "explain", "quarn", "--package", tiny_packages)
    refused(ran, "'quarn'", "QUARNDALE THERAPEUTICS LIMITED", "QUARNDALE WOUND CARE LTD", "LCO-")


@pytest.mark.parametrize("at", ["yesterday", "2026-13-01", "01/11/2026", "2026-02-30"])
def test_a_date_that_is_none(tiny_inputs, tmp_path, at):
    refused(run("build", "--from", tiny_inputs, "--out", tmp_path / "p", "--at", at), repr(at), "YYYY-MM-DD")
    assert not (tmp_path / "p" / "current").exists()


def test_the_date_of_the_environment_is_checked_too(tiny_inputs, tmp_path, monkeypatch):
    monkeypatch.setenv("LIFECLUSTER_AT", "soon")
    refused(run("build", "--from", tiny_inputs, "--out", tmp_path / "p"), "LIFECLUSTER_AT='soon'")


def test_a_profile_that_is_not_there_or_wrong(tiny_inputs, tmp_path):
    refused(run("build", "--from", tiny_inputs, "--profile", "atlantis"), "'atlantis'", "midlands")
    refused(run("build", "--from", tiny_inputs, "--profile", tmp_path / "mine.yml"), "mine.yml")
    wrong = tmp_path / "wrong.yml"
    for text, word in (
        ("name: wrong\ntitle: W\nlads: [X99]\n", "X99"),
        ("name: [", "YAML"),
        ("name: wrong\n", "title"),
    ):
        wrong.write_text(text, "utf-8")
        refused(run("build", "--from", tiny_inputs, "--profile", wrong), "wrong.yml", word)


def test_a_definition_or_a_schema_that_is_not_there(tiny_packages):
    refused(run("definitions", "compare", "-d", "mine", "--package", tiny_packages), "mine", "bahtss")
    refused(run("schema", "judgement"), "'judgement'", "judge-list")


def test_a_source_that_is_not_there(tmp_path):
    refused(run("fetch", "the-moon", "--to", tmp_path), "the-moon", "companies-house")


def test_lists_that_cannot_be_read(tmp_path):
    refused(run("mapping", "guess", tmp_path / "none.csv"), "none.csv")
    refused(run("mapping", "confirm", tmp_path / "none.csv"), "none.csv")
    (tmp_path / "empty.csv").write_bytes(b"")
    refused(run("mapping", "guess", tmp_path / "empty.csv"), "empty.csv")
    (tmp_path / "fake.xlsx").write_bytes(b"PK\x03\x04 and no more")
    refused(run("mapping", "guess", tmp_path / "fake.xlsx"), "fake.xlsx")


def test_a_judgement_about_a_record_that_is_not_there(tiny_packages, workspace):
    left, _ = pair(tiny_packages)
    ran = run("judge", "same", left, f"{MEMBER}:none", "--why", "w", "--package", tiny_packages)
    refused(ran, f"{MEMBER}:none", "midlands-2026-11-01")
    assert not (workspace / "log.jsonl").exists()


def test_a_judgement_that_makes_no_sense(tiny_packages):
    left, right = pair(tiny_packages)
    refused(run("judge", "same", left, left, "--why", "w", "--package", tiny_packages), left, "itself")
    refused(run("judge", "same", left, right, "--why", " ", "--package", tiny_packages), "reason is empty")
    refused(run("judge", "retract", "abc", "--why", ""), "reason is empty")
    assert run("judge", "same", left, right, "--package", tiny_packages).code == 2


def test_a_judgement_that_contradicts_names_the_older_one(tiny_packages):
    left, right = pair(tiny_packages)
    first = run("judge", "same", left, right, "--why", "w", "--package", tiny_packages, "--json").json["entry"]
    refused(run("judge", "different", left, right, "--why", "w", "--package", tiny_packages), first[:12], "etract")
    assert [row["entry"] for row in run("judge", "list", "--json").json] == [first]


def test_two_live_company_numbers_are_never_the_same(tiny_packages, tiny_package):
    companies = tiny_package.table("linked_records").drop_nulls("live_number")["record"].to_list()
    ran = run("judge", "same", companies[0], companies[1], "--why", "w", "--package", tiny_packages)
    refused(ran, "0910000")


def test_retracting_what_is_not_there(tiny_packages):
    refused(run("judge", "retract", "abc", "--why", "w"), "log.jsonl")
    two = pair(tiny_packages)
    entry = run("judge", "unsure", *two, "--why", "w", "--package", tiny_packages, "--json").json["entry"]
    refused(run("judge", "retract", "zzzz", "--why", "w"), "'zzzz'")
    assert run("judge", "retract", entry, "--why", "w").code == 0
    refused(run("judge", "retract", entry, "--why", "w"), entry[:12])


def test_taking_out_a_statement_that_is_not_there(tiny_packages, workspace):
    refused(run("redact", "zzzz", "--why", "w", "--package", tiny_packages), "'zzzz'")
    assert not (workspace / "log.jsonl").exists()


def test_a_log_that_was_changed_is_refused(tiny_packages, tiny_inputs, workspace, tmp_path):
    assert run("judge", "unsure", *pair(tiny_packages), "--why", "first", "--package", tiny_packages).code == 0
    log = workspace / "log.jsonl"
    log.write_text(log.read_text("utf-8").replace("first", "other"), "utf-8")
    refused(run("build", "--from", tiny_inputs, "--out", tmp_path / "p"), "log")
    refused(run("judge", "list"), "log")


def test_linkage_needs_files_and_labels(tmp_path):
    (tmp_path / "labels.csv").write_text("id,company_number\n1,\n", "utf-8")
    refused(run("evaluate", "linkage", "--labels", tmp_path / "labels.csv"), "--links")
    refused(run("link", tmp_path / "none.csv", "--register", tmp_path, "--out", tmp_path / "o.csv"), "none.csv")
    assert not (tmp_path / "o.csv").exists()


@pytest.mark.parametrize(
    "arguments", [("show",), ("build",), ("nonsense",), ("show", "x", "--nonsense"), ("find", "x", "--limit", "0")]
)
def test_a_wrong_command_line_is_told_with_exit_code_2(arguments):
    ran = run(*arguments)
    assert ran.code == 2
    assert "Traceback" not in ran.err


def test_a_real_process_ends_with_exit_code_1(tmp_path):
    command = [sys.executable, "-m", "lifecluster.cli", "show", "x", "--package", str(tmp_path)]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: ")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("East Midlands", "east-midlands"), ("East of England", "east-of-england"), ("MIDLANDS", "midlands"),
     ("Great Britain", "great-britain"), ("Greater Manchester", "greater-manchester"),
     ("south-yorkshir", "south-yorkshire")],
)  # fmt: skip
def test_a_title_in_place_of_a_name_is_understood_enough_to_say_the_name(typed, meant):
    ran = run("claims", "compute", "jobs", "-r", typed)
    refused(ran, repr(typed), f"did you mean {meant}")
    assert run("claims", "compute", "jobs", "-r", meant).code == 0


def test_what_is_like_no_region_gets_no_guess(tiny_inputs):
    for typed in ("atlantis", "", "?"):
        assert "did you mean" not in run("claims", "compute", "jobs", "-r", typed).err
    refused(run("build", "--from", tiny_inputs, "--profile", "East Midlands"), "did you mean east-midlands?")
