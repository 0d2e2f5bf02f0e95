"""The region's areas: where there is more than the share; ranks of districts and of regions with their intervals."""

from __future__ import annotations

from typing import Any

from lifecluster.atlas import report
from lifecluster.atlas.benchmark import Figure, Ranked, benchmark
from lifecluster.atlas.points import AtlasError
from lifecluster.atlas.region import Region
from lifecluster.errors import LifeclusterError
from lifecluster.figures.claim import load_claim
from lifecluster.figures.compute import compute
from lifecluster.figures.inputs import shipped
from lifecluster.figures.places import of_region
from lifecluster.region import Region as Profile
from lifecluster.web.atlas.computing.common import SEED, SIMS, Computed, Job
from lifecluster.web.atlas.models import AREAS, BENCHMARK

LEAGUE = "second-largest-employer"
"""The claim that computes every region's jobs with their intervals."""


def areas_part(job: Job, whole: Region) -> list[Computed]:
    """Location quotients and indices of all that counts, by authority and by ITL 3 area."""
    job.progress("computing the atlas of areas")
    try:
        found = report.quotients(whole, SIMS, SEED)
    except AtlasError as error:
        job.notes["areas"] = str(error)
        return []
    sizes = {row[0]: row[1] for row in whole.frame.drop_nulls("lad").group_by("lad").len().iter_rows()}
    for row in found["geographies"][0]["areas"]:
        row["companies"] = sizes.get(row["name"], 0)
    return [Computed(AREAS, "", {**job.head("areas", draws=SIMS), "n": whole.cases.height,
                                 "geographies": found["geographies"]})]  # fmt: skip


def benchmark_part(job: Job) -> list[Computed]:
    """Districts by organisations that count, and regions by jobs, each rank with its interval."""
    job.progress("computing the atlas of ranks")
    try:
        districts = report.side_by_side([job.files], job.definition, None, SEED)["regions"]
    except AtlasError as error:
        job.notes["benchmark"], districts = str(error), []
    leagues = _leagues(job)
    if not districts and not leagues:
        return []
    for row in districts:
        row.pop("probability")
    body = {**job.head("benchmark", draws=20_000, claim=LEAGUE), "districts": districts, "leagues": leagues}
    return [Computed(BENCHMARK, "", body)]


def _leagues(job: Job) -> list[dict[str, Any]]:
    """The regions of the country under each definition of jobs."""
    try:
        place = of_region(Profile.model_validate(job.files.manifest["region"]))
        result = compute(load_claim(LEAGUE), place, shipped(), at=job.at).to_dict()
    except (KeyError, ValueError, LifeclusterError) as error:
        job.notes["leagues"] = f"regions are not ranked: {error}"
        return []
    found = []
    for basis in result["bases"]:
        figures = {line["region"]: Figure(line["value"], line["low"], line["high"], "normal")
                   for line in basis["league"] if None not in {line["value"], line["low"], line["high"]}}  # fmt: skip
        if len(figures) < 2:
            continue
        ranked = benchmark(figures, seed=SEED, vintage=str(basis["vintage"]))
        own = {line["region"] for line in basis["beside"]}
        found.append({
            "definition": basis["definition_title"], "source": basis["source"], "unit": basis["unit"],
            "vintage": basis["vintage"], "geography": basis["geography"],
            "regions": [_line(one, own) for one in ranked],
        })  # fmt: skip
    return found


def _line(one: Ranked, own: set[str]) -> dict[str, Any]:
    """A region of a league: its name, figure, interval, rank and the ranks that are possible."""
    low, high = one.interval or (None, None)
    return {
        "area": one.name,
        "value": one.value,
        "low": low,
        "high": high,
        "rank": one.rank,
        "ranks": list(one.ranks),
        "first": one.at_most(1),
        "second": one.at_most(2),
        "own": one.name in own,
    }
