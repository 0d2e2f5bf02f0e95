"""A log that speaks of another region: what it says is counted, kept and not applied; and the refusal can be understood."""

from __future__ import annotations

import pytest

from lifecluster.register.package import Package

from .tiny import STRANGER, conforms, refused, run, write_inputs

AT = "2026-11-01"


@pytest.fixture
def inputs(tmp_path):
    return write_inputs(tmp_path / "in")


def build(inputs, out, *more):
    return run("build", "--from", inputs, "--out", out, "--at", AT, *more)


def foreign(tmp_path, inputs):
    """A log whose judgements are about rows of another list and another company."""
    other = write_inputs(tmp_path / "other")
    for name in ("members.csv", "BasicCompanyData-2026-10-01.csv"):
        path = other / name
        path.write_text(path.read_text("utf-8").replace("Vellmoor Imaging Works", "Strange Optics").replace("0910", "0955"),
                        "utf-8")  # fmt: skip
    assert build(other, tmp_path / "elsewhere").code == 0
    known = Package(tmp_path / "elsewhere").table("linked_records")
    record, log = known.filter(name="Strange Optics")["record"].item(), tmp_path / "foreign.jsonl"
    for kind, company in (("same", "09550004"), ("different", "09550002")):
        judged = run("judge", kind, record, f"companies-house/organisation:{company}", "--why", "asked",
                     "--package", tmp_path / "elsewhere", "--log", log)  # fmt: skip
        assert judged.code == 0, judged.err
    return log


def test_entries_about_another_region_are_counted_kept_and_not_applied(tmp_path, inputs):
    log = foreign(tmp_path, inputs)
    before = log.read_bytes()
    alone = build(inputs, tmp_path / "alone", "--json").json
    counts = build(inputs, tmp_path / "out", "--log", log, "--json").json
    conforms(counts, "build")
    (told,) = counts["logs"]
    assert (told["file"], told["entries"], told["elsewhere"]) == ("foreign.jsonl", 2, 2) and told["first"]
    assert alone["logs"] == [] and counts["organisations"] == alone["organisations"]
    assert log.read_bytes() == before
    shown = build(inputs, tmp_path / "again", "--log", log).out
    assert "log foreign.jsonl: 2 of its 2 entries concern rows or ids that are not in these files" in shown
    assert "kept in the log, and not applied here; is it the log of another region?" in shown


def test_beside_ones_own_log_only_the_others_entries_are_told(tmp_path, inputs):
    own = tmp_path / "own.jsonl"
    assert build(inputs, tmp_path / "out").code == 0
    mine = Package(tmp_path / "out").table("linked_records").filter(name=STRANGER)["record"].item()
    assert run("judge", "different", mine, "companies-house/organisation:09100004", "--why", "asked", "--log", own,
               "--package", tmp_path / "out").code == 0  # fmt: skip
    logs = build(inputs, tmp_path / "out", "--log", own, "--log", foreign(tmp_path, inputs), "--json").json["logs"]
    assert [(one["file"], one["entries"], one["elsewhere"]) for one in logs] == [
        ("own.jsonl", 1, 0),
        ("foreign.jsonl", 2, 2),
    ]


def test_a_log_that_is_no_longer_given_is_named_with_what_to_do(tmp_path, inputs):
    assert build(inputs, tmp_path / "out", "--log", foreign(tmp_path, inputs)).code == 0
    refused(build(inputs, tmp_path / "out"), "Give that log as well (--log may be repeated", "--fresh", "--out")
    assert build(inputs, tmp_path / "out", "--fresh").code == 0
