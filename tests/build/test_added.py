"""What was added in the web app, in real builds: the same id, its place, who may know of it; gone when taken back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lifecluster.build.run import Request, build
from lifecluster.policy.visibility import Visibility
from lifecluster.region import load_region
from lifecluster.register import added, edits
from lifecluster.register.entry import Draft, Entry
from lifecluster.register.log import FileLog
from lifecluster.register.package import Package
from lifecluster.sample.model import AS_OF

AT = "2026-11-20T09:00:00+00:00"
SITE = {"name": "North works", "postcode": "DE1 1AA", "town": "Derby"}
ROWS = [
    ("organisation", "1", "name", "Corvane Assays Ltd"), ("organisation", "1", "postcode", "LE11 1AA"),
    ("organisation", "1", "employees", "30"), ("organisation", "2", "name", "Thessil Optics Ltd"),
    ("organisation", "2", "postcode", "NG1 1AA"), ("site", "s1", "holder", "organisation:1"),
    ("site", "s1", "postcode", "LE11 2BB"), ("site", "s1", "town", "Loughborough"),
]  # fmt: skip


class Bench:
    """A small folder of inputs, a log beside it, and builds of both."""

    def __init__(self, home: Path) -> None:
        self.home, self.log = home, FileLog(home / "log.jsonl")
        (home / "inputs").mkdir()
        self.rows(ROWS)

    def rows(self, rows: list[tuple[str, ...]]) -> None:
        lines = ["kind,key,property,value,observed_on", *(",".join((*row, "2026-01-01")) for row in rows)]
        (self.home / "inputs" / "mine.csv").write_text("\n".join(lines) + "\n", "utf-8")

    def build(self, previous: Package | None = None) -> Package:
        request = Request(region=load_region("midlands"), inputs=self.home / "inputs", out=self.home / "out", at=AS_OF,
                          log=self.log if self.log.path.exists() else None, previous=previous)  # fmt: skip
        return build(request).package

    def write(self, action: str, **more: Any) -> Entry:
        return self.log.append(Draft(at=AT, actor="desk", action=action, **more))

    def add(self, package: Package, kind: str = "site", values: Any = None, holder: str = "", **more: Any) -> Entry:
        values, holder = values or SITE, holder or organisation(package)
        uid = added.id_of(kind, holder, values, package.manifest["namespace"])
        more = {"visibility": "public"} | more
        entry = self.write(added.ADD, subject=uid, object=holder, value=values, **more)
        self.write("thing.approve", refers_to=entry.id)
        return entry


def organisation(package: Package, name: str = "Corvane Assays Ltd") -> str:
    return str(package.table("organisations").filter(pl.col("name") == name)["id"][0])


def row(package: Package, table: str, uid: str | None) -> dict[str, Any]:
    return package.table(table).filter(pl.col("id") == uid).row(0, named=True)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


@pytest.mark.parametrize("fresh", [True, False])
def test_a_site_keeps_its_id_and_gets_its_place(bench: Bench, fresh: bool) -> None:
    before = bench.build()
    entry = bench.add(before)
    after = bench.build(None if fresh else before)
    site = row(after, "sites", entry.subject)
    assert (site["name"], site["organisation"], site["place_quality"]) == (
        "North works",
        organisation(before),
        "outward",
    )
    assert site["lad"] == "E06000015"
    assert site["presence"] == "public"
    assert row(after, "organisations", organisation(after))["sites"] == 2
    assert after.table("sites")["jobs"].to_list() == pytest.approx([15.0, 15.0])
    record = added.record_of("site", organisation(before), SITE)
    assert after.table("records").filter(record=record)["id"].to_list() == [entry.subject]
    assert entry.subject in set(after.table("identities")["id"])
    sources = after.table("sources").filter(source=edits.SOURCE).row(0, named=True)
    assert (sources["read"], sources["accepted"], sources["rejected"]) == (1, 1, 0)
    again = bench.build(after)
    assert row(again, "sites", entry.subject) == site
    assert again.table("identities").height == after.table("identities").height


def test_offers_and_needs_keep_their_ids(bench: Bench) -> None:
    before = bench.build()
    made = {kind: bench.add(before, kind, {"title": f"A {kind}", "topic": ["x"]}) for kind in ("offer", "need")}
    after = bench.build(before)
    for kind, entry in made.items():
        found = row(after, f"{kind}s", entry.subject)
        assert (found["title"], found["holder"]) == (f"A {kind}", [organisation(before)])


def test_what_is_taken_back_is_in_no_table(bench: Bench) -> None:
    before = bench.build()
    entry = bench.add(before)
    with_it = bench.build(before)
    bench.write("thing.retract", refers_to=entry.id, why="a slip")
    never = bench.build(before)
    for table in before.tables:
        assert never.table(table).equals(before.table(table)), table
    gone = bench.build(with_it)
    for table in ("sites", "organisations", "statements", "records"):
        assert gone.table(table).equals(before.table(table)), table
    assert gone.table("identities").filter(id=entry.subject)["event"].to_list()[-1] == "absent"


def test_a_source_that_lists_the_site_later_finds_it_under_its_id(bench: Bench) -> None:
    before = bench.build()
    entry = bench.add(before)
    listed = [*ROWS, ("site", "s2", "holder", "organisation:1"), ("site", "s2", "postcode", "DE1 1AA")]
    bench.rows(listed)
    for previous in (before, bench.build(before)):
        after = bench.build(previous)
        assert after.table("sites").height == 2
        assert after.table("records").filter(id=entry.subject).height == 2
    bench.write("thing.retract", refers_to=entry.id, why="the list has it")
    left = row(bench.build(after), "sites", entry.subject)
    assert (left["name"], left["postcode"]) == (None, "DE1 1AA")


@pytest.mark.parametrize("level", ["members", "desk"])
def test_what_is_for_some_is_in_no_public_table(bench: Bench, level: str) -> None:
    before = bench.build()
    entry = bench.add(before, visibility=level)
    offer = bench.add(before, "offer", {"title": "Hidden"}, visibility=level)
    after = bench.build(before)
    whole = after.whole
    assert row(whole, "sites", entry.subject)["presence"] == level
    assert row(whole, "sites", entry.subject)["place_quality"] == "outward"
    assert row(whole, "offers", offer.subject)["presence"] == level
    for table in ("organisations", "sites", "offers", "presence", "sources", "rejected"):
        shown = str(after.table(table).to_dicts())
        assert str(entry.subject) not in shown, table
        assert "Hidden" not in shown, table
    assert row(after, "organisations", organisation(after))["sites"] == 1
    assert after.cleared(Visibility.parse(level)).table("sites").height == 2


def test_it_waits_for_its_organisation(bench: Bench) -> None:
    before = bench.build()
    entry = bench.add(before, holder=organisation(before, "Thessil Optics Ltd"))
    bench.rows([r for r in ROWS if r[:2] != ("organisation", "2")])
    after = bench.build(before)
    assert entry.subject not in set(after.table("sites")["id"])
    rejected = after.whole.table("rejected").filter(source=edits.SOURCE)
    assert "it waits in the log" in rejected["reason"][0]
    bench.rows(ROWS)
    assert row(bench.build(after), "sites", entry.subject)["name"] == "North works"


def test_edits_of_what_was_added_are_stated(bench: Bench) -> None:
    before = bench.build()
    entry = bench.add(before)
    said = bench.write("edit.propose", subject=entry.subject, property="name", value="South works", visibility="public")
    bench.write("edit.approve", refers_to=said.id)
    assert row(bench.build(before), "sites", entry.subject)["name"] == "South works"


def test_the_same_inputs_give_the_same_bytes(bench: Bench, tmp_path: Path) -> None:
    before = bench.build()
    bench.add(before)
    bench.add(before, "offer", {"title": "x"})
    one = bench.build(before)
    files: Callable[[Package], Any] = lambda package: package.manifest["files"]  # noqa: E731 - said once
    first = files(one)
    assert files(bench.build(before)) == first
