"""Each hot spot that the scan finds: who is there, what it is, what is around it, what it lacks."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import polars as pl

from lifecluster.atlas import report
from lifecluster.atlas.growth import growth
from lifecluster.atlas.points import AtlasError, CannotTellError
from lifecluster.atlas.region import Region
from lifecluster.atlas.relatedness import Relatedness, relatedness
from lifecluster.atlas.result import Finding, disclosed
from lifecluster.places.areas import area_name, outwards
from lifecluster.web.atlas.computing.common import SEED, Computed, Job
from lifecluster.web.atlas.computing.many import judge
from lifecluster.web.atlas.computing.network import graph, inside
from lifecluster.web.atlas.models import CLUSTER

SIMS, SHARE, JITTERS = 199, 0.01, 1
ANCHORS = {"university": "university", "nhs-trust": "NHS trust", "nhs-icb": "integrated care board",
           "catapult": "catapult", "rto": "research and technology organisation"}  # fmt: skip
LARGE = 250
"""Employees from which an employer is an anchor."""
AROUND = 5_000.0
"""Metres beyond a cluster within which anchors are named."""
FEWEST = 3
"""Members in a town from which a cluster may be called by it."""
JOBS = "member_employees"
"""Rule of the disclosure registry for jobs of a cluster: the strictest there is for head counts."""


def cluster_parts(job: Job, whole: Region) -> list[Computed]:
    """The clusters, the clearest first."""
    job.progress("computing the atlas of hot spots")
    job.kept["scan"] = {"simulations": SIMS, "largest_share": SHARE, "jitters": JITTERS}
    try:
        found = report.hot(whole, SIMS, SHARE, SEED, JITTERS)
    except AtlasError as error:
        job.notes["clusters"] = f"cannot tell: {error}"
        return []
    job.kept["critical"] = found["critical"]
    if not found["clusters"]:
        job.notes["clusters"] = "No circle holds more than chance may put into one."
    cases, near = whole.cases, _related(whole)
    everyone = found["clusters"]
    districts = _named([one["centre"] for one in everyone])
    rows = job.files.table("organisations")
    mine = [rows.filter(pl.col("id").is_in(one["organisations"])) for one in everyone]
    places = [town_within(members, district) for members, district in zip(mine, districts, strict=True)]
    parts = [
        _part(job, one, cases, near, number=i, neighbours=_neighbours(i, everyone, places), place=places[i])
        for i, one in enumerate(everyone)
    ]
    judge([part.body["growth"] for part in parts if part.body["growth"] and part.body["growth"]["p"] is not None])
    return parts


def _part(job: Job, one: dict[str, Any], cases: pl.DataFrame, near: Relatedness | None, *, number: int,
          neighbours: list[dict[str, Any]], place: str) -> Computed:  # fmt: skip
    members = set(one["organisations"])
    rows = [n for n, name in enumerate(cases["organisation"].to_list()) if name in members]
    titles = job.titles()
    counts = Counter(segment for segment in cases["segment"].gather(rows).to_list() if segment)
    body = {
        **job.head("cluster", number=number + 1, simulations=SIMS, largest_share=SHARE, jitters=JITTERS,
                   position_error_tried=True),
        **{key: one[key] for key in ("centre", "radius", "observed", "expected", "value", "p", "llr", "sites", "shape",
                                     "shape_by", "stability", "variants", "kinds", "seed", "null")},
        "name": f"Cluster {number + 1}", "place": place, "n": len(members), "members": one["organisations"],
        "segments": [{"segment": code, "title": titles.get(code, code), "n": n} for code, n in counts.most_common()],
        "tests": [{**test, "title": titles.get(test["name"], test["name"])} for test in one["tests"]],
        "growth": _growth(job, cases, rows), "collaboration": _links(job, members), "jobs": _jobs(job, members),
        "anchors": _anchors(job, one), "gaps": _gaps(counts, near, titles),
        "neighbours": neighbours,
    }  # fmt: skip
    return Computed(CLUSTER, str(number + 1), body)


def _named(centres: list[list[float]]) -> list[str]:
    """The authority in which each circle's middle lies: that of the nearest outward code."""
    table = outwards().drop_nulls("lad")
    xy = table.select("easting", "northing").to_numpy().astype(float)
    codes = table["lad"].to_list()
    found = [codes[int(np.argmin(np.hypot(*(xy - np.asarray(c)).T)))] for c in centres]
    return [area_name(code) or code for code in found]


def town_within(rows: pl.DataFrame, district: str) -> str:
    """A district with the town in which most of a cluster's members are, if a third of them or more (and three at
    least) are there and it is another word.

    Parameters: `rows` the organisations with `town` or `registered_town`, or neither.
    """
    known = [name for name in ("town", "registered_town") if name in rows.columns]
    if not known:
        return district
    counts = Counter(str(town).strip().title() for town in rows.select(pl.coalesce(known))[:, 0].drop_nulls())
    town, many = max(counts.items(), key=lambda pair: (pair[1], pair[0]), default=("", 0))
    telling = 3 * many >= rows.height and many >= FEWEST and town not in district and district not in town
    return f"{town}, {district}" if telling else district


def _growth(job: Job, cases: pl.DataFrame, rows: list[int]) -> dict[str, Any] | None:
    founded = job.files.table("universe").select("record", "incorporated_on").unique("record", keep="first")
    days = cases.select("record").join(founded, on="record", how="left", maintain_order="left")["incorporated_on"]
    try:
        return report.finding(growth(rows, days.to_list(), at=job.at, vintage=job.files.name))
    except CannotTellError:
        return None


def _links(job: Job, members: set[str]) -> dict[str, Any]:
    """Partners of the members by where they are, each link between two organisations once."""
    whole = graph(job)
    own = inside(job.files, set(job.region().frame["lad"].drop_nulls().unique().to_list()))
    counts, partners = Counter[str](), Counter[str]()
    for a in sorted(members & set(whole)):
        for b in whole[a]:
            if b in members:
                counts["within"] += 1 if a < b else 0
            else:
                counts["region" if b in own else "outside"] += 1
                partners[b] += 1
    return {**{key: counts[key] for key in ("within", "region", "outside")},
            "partners": [{"organisation": name, "links": n} for name, n in
                         sorted(partners.items(), key=lambda one: (-one[1], one[0]))[:8]]}  # fmt: skip


def _jobs(job: Job, members: set[str]) -> dict[str, Any]:
    """Jobs of the members where they are known: withheld if they rest on few, or on one."""
    staff = job.files.table("organisations").filter(pl.col("id").is_in(sorted(members)))["employees"].drop_nulls()
    made = Finding(name="jobs", value=float(staff.sum()), n=len(staff), vintage=job.files.name)
    if not len(staff):
        return report.finding(Finding(name="jobs", value=None, n=0, note="no head count of a member is known"))
    return report.finding(disclosed(made, JOBS, [float(v) for v in staff], count=int(staff.sum())))


def _anchors(job: Job, one: dict[str, Any]) -> list[dict[str, Any]]:
    """Universities, trusts and large employers in the circle or up to 5 km beyond it."""
    kinds = pl.col("organisation_type").fill_null(pl.lit([], pl.List(pl.String())))
    large = pl.col("employees").fill_null(0) >= LARGE
    table = job.files.table("organisations").filter(pl.col("live").fill_null(value=True)).drop_nulls(
        ["easting", "northing"]
    ).filter(large | (kinds.list.set_intersection(list(ANCHORS)).list.len() > 0))  # fmt: skip
    x, y = one["centre"]
    found = []
    for row in table.select("id", "easting", "northing", "employees", kinds=kinds).iter_rows(named=True):
        away = float(np.hypot(row["easting"] - x, row["northing"] - y))
        if away <= one["radius"] + AROUND:
            kind = next((word for key, word in ANCHORS.items() if key in row["kinds"]), "large employer")
            found.append({"organisation": row["id"], "kind": kind, "metres": away, "employees": row["employees"]})
    return sorted(found, key=lambda row: (row["metres"], row["organisation"]))[:15]


def _related(whole: Region) -> Relatedness | None:
    """Which segments live in the same areas of this region."""
    rows = whole.cases.drop_nulls(["itl3", "segment"])
    for least in (10, 5):
        try:
            return relatedness(rows["itl3"].to_list(), rows["segment"].to_list(), minimum=least, n_sims=0)
        except CannotTellError:
            continue
    return None


def _gaps(counts: Counter[str], near: Relatedness | None, titles: dict[str, str]) -> list[dict[str, Any]]:
    """Segments that nobody in the cluster is of, though what it has is found near them elsewhere in the region."""
    if near is None:
        return []
    names = near.presence.segments
    present = np.array([counts[name] > 0 for name in names])
    total = near.proximity.sum(axis=0)
    share = np.divide(present @ near.proximity, total, out=np.zeros(len(names)), where=total > 0)
    rows: list[dict[str, Any]] = [{"segment": name, "title": titles.get(name, name), "density": float(share[k])}
            for k, name in enumerate(names) if not present[k] and share[k] > 0]  # fmt: skip
    return sorted(rows, key=lambda row: (-row["density"], row["segment"]))[:5]


def _neighbours(i: int, everyone: list[dict[str, Any]], places: list[str]) -> list[dict[str, Any]]:
    """The nearest other clusters."""
    x, y = everyone[i]["centre"]
    rows: list[dict[str, Any]] = []
    for k, one in enumerate(everyone):
        away = float(np.hypot(one["centre"][0] - x, one["centre"][1] - y))
        row = {"key": str(k + 1), "name": f"Cluster {k + 1}", "place": places[k], "n": len(one["organisations"])}
        rows += [] if k == i else [{**row, "metres": away}]
    return sorted(rows, key=lambda row: row["metres"])[:5]
