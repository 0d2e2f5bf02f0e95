"""Computing the atlas of a package. Imports Polars and SciPy: for the process that loads, never for one that answers
pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from lifecluster.atlas import entered
from lifecluster.atlas.points import CannotTellError
from lifecluster.errors import LifeclusterError
from lifecluster.register.package import Package as Files
from lifecluster.web.atlas.computing.areas import areas_part, benchmark_part
from lifecluster.web.atlas.computing.clusters import cluster_parts
from lifecluster.web.atlas.computing.common import Computed, Job
from lifecluster.web.atlas.computing.many import correct
from lifecluster.web.atlas.computing.network import network_part
from lifecluster.web.atlas.computing.segments import segment_parts, within_parts
from lifecluster.web.atlas.models import AREAS, BENCHMARK, NETWORK, OVERVIEW

__all__ = ["Computed", "compute_all"]


def compute_all(files: Files, *, at: date, progress: Callable[[str], None]) -> list[Computed]:
    """Every part of the atlas, the overview first.

    Parameters: `at` the day that counts as today. Raises LifeclusterError where the package names no definition.
    """
    names = [d["name"] for d in files.manifest.get("definitions", ())]
    first = next((n for n in files.manifest.get("region", {}).get("definitions", ()) if n in names), None)
    if first is None and not names:
        raise LifeclusterError(f"{files.name} has no definition of which organisations count")
    job = Job(files, first or names[0], at, progress)
    try:
        whole = job.region()
    except CannotTellError as error:
        raise LifeclusterError(str(error)) from error
    segments = segment_parts(job, whole)
    correct(segments)
    clusters = cluster_parts(job, whole)
    parts = [*segments, *clusters, *areas_part(job, whole), *benchmark_part(job), *network_part(job)]
    return [_overview(job, parts), *parts]


def _overview(job: Job, parts: list[Computed]) -> Computed:
    """What the first page needs of all parts."""
    by: dict[str, list[Computed]] = {}
    for part in parts:
        by.setdefault(part.kind, []).append(part)
    body = {
        **job.head("overview"), "n": job.region().cases.height, "size": len(job.region().universe),
        "entered": entered.line(entered.companies(job.region())),
        "segments": [_line(part) for part in by.get("segment", ())],
        "clusters": [{key: part.body[key] for key in CLUSTER} | {"key": part.key} for part in by.get("cluster", ())],
        "no_clusters": job.notes.get("clusters", ""), "within": within_parts(job),
        "parts": sorted(by), "notes": [job.notes[key] for key in sorted(job.notes)],
        "why": {kind: job.notes[kind] for kind in (AREAS, BENCHMARK, NETWORK) if kind in job.notes},
        "critical": job.kept.get("critical"), "scan": job.kept.get("scan"),
    }  # fmt: skip
    return Computed(OVERVIEW, "", body)


CLUSTER = ("name", "place", "centre", "radius", "observed", "expected", "value", "p", "stability", "variants", "kinds",
           "shape", "n")  # fmt: skip


def _line(part: Computed) -> dict[str, Any]:
    """A segment in the list of the overview."""
    body = part.body
    curves = {
        name: None
        if found is None
        else {key: found[key] for key in ("verdict", "held", "p", "q", "tested", "n_sims", "sentence")}
        for name, found in body["curves"].items()
    }
    return {"key": part.key, "title": body["title"], "depth": body["depth"], "n": body["n"], "top": body["top"],
            "curves": curves, "note": body["note"]}  # fmt: skip
