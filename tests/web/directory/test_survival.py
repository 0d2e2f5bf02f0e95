"""An approved edit outlives the package it was made on: laid over it now, and stated by the next build, it shows alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lifecluster.build.run import Request, build
from lifecluster.region import load_region
from lifecluster.register import edits
from lifecluster.register.entry import CORE_ACTIONS, Draft, Entry
from lifecluster.register.log import MemoryLog
from lifecluster.register.package import Package
from lifecluster.register.statement import SCHEMA
from lifecluster.sample.model import AS_OF
from lifecluster.web.directory.loading.prepare import Prepared, prepare

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
ROWS = (
    ("organisation", "1", {"name": "Corvane Assays Ltd", "postcode": "LE11 1AA", "employees": "40", "segment": "MTD",
                           "closed_on": "", "description": "Makes assays"}),
    ("organisation", "2", {"name": "Thessil Optics Ltd", "postcode": "NG1 1AA", "employees": "12"}),
    ("site", "1a", {"holder": "organisation:1", "name": "Works", "postcode": "LE11 1AA", "town": "Loughborough"}),
    ("site", "1b", {"holder": "organisation:1", "name": "Laboratory", "postcode": "NG1 1AB", "jobs": "9"}),
    ("site", "2a", {"holder": "organisation:2", "postcode": "NG1 1AA"}),
    ("licence", "l1", {"holder": "organisation:1", "licence_type": "ISO 13485", "state": "active"}),
)  # fmt: skip
VALUES: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "organisation": {
        "employees": st.one_of(st.none(), st.integers(0, 900)),
        "description": st.one_of(st.none(), st.sampled_from(["Moulds parts", "é\u202eodd <b>", ""])),
        "trading_name": st.lists(st.sampled_from(["Corva", "Thess", "Öptik"]), max_size=2),
        "closed_on": st.one_of(st.none(), st.sampled_from(["2025-05-01", "2031-01-01"])),
        "capability": st.lists(st.sampled_from(["gene-editing", "x-ray"]), max_size=2),
        "town": st.sampled_from(["Leicester", "Derby"]),
        "website": st.just("https://corvane.example"),
    },
    "site": {"jobs": st.one_of(st.none(), st.integers(0, 60)), "name": st.sampled_from(["New works", "Annexe"]),
             "closed_on": st.one_of(st.none(), st.just("2026-01-31")), "activity": st.just(["manufacture"])},
    "licence": {"state": st.sampled_from(["suspended", "active"]), "ends_on": st.just("2027-01-01")},
}  # fmt: skip


@dataclass(frozen=True)
class Yard:
    """A folder of inputs, the package built from it without a log, and how to build again."""

    folder: Path
    plain: Package

    def build(self, entries: Sequence[Entry] = (), *, previous: Package | None = None, out: str = "out") -> Package:
        log = MemoryLog()
        log._entries.extend(entries)
        return build(Request(region=load_region("midlands"), inputs=self.folder / "inputs", out=self.folder / out,
                             at=AS_OF, log=log, previous=previous)).package  # fmt: skip

    def subjects(self, kind: str) -> list[str]:
        return self.plain.table({"licence": "licences"}.get(kind, f"{kind}s"))["id"].to_list()


def write_inputs(folder: Path, rows: Sequence[tuple[str, str, dict[str, str]]] = ROWS) -> None:
    lines = ["kind,key,property,value,observed_on"]
    lines += [f"{k},{key},{p},{v},2026-01-01" for k, key, values in rows for p, v in values.items() if v]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mine.csv").write_text("\n".join(lines) + "\n", "utf-8")


@pytest.fixture(scope="module")
def yard(tmp_path_factory: pytest.TempPathFactory) -> Yard:
    folder = tmp_path_factory.mktemp("yard")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIFECLUSTER_HOME", str(folder / "home"))
        write_inputs(folder / "inputs")
        first = Yard(folder, None)  # type: ignore[arg-type]  # made in the next line
        return Yard(folder, first.build(out="plain"))


@st.composite
def histories(draw: st.DrawFn, subjects: dict[str, list[str]]) -> MemoryLog:
    """Proposals and what becomes of them: approved as they are or amended, refused, withdrawn, retracted, redone."""
    log = MemoryLog(actions=CORE_ACTIONS)
    moment = START

    def write(action: str, **more: Any) -> Entry:
        nonlocal moment
        moment += timedelta(hours=draw(st.integers(1, 40)))
        return log.append(Draft(at=moment.isoformat(timespec="seconds"), actor="desk", action=action, **more))

    proposals: list[tuple[Entry, st.SearchStrategy[Any]]] = []
    for _ in range(draw(st.integers(1, 9))):
        if not proposals or draw(st.booleans()):
            kind = draw(st.sampled_from(["organisation", "organisation", "site", "licence"]))
            prop = draw(st.sampled_from(sorted(VALUES[kind])))
            values = VALUES[kind][prop]
            level = draw(st.sampled_from(["public", "public", "public", "members", "desk"]))
            entry = write("edit.propose", subject=draw(st.sampled_from(subjects[kind])), property=prop,
                          value=draw(values), visibility=level, evidence={"owner": "x"})  # fmt: skip
            proposals.append((entry, values))
            if draw(st.integers(0, 3)):
                write("edit.approve", refers_to=entry.id)
            continue
        entry, values = draw(st.sampled_from(proposals))
        if draw(st.integers(0, 3)) == 0:
            again = write("edit.confirm", subject=entry.subject, property=entry.property, value=entry.value,
                          visibility=entry.visibility, evidence={"owner": "x", "records": [edits.Edit(entry).record]},
                          refers_to=entry.id if entry.action == "edit.propose" else None)  # fmt: skip
            proposals.append((again, values))
            continue
        action = draw(
            st.sampled_from(["edit.approve", "amend", "edit.retract", "edit.retract", "edit.refuse", "edit.withdraw"])
        )
        amended = draw(values) if action == "amend" else None
        evidence = {} if amended is None else {"amended": amended}
        write("edit.approve" if action == "amend" else action, refers_to=entry.id, why="so it is", evidence=evidence)
    return log


def told(prepared: Prepared) -> dict[str, Any]:
    """All that a web app shows of a register: rows with their levels, and statements."""
    register = prepared.register
    statements = register.statements.select(list(SCHEMA)).sort("id")
    return {"kinds": register.kinds, "levels": register.levels, "statements": statements.rows(),
            "segments": register.segment_levels}  # fmt: skip


@given(data=st.data())
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
def test_laid_over_now_or_built_in_it_shows_the_same(yard: Yard, data: st.DataObject) -> None:
    subjects = {kind: yard.subjects(kind) for kind in VALUES}
    log = data.draw(histories(subjects))
    cut = data.draw(st.integers(0, len(log.entries())))
    built = yard.build(log.entries())
    wanted = told(prepare(built, log.entries()))
    assert told(prepare(yard.plain, log.entries())) == wanted
    early = yard.build(log.entries()[:cut], out="early")
    assert told(prepare(early, log.entries())) == wanted
    standing = edits.standing(log.entries())
    assert built.whole.table("sources").filter(source=edits.SOURCE)["accepted"].sum() == len(standing)


def propose(log: MemoryLog, subject: str, prop: str, value: Any, *, approve: bool = True) -> Entry:
    at = START.isoformat()
    entry = log.append(Draft(at=at, actor="member", action="edit.propose", subject=subject, property=prop, value=value,
                             visibility="public"))  # fmt: skip
    if approve:
        log.append(Draft(at=at, actor="desk", action="edit.approve", refers_to=entry.id))
    return entry


def test_a_build_takes_a_confirmation_in(yard: Yard) -> None:
    """What a source says, said to be right by the organisation two years later: the same value, fresh, at its level."""
    log = MemoryLog()
    own = yard.plain.table("organisations").filter(pl.col("name").str.starts_with("Corvane"))["id"].item()
    later = START + timedelta(days=700)
    entry = log.append(Draft(at=later.isoformat(), actor="person:x", action="edit.confirm", subject=own, value=40,
                             property="employees", visibility="public",
                             evidence={"owner": own, "records": ["exchange/organisation:1"], "levels": ["public"]}))  # fmt: skip
    one = yard.build(log.entries(), out="confirmed")
    said = one.table("statements").filter(subject=own, property="employees").sort("place").to_dicts()
    assert [(s["value"], s["source"], s["shown"]) for s in said] == [
        ("40", "web-edits", True),
        ("40", "exchange", False),
    ]
    assert said[0]["verified_on"] == later.date() and said[0]["record"] == f"log/organisation:{entry.id[:16]}"
    assert told(prepare(yard.plain, log.entries())) == told(prepare(one, log.entries()))
    log.append(Draft(at=later.isoformat(), actor="person:x", action="edit.retract", refers_to=entry.id, why="a slip"))
    assert told(prepare(one, log.entries())) == told(
        prepare(yard.build(log.entries(), out="taken back"), log.entries())
    )


def test_the_package_says_where_the_value_comes_from(yard: Yard) -> None:
    log = MemoryLog()
    own = yard.plain.table("organisations").filter(pl.col("name").str.starts_with("Corvane"))["id"].item()
    entry = propose(log, own, "employees", 55)
    lost = propose(log, "LCO-0000-0000-0000", "employees", 7)
    one, two = yard.build(log.entries(), out="one"), yard.build(log.entries(), out="two")
    assert one.manifest["files"] == two.manifest["files"]
    row = one.table("organisations").filter(id=own).row(0, named=True)
    assert (row["employees"], row["sources"]) == (55, ["exchange", "web-edits"])
    said = one.table("statements").filter(subject=own, property="employees").sort("place").to_dicts()
    assert [(s["value"], s["source"], s["shown"], s["record"]) for s in said] == [
        ("55", "web-edits", True, f"log/organisation:{entry.id[:16]}"), ("40", "exchange", False, "exchange/organisation:1"),
    ]  # fmt: skip
    source = one.table("sources").filter(source="web-edits").row(0, named=True)
    assert (source["read"], source["accepted"], source["rejected"], source["licence"]) == (2, 1, 1, edits.LICENCE)
    waits = one.whole.table("rejected").filter(source="web-edits").row(0, named=True)
    assert "LCO-0000-0000-0000" in waits["reason"]
    assert lost.id in waits["raw"]
    assert one.manifest["counts"]["sources"]["web-edits"]["rejected"] == 1
    assert edits.LICENCE in [licence["name"] for licence in one.descriptor["licenses"]]


def test_an_edit_follows_what_it_speaks_of_into_a_merger(yard: Yard, tmp_path: Path) -> None:
    """Two organisations that turn out to be one: an edit of the one that went is an edit of the one that stayed."""
    from lifecluster.register.judging import judge_in
    from lifecluster.register.log import FileLog

    path = tmp_path / "log.jsonl"
    judge_in(yard.plain, path, "same", "exchange/organisation:1", "exchange/organisation:2", actor="desk", why="moved",
             at=START.isoformat())  # fmt: skip
    log = MemoryLog()
    log._entries.extend(FileLog(path).entries())
    for subject in yard.subjects("organisation"):
        propose(log, subject, "employees", 70)
    propose(log, yard.subjects("organisation")[0], "employees", 71)
    merged = yard.build(log.entries(), previous=yard.plain, out="merged")
    row = merged.table("organisations").row(0, named=True)
    assert merged.table("organisations").height == 1
    assert row["employees"] == 71
    assert merged.table("statements").filter(source=edits.SOURCE)["value"].to_list() == ["71"]
    unedited = yard.build(log.entries()[:1], previous=yard.plain, out="unedited")
    assert told(prepare(unedited, log.entries())) == told(prepare(merged, log.entries()))
