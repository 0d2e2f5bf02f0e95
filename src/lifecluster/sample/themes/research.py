"""Clinical trials and research awards, in the layouts of their registers, with names as typed."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

from lifecluster.sample.model import AS_OF, Organisation, World
from lifecluster.sample.noise import stranger, written
from lifecluster.sample.streams import Stream
from lifecluster.sample.texts import fill
from lifecluster.sample.theme import File, Output, Truth
from lifecluster.sample.words import phrases, segments

TRIALS, PROJECTS = 170, 240
TRIALS_ON, PROJECTS_ON = date(2026, 6, 30), date(2026, 7, 31)
TRIAL_COLUMNS = [
    "trial_id",
    "number_of_countries",
    "min_end_date",
    "max_end_date",
    "comp_date",
    "has_results",
    "includes_pip",
    "rare_disease",
    "phase",
    "bioequivalence_study",
    "health_volunteers",
    "trial_status",
    "any_terminated",
    "all_terminated",
    "sponsor_status",
    "name_of_sponsor",
    "multiple_sponsors",
]
PROJECT_COLUMNS = [
    "FundingOrgName",
    "ProjectReference",
    "LeadROName",
    "Department",
    "ProjectCategory",
    "Title",
    "StartDate",
    "EndDate",
    "AwardPounds",
    "ExpenditurePounds",
    "Region",
    "Status",
    "GTRProjectUrl",
    "ProjectId",
    "FundingOrgId",
    "LeadROId",
]


def trials(world: World, stream: Stream) -> Output:
    """One line a trial; trial ids lie beyond the numbers that a year reaches; one sponsor in nine is a stranger."""
    medicines = [o for o in world.operating() if o.segment and segments()[o.segment].group == "biopharma-core"]
    sponsors = {"firm": 5.0, "university": 2.0, "trust": 2.0, "outside": 1.5, "stranger": 1.3, "": 0.4}
    pools = {"firm": medicines, "university": world.of("university"), "trust": world.of("nhs-trust"),
             "outside": world.of("outside")}  # fmt: skip
    file, result, lines = "clinical-trials-sample.csv", Output(), []
    for i in range(TRIALS):
        kind = stream.weighted(sponsors)
        name = ""
        if kind == "stranger":
            name = stranger(stream)
            result.truth.append(Truth(file, i + 2, name, "stranger", None))
        elif kind:
            name = _named(stream, stream.one(pools[kind]), file, i + 2, result)
        lines.append(_trial(stream, i, name, commercial=kind in {"firm", "outside", "stranger"}))
    result.files.append(File(file, _csv(TRIAL_COLUMNS, lines), "clinical-trials", TRIALS_ON, len(lines)))
    return result


def _named(stream: Stream, body: Organisation, file: str, row: int, result: Output) -> str:
    text, way = written(stream, body)
    result.truth.append(Truth(file, row, text, way, body.key))
    return text


def _trial(stream: Stream, i: int, sponsor: str, *, commercial: bool) -> list[object]:
    year, over = stream.whole(2012, 2024), stream.chance(0.55)
    end = f"{date(year, 1, 1) + timedelta(days=stream.whole(700, 1700))} 00:00:00" if over else ""
    return [f"{year}-{990_001 + i}-{stream.whole(10, 99)}", stream.whole(1, 9), end, end, int(over),
            int(over and stream.chance(0.5)), int(stream.chance(0.1)), int(stream.chance(0.15)), stream.whole(0, 4),
            int(stream.chance(0.06)), int(stream.chance(0.2)), 1 if over else 0, 0, 0, int(commercial), sponsor,
            int(stream.chance(0.2))]  # fmt: skip


def _csv(columns: list[str], lines: list[list[object]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(lines)
    return out.getvalue().encode()


def projects(world: World, stream: Stream) -> Output:
    """Research awards of universities, institutes, trusts and (seldom) firms; each spelling has an id of its own."""
    pools = {"university": world.of("university"), "rto": world.of("rto"), "trust": world.of("nhs-trust"),
             "firm": world.operating()}  # fmt: skip
    leads = {"university": 8.0, "rto": 1.0, "trust": 0.7, "firm": 1.2}
    file, result, lines = "research-projects-sample.csv", Output(), []
    known: dict[str, tuple[str, str]] = {}
    for i in range(PROJECTS):
        body = stream.one(pools[stream.weighted(leads)])
        if body.key not in known or stream.chance(0.06):
            known[body.key] = written(stream, body)
        name, way = known[body.key]
        result.truth.append(Truth(file, i + 2, name, way, body.key))
        title = fill(stream, stream.one(phrases()["project_titles"]), stream.one(world.operating()), world)
        lines.append(_project(stream, i, name, f"SAMPLE-RO-{body.key}-{_mark(name)}", title))
    result.files.append(File(file, _csv(PROJECT_COLUMNS, lines), "gateway-to-research", PROJECTS_ON, len(lines)))
    return result


def _project(stream: Stream, i: int, lead: str, lead_id: str, title: str) -> list[object]:
    start = stream.day(date(2016, 1, 13), date(2026, 6, 30))
    end = start + timedelta(days=stream.whole(12, 60) * 30)
    amount = round(float(stream.rng.lognormal(12.4, 1.0)), 2)
    kind, region = stream.one(phrases()["project_kinds"]), stream.one(["East Midlands", "West Midlands"])
    ident = f"SAMPLE-{i + 1:05d}"
    return ["SAMPLE RESEARCH COUNCIL", f"SMP/{i + 1:06d}/1", lead, "Life Sciences", kind, title, start, end, amount, "",
            region, "Closed" if end < AS_OF else "Active", f"https://projects.example/{ident}", ident, "SAMPLE-COUNCIL",
            lead_id]  # fmt: skip


def _mark(text: str) -> str:
    """A short mark of a spelling: the sum of its letters (Python's own hash changes from run to run)."""
    return f"{sum((i + 1) * ord(c) for i, c in enumerate(text)) % 99991:05d}"
