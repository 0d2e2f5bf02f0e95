"""Each segment: curves of distance under several nulls, and where it is more than its share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl

from lifecluster.atlas import entered, report
from lifecluster.atlas.points import AtlasError, CannotTellError
from lifecluster.atlas.region import CLASSES, SURE, UNTOLD, Region, region
from lifecluster.atlas.universe import Universe, universe
from lifecluster.places.areas import area_name
from lifecluster.web.atlas.computing.common import FEWEST, SEED, Computed, Job, effort
from lifecluster.web.atlas.computing.many import judge
from lifecluster.web.atlas.models import SEGMENT

REACH, STEP = 60.0, 1.0
"""Kilometres that curves reach, and from one distance to the next."""
BUFFER = 20_000.0
DRAWS = 499
FEWER = 199
"""Simulations of the other nulls."""
WHOLE = "all"


def segment_parts(job: Job, whole: Region) -> list[Computed]:
    """All companies that count, then each segment with enough companies."""
    found = [_part(job, whole, WHOLE, "All life sciences", 0)]
    table = job.files.table("segments").filter(
        pl.col("definition") == job.definition, pl.col("probability") >= SURE, pl.col("segment").is_not_null()
    )
    there = set(table["segment"].unique().to_list())
    for code, title, depth in job.segments():
        if code not in there:
            continue
        chosen = set(
            table.filter(pl.col("segment") == code).sort("organisation_id")["organisation_id"].unique().to_list()
        )
        frame = whole.frame.with_columns(case=pl.col("organisation").is_in(sorted(chosen)).fill_null(value=False))
        job.progress(f"computing the atlas of {title}")
        found.append(_part(job, _like(whole, frame, code), code, title, depth + 1))
    return found


def _like(whole: Region, frame: pl.DataFrame, code: str | None) -> Region:
    """The same universe with other cases; what was worked out about it is kept."""
    made = replace(whole, frame=frame, segment=code)
    made.__dict__["universe"] = whole.universe
    return made


def _part(job: Job, of: Region, code: str, title: str, depth: int) -> Computed:
    n = of.cases.height
    body: dict[str, Any] = {
        **job.head("segment", segment=code, reach_km=REACH, step_km=STEP, simulations=effort(n), draws=DRAWS,
                   alternative="two-sided"),
        "title": title, "depth": depth, "n": n, "note": "", "curves": {"kd": None, "m": None}, "others": [],
        "geographies": [], "top": None, "entered": entered.line(entered.companies(of)),
    }  # fmt: skip
    if n < FEWEST:
        body["note"] = f"cannot tell: {n} {'company' if n == 1 else 'companies'} with a place, fewer than {FEWEST}"
        return Computed(SEGMENT, code, body)
    body["curves"] = {which: _curve(which, of, effort(n)) for which in ("kd", "m")}
    body["others"] = _others(job, of, min(FEWER, effort(n)))
    body["geographies"] = _tried(lambda: report.quotients(of, DRAWS, SEED)["geographies"]) or []
    return Computed(SEGMENT, code, body)


def _curve(which: str, of: Region, sims: int) -> dict[str, Any] | None:
    found: dict[str, Any] | None = _tried(lambda: report.curve(which, of, REACH, STEP, sims, "two-sided", None, SEED))
    return found


def _tried(work: Callable[[], Any]) -> Any:
    """What the work gives, or None where it cannot tell."""
    try:
        return work()
    except AtlasError:
        return None


def _others(job: Job, of: Region, sims: int) -> list[dict[str, Any]]:
    """The K-density under other nulls: chance puts each case at companies of its own sector, or of its own size."""
    rows = []
    for column, words in CLASSES.items():
        name = f"same {column}"
        try:
            other = replace(of, null=f"{of.null}, {words}")
            other.__dict__["universe"] = _classes(job, column, other.null)
            found = report.curve("kd", other, REACH, STEP, sims, "two-sided", None, SEED)
            keys = ("verdict", "p", "n", "size", "n_sims", "sentence", "universe")
            rows.append({"name": name, **{key: found[key] for key in keys}, "note": ""})
        except CannotTellError as error:
            rows.append({"name": name, "verdict": None, "note": str(error)})
    return rows


def _classes(job: Job, name: str, words: str) -> Universe:
    """The companies of the region in classes; made once. Raises CannotTellError where no class is known."""
    if name not in job.kept:
        column = job.region().frame[name]
        known = column.null_count() < column.len()
        job.kept[name] = (
            universe(
                job.region().xy, name=words, vintage=job.files.name, strata=column.fill_null("not known").to_list()
            )
            if known
            else None
        )
    found: Universe | None = job.kept[name]
    if found is None:
        raise CannotTellError(f"the register does not say {UNTOLD[name]}")
    return found


def within_parts(job: Job) -> list[dict[str, Any]]:
    """M of all that counts within each large part of the region, whose neighbours beyond its border count too."""
    whole = job.region()
    levels = ("region", "itl2", "itl3")
    level = next((one for one in levels if whole.cases[one].drop_nulls().n_unique() > 1), None)
    if level is None:
        return []
    rows = []
    for code in sorted(whole.cases[level].drop_nulls().unique().to_list()):
        try:
            part = region(job.files, definition=job.definition, within=[code], buffer=BUFFER)
            sims = min(FEWER, effort(part.cases.height))
            found = report.curve("m", part, 20, 1, sims, "two-sided", None, SEED)
        except CannotTellError as error:
            job.notes[f"within {code}"] = f"{code}: {error}"
            continue
        inside = part.frame.filter(pl.col("case") & pl.col("inside")).height
        rows.append({"code": code, "area": area_name(code) or code, "inside": inside, "level": level,
                     "buffer": BUFFER, "beyond": part.frame.filter(~pl.col("inside")).height,
                     **{key: found[key] for key in ("verdict", "p", "n", "size", "n_sims", "sentence")}})  # fmt: skip
    judge(rows)
    return rows
