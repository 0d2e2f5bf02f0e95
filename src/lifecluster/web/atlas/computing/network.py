"""Who works with whom: communities, brokers, inside against outside, and a picture that can be read."""

from __future__ import annotations

from typing import Any

import networkx as nx
import polars as pl

from lifecluster.atlas import report
from lifecluster.atlas.graphs import graph_of, links_of, network
from lifecluster.atlas.networks import Communities, brokers, communities, inside_outside
from lifecluster.atlas.picture import picture
from lifecluster.atlas.points import AtlasError, CannotTellError
from lifecluster.atlas.region import projects, together
from lifecluster.register.package import Package as Files
from lifecluster.web.atlas.computing.common import SEED, Computed, Job
from lifecluster.web.atlas.models import NETWORK

SEEDS, REWIRED, INDEX, SHOWN = 6, 19, 49, 70


def graph(job: Job) -> nx.Graph[str]:
    """Organisations that share a project; made once."""
    if "graph" not in job.kept:
        job.kept["graph"] = network(projects(job.files))
    found: nx.Graph[str] = job.kept["graph"]
    return found


def inside(files: Files, codes: set[str]) -> set[str]:
    """Organisations of the region."""
    rows = files.table("organisations").filter(pl.col("lad").is_in(sorted(codes)))
    return set(rows["id"].to_list())


def network_part(job: Job) -> list[Computed]:
    """The network of all shared projects."""
    job.progress("computing the atlas of collaboration")
    if why := together(job.files):
        job.notes["network"] = f"collaboration cannot be told: {why}"
        return []
    whole = graph(job)
    try:
        found = communities(whole, seeds=SEEDS, n_sims=REWIRED, seed=SEED, vintage=job.files.name)
    except AtlasError as error:
        job.notes["network"] = f"nobody's collaboration is drawn: {error}"
        return []
    own = inside(job.files, set(job.region().frame["lad"].drop_nulls().unique().to_list()))
    body = {
        **job.head("network", seeds=SEEDS, rewired=REWIRED, rewired_index=INDEX, shown=SHOWN),
        "organisations": whole.number_of_nodes(), "links": whole.number_of_edges(),
        "modularity": report.finding(found.modularity), "agreement": found.agreement,
        "communities": [_community(group, firm, own) for group, firm in zip(found.groups, found.firmness, strict=True)],
        "brokers": _brokers(whole, found), "inside_outside": _index(job, whole, own), "picture": _picture(whole, found),
    }  # fmt: skip
    return [Computed(NETWORK, "", body)]


def _community(group: tuple[str, ...], firm: float, own: set[str]) -> dict[str, Any]:
    """A community: who is in it, how firm it is, how many are of the region."""
    return {"organisations": list(group), "firmness": firm, "inside": len(set(group) & own)}


def _brokers(whole: nx.Graph[str], found: Communities) -> list[dict[str, Any]]:
    of = {name: i + 1 for i, group in enumerate(found.groups) for name in group}
    return [{"organisation": one.name, "constraint": one.constraint, "betweenness": one.betweenness, "links": one.links,
             "community": of.get(one.name), "bridges": len({of[n] for n in whole[one.name] if n in of})}
            for one in brokers(whole, most=20)]  # fmt: skip


def _index(job: Job, whole: nx.Graph[str], own: set[str]) -> dict[str, Any] | None:
    try:
        return report.finding(inside_outside(whole, own & set(whole), n_sims=INDEX, seed=SEED, vintage=job.files.name))
    except CannotTellError:
        return None


def _picture(whole: nx.Graph[str], found: Communities) -> dict[str, Any]:
    drawn = picture(graph_of(links_of(whole)), found, most=SHOWN, seed=SEED)
    return {"nodes": [[name, *place] for name, place in drawn.nodes.items()],
            "links": [list(link) for link in drawn.links], "hidden": drawn.hidden}  # fmt: skip
