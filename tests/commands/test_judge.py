"""Judgements on the tiny region, from the command line to the package: ids kept, undo exact, bytes the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from lifecluster.register.package import Package

from .tiny import MEMBER, STRANGER, conforms, pair, refused, run, write_inputs

NUMBER = "companies-house/organisation:"


class Region:
    """A folder of inputs, a folder of packages, and the log of its workspace."""

    def __init__(self, folder: Path) -> None:
        self.inputs, self.out = write_inputs(folder / "inputs"), folder / "packages"
        self.build()

    def build(self) -> Package:
        counts = run("build", "--from", self.inputs, "--out", self.out, "--json").json
        package = Package(Path(counts["path"]))
        assert package.verify() == []
        assert Package(self.out).name == package.name
        return package

    def judge(self, kind: str, left: str, right: str) -> str:
        answer = run("judge", kind, left, right, "--why", "somebody looked", "--package", self.out, "--json").json
        return answer["entry"]

    def retract(self, entry: str) -> None:
        assert run("judge", "retract", entry, "--why", "a slip").code == 0


@pytest.fixture
def region(tmp_path):
    return Region(tmp_path)


def owners(package: Package) -> dict[str, str]:
    """Organisation of each record."""
    return dict(package.table("records").filter(kind="organisation").select("record", "id").iter_rows())


def record_of(package: Package, name: str) -> str:
    rows = package.table("linked_records").filter(name=name)
    assert rows.height == 1
    return rows["record"][0]


def files(package: Package) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(package.path.iterdir())}


def tables(package: Package) -> dict[str, bytes]:
    return {name: data for name, data in files(package).items() if name.endswith(".parquet")}


def test_an_unchanged_re_build_changes_no_id_and_no_byte(region):
    first = Package(region.out)
    second, third = region.build(), region.build()
    assert tables(first) == tables(second) == tables(third)
    assert second.name == third.name
    elsewhere = region.out.with_name("elsewhere")
    counts = run("build", "--from", region.inputs, "--out", elsewhere, "--json").json
    assert files(Package(Path(counts["path"]))) == files(first), "the same inputs at another place: the same package"


def test_a_package_that_is_there_already_is_not_written_again(region):
    second = region.build()
    before = {path: path.stat().st_mtime_ns for path in second.path.iterdir()}
    third = region.build()
    assert {path: path.stat().st_mtime_ns for path in third.path.iterdir()} == before


def test_same_makes_one_organisation_and_keeps_ids_and_a_retraction_gives_them_back(region):
    before = Package(region.out)
    left, right = pair(region.out)
    was = owners(before)
    assert was[left] != was[right]

    entry = region.judge("same", left, right)
    merged = region.build()
    now = owners(merged)
    assert now == {**was, left: was[right]}, "the id of the company goes on, and no other changes"
    assert merged.table("organisations").height == before.table("organisations").height - 1
    shown = run("show", was[left], "--json", "--package", region.out).json
    assert shown["id"] == was[right], "a retired id leads to the one that goes on"

    region.retract(entry)
    after = region.build()
    assert owners(after) == was
    same = {"organisations", "sites", "statements", "segments", "records", "links"}
    assert {t: tables(after)[f"{t}.parquet"] for t in same} == {t: tables(before)[f"{t}.parquet"] for t in same}
    assert run("judge", "list", "--json").json == []


def test_same_and_retract_again_and_again_is_stable(region):
    was = owners(Package(region.out))
    left, right = pair(region.out)
    together = []
    for _ in range(3):
        entry = region.judge("same", left, right)
        together.append(owners(region.build())[left])
        region.retract(entry)
        assert owners(region.build()) == was
    assert len(set(together)) == 1


def test_different_is_never_linked_again(region):
    before = Package(region.out)
    left, right = record_of(before, "Bramlow Surgical Instruments Ltd"), f"{NUMBER}09100003"
    assert owners(before)[left] == owners(before)[right]

    entry = region.judge("different", left, right)
    for _ in range(2):
        parted = region.build()
        now = owners(parted)
        assert now[left] != now[right]
        assert now[right] == owners(before)[right], "the register keeps the id"
    listed = {frozenset(pair) for pair in parted.table("conflicts").select("left", "right").iter_rows()}
    assert frozenset({left, right}) in listed

    fresh = run("build", "--from", region.inputs, "--out", region.out, "--fresh", "--json").json
    again = owners(Package(Path(fresh["path"])))
    assert again[left] != again[right], "a new ledger does not forget what people said"

    region.retract(entry)
    joined = owners(region.build())
    assert joined[left] == joined[right]


def test_unsure_stays_in_review(region):
    left, right = record_of(Package(region.out), "Bramlow Surgical Instruments Ltd"), f"{NUMBER}09100003"
    region.judge("unsure", left, right)
    package = region.build()
    assert owners(package)[left] != owners(package)[right]
    queue = run("judge", "queue", "--package", region.out, "--json").json
    conforms(queue, "judge queue")
    assert (left, right) in {(row["record"], row["target"]) for row in queue}


def test_a_judgement_holds_however_the_row_is_written_and_is_reported_when_the_row_is_gone(region):
    """A list without numbers of its own: a row is known by what it says, blind to case, blanks and order."""
    before = Package(region.out)
    left, right = pair(region.out)
    region.judge("same", left, right)
    path = region.inputs / "members.csv"
    text = path.read_text("utf-8")
    head, *rows = text.splitlines(keepends=True)
    path.write_text("".join([head, *reversed(rows)]).replace(STRANGER, STRANGER.upper() + " "), "utf-8")
    written_anew = region.build()
    assert record_of(written_anew, STRANGER.upper()).startswith(MEMBER)
    owner = owners(written_anew)
    assert owner[record_of(written_anew, STRANGER.upper())] == owner[right] == owners(before)[right]

    path.write_text(text.replace(STRANGER, "Another Works"), "utf-8")
    gone = region.build().table("conflicts").filter(kind="row not found")
    assert gone.select("left", "right").rows() == [(left, right)]

    path.write_text(text, "utf-8")
    back = region.build()
    assert owners(back)[left] == owners(back)[right]
    assert back.table("conflicts").filter(kind="row not found").is_empty()


def test_the_log_that_was_cut_is_refused_by_the_next_build(region, workspace):
    region.judge("same", *pair(region.out))
    region.build()
    log = workspace / "log.jsonl"
    log.unlink()
    ran = run("build", "--from", region.inputs, "--out", region.out)
    assert ran.code == 1
    assert ran.err.startswith("error: ")


def test_a_statement_that_is_taken_out_is_in_no_later_answer(region):
    def said() -> list[dict[str, str]]:
        shown = run("show", "09100003", "--package", region.out, "--json").json
        return [s for entry in shown["values"] if entry["property"] == "description" for s in entry["statements"]]

    (statement,) = said()
    assert run("redact", statement["id"], "--why", "the member asked", "--package", region.out).code == 0
    package = region.build()
    assert said() == []
    assert package.table("tombstones")["id"].to_list() == [statement["id"]]
    assert "Makes scalpels" not in (package.path / "datapackage.json").read_text("utf-8")


def test_a_build_takes_several_logs_in_any_order_and_keeps_on_asking_for_both(tiny_inputs, tmp_path):
    out = tmp_path / "p"
    assert run("build", "--from", tiny_inputs, "--out", out).code == 0
    logs = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    left, right = pair(out)
    other = Package(out).table("linked_records").filter(name="Bramlow Surgical Instruments Ltd")["record"].item()
    for log, record in zip(logs, (left, other), strict=True):
        done = run("judge", "different", record, right, "--why", "looked", "--package", out, "--log", log)
        assert done.code == 0, done.err
    made = []
    for order in (logs, logs[::-1]):
        given = [part for log in order for part in ("--log", log)]
        made.append(run("build", "--from", tiny_inputs, "--out", tmp_path / "fresh", "--fresh", *given, "--json").json)
    assert made[0]["package"] == made[1]["package"]
    package = Package(tmp_path / "fresh")
    assert package.table("judgements").height == 2
    assert len(package.manifest["log_heads"]) == 2
    refused(run("build", "--from", tiny_inputs, "--out", tmp_path / "fresh", "--log", logs[0]), "--log may be repeated")
