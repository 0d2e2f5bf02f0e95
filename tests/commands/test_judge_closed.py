"""Judgements on rows that are for members alone: they hold as those on public rows do, and tell nobody a word."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecluster.build.run import Request, build
from lifecluster.region import load_region
from lifecluster.register.closed import closed_frame, closed_rows
from lifecluster.register.entry import Draft
from lifecluster.register.judging import by_key_alone, homeless, judge_in, retract_in
from lifecluster.register.log import FileLog
from lifecluster.register.package import Package

from .tiny import MEMBERS, STRANGER, conforms, run, table, write_inputs

BRAMLOW, COMPANY = "Bramlow Surgical Instruments Ltd", "companies-house/organisation:09100003"
INSIDE = [i for i in range(1, len(MEMBERS)) if MEMBERS[i][1] != "S1 0AA"]
"""Rows of the list that are in the register; one is in Sheffield and has no statement."""
LEVELS = ("public", "members")
AT = "2026-11-01T00:00:00+00:00"


def leveled(inputs: Path, level: str) -> Path:
    path = inputs / "members.csv.mapping.yml"
    mapping = yaml.safe_load(path.read_text("utf-8")) | {"visibility": level}
    path.write_text(yaml.safe_dump(mapping, sort_keys=False), "utf-8")
    return inputs


def built(inputs: Path, out: Path, log: Path) -> Package:
    previous = Package(out) if (out / "current").exists() else None
    request = Request(region=load_region("midlands"), inputs=inputs, out=out, at=date(2026, 11, 1), previous=previous,
                      log=FileLog(log) if log.is_file() else None)  # fmt: skip
    return build(request).package


def by_name(package: Package) -> dict[str, str]:
    """Record of each name of the list, whatever its level."""
    told = package.table("statements").filter(source="tiny-members", property="name", kind="organisation")
    return {v: r for v, o, r in told.select("value", "original", "record").iter_rows()}


def owners(package: Package) -> dict[str, str]:
    return dict(package.table("records").filter(kind="organisation").select("record", "id").iter_rows())


@pytest.mark.parametrize("level", LEVELS)
def test_a_judgement_holds_by_the_next_build_whoever_may_see_the_row(tmp_path, level):
    inputs, out = leveled(write_inputs(tmp_path / "inputs"), level), tmp_path / "packages"
    run("build", "--from", inputs, "--out", out)
    left = by_name(Package(out))[BRAMLOW]
    was = owners(Package(out))
    assert was[left] == was[COMPANY]
    said = run("judge", "different", left, COMPANY, "--why", "two doors", "--package", out)
    assert (said.code, said.err) == (0, "")
    told = run("build", "--from", inputs, "--out", out, "--json").json
    conforms(told, "build")
    assert told["judgements_on_no_row"] == 0
    package = Package(out)
    now = owners(package)
    assert now[left] != now[COMPANY]
    assert package.table("conflicts").filter(kind="row not found").is_empty()
    assert "holds on no row" not in run("judge", "list", "--package", out).out


@given(level=st.sampled_from(LEVELS), judged=st.lists(st.sampled_from(INSIDE), min_size=1, max_size=3,
                                                      unique=True),
       order=st.permutations(MEMBERS[1:]), edited=st.booleans())  # fmt: skip
@settings(max_examples=3, deadline=None)
def test_judgements_hold_in_any_order_of_rows_and_over_a_corrected_description(level, judged, order, edited):
    """Every row is kept apart from the company it may be linked to; the next two builds keep it apart."""
    with TemporaryDirectory() as folder:
        inputs, out, log = leveled(write_inputs(Path(folder) / "in"), level), Path(folder) / "out", Path(folder) / "log"
        first = built(inputs, out, log)
        records = by_name(first)
        chosen = [records[MEMBERS[i][0]] for i in judged]
        for i, record in enumerate(chosen):
            judge_in(first, log, "different", record, COMPANY, actor="desk", why="seen", at=f"2026-11-01T00:00:0{i}Z")
        words = [(*row[:3], row[3] + ", and more") if edited else row for row in order]
        (inputs / "members.csv").write_text(table(MEMBERS[0], *words), "utf-8")
        for _ in range(2):
            package = built(inputs, out, log)
            assert homeless(package, log).is_empty()
            found = by_name(package)
            pairs = {frozenset(p) for p in package.table("judgements").select("left", "right").iter_rows()}
            assert pairs == {frozenset((found[MEMBERS[i][0]], COMPANY)) for i in judged}
            now = owners(package)
            assert all(now[found[MEMBERS[i][0]]] != now[COMPANY] for i in judged)
            assert all(len(by_key_alone(e)) == 0 for e in FileLog(log).entries())


def test_the_log_says_no_word_of_a_row_that_is_not_public(tmp_path):
    inputs, out, log = leveled(write_inputs(tmp_path / "in"), "members"), tmp_path / "out", tmp_path / "log"
    package = built(inputs, out, log)
    left = by_name(package)[STRANGER]
    first = judge_in(package, log, "same", left, COMPANY, actor="desk", why="seen", at=AT)
    retract_in(log, first.id, actor="desk", why="a slip", at=AT)
    again = judge_in(package, log, "same", left, COMPANY, actor="desk", why="seen", at="2026-11-02T00:00:00+00:00")
    kept = first.evidence["left"]
    assert isinstance(kept, dict) and set(kept) == {"salt", "fingerprint", "brief", "title"}
    assert not {*kept.values()} & {*again.evidence["left"].values()}, "another salt, other hashes"
    text = log.read_text("utf-8")
    assert "Vellmoor" not in text and "CV1" not in text
    assert "BRAMLOW" in text, "what is public stands there"


def test_a_judgement_of_before_that_kept_blanks_binds_by_the_key(tmp_path):
    inputs, out, log = leveled(write_inputs(tmp_path / "in"), "members"), tmp_path / "out", tmp_path / "log"
    package = built(inputs, out, log)
    left = by_name(package)[BRAMLOW]
    blank = {"name": "", "postcode": None, "address": None, "fingerprint": "fp-f2d7d3a6a9d5a6d45ad5d1b8"}
    FileLog(log).append(Draft(at=AT, actor="desk", action="judgement.different", subject=left, object=COMPANY,
                              why="seen", evidence={"left": blank, "right": {}}))  # fmt: skip
    now = owners(built(inputs, out, log))
    assert now[left] != now[COMPANY]


def test_a_row_that_left_is_told_by_the_build_by_judge_and_by_the_list(tmp_path):
    inputs, out = leveled(write_inputs(tmp_path / "inputs"), "members"), tmp_path / "packages"
    run("build", "--from", inputs, "--out", out)
    names = by_name(Package(out))
    assert run("judge", "different", names[STRANGER], COMPANY, "--why", "no", "--package", out).code == 0
    (inputs / "members.csv").write_text(table(*[row for row in MEMBERS if row[0] != STRANGER]), "utf-8")
    assert "warning: 1 judgements hold on no row" in run("build", "--from", inputs, "--out", out).out
    assert "holds on no row" in run("judge", "list", "--package", out).out
    said = run("judge", "unsure", names[BRAMLOW], COMPANY, "--why", "?", "--package", out)
    assert "1 judgements hold on no row" in said.err


def test_a_row_outside_the_register_is_judged_by_its_key_and_judge_says_so(tmp_path):
    inputs, out = leveled(write_inputs(tmp_path / "inputs"), "members"), tmp_path / "packages"
    run("build", "--from", inputs, "--out", out)
    package = Package(out)
    known = set(owners(package))
    outside = package.table("linked_records").filter(source="tiny-members")["record"].to_list()
    (record,) = [one for one in outside if one not in known]
    assert closed_rows(package, [record]) == {}
    said = run("judge", "different", record, COMPANY, "--why", "far", "--package", out)
    assert "its key alone" in said.err and said.code == 0
    assert run("build", "--from", inputs, "--out", out, "--json").json["judgements_on_no_row"] == 0


def test_closed_rows_are_what_the_list_says(tmp_path):
    package = built(leveled(write_inputs(tmp_path / "in"), "members"), tmp_path / "out", tmp_path / "log")
    records = by_name(package)
    said = {row["name"]: row for row in closed_frame(package, records.values()).to_dicts()}
    for at, (name, postcode, *_rest) in enumerate(MEMBERS[1:], start=1):
        if at not in INSIDE:
            continue
        assert said[name]["postcode"] == postcode
        assert said[name]["locator"] == f"members.csv#{at + 1}"
    assert closed_frame(package, []).is_empty()
    assert json.dumps(closed_rows(package, [records[STRANGER]])).count(STRANGER) == 1


def test_the_queue_says_file_and_row_to_whom_a_row_is_for(tmp_path):
    inputs, out, log = leveled(write_inputs(tmp_path / "inputs"), "members"), tmp_path / "packages", tmp_path / "log"
    record = by_name(built(inputs, out, log))[BRAMLOW]
    judge_in(Package(out), log, "unsure", record, COMPANY, actor="desk", why="not sure", at=AT)
    built(inputs, out, log)
    asked = ("judge", "queue", "--package", out)
    assert record not in run(*asked, "--json").out and BRAMLOW not in run(*asked).out
    assert "more are not for public eyes" in run(*asked).out
    told = run(*asked, "--json", "--for", "members").json
    conforms(told, "judge-queue")
    (row,) = [row for row in told if row["record"] == record]
    number = [name for name, *_ in MEMBERS].index(BRAMLOW) + 1
    assert (row["locator"], row["name"], row["postcode"]) == (f"members.csv#{number}", BRAMLOW, "DE1 0AA")
    assert f"{BRAMLOW}  members.csv#{number}  {record}" in run(*asked, "--for", "members").out
